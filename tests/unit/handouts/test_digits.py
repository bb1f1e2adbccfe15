from __future__ import annotations

import pytest

from matrescence.handouts.digits import FIGURE_SPACE, POINT_SPACE, aligned, band, hours, in_100, plain, significant


@pytest.mark.parametrize(
    ("value", "text"), [(5.0, "5"), (4.2, "4.2"), (50.0, "50"), (100.0, "100"), (-0.001, "0"), (None, "unknown")]
)
def test_a_whole_number_never_carries_a_trailing_zero_that_could_be_read_as_tenfold(
    value: float | None, text: str
) -> None:
    assert plain(value) == text


def test_a_prediction_is_not_shown_finer_than_it_is_known() -> None:
    assert [significant(v) for v in (79.1725, 117.279, 0.771858, 3813.89, 0.0, 99.6)] == [
        "79", "117", "0.77", "3810", "0", "99.6",
    ]  # fmt: skip


def test_a_count_out_of_a_hundred_has_one_digit_behind_the_point_below_ten() -> None:
    assert [in_100(v) for v in (12.7451, 2.94118, 0.835184, 9.96, None)] == ["13", "2.9", "0.8", "10", "unknown"]


def test_a_column_is_padded_so_that_the_points_stand_under_each_other() -> None:
    column = aligned([42.0, 50.4])
    assert column == [f"42{POINT_SPACE}{FIGURE_SPACE}", "50.4"]
    assert len({len(text) for text in column}) == 1


def test_an_unknown_number_in_a_column_is_said() -> None:
    assert aligned([None, 1.5])[0] == "unknown"


def test_an_unknown_forecast_is_not_a_band() -> None:
    assert band(None) is None
    assert band({"p50": None}) is None
    assert band({"p50": 4.0, "p95": 9.0}) == ("", "4", "9")


@pytest.mark.parametrize(("value", "text"), [(4.0, "4 h"), (2 / 3, "40 min"), (36.5, "36.5 h"), (1.0, "1 h")])
def test_short_times_are_minutes(value: float, text: str) -> None:
    assert hours(value) == text
