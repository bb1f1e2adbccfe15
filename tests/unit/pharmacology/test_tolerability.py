from __future__ import annotations

import pytest
from scipy import special, stats

from matrescence.pharmacology.tolerability import beta_quantile, incomplete_beta, rate_per_100


@pytest.mark.parametrize(("events", "people"), [(1, 10), (5, 140), (31, 102), (99, 100), (3, 4000), (700, 1400)])
@pytest.mark.parametrize("level", [0.90, 0.95])
def test_interval_is_that_of_scipys_beta_distribution(events: int, people: int, level: float) -> None:
    rate = rate_per_100(events=events, people=people, level=level)
    low, high = stats.beta(events + 0.5, people - events + 0.5).interval(level)
    assert rate.per_100 == pytest.approx(100.0 * events / people)
    assert (rate.low, rate.high) == pytest.approx((100.0 * low, 100.0 * high), rel=1e-9)


def test_nobody_of_499_is_zero_up_to_a_limit() -> None:
    rate = rate_per_100(events=0, people=499)
    assert rate.per_100 == rate.low == 0.0
    assert rate.high == pytest.approx(100.0 * stats.beta.ppf(0.975, 0.5, 499.5), rel=1e-9)


def test_everybody_is_a_hundred_down_to_a_limit() -> None:
    rate = rate_per_100(events=12, people=12)
    assert rate.per_100 == rate.high == 100.0
    assert rate.low == pytest.approx(100.0 * stats.beta.ppf(0.025, 12.5, 0.5), rel=1e-9)


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (0.5, 40.5), (3.5, 2.5), (250.5, 800.5)])
@pytest.mark.parametrize("x", [0.0, 1e-6, 0.02, 0.3, 0.5, 0.9, 1.0 - 1e-9, 1.0])
def test_incomplete_beta_is_scipys(x: float, a: float, b: float) -> None:
    assert incomplete_beta(x, a=a, b=b) == pytest.approx(special.betainc(a, b, x), rel=1e-10, abs=1e-290)


def test_quantile_inverts_the_incomplete_beta() -> None:
    x = beta_quantile(0.3, a=2.5, b=7.5)
    assert incomplete_beta(x, a=2.5, b=7.5) == pytest.approx(0.3, rel=1e-12)


@pytest.mark.parametrize(
    ("events", "people", "level"), [(1, 0, 0.95), (-1, 5, 0.95), (6, 5, 0.95), (1, 5, 1.0), (1, 5, 0.0)]
)
def test_impossible_counts_and_levels_are_refused(events: int, people: int, level: float) -> None:
    with pytest.raises(ValueError, match=r"affected people|level"):
        rate_per_100(events=events, people=people, level=level)
