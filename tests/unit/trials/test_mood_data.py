"""Baselines as weighted scores, and which rows of which arms are used."""

from __future__ import annotations

import numpy as np
import pytest

from matrescence.outcomes.library import load_trial, trials_of
from matrescence.trials.mood_data import arms_of, baseline_weights, without


@pytest.mark.parametrize(
    ("mean", "sd", "low", "high"),
    [(28.6, 2.5, 26, 52), (29.0, 2.7, 26, 52), (22.7, 1.6, 20, 25), (22.5, 1.70, 20, 25), (28.8, 2.34, 26, 52)],
)
def test_a_baseline_has_the_published_mean_and_spread_within_its_entry(
    mean: float, sd: float, low: int, high: int
) -> None:
    scores, weights = baseline_weights(mean=mean, sd=sd, low=low, high=high)
    assert weights.sum() == pytest.approx(1.0)
    assert scores @ weights == pytest.approx(mean, abs=1e-8)
    assert np.sqrt((scores - mean) ** 2 @ weights) == pytest.approx(sd, abs=1e-8)
    assert (scores[0], scores[-1]) == (low, high)


def test_an_impossible_baseline_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no baseline from 20 to 25 has mean 25\.4"):
        baseline_weights(mean=25.4, sd=2.0, low=20, high=25)


def test_the_women_of_an_arm_keep_their_published_baseline() -> None:
    for arm in arms_of([load_trial("brexanolone-202b"), load_trial("brexanolone-202c")]):
        published = load_trial(arm.trial).arm(arm.name).baseline
        assert published is not None
        assert arm.nodes @ arm.weights == pytest.approx(published.mean, abs=0.02)


def test_a_trial_left_out_is_fitted_nowhere_and_neither_is_its_pool() -> None:
    rest = without(trials_of("HAM-D17"), "brexanolone-202b")
    for trial in rest:
        rows = [row for arm in trial.arms for row in arm.results]
        if trial.name in ("brexanolone-202b", "brexanolone-pooled"):
            assert "fit" not in {row.use for row in rows}
    assert any(row.use == "fit" for t in rest if t.name == "brexanolone-202c" for a in t.arms for row in a.results)
