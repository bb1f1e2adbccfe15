"""Pooled trials, against an independent library, a direct maximum, a published analysis and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize_scalar
from statsmodels.stats.meta_analysis import combine_effects, effectsize_2proportions

from matrescence.pharmacology.pooling import (
    Between,
    Effect,
    Measure,
    TwoArms,
    between_variance,
    leave_one_out,
    log_ratio,
    pool,
)

# Vaccination with BCG against tuberculosis, 13 trials: events and others, treated and control.  Viechtbauer W, J Stat
# Softw 2010;36(3): REML tau2 0.3132, estimate -0.7145 (SE 0.1798), -1.0669 to -0.3622, Q 152.2330.
BCG = (
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
    (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600),
    (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
)  # fmt: skip
TRIALS = tuple(TwoArms(a, a + b, c, c + d) for a, b, c, d in BCG)

effects = st.lists(
    st.builds(Effect, estimate=st.floats(-3.0, 3.0), variance=st.floats(0.005, 2.0)), min_size=2, max_size=9
)


def by_library(found: list[Effect], method: str):
    values, variances = np.array([e.estimate for e in found]), np.array([e.variance for e in found])
    return combine_effects(values, variances, method_re=method, use_t=True)


def restricted_likelihood(found: list[Effect], tau2: float) -> float:
    y, v = np.array([e.estimate for e in found]), np.array([e.variance for e in found])
    w = 1.0 / (v + tau2)
    mean = (w * y).sum() / w.sum()
    return -0.5 * (np.log(v + tau2).sum() + math.log(w.sum()) + (w * (y - mean) ** 2).sum())


@pytest.mark.parametrize("measure", list(Measure))
def test_the_ratio_of_one_trial_agrees(measure: Measure) -> None:
    name = measure.value.replace(" ", "-")
    for arms in TRIALS:
        estimate, variance = effectsize_2proportions(
            arms.events, arms.people, arms.control_events, arms.control_people, statistic=name
        )
        found = log_ratio(arms, measure)
        assert found.estimate == pytest.approx(float(np.squeeze(estimate)), rel=1e-10)
        assert found.variance == pytest.approx(float(np.squeeze(variance)), rel=1e-10)


def test_thirteen_published_trials_pool_as_published() -> None:
    found = pool([log_ratio(arms, Measure.RISK_RATIO) for arms in TRIALS])
    assert found.tau2 == pytest.approx(0.3132, abs=5e-5)
    assert found.estimate == pytest.approx(-0.7145, abs=5e-5)
    assert found.standard_error == pytest.approx(0.1798, abs=5e-5)
    assert (found.low, found.high) == (pytest.approx(-1.0669, abs=5e-5), pytest.approx(-0.3622, abs=5e-5))
    assert found.q == pytest.approx(152.2330, abs=5e-5)


@settings(max_examples=60)
@given(effects)
def test_dersimonian_and_laird_agree_with_the_library(found: list[Effect]) -> None:
    ours = pool(found, between=Between.DERSIMONIAN_LAIRD)
    # The library lets the moment estimate fall below 0, where it means nothing.
    assume(ours.tau2 > 1e-9)
    theirs = by_library(found, "chi2")
    assert ours.tau2 == pytest.approx(theirs.tau2, rel=1e-8, abs=1e-10)
    assert ours.estimate == pytest.approx(theirs.mean_effect_re, rel=1e-8, abs=1e-9)
    assert ours.standard_error == pytest.approx(theirs.sd_eff_w_re, rel=1e-8)
    assert ours.q == pytest.approx(theirs.q, rel=1e-8, abs=1e-9)
    low, high = theirs.conf_int(use_t=True)[3]
    assert (ours.hk_low, ours.hk_high) == (
        pytest.approx(low, rel=1e-6, abs=1e-7),
        pytest.approx(high, rel=1e-6, abs=1e-7),
    )


@settings(max_examples=60)
@given(effects)
def test_without_random_effects_it_is_inverse_variance(found: list[Effect]) -> None:
    assume(between_variance(found, between=Between.DERSIMONIAN_LAIRD) > 1e-9)
    theirs, ours = by_library(found, "chi2"), pool(found, between=Between.NONE)
    assert ours.tau2 == 0.0
    assert ours.estimate == pytest.approx(theirs.mean_effect_fe, rel=1e-8, abs=1e-9)
    assert ours.standard_error == pytest.approx(theirs.sd_eff_w_fe, rel=1e-8)


@settings(max_examples=60)
@given(effects)
def test_reml_stands_on_the_maximum_of_the_restricted_likelihood(found: list[Effect]) -> None:
    ours = between_variance(found, between=Between.REML)
    best = minimize_scalar(lambda t: -restricted_likelihood(found, t), bounds=(0.0, 60.0), method="bounded")
    top = max(-best.fun, restricted_likelihood(found, 0.0))
    assert restricted_likelihood(found, ours) >= top - 1e-6


def test_two_trials_of_equal_precision_pool_in_closed_form() -> None:
    found = pool([Effect(0.0, 0.1), Effect(1.0, 0.1)])
    assert found.tau2 == pytest.approx(0.5 - 0.1)
    assert found.estimate == pytest.approx(0.5)
    half = stats.t.ppf(0.975, 1) * 0.5
    assert (found.hk_low, found.hk_high) == (pytest.approx(0.5 - half), pytest.approx(0.5 + half))
    assert found.prediction_low is None
    assert found.i2_percent == pytest.approx(80.0)


def test_the_prediction_interval_has_its_closed_form() -> None:
    found = pool([Effect(value, 0.05) for value in (-1.0, 0.0, 0.2, 1.0)])
    half = stats.t.ppf(0.975, 2) * math.sqrt(found.tau2 + found.standard_error**2)
    assert found.prediction_high == pytest.approx(found.estimate + half)


def test_one_trial_is_itself() -> None:
    only = Effect(-0.5, 0.04)
    found = pool([only])
    assert (found.estimate, found.tau2, found.weights) == (-0.5, 0.0, (1.0,))
    assert (found.low, found.high) == pytest.approx(only.interval())
    assert found.hk_low is found.i2_percent is found.q_tail is None
    assert found.cautious == (found.low, found.high)
    assert leave_one_out([only]) == ()


def test_the_cautious_interval_is_the_wider_one() -> None:
    agree = pool([Effect(0.0, 0.1), Effect(0.01, 0.1), Effect(0.0, 0.1)])
    differ = pool([Effect(0.0, 0.1), Effect(1.5, 0.1), Effect(-1.0, 0.1)])
    assert agree.hk_high is not None and agree.hk_high < agree.high == agree.cautious[1]
    assert differ.hk_high is not None and differ.hk_high > differ.high and differ.cautious[1] == differ.hk_high


def test_an_empty_cell_gets_a_half_everywhere() -> None:
    found = log_ratio(TwoArms(0, 20, 5, 20), Measure.ODDS_RATIO)
    assert found.estimate == pytest.approx(math.log((0.5 * 15.5) / (20.5 * 5.5)))
    assert found.variance == pytest.approx(1 / 0.5 + 1 / 20.5 + 1 / 5.5 + 1 / 15.5)


def test_a_trial_without_events_in_both_arms_is_refused() -> None:
    for arms in (TwoArms(0, 10, 0, 12), TwoArms(10, 10, 12, 12)):
        assert not arms.informative
        with pytest.raises(ValueError, match="nothing about a ratio"):
            log_ratio(arms, Measure.RISK_RATIO)


def test_impossible_counts_and_levels_are_refused() -> None:
    with pytest.raises(ValueError, match="not a count"):
        TwoArms(5, 4, 0, 3)
    with pytest.raises(ValueError, match="at least one effect"):
        pool([])
    with pytest.raises(ValueError, match="level"):
        pool([Effect(0.0, 1.0)], level=1.0)


counts = st.tuples(st.integers(0, 40), st.integers(1, 40), st.integers(0, 40), st.integers(1, 40)).map(
    lambda c: TwoArms(c[0], c[0] + c[1], c[2], c[2] + c[3])
)


@settings(max_examples=80)
@given(counts.filter(lambda arms: arms.informative), st.sampled_from(list(Measure)))
def test_swapping_the_arms_turns_the_ratio_over(arms: TwoArms, measure: Measure) -> None:
    one = log_ratio(arms, measure)
    other = log_ratio(TwoArms(arms.control_events, arms.control_people, arms.events, arms.people), measure)
    assert other.estimate == pytest.approx(-one.estimate, abs=1e-12)
    assert other.variance == pytest.approx(one.variance)


@settings(max_examples=60)
@given(effects, st.sampled_from(list(Between)), st.randoms())
def test_the_order_of_trials_does_not_matter(found: list[Effect], between: Between, random) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert pool(shuffled, between=between).estimate == pytest.approx(pool(found, between=between).estimate, abs=1e-8)


@settings(max_examples=60)
@given(effects, st.sampled_from(list(Between)))
def test_the_pool_lies_among_its_trials_and_its_weights_add_up(found: list[Effect], between: Between) -> None:
    pooled = pool(found, between=between)
    values = [e.estimate for e in found]
    assert min(values) - 1e-9 <= pooled.estimate <= max(values) + 1e-9
    assert sum(pooled.weights) == pytest.approx(1.0)
    assert 0.0 <= (pooled.i2_percent or 0.0) < 100.0
    assert pooled.cautious[0] <= pooled.low and pooled.cautious[1] >= pooled.high
