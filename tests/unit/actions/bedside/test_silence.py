"""A device that is not heard: said once, at the right instant, and taken back when it is heard again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from matrescence.actions.bedside.association import Binding
from matrescence.actions.bedside.intake import silence, take, tick, unwatch, watch
from matrescence.actions.bedside.policy import POLICY
from matrescence.actions.bedside.report import Lane, OximeterReport
from matrescence.actions.bedside.seen import Seen
from matrescence.actions.infusion_examples import INVENTED_LIMIT, Course, example_order
from matrescence.care.infusion import commands as cmd

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
COURSE = Course(example_order("brexanolone", "label-90", START, limits=(INVENTED_LIMIT,)), START).begin()
BOUND = Binding("oximeter", "a course", START - timedelta(hours=1), None, "nurse Kim")


def second(number: float) -> datetime:
    return START + timedelta(minutes=1, seconds=number)


def hear(seen: Seen, at: float, **says: Any) -> tuple[Seen, list[dict[str, Any]]]:
    observed = second(says.pop("observed", at))
    says = {"lane": Lane.LIVE, "spo2_percent": 97.0, **says}
    report = OximeterReport(device="oximeter", message_id=str(at), observed_at=observed, received_at=second(at), **says)
    taken = take(seen, report, state=COURSE.state, binding=BOUND, now=second(at))
    return taken.seen, [{**record.payload, "at": record.happened_at} for record in taken.records]


def watched() -> Seen:
    return hear(watch(Seen(), "oximetry", at=second(0)), 0)[0]


def test_it_is_silent_half_a_minute_after_it_was_last_heard_and_told_once() -> None:
    seen = watched()
    assert silence(seen, POLICY, second(29.9)).records == ()
    told = silence(seen, POLICY, second(47))
    assert [(r.payload["command"], r.payload["device"], r.happened_at) for r in told.records] == [
        ("report-silent", "oximetry", second(30))
    ]
    assert silence(told.seen, POLICY, second(90)).records == ()


def test_a_device_that_was_never_heard_is_silent_from_the_moment_it_was_expected() -> None:
    told = silence(watch(Seen(), "pump", at=second(0)), POLICY, second(121))
    assert [record.happened_at for record in told.records] == [second(120)]


def test_nobody_expects_a_kind_that_was_let_go() -> None:
    assert silence(unwatch(watched(), "oximetry"), POLICY, second(300)).records == ()


def test_it_is_back_when_it_is_heard_again() -> None:
    quiet = tick(watched(), now=second(40)).seen
    seen, records = hear(quiet, 50)
    assert {"command": "report-back", "device": "oximetry", "at": second(50)} in records
    assert seen.silent == {}


def test_a_silence_that_nobody_asked_about_is_told_when_it_is_over() -> None:
    _, records = hear(watched(), 45)
    told = [(record["command"], record["at"]) for record in records if record["command"] != "observe"]
    assert told == [("report-silent", second(30)), ("report-back", second(45))]


def test_a_silence_from_before_a_restart_ends_too() -> None:
    """The memory is gone; the record still says that oximetry is silent."""
    course = Course(example_order("brexanolone", "label-90", START, limits=(INVENTED_LIMIT,)), START).begin()
    course.do(cmd.ReportSilent, 0.5, "oximetry", by="bedside port")
    report = OximeterReport(
        device="oximeter", message_id="1", observed_at=second(0), received_at=second(0), lane=Lane.LIVE, spo2_percent=97
    )
    taken = take(watch(Seen(), "oximetry", at=second(0)), report, state=course.state, binding=BOUND, now=second(0))
    assert [record.command for record in taken.records] == ["report-back"]


@pytest.mark.parametrize(
    "says",
    [
        {"spo2_percent": -100.0},  # the probe is off
        {"lane": Lane.DEMO},
        {"observed": -60.0},  # back-filled
        {"observed": 300.0},  # its clock is ahead
    ],
)
def test_what_is_not_live_is_not_heard(says: dict[str, Any]) -> None:
    seen = watched()
    for at in range(5, 40, 5):
        seen, _ = hear(seen, at, **says)
    assert [record.payload["device"] for record in silence(seen, POLICY, second(40)).records] == ["oximetry"]
