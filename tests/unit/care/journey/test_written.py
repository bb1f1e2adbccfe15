"""A clock that steps back, and one that was far ahead once: nothing is kept out, and the doubtful times are told."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.stamp import Stamp
from matrescence.care.infusion.state import Phase
from matrescence.care.journey import words
from matrescence.care.journey.admit import admit, infused
from matrescence.care.journey.infuse import AskStart
from matrescence.care.journey.written import written_at


def _told() -> Any:
    path = Path(__file__).with_name("test_journey.py")
    spec = importlib.util.spec_from_file_location("journey_told_by_a_clock", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


T = _told()
MINUTE, HOUR, DAY = T.MINUTE, T.HOUR, T.DAY
YEAR = 365 * DAY


def write(course: Any, what: words.What, clock_at: datetime) -> words.Entry:
    """Add a record as whoever keeps the log by a clock does it."""
    written, position = written_at(course.known, clock_at), len(course.entries) + 1
    entry = words.Entry(position, f"k{position}", clock_at, written.recorded_at, "nurse Kim", what, written.mark)
    assert admit(course.known, course.ground, entry) == ()
    course.entries.append(entry)
    return entry


#   the clock stands behind the last record by, and the new record carries
TABLE = (
    (-HOUR, "its own time"),
    (timedelta(0), "its own time"),
    (timedelta(microseconds=1), "the last one's time, unmarked: two wrote at once"),
    (timedelta(milliseconds=999), "the last one's time, unmarked: two wrote at once"),
    (timedelta(seconds=1), "the last one's time"),
    (10 * MINUTE, "the last one's time"),
    (YEAR, "the last one's time"),
)


@pytest.mark.rule("journey.clock")
@pytest.mark.parametrize(("behind", "carries"), TABLE)
def test_which_time_a_record_carries_when_the_clock_was_set_back(behind: timedelta, carries: str) -> None:
    course = T.begun()
    last = course.now
    entry = write(course, T.ASSESSED, last - behind)
    assert entry.recorded_at == (last - behind if carries == "its own time" else last)
    assert entry.clock_at == (last - behind if carries == "the last one's time" else None)


@pytest.mark.rule("journey.clock")
@pytest.mark.hazard("clock-once-ahead")
def test_a_record_of_a_wrong_future_keeps_nothing_later_out_of_the_log() -> None:
    course, right = T.begun(), T.START - 7 * DAY
    write(course, T.ASSESSED, right + YEAR)
    for number in range(3):
        entry = write(course, T.consulted(), right + number * MINUTE)
        assert (entry.happened_at, entry.clock_at) == (right + number * MINUTE,) * 2
    told = [reason.text for reason in course.view(right + HOUR).clock]
    assert told[0] == "The clock stands 8759 h behind the last record: go by another clock until it has caught up."
    assert (
        told[1]
        == "Record 3 was written at 2026-04-14T14:00:00+00:00 by a clock that stood behind the record before it."
    )
    assert len(told) == 4


@pytest.mark.rule("journey.time", "journey.clock")
def test_a_time_that_somebody_hands_in_is_never_lifted() -> None:
    course = T.begun()
    course.now -= HOUR
    assert course.rules(T.ASSESSED) == {"journey.time"}
    assert refusing(course.ask(cmd.Open)) == {"journey.time"}


def refusing(found: Any) -> set[str]:
    return {reason.rule for reason in found.reasons} if isinstance(found, Refused) else set()


@pytest.mark.rule("journey.clock", "journey.start_record")
@pytest.mark.hazard("gate-opened-afterwards")
def test_a_clock_set_back_does_not_make_a_paper_older_than_it_is() -> None:
    course = T.begun().tell(T.ASSESSED, T.consulted(), words.HealthKnown(T.HEALTHY), words.FeedingChosen(None))
    course.tell(words.PlanChosen("single"), T.papers(without="session.checklist")).do(cmd.Open, at=T.START - HOUR)
    course.tell(words.Consulted({}), at=T.START + HOUR)
    write(course, T.papers(), T.START - MINUTE)  # the clock goes back, and the missing paper is filed
    late = AskStart(Stamp(T.START, course.known.recorded_at, "nurse Kim"), "late")
    assert "journey.start_record" in refusing(infused(course.known, course.ground, late))


@pytest.mark.rule("journey.clock")
@pytest.mark.hazard("clock-once-ahead")
def test_at_the_bedside_a_stop_is_confirmed_although_the_clock_stands_hours_behind() -> None:
    course = T.running()
    clock_at = T.START - 3 * HOUR
    late = cmd.ConfirmStopped(Stamp(clock_at, clock_at, "nurse Kim"), "late")
    assert refusing(infused(course.known, course.ground, late)) == {"journey.time"}
    for kind, what in ((cmd.RequestStop, ("her wish",)), (cmd.ConfirmStopped, ())):
        written = written_at(course.known, clock_at)
        assert written.recorded_at == T.START and written.is_lifted
        course.do(kind, *what, at=written.recorded_at)
    assert course.known.state.phase is Phase.STOPPED
    now = course.view(clock_at).clock
    assert now[0].text.startswith("The clock stands 3 h behind the last record")


@pytest.mark.rule("journey.clock")
@pytest.mark.parametrize(("behind", "said"), [(90, "90 s"), (300, "5 min"), (10_800, "3 h")])
def test_how_far_the_clock_stands_behind_now_is_told(behind: int, said: str) -> None:
    course = T.begun()
    told = [reason.text for reason in course.view(course.now - timedelta(seconds=behind)).clock]
    assert told == [f"The clock stands {said} behind the last record: go by another clock until it has caught up."]


def test_a_clock_that_is_right_leaves_no_doubt() -> None:
    course = T.running()
    assert course.known.set_back == () and course.view().clock == ()


@pytest.mark.rule("journey.clock")
def test_a_log_whose_times_run_backwards_without_a_mark_says_so() -> None:
    course = T.begun()
    earlier = course.now - HOUR
    course.entries.append(words.Entry(2, "k2", earlier, earlier, "nurse Kim", T.ASSESSED))
    assert course.known.set_back == (2,)
    assert "written at 2026-04-14T13:00:00+00:00 by a clock" in course.view(T.START).clock[0].text


@pytest.mark.rule("journey.clock")
@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(-(10**6), 10**6), max_size=12))
def test_no_run_of_clocks_keeps_a_record_out(seconds: list[int]) -> None:
    """Every record is taken, the times never run backwards, and each record that carries another's time is named."""
    course, right = T.begun(), T.START - 7 * DAY
    doubtful, last = [], course.now
    for step in seconds:
        clock_at = right + timedelta(seconds=step)
        entry = write(course, replace(T.ASSESSED, name=None), clock_at)
        assert entry.recorded_at == max(clock_at, last)
        doubtful += [entry.position] if clock_at < last else []
        last = entry.recorded_at
    assert list(course.known.set_back) == doubtful
