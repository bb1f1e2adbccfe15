"""Chains that disagree, are too short or diverged are not published."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

pytest.importorskip("numpyro")

from matrescence.trials.diagnostics import BadFit, diagnose, refuse_bad_fit
from matrescence.trials.fit import Fit, Settings, published

GENERATOR = np.random.default_rng(1)


def chains(count: int = 4, draws: int = 1000) -> np.ndarray:
    return GENERATOR.standard_normal((count, draws))


def test_independent_draws_pass_with_as_many_effective_draws_as_there_are() -> None:
    found = diagnose({"a": chains()}, divergences=0)
    assert found.complaints == ()
    assert found.r_hat == pytest.approx(1.0, abs=0.005)
    assert found.effective == pytest.approx(4000, rel=0.2)


def test_chains_in_different_places_are_named() -> None:
    apart = chains() + np.arange(4)[:, None]
    found = diagnose({"good": chains(), "apart": apart}, divergences=0)
    assert found.r_hat_of == "apart"
    with pytest.raises(BadFit, match="R-hat of apart"):
        refuse_bad_fit(found)


def test_too_few_effective_draws_are_refused() -> None:
    with pytest.raises(BadFit, match="effective draws"):
        refuse_bad_fit(diagnose({"a": chains(4, 60)}, divergences=0))


def test_a_single_divergence_is_refused_and_nothing_is_made() -> None:
    found = diagnose({"a": chains()}, divergences=1)
    fit = Fit({"a": chains()}, "HAM-D17", (), found, Settings())
    with pytest.raises(BadFit, match="1 transitions diverged"):
        published(fit, [], fitted_on=date(2026, 3, 7))
