"""Ten thousand random steps through the live infusion break no law (see ``machine.py``)."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test


def load_machine() -> ModuleType:
    path = Path(__file__).parent / "machine.py"
    spec = importlib.util.spec_from_file_location("infusion_machine", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.rule(
    "infusion.gate",
    "infusion.hypoxia",
    "infusion.resume",
    "infusion.resume-rate",
    "infusion.rate-above-plan",
    "infusion.stop-not-confirmed",
    "infusion.key",
    "infusion.late-entry",
    "infusion.clock-runs-on",
)
def test_no_law_is_broken_in_ten_thousand_steps() -> None:
    machine = load_machine()

    class Walk(machine.InfusionWalk):  # type: ignore[misc, name-defined]
        pass

    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=200,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    assert Walk.steps >= 10_000
