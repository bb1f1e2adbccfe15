"""Her own people of the session model: against the closed form of a normal place, and where scores are far out."""

from __future__ import annotations

import numpy as np
import pytest

from matrescence.pharmacology.importance import moments
from matrescence.pharmacology.individualise import ENOUGH
from matrescence.pharmacology.mood_fit import surprise
from matrescence.pharmacology.response import to_latent, to_score
from matrescence.pharmacology.session_fit import SessionWomen, after_session_scores, session_women
from matrescence.pharmacology.sessions import SessionParameters, madrs_course

TIMES = np.array([24.0, 96.0, 192.0])
SESSIONS = (0.0, 72.0, 168.0)


def known() -> SessionParameters:
    """One row: nothing but her own place is unknown."""
    one = np.ones(1)
    return SessionParameters(
        size=1.2 * one, gain=0.9 * one, slow_share=0.3 * one, onset_h=1.0 * one, fast_h=100.0 * one,
        slow_h=300.0 * one, placebo_size=np.array([[0.8, 0.4]]), placebo_h=12.0 * one, spread=0.75 * one,
        scatter=0.37 * one, baseline=33.0 * one,
    )  # fmt: skip


def women(count: int = 40_000) -> SessionWomen:
    given = {"baseline": 33.0, "treatment": "ketamine", "sessions_at_h": SESSIONS}
    return session_women(known(), **given, women=count, seed=5)


def test_the_course_is_that_of_the_model() -> None:
    people = women(50)
    course = madrs_course(
        people.parameters, baseline=33.0, treatment="ketamine", sessions_at_h=SESSIONS, times_h=TIMES, eta=people.eta
    )
    assert to_score(people.latent(TIMES), highest=60.0) == pytest.approx(course)


@pytest.mark.parametrize("scores", [(20.0, 17.0, 15.0), (40.0, 42.0, 41.0), (3.0, 2.0, 4.0)])
def test_her_place_is_the_normal_posterior_of_the_textbook(scores: tuple[float, ...]) -> None:
    """With one row and grown near one, ``eta`` is N(0, 1) before, and each score tells it within scatter / spread."""
    before = women()
    expected = women(1)
    middle = expected.latent(TIMES)[0] - 0.75 * expected.eta[0] * (1.0 - np.exp(-TIMES))
    away = (to_latent(np.array(scores), highest=60.0) - middle) / 0.75
    precision = 1.0 + 3.0 * (0.75 / 0.37) ** 2
    hers = after_session_scores(before, times_h=TIMES, scores=np.array(scores), seed=6)
    mean, covariance = moments(hers.eta[:, None], hers.weights)
    assert mean[0] == pytest.approx((0.75 / 0.37) ** 2 * away.sum() / precision, abs=0.05)
    assert np.sqrt(covariance[0, 0]) == pytest.approx(precision**-0.5, rel=0.06)
    assert hers.effective > ENOUGH


def test_a_score_of_the_middle_is_no_surprise_and_one_far_out_is() -> None:
    people = women()
    middle = float(np.median(to_score(people.latent(np.array([96.0])), highest=60.0)))
    assert surprise(people, at_h=96.0, score=round(middle)).as_far > 0.8
    assert surprise(people, at_h=96.0, score=55.0).as_far < 0.02


@pytest.mark.parametrize(("times", "scores"), [([], []), ([0.0], [20.0]), ([24.0], [61.0]), ([24.0, 48.0], [20.0])])
def test_scores_that_cannot_be_used_are_refused(times: list[float], scores: list[float]) -> None:
    with pytest.raises(ValueError, match=r"scores that change|MADRS lies between"):
        after_session_scores(women(10), times_h=np.array(times), scores=np.array(scores), seed=1)
