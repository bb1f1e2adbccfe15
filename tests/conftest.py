"""What all tests share: the marks that tie a test to a rule or a hazard, and reproducible property tests."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "matrescence", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("matrescence")


def pytest_configure(config: pytest.Config) -> None:
    """Register ``rule`` and ``hazard``, whose arguments are ids in the rule tables or in SAFETY.md."""
    config.addinivalue_line("markers", "rule(id, ...): the clinical rules this test proves")
    config.addinivalue_line("markers", "hazard(id, ...): the hazards of SAFETY.md this test guards against")
