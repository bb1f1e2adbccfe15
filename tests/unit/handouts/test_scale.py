from __future__ import annotations

import pytest

from matrescence.handouts.scale import Linear, Logarithmic, decades, nice_ticks, spread_apart


@pytest.mark.parametrize(
    ("low", "high", "at_most", "expected"),
    [
        (0, 89.7, 6, (0, 20, 40, 60, 80, 100)),
        (0, 90, 3, (0, 50, 100)),
        (0, 1, 5, (0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        (0, 0.0003, 3, (0, 0.0001, 0.0002, 0.0003)),
        (-3, 7, 6, (-4, -2, 0, 2, 4, 6, 8)),
    ],
)
def test_ticks_are_round_and_cover_the_range(
    low: float, high: float, at_most: int, expected: tuple[float, ...]
) -> None:
    assert nice_ticks(low, high, at_most=at_most) == pytest.approx(expected)


@pytest.mark.parametrize(("low", "high", "at_most"), [(1, 1, 5), (2, 1, 5), (0, float("nan"), 5), (0, 1, 1)])
def test_a_range_that_cannot_be_shown_is_refused(low: float, high: float, at_most: int) -> None:
    with pytest.raises(ValueError, match="no ticks"):
        nice_ticks(low, high, at_most=at_most)


def test_decades_cover_the_range_with_at_least_two() -> None:
    assert decades(2, 96) == pytest.approx((1, 10, 100))
    assert decades(10, 10) == pytest.approx((10, 100))
    with pytest.raises(ValueError, match="logarithmic"):
        decades(0, 10)


def test_a_linear_scale_puts_the_middle_in_the_middle() -> None:
    assert Linear(0, 60, 100, 400)(30) == pytest.approx(250)


def test_a_logarithmic_scale_puts_ten_halfway_between_one_and_a_hundred() -> None:
    assert Logarithmic(1, 100, 200, 0)(10) == pytest.approx(100)


def test_a_logarithmic_scale_draws_zero_on_the_floor() -> None:
    assert Logarithmic(1, 100, 200, 0)(0) == pytest.approx(200)


def test_labels_that_would_touch_are_moved_apart() -> None:
    assert spread_apart([10, 12, 60], gap=15, highest=100) == pytest.approx([10, 25, 60])
    assert spread_apart([95, 96], gap=15, highest=100) == pytest.approx([85, 100])
