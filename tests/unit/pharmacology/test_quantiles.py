"""Quantiles and tails, against an independent library."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from matrescence.pharmacology.quantiles import (
    chi2_tail,
    normal_quantile,
    normal_share,
    poisson_quantile,
    poisson_share,
    t_quantile,
)

SHARES = st.floats(1e-4, 1.0 - 1e-4)


@settings(max_examples=60)
@given(SHARES)
def test_the_normal_quantile_agrees(share: float) -> None:
    assert normal_quantile(share) == pytest.approx(stats.norm.ppf(share), abs=1e-9)
    assert normal_share(normal_quantile(share)) == pytest.approx(share, rel=1e-9)


@settings(max_examples=60)
@given(SHARES, st.integers(1, 60))
def test_the_quantile_of_student_agrees(share: float, freedom: int) -> None:
    assert t_quantile(share, freedom=freedom) == pytest.approx(stats.t.ppf(share, freedom), rel=1e-7, abs=1e-7)


@settings(max_examples=60)
@given(st.floats(0.0, 150.0), st.integers(1, 40))
def test_the_tail_of_chi_square_agrees(value: float, freedom: int) -> None:
    assert chi2_tail(value, freedom=freedom) == pytest.approx(stats.chi2.sf(value, freedom), rel=1e-9, abs=1e-300)


@settings(max_examples=60)
@given(st.floats(0.0, 0.999), st.floats(0.0, 5000.0))
def test_the_poisson_quantile_agrees(share: float, mean: float) -> None:
    assert poisson_quantile(share, mean=mean) == max(0, int(stats.poisson.ppf(share, mean)))


@settings(max_examples=60)
@given(st.integers(-1, 3000), st.floats(0.0, 2500.0))
def test_the_poisson_share_agrees(count: int, mean: float) -> None:
    assert poisson_share(count, mean=mean) == pytest.approx(stats.poisson.cdf(count, mean), rel=1e-8, abs=1e-290)


def test_what_has_no_quantile_is_refused() -> None:
    for call in (
        lambda: normal_quantile(1.0),
        lambda: t_quantile(0.0, freedom=3),
        lambda: t_quantile(0.5, freedom=0),
        lambda: chi2_tail(1.0, freedom=0),
        lambda: poisson_quantile(1.0, mean=2.0),
        lambda: poisson_quantile(0.5, mean=-1.0),
    ):
        with pytest.raises(ValueError, match=r"quantile|degree|mean"):
            call()
