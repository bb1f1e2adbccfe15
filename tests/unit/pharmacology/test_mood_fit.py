"""Her scores as weights: against closed forms where the model is normal, and the words kept honest at the ends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from matrescence.pharmacology.chances import chance_at_most
from matrescence.pharmacology.individualise import ENOUGH
from matrescence.pharmacology.mood_fit import (
    Given,
    after_scores,
    mood_women,
    place_of,
    surprise,
)
from matrescence.pharmacology.response import MoodParameters, hamd17_course, to_latent, to_score

HOURS = np.array([24.0, 60.0, 168.0, 720.0])
HER = Given(28.0, "brexanolone-90", 1.0)


def population(*, place: float = 0.0, rows: int = 1) -> MoodParameters:
    numbers = {
        "placebo_size": 1.1,
        "placebo_more_if_moderate": 0.1,
        "placebo_shape": 0.7,
        "placebo_infusion_h": 12.0,
        "placebo_tablets_h": 150.0,
        "untreated_size": 0.6,
        "untreated_h": 1000.0,
        "fading_severe_per_h": 0.0005,
        "fading_moderate_per_h": 0.002,
        "spread_infusion": 0.9,
        "spread_tablets": 0.7,
        "residual": 0.4,
        "trial_size_sd": place,
        "trial_time_sd": place,
        "trial_shape_sd": place,
    }
    columns = {name: np.full(rows, value) for name, value in numbers.items()}
    return MoodParameters(**columns, drug_size=np.full((rows, 5), 0.6), onset_h=np.tile([24.0, 48.0, 480.0], (rows, 1)))


def test_her_latent_course_is_that_of_the_mood_model():
    women = mood_women(population(rows=5), HER, women=5, seed=1)
    course = hamd17_course(
        women.parameters, baseline=28.0, treatment="brexanolone-90", severe=1.0, times_h=HOURS, eta=women.own / 0.9
    )
    assert to_score(women.latent(HOURS)) == pytest.approx(course, rel=1e-12)


def test_scores_give_the_conjugate_posterior_of_her_own_number():
    """Without doubt about the population, the latent score is linear in her number: a normal posterior."""
    before = mood_women(population(), HER, women=40_000, seed=2)
    scores = np.array([20.0, 15.0, 12.0, 13.0])
    after = after_scores(before, times_h=HOURS, scores=scores, seed=2)
    middle = before.latent(HOURS)[0] - before.own[0] * (before.latent(HOURS)[1] - before.latent(HOURS)[0]) / (
        before.own[1] - before.own[0]
    )
    passed = (before.latent(HOURS)[1] - before.latent(HOURS)[0]) / (before.own[1] - before.own[0])
    precision = 1 / 0.9**2 + (passed**2).sum() / 0.4**2
    mean = (passed * (to_latent(scores) - middle)).sum() / 0.4**2 / precision
    assert after.weights @ after.own == pytest.approx(mean, abs=0.02)
    assert np.sqrt(after.weights @ (after.own - mean) ** 2) == pytest.approx(1 / np.sqrt(precision), rel=0.03)


def test_drawn_anew_or_only_weighted_she_is_the_same_woman():
    parameters = population(place=0.2)
    scores = np.array([6.0, 4.0, 3.0, 3.0])
    many = after_scores(mood_women(parameters, HER, women=200_000, seed=1), times_h=HOURS, scores=scores, seed=1)
    few = after_scores(mood_women(parameters, HER, women=1500, seed=1), times_h=HOURS, scores=scores, seed=1)
    assert len(many.rounds) == 1 and len(few.rounds) == 2
    assert few.effective >= ENOUGH
    sd = np.sqrt(many.weights @ (many.own - many.weights @ many.own) ** 2)
    assert few.weights @ few.own == pytest.approx(many.weights @ many.own, abs=0.15 * sd)


def test_the_tails_of_a_score_are_those_of_the_normal_mixture():
    women = mood_women(population(), HER, women=400, seed=3)
    found = surprise(women, at_h=60.0, score=14.0)
    latent = women.latent(np.array([60.0]))[:, 0]
    low, high = np.log(13.5 / 38.5), np.log(14.5 / 37.5)
    assert found.as_high == pytest.approx(norm.sf((low - latent) / 0.4).mean(), rel=1e-9)
    assert found.as_low == pytest.approx(norm.cdf((high - latent) / 0.4).mean(), rel=1e-9)
    assert found.as_far == pytest.approx(2 * min(found.as_high, found.as_low))


@settings(max_examples=40)
@given(score=st.integers(0, 52), seed=st.integers(0, 5))
def test_both_tails_hold_the_score_itself_and_never_leave_0_to_1(score, seed):
    found = surprise(mood_women(population(), HER, women=50, seed=seed), at_h=100.0, score=float(score))
    assert 0.0 <= found.as_high <= 1.0 + 1e-12 and 0.0 <= found.as_low <= 1.0 + 1e-12
    assert found.as_high + found.as_low >= 1.0 - 1e-9
    assert (found.as_high == pytest.approx(1.0)) if score == 0 else True
    assert (found.as_low == pytest.approx(1.0)) if score == 52 else True


def test_chances_of_a_place_are_those_of_many_women_in_it():
    women = mood_women(population(rows=200_000), HER, women=200_000, seed=4)
    middle, spread = place_of(women, HOURS, seed=4)
    visits = women.latent(HOURS) + 0.4 * np.random.default_rng(1).normal(size=(200_000, 4))
    counted = (np.round(to_score(visits)) <= 14).mean(axis=0)
    assert chance_at_most(middle, spread, 14.0).mean(axis=0) == pytest.approx(counted, abs=0.005)


@settings(max_examples=25)
@given(scores=st.lists(st.integers(0, 52), min_size=4, max_size=4))
def test_any_four_scores_give_weights_that_sum_to_one_and_scores_on_the_scale(scores):
    before = mood_women(population(place=0.2), HER, women=200, seed=1)
    after = after_scores(before, times_h=HOURS, scores=np.array(scores, dtype=float), seed=1)
    assert after.weights.sum() == pytest.approx(1.0)
    assert ((to_score(after.latent(HOURS)) >= 0.0) & (to_score(after.latent(HOURS)) <= 52.0)).all()
    assert 0.0 < after.effective <= 200.0 + 1e-6


@pytest.mark.parametrize(("hours", "scores"), [([], []), ([0.0], [20.0]), ([24.0], [53.0]), ([24.0], [-1.0])])
def test_scores_that_cannot_be_used_are_refused(hours, scores):
    with pytest.raises(ValueError, match=r"score|HAM-D17"):
        after_scores(
            mood_women(population(), HER, women=10, seed=1), times_h=np.array(hours), scores=np.array(scores), seed=1
        )
