"""Fitting again with short chains and another seed gives the shipped posterior within Monte Carlo error."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

pytest.importorskip("numpyro")

from matrescence.outcomes.library import trials_of
from matrescence.outcomes.posterior import mood_posterior, session_posterior
from matrescence.trials.fit import Fit, Settings, apart, fit

SHORT = Settings(seed=99, warmup=250, draws=200, target_accept=0.9)
LOADED = {"HAM-D17": mood_posterior, "MADRS": session_posterior}


@cache
def again(scale: str) -> Fit:
    return fit(trials_of(scale), SHORT, scale=scale)


@pytest.mark.slow
@pytest.mark.parametrize("scale", ["HAM-D17", "MADRS"])
def test_short_chains_give_the_shipped_means(scale: str) -> None:
    for name, away in apart(again(scale), LOADED[scale]().provenance).items():
        assert np.all(away < 4.5), (name, away)


@pytest.mark.slow
def test_another_model_lies_many_errors_apart() -> None:
    """The measure bites: a mean that is a point of the scale off is told apart."""
    told = session_posterior().provenance
    moved = {**told, "mean": {**told["mean"], "baseline": told["mean"]["baseline"] + 1.0}}
    assert apart(again("MADRS"), moved)["baseline"] > 4.5
