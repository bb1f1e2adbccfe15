"""What a replicate takes as true, and the women it draws."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from matrescence.outcomes.posterior import MoodPosterior
from matrescence.outcomes.prevention import Window, prevention_trials
from matrescence.pharmacology.pooling import Measure, log_ratio, pool
from matrescence.trials.design import BaselineRange, Share, Sourced
from matrescence.trials.latent import baseline_table, latent_change, latent_shift
from matrescence.trials.read_design import load_design
from matrescence.trials.truth import EventsTruth, MoodTruth, truths
from matrescence.trials.women import entry_scores, lost_at, see

HERE = Sourced("this design", "-", "project-decision", "C")
BASELINE = BaselineRange(33.0, 5.0, 20, 55)


def moments(shift: float, spread: float) -> tuple[float, float]:
    """Mean and standard deviation of change, by numerical integration over each baseline."""
    scores, weights = baseline_table(BASELINE)

    def expected(power: int, middle: float) -> float:
        total = 0.0
        for score, weight in zip(scores, weights, strict=True):
            start = math.log(score / (60.0 - score))

            def inside(z: float, score: float = float(score), start: float = start) -> float:
                after = 60.0 / (1.0 + math.exp(-(start - shift + spread * z)))
                return float((after - score - middle) ** power * norm.pdf(z))

            total += weight * quad(inside, -9.0, 9.0)[0]
        return total

    mean = expected(1, 0.0)
    return mean, math.sqrt(expected(2, mean))


def test_the_latent_change_gives_back_the_published_mean_and_spread() -> None:
    shift, spread = latent_change(BASELINE, mean=-16.5, sd=12.0, highest=60.0)
    assert moments(shift, spread) == pytest.approx((-16.5, 12.0), abs=2e-3)


def test_another_mean_keeps_the_latent_spread() -> None:
    start, spread = latent_change(BASELINE, mean=-16.5, sd=12.0, highest=60.0)
    shift = latent_shift(BASELINE, mean=-12.0, spread=spread, start=start, highest=60.0)
    assert moments(shift, spread)[0] == pytest.approx(-12.0, abs=2e-3)


def test_the_trial_that_is_repeated_is_left_out_of_the_pool() -> None:
    design = load_design("mothers-364")
    found = [trial.in_window(Window.WEEKS_4_TO_6) for trial in prevention_trials() if trial.name != "wang-2024"]
    arms = [outcome.arms for outcome in found if outcome is not None and outcome.arms is not None]
    effects = [log_ratio(arm, Measure.ODDS_RATIO) for arm in arms if arm.informative]
    truth = truths(design, seed=1, replicates=[0], fixed=True)[0]
    assert isinstance(truth, EventsTruth)
    odds = [risk / (1.0 - risk) for risk in truth.risks]
    assert math.log(odds[0] / odds[1]) == pytest.approx(pool(effects).estimate)
    assert truth.risks[1] == pytest.approx(46 / 181)


def test_what_is_true_in_a_replicate_does_not_depend_on_the_others(stand_in: MoodPosterior) -> None:
    design = load_design("202B")
    alone = truths(design, seed=3, replicates=[17], fixed=False, posterior=stand_in)[0]
    among = truths(design, seed=3, replicates=range(20), fixed=False, posterior=stand_in)[17]
    assert isinstance(alone, MoodTruth)
    assert isinstance(among, MoodTruth)
    assert alone.trial == among.trial
    assert alone.parameters.placebo_size == among.parameters.placebo_size


def test_fixed_replicates_take_the_posterior_mean(stand_in: MoodPosterior) -> None:
    first, second = truths(load_design("202B"), seed=3, replicates=[0, 1], fixed=True, posterior=stand_in)
    assert isinstance(first, MoodTruth)
    assert first == second
    assert first.parameters.placebo_size == pytest.approx(stand_in.draws["placebo_size"].mean())
    assert first.trial.size == 0.0


def test_women_come_in_by_the_criteria() -> None:
    z = np.random.default_rng(1).standard_normal(40_000)
    scores = entry_scores(BaselineRange(22.7, 1.6, 20, 25), z)
    assert (scores.min(), scores.max()) == (20.0, 25.0)
    assert scores.mean() == pytest.approx(22.7, abs=0.03)
    assert scores.std() == pytest.approx(1.6, abs=0.03)
    assert np.array_equal(scores, np.round(scores))


def test_the_published_share_stays_and_nobody_leaves_after_it() -> None:
    z = np.random.default_rng(2).standard_normal(40_000)
    lost = lost_at([Share(100.0, 9, 10, HERE), Share(200.0, 8, 10, HERE)], z)
    assert (lost > 100.0).mean() == pytest.approx(0.9, abs=0.005)
    assert (lost > 200.0).mean() == pytest.approx(0.8, abs=0.005)
    assert np.isinf(lost[lost > 200.0]).all()


def test_scores_are_whole_numbers_on_the_scale(stand_in: MoodPosterior) -> None:
    design = load_design("202C")
    for number, truth in enumerate(truths(design, seed=1, replicates=range(5), fixed=False, posterior=stand_in)):
        seen = see(design, truth, seed=1, replicate=number)
        scores = seen.scores[~np.isnan(seen.scores)]
        assert scores.min() >= 0.0
        assert scores.max() <= 52.0
        assert np.array_equal(scores, np.round(scores))
        assert ((seen.baseline >= 20.0) & (seen.baseline <= 25.0)).all()


def test_the_first_women_of_an_arm_stay_the_same_when_it_grows(stand_in: MoodPosterior) -> None:
    small, large = load_design("202C").with_people(10), load_design("202C").with_people(30)
    truth = truths(small, seed=1, replicates=[4], fixed=False, posterior=stand_in)[0]
    few, many = (see(design, truth, seed=1, replicate=4) for design in (small, large))
    for index in range(2):
        here, there = few.arm == index, many.arm == index
        assert np.array_equal(few.scores[here], many.scores[there][: here.sum()], equal_nan=True)


def test_people_of_a_crossover_are_the_same_in_both_arms() -> None:
    design = load_design("repeated-41")
    truth = truths(design, seed=1, replicates=[0], fixed=False)[0]
    seen = see(design, truth, seed=1, replicate=0)
    assert np.array_equal(seen.baseline[seen.arm == 0], seen.baseline[seen.arm == 1])
    apart = replace(design, crossover=False)
    other = see(apart, truth, seed=1, replicate=0)
    assert not np.array_equal(other.baseline[other.arm == 0], other.baseline[other.arm == 1])


def test_sessions_reach_what_their_model_was_fitted_to() -> None:
    """Murrough 2013: -16.5 points 24 h after one infusion, -8.8 with midazolam; Singh 2016: -17.7 after two weeks."""
    design = load_design("repeated-41").with_people(4000)
    truth = truths(design, seed=1, replicates=[0], fixed=True)[0]
    seen = see(design, truth, seed=1, replicate=0)
    change = seen.scores - seen.baseline[:, None]
    means = {(arm, at): change[seen.arm == arm, at].mean() for arm, at in ((0, 0), (1, 0), (0, 5))}
    assert means[0, 0] == pytest.approx(-16.5, abs=2.0)
    assert means[1, 0] == pytest.approx(-8.8, abs=1.0)
    assert means[0, 5] == pytest.approx(-17.7, abs=1.5)
    assert seen.scores.min() >= 0 and seen.scores.max() <= 60
