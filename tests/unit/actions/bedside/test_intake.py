"""What the port remembers and forgets: resends, bindings that ended, restarts, problems that come and go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from matrescence.actions.bedside.association import Binding
from matrescence.actions.bedside.intake import take, tick
from matrescence.actions.bedside.policy import POLICY, REASONS, Policy
from matrescence.actions.bedside.report import Lane, OximeterReport, PumpReport
from matrescence.actions.bedside.seen import RECENT_KEPT, Seen, Taken
from matrescence.actions.course_commands import command_from
from matrescence.actions.infusion_examples import INVENTED_LIMIT, Course, example_order
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion.stamp import Stamp
from matrescence.care.infusion.state import State

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
RUNNING = Course(example_order("brexanolone", "label-90", START, limits=(INVENTED_LIMIT,)), START).begin()


def second(number: float) -> datetime:
    return START + timedelta(minutes=1, seconds=number)


def binding(device: str, until: datetime | None = None, **more: Any) -> Binding:
    return Binding(device, "a course", START - timedelta(hours=1), until, "nurse Kim", **more)


def oximeter(observed: float, received: float | None = None, **says: Any) -> OximeterReport:
    says = {"device": "oximeter", "message_id": str(observed), "lane": Lane.LIVE, "spo2_percent": 97.0, **says}
    return OximeterReport(
        observed_at=second(observed), received_at=second(observed if received is None else received), **says
    )


def answer(seen: Seen, report: OximeterReport | PumpReport, *, state: State | None = None, **more: Any) -> Taken:
    more = {"binding": binding(report.device), "now": report.received_at, **more}
    return take(seen, report, state=RUNNING.state if state is None else state, **more)


def test_a_message_sent_again_changes_nothing_at_all() -> None:
    first = answer(Seen(), oximeter(0))
    assert answer(first.seen, oximeter(0, 3)) == Taken(first.seen)


def test_a_number_that_comes_again_with_other_content_is_another_message() -> None:
    first = answer(Seen(), oximeter(0, message_id="1"))
    again = answer(first.seen, oximeter(5, message_id="1", spo2_percent=95.0))
    assert [one.value for one in again.live] == [95.0, None]


def test_a_resend_from_before_memory_reaches_is_neither_live_nor_charted_again() -> None:
    taken = answer(Seen(), oximeter(0))
    written = []
    for at in range(1, RECENT_KEPT + 20):
        taken = answer(taken.seen, oximeter(at))
        written += [record.key for record in taken.records]
    again = answer(taken.seen, oximeter(0, 280))
    later = tick(again.seen, now=second(290))
    assert again.live == ()
    assert oximeter(0).fingerprint in "".join(written)
    assert oximeter(0).fingerprint not in "".join(record.key for record in (*again.records, *later.records))


def test_what_arrives_after_the_device_was_let_go_is_charted_and_not_live() -> None:
    taken = answer(Seen(), oximeter(0, 2), binding=binding("oximeter", until=second(1)))
    assert taken.live == ()
    assert [record.command for record in tick(taken.seen, now=second(10)).records] == ["observe"]


def test_an_earlier_sample_of_the_same_fall_begins_no_second_episode() -> None:
    fall = answer(Seen(), oximeter(10, spo2_percent=85.0))
    earlier = answer(fall.seen, oximeter(9, 10.5, spo2_percent=86.0))
    assert [record.command for record in fall.records] == ["observe"]
    assert earlier.records == ()


def test_a_device_is_back_no_sooner_than_it_was_silent() -> None:
    """The record may hold a silence that began after this was received: the word of its end waits for it."""
    course = Course(RUNNING.order, START).begin().do(cmd.ReportSilent, 2, "oximetry", by="bedside port")
    (record,) = answer(Seen(), oximeter(0), state=course.state).records
    assert (record.command, record.happened_at) == ("report-back", START + timedelta(minutes=2))


def test_a_message_of_a_clock_that_is_ahead_has_a_key_for_each_receipt() -> None:
    """Its time is that of the receipt; under one key, a resend would contradict the first."""
    keys = set()
    for received in (0, 5):
        taken = answer(Seen(), oximeter(120, received, spo2_percent=85.0))
        keys |= {(record.key, record.happened_at) for record in taken.records}
    assert {at for _, at in keys} == {second(0), second(5)}
    assert len({key for key, _ in keys}) == 2


def test_a_clock_that_was_compared_is_live_again() -> None:
    compared = binding("oximeter", clock_ahead_s=3600.0)
    taken = answer(Seen(), oximeter(3600, 0.2), binding=compared)
    assert [one.value for one in taken.live] == [97.0, None]
    assert taken.live[0].observed_at == second(0)
    assert taken.problems == ()


def test_a_demonstration_takes_the_live_values_away() -> None:
    taken = answer(Seen(), oximeter(0))
    assert taken.seen.live["spo2_percent"].value == 97.0
    assert answer(taken.seen, oximeter(5, lane=Lane.DEMO)).seen.live == {}


def test_a_problem_is_told_once_and_stands_until_a_message_no_longer_shows_it() -> None:
    first = answer(Seen(), oximeter(0, spo2_percent=-100.0))
    second_ = answer(first.seen, oximeter(5, spo2_percent=-100.0))
    third = answer(second_.seen, oximeter(10))
    assert [problem.code for problem in first.problems] == ["no-reading"]
    assert second_.problems == ()
    assert [(problem.code, problem.since) for problem in second_.seen.problems] == [("no-reading", second(0))]
    assert third.seen.problems == ()


def test_nothing_is_charted_before_a_course_is_opened_and_after_she_has_left() -> None:
    report = oximeter(0, spo2_percent=84.0)
    taken = answer(Seen(), report, state=State())
    assert [one.value for one in taken.live] == [84.0, None]
    assert (taken.records, tick(taken.seen, now=second(20)).records) == ((), ())


def test_a_binding_of_another_device_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="a binding of pump"):
        take(Seen(), oximeter(0), state=RUNNING.state, binding=binding("pump"), now=second(0))


@pytest.mark.parametrize(
    "report", [oximeter(0, spo2_percent=85.0), oximeter(0, spo2_percent=85.0, pulse_per_min=110.0)]
)
def test_a_record_is_a_command_that_the_course_understands(report: OximeterReport) -> None:
    (record,) = answer(Seen(), report).records
    stamp = Stamp(record.happened_at, second(1), record.by)
    command = command_from(record.payload, key=record.key, stamp=stamp, where="test")
    assert isinstance(command, cmd.Observe)
    assert command.reading.spo2_percent == 85.0  # type: ignore[union-attr]
    assert record.by == "oximeter"


def test_a_device_and_a_message_without_a_name_are_refused() -> None:
    for wrong in ({"device": " "}, {"message_id": ""}):
        with pytest.raises(ValueError, match="a report names its"):
            oximeter(0, **wrong)


def test_every_number_of_the_policy_has_a_reason_and_is_above_zero() -> None:
    assert set(REASONS) == set(Policy.__dataclass_fields__)
    with pytest.raises(ValueError, match="chart_every_s = 0"):
        Policy(chart_every_s=0)
    assert POLICY.silent_after_s("oximetry") == 30.0
