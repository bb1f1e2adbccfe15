"""Fitting again with short chains and another seed gives the shipped posterior within Monte Carlo error."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numpyro")

from matrescence.outcomes.library import trials_of
from matrescence.outcomes.posterior import mood_posterior, session_posterior
from matrescence.trials.fit import KEPT, Settings, fit

SHORT = Settings(seed=99, warmup=250, draws=200, target_accept=0.9)
LOADED = {"HAM-D17": mood_posterior, "MADRS": session_posterior}


@pytest.mark.slow
@pytest.mark.parametrize("scale", ["HAM-D17", "MADRS"])
def test_short_chains_give_the_shipped_means(scale: str) -> None:
    from numpyro.diagnostics import effective_sample_size

    told = LOADED[scale]().provenance
    found = fit(trials_of(scale), SHORT, scale=scale)
    for name in KEPT[scale]:
        values = found.draws[name]
        effective = np.minimum(np.asarray(effective_sample_size(values)), values.shape[0] * values.shape[1])
        error = np.hypot(values.std(axis=(0, 1)) / np.sqrt(effective), told["monte_carlo_error"][name])
        away = np.abs(values.mean(axis=(0, 1)) - np.asarray(told["mean"][name])) / error
        assert np.all(away < 4.5), (name, away)
