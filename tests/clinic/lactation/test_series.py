"""A series of sessions: what was given counts as it was given, what is to come as it is planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matrescence.care.infusion.plan import Treatment, plan_treatment
from matrescence.care.infusion.state import Phase, RatePoint, State
from matrescence.care.lactation.course import CourseError, Happened
from matrescence.care.lactation.log import given_by_logs
from matrescence.formulary import library

START = datetime(2026, 4, 21, 14, 0, tzinfo=UTC)
RATE = 750.0
MINUTES = 40


@pytest.fixture
def series() -> Treatment:
    drug = library.load("ketamine")
    return plan_treatment(drug.regimens["series-of-six"], drug.preparation, (), weight_kg=66.0, start=START)


def ran(at: datetime, minutes: float = MINUTES, ended: Phase = Phase.COMPLETED) -> State:
    """A session that ran for so long at the planned rate."""
    end = at + timedelta(minutes=minutes)
    rates = (RatePoint(at, RATE), RatePoint(end, 0.0))
    return replace(State(), phase=ended, started_at=at, ended_at=end, ended=ended, rates=rates)


def test_sessions_that_were_given_end_when_they_ended_and_the_rest_is_as_planned(series: Treatment) -> None:
    second = START + timedelta(days=4, hours=2)
    given = given_by_logs(series, [ran(START), ran(second)], now=second + timedelta(hours=3))
    ends = given.ends_h
    assert ends[:2] == pytest.approx((40 / 60, 98 + 40 / 60))
    assert ends[2:] == pytest.approx([s.end_h for s in series.sessions if s.number > 2 and s.start_h > 101])
    assert given.happened is Happened.PLANNED


def test_a_session_that_was_stopped_early_ends_at_the_stop(series: Treatment) -> None:
    given = given_by_logs(series, [ran(START, 19, Phase.ENDED_EARLY)], now=START + timedelta(hours=1))
    assert given.ends_h[0] == pytest.approx(19 / 60)
    assert len(given.ends_h) == 6


def test_the_dose_is_that_of_the_minutes_that_ran(series: Treatment) -> None:
    """0.5 mg/kg in 40 minutes: a first session of 20 minutes gives half of it, and five more are planned."""
    given = given_by_logs(series, [ran(START, 20, Phase.ENDED_EARLY)], now=START + timedelta(hours=1))
    assert given.treatment.total_dose_mg == pytest.approx(0.5 * 66.0 * 5.5)


def test_a_session_whose_time_has_passed_is_not_counted_as_if_it_came(series: Treatment) -> None:
    given = given_by_logs(series, [ran(START)], now=START + timedelta(days=30))
    assert len(given.ends_h) == 1


def test_more_infusions_than_the_series_has_are_refused(series: Treatment) -> None:
    seven = [ran(START + timedelta(days=day)) for day in range(7)]
    with pytest.raises(CourseError, match="7 infusions ran, and the series has 6 sessions"):
        given_by_logs(series, seven, now=START + timedelta(days=9))
