"""How old a value may be and still be shown as hers now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matrescence.actions.bedside.freshness import AGE_LIMITS, Freshness, age_s, freshness

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


def before(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


#   measure           observed and received so long ago   shown as
TABLE = (
    ("spo2_percent", 0, 0, Freshness.LIVE),
    ("spo2_percent", 10, 10, Freshness.LIVE),
    ("spo2_percent", 10.1, 1, Freshness.NOT_CURRENT),
    ("spo2_percent", 1, 10.1, Freshness.NOT_CURRENT),  # a clock that is ahead makes nothing younger
    ("spo2_percent", 30, 30, Freshness.NOT_CURRENT),
    ("pulse_per_min", 30.1, 0, Freshness.NO_DATA),
    ("rate_ml_per_h", 60, 60, Freshness.LIVE),
    ("rate_ml_per_h", 61, 0, Freshness.NOT_CURRENT),
    ("running", 121, 0, Freshness.NO_DATA),
)


@pytest.mark.parametrize(("measure", "observed", "received", "shown"), TABLE)
def test_what_an_age_is_shown_as(measure: str, observed: float, received: float, shown: Freshness) -> None:
    assert freshness(measure, before(observed), before(received), NOW) is shown


def test_the_age_counts_from_the_earlier_of_the_two_times() -> None:
    assert age_s(before(5), before(7), NOW) == 7.0


def test_every_limit_gives_a_reason_says_whose_decision_it_is_and_is_in_order() -> None:
    for limit in AGE_LIMITS.values():
        assert limit.basis == "project-decision"
        assert len(limit.reason) > 40
        assert 0 < limit.live_up_to_s < limit.no_data_after_s
