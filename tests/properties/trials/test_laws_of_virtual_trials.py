"""Laws of virtual trials, whatever the numbers."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matrescence.pharmacology.response import to_latent, to_score
from matrescence.reading import InputError
from matrescence.trials.analysis import ancova, mmrm
from matrescence.trials.design import BaselineRange, Share, Sourced
from matrescence.trials.follow import median_time, share_by
from matrescence.trials.latent import baseline_table, latent_change
from matrescence.trials.report import place_percent
from matrescence.trials.women import lost_at

HERE = Sourced("this design", "-", "project-decision", "C")
SEEDS = st.integers(0, 2**32 - 1)


@settings(max_examples=40, deadline=None)
@given(mean=st.floats(-24.0, 4.0), sd=st.floats(2.0, 12.0), seed=SEEDS)
def test_no_score_leaves_the_scale_and_the_mean_change_comes_out(mean: float, sd: float, seed: int) -> None:
    baseline = BaselineRange(33.0, 5.0, 20, 55)
    try:
        shift, spread = latent_change(baseline, mean=mean, sd=sd, highest=60.0)
    except InputError:
        assume(False)
    scores, weights = baseline_table(baseline)
    generator = np.random.default_rng(seed)
    start = generator.choice(scores, size=40_000, p=weights / weights.sum())
    latent = to_latent(start, highest=60.0) - shift + spread * generator.standard_normal(start.size)
    after = to_score(latent, highest=60.0)
    assert after.min() >= 0.0
    assert after.max() <= 60.0
    change = after - start
    assert math.isclose(change.mean(), mean, abs_tol=6.0 * sd / math.sqrt(start.size))


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, add=st.floats(-20.0, 20.0), scale=st.floats(0.1, 5.0))
def test_adding_and_stretching_scores_does_the_same_to_the_estimates(seed: int, add: float, scale: float) -> None:
    generator = np.random.default_rng(seed)
    arm = np.repeat([0, 1], 20)
    baseline, change = generator.normal(28.0, 3.0, 40), generator.normal(-10.0, 6.0, 40)
    one = ancova(change, arm=arm, baseline=baseline, arms=2)
    two = ancova(scale * change + add, arm=arm, baseline=baseline, arms=2)
    assert np.allclose(two.means, scale * one.means + add)
    assert np.allclose(two.covariance, scale**2 * one.covariance)


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS)
def test_the_order_of_the_women_does_not_matter(seed: int) -> None:
    generator = np.random.default_rng(seed)
    arm, baseline = np.repeat([0, 1], 20), generator.normal(28.0, 3.0, 40)
    change = np.cumsum(generator.normal(-3.0, 3.0, (40, 3)), axis=1)
    change[np.arange(3)[None, :] >= generator.integers(1, 5, 40)[:, None]] = np.nan
    order = generator.permutation(40)
    one = mmrm(change, arm=arm, baseline=baseline, arms=2)
    two = mmrm(change[order], arm=arm[order], baseline=baseline[order], arms=2)
    assert np.allclose(one.means, two.means)
    assert np.allclose(one.covariance, two.covariance)


@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.floats(-50.0, 50.0), min_size=1, max_size=40), published=st.floats(-60.0, 60.0))
def test_the_place_is_a_percentage_and_turns_round_with_the_sign(values: list[float], published: float) -> None:
    place = place_percent(np.array(values), published)
    assert 0.0 <= place <= 100.0
    assert math.isclose(place + place_percent(-np.array(values), -published), 100.0, abs_tol=1e-9)


@settings(max_examples=60, deadline=None)
@given(shares=st.lists(st.integers(1, 100), min_size=1, max_size=4), seed=SEEDS)
def test_women_leave_in_order_and_only_until_the_last_share(shares: list[int], seed: int) -> None:
    shares = sorted(shares, reverse=True)
    completion = [Share(24.0 * (i + 1), people, 100, HERE) for i, people in enumerate(shares)]
    z = np.sort(np.random.default_rng(seed).standard_normal(200))
    lost = lost_at(completion, z)
    assert np.all(np.diff(lost[np.isfinite(lost)]) >= -1e-9)
    assert np.all((lost[np.isfinite(lost)] >= 0.0) & (lost[np.isfinite(lost)] <= completion[-1].at_h + 1e-9))


@settings(max_examples=60, deadline=None)
@given(days=st.lists(st.integers(1, 30), min_size=1, max_size=40), seed=SEEDS)
def test_the_share_relapsed_only_grows_and_passes_half_at_the_median(days: list[int], seed: int) -> None:
    times = np.array(days, dtype=float)
    events = np.random.default_rng(seed).random(times.size) < 0.7
    shares = [share_by(times, events, at=float(at)) for at in range(32)]
    assert all(later >= earlier for earlier, later in pairwise(shares))
    median = median_time(times, events)
    if math.isfinite(median):
        assert share_by(times, events, at=median) >= 0.5 - 1e-9
