from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from icalendar import Calendar

from matrescence.handouts.calendar import calendar, entries

Plan = dict[str, Any]


def events(plan: Plan) -> list[Any]:
    return list(Calendar.from_ical(calendar(plan)).walk("VEVENT"))


def named(plan: Plan, words: str) -> list[datetime]:
    return [event.decoded("dtstart") for event in events(plan) if words in str(event["summary"])]


def test_every_rate_bag_check_and_feeding_time_of_the_plan_is_an_event(ana: Plan) -> None:
    assert len(named(ana, "Pump to")) == 5
    assert len(named(ana, "Hang bag")) == 5
    timed = [check for check in ana["checks"] if not check["continuous"]]
    assert len(named(ana, "excessive sedation check")) == len(timed)
    waits = [row for row in ana["lactation"] if row["wait_h"]]
    assert len(named(ana, "Feed again, says")) == len(waits)
    assert len(named(ana, "End of the infusion")) == 1


def test_times_are_right_on_both_sides_of_the_change_of_the_clocks(ana: Plan) -> None:
    assert named(ana, "Pump to 6.3 mL/h") == [datetime(2026, 3, 8, 13, 0, tzinfo=UTC)]
    assert named(ana, "End of the infusion") == [datetime(2026, 3, 10, 1, 0, tzinfo=UTC)]


def test_a_check_stands_where_the_plan_put_it(any_plan: Plan) -> None:
    wanted = sorted(
        datetime.fromisoformat(check["at"]).astimezone(UTC) for check in any_plan["checks"] if not check["continuous"]
    )
    whats = {check["what"] for check in any_plan["checks"]}
    found = sorted(
        event.decoded("dtstart") for event in events(any_plan) if str(event["summary"]).split(": ", 1)[1] in whats
    )
    assert found == wanted


def test_a_source_that_lets_feeding_go_on_makes_no_event(ana: Plan) -> None:
    assert not [event for event in events(ana) if "says LactMed" in str(event["summary"])]


def test_the_same_plan_gives_the_same_bytes_and_every_event_its_own_id(any_plan: Plan) -> None:
    assert calendar(any_plan) == calendar(any_plan)
    ids = [str(event["uid"]) for event in events(any_plan)]
    assert len(ids) == len(set(ids)) == len(entries(any_plan))


def test_no_clock_is_read_and_nothing_rings(any_plan: Plan) -> None:
    start = datetime.fromisoformat(any_plan["start"]).astimezone(UTC)
    assert {event.decoded("dtstamp") for event in events(any_plan)} == {start}
    assert b"VALARM" not in calendar(any_plan)


def test_her_name_does_not_travel_with_the_calendar(any_plan: Plan) -> None:
    name = any_plan["mother"]["name"].replace("(invented)", "").strip()
    assert name.encode() not in calendar(any_plan)
    assert b"Invented example" in calendar(any_plan)


def test_the_withdrawal_is_told_in_every_event(ana: Plan) -> None:
    assert all("WITHDRAWN on 14 April 2025" in str(event["description"]) for event in events(ana))


def test_tablets_are_one_event_each(zuranolone: Plan) -> None:
    assert len(named(zuranolone, "50 mg by mouth")) == 14


def test_each_session_of_a_series_has_its_end(six: Plan) -> None:
    assert len(named(six, "End of the infusion, session")) == 6


def test_after_each_session_of_a_series_she_is_told_when_to_feed_again(six: Plan) -> None:
    # Twelve hours after each end; the clocks of Denver do not change in these weeks.
    ends = [datetime.fromisoformat(session["ends_at"]) for session in six["sessions"]]
    assert len(ends) == 6
    assert named(six, "Feed again, says Milk study") == [(end + timedelta(hours=12)).astimezone(UTC) for end in ends]


def test_a_wait_that_reaches_into_the_next_session_ends_only_after_the_last_one(six: Plan) -> None:
    row = next(row for row in six["lactation"] if row["wait_h"] == 12)
    ends = [datetime.fromisoformat(session["ends_at"]) + timedelta(hours=80) for session in six["sessions"]]
    row["feed_again_after_each"] = [end.isoformat() for end in ends]
    row["feed_again_at"] = ends[-1].isoformat()
    # Three days lie between some sessions, four between others: after 80 h only the longer gaps are left over.
    gaps = [after["start_h"] - before["end_h"] for before, after in pairwise(six["sessions"])]
    told = [end for end, gap in zip(ends, [*gaps, 1e9], strict=True) if gap > 80]
    assert 1 < len(told) < 6
    assert named(six, f"Feed again, says {row['who']}") == [end.astimezone(UTC) for end in told]
