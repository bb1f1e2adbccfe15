"""Rates and mean changes of women whose latent scores are normal, against counting them."""

from __future__ import annotations

import numpy as np
import pytest

from matrescence.pharmacology.chances import chance_at_most, chances
from matrescence.pharmacology.response import to_latent, to_score
from matrescence.pharmacology.sessions import HIGHEST_MADRS, SessionParameters, madrs_course, madrs_place

MANY = 200_000


def one(value: float) -> np.ndarray:
    return np.array([value])


def sessions() -> SessionParameters:
    return SessionParameters(
        size=one(1.2), gain=one(0.9), slow_share=one(0.3), onset_h=one(2.0), fast_h=one(100.0), slow_h=one(300.0),
        placebo_size=np.array([[0.8, 0.4]]), placebo_h=one(12.0), spread=one(0.75), scatter=one(0.37),
        baseline=one(33.0),
    )  # fmt: skip


@pytest.mark.parametrize(("baseline", "middle", "spread"), [(28.0, 13.0, 0.7), (21.0, 9.5, 0.9), (52.0, 30.0, 0.2)])
def test_rates_and_mean_change_are_those_of_rounded_scores_counted(
    baseline: float, middle: float, spread: float
) -> None:
    place = float(to_latent(middle))
    found = chances(one(place), one(spread), baseline=baseline, remission_at_most=7.0)
    scores = to_score(place + spread * np.random.default_rng(3).standard_normal(MANY))
    assert found.change[0] == pytest.approx(scores.mean() - baseline, abs=0.1)
    assert found.response[0] == pytest.approx(100.0 * (np.round(scores) <= baseline / 2.0).mean(), abs=0.5)
    assert found.remission[0] == pytest.approx(100.0 * (np.round(scores) <= 7.0).mean(), abs=0.5)


def test_where_nobody_differs_everybody_stands_on_one_side() -> None:
    assert chance_at_most(to_latent(one(10.0)), one(0.0), 14.0)[0] == 1.0
    assert chance_at_most(to_latent(one(20.0)), one(0.0), 14.0)[0] == 0.0


def test_the_rate_under_sessions_is_that_of_drawn_people() -> None:
    given = {"baseline": 33.0, "treatment": "ketamine", "sessions_at_h": (0.0, 72.0), "times_h": np.array([96.0])}
    middle, spread = madrs_place(sessions(), **given)
    found = chances(middle, spread, baseline=33.0, remission_at_most=10.0, highest=HIGHEST_MADRS)
    generator = np.random.default_rng(4)
    eta, residual = generator.standard_normal(MANY), generator.standard_normal((MANY, 1))
    scores = madrs_course(sessions(), **given, eta=eta, residual=residual)
    assert found.response[0, 0] == pytest.approx(100.0 * (np.round(scores) <= 16.5).mean(), abs=0.5)
    assert found.change[0, 0] == pytest.approx(scores.mean() - 33.0, abs=0.1)
