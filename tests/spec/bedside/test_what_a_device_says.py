"""What becomes of a message of a device.  One row for each situation at the bedside; the infusion runs at 60 ug/kg/h.

``live`` is what the tile shows because of the message, ``written`` what is put into her record, ``told`` the problem a
person is told.  The site's limit is invented: hypoxia below 90 %.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matrescence.actions.bedside.association import Binding
from matrescence.actions.bedside.intake import take, tick
from matrescence.actions.bedside.report import Lane, OximeterReport, PumpReport, Quality
from matrescence.actions.bedside.seen import Seen, Taken
from matrescence.actions.course_commands import command_from
from matrescence.actions.infusion_examples import INVENTED_LIMIT, Course, example_order
from matrescence.care.infusion import commands as cmd

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
NOW = START + timedelta(hours=5)
BOUND = {
    name: Binding(name, "a course", START - timedelta(hours=1), None, "nurse Kim") for name in ("oximeter", "pump")
}


def running() -> Course:
    """Five hours in: at 60 ug/kg/h since hour 4; 70 kg, so 4.2 mL/h on the pump."""
    course = Course(example_order("brexanolone", "label-90", START, limits=(INVENTED_LIMIT,)), START).begin()
    return course.do(cmd.ConfirmRate, 4 * 60, 60.0, by="pump")


def heard(report: OximeterReport | PumpReport, *, bound: bool = True) -> Taken:
    """The answer to a message that follows an ordinary one, with what the next five seconds settle.

    That the device was silent in between, or is back, is the business of other tests.
    """
    state, binding = running().state, BOUND[report.device] if bound else None
    before = type(report)(**ORDINARY[type(report)], **at(-10))  # type: ignore[arg-type]
    first = take(Seen(), before, state=state, binding=binding, now=before.received_at)
    answer = take(first.seen, report, state=state, binding=binding, now=report.received_at)
    settled = tick(answer.seen, now=report.received_at + timedelta(seconds=5))
    new = [record for record in (*answer.records, *settled.records) if record.happened_at != before.observed_at]
    new = [record for record in new if record.command not in {"report-silent", "report-back"}]
    return Taken(settled.seen, answer.live, tuple(new), (*first.problems, *answer.problems))


def at(seconds: float, received: float | None = None) -> dict[str, object]:
    """Observed so many seconds after hour 5 by the device's clock, received at once or later."""
    observed_at = NOW + timedelta(seconds=seconds)
    received_at = observed_at if received is None else NOW + timedelta(seconds=received)
    return {"observed_at": observed_at, "received_at": received_at, "message_id": f"m{seconds}"}


OXIMETER = {"device": "oximeter", "lane": Lane.LIVE, "spo2_percent": 97.0, "pulse_per_min": 80.0}
PUMP = {"device": "pump", "lane": Lane.LIVE, "running": True, "rate_ml_per_h": 4.2}
ORDINARY = {OximeterReport: OXIMETER, PumpReport: PUMP}


def oximeter(seconds: float = 60.0, received: float | None = None, **says: object) -> OximeterReport:
    return OximeterReport(**{**OXIMETER, **at(seconds, received), **says})  # type: ignore[arg-type]


def pump(seconds: float = 60.0, received: float | None = None, **says: object) -> PumpReport:
    return PumpReport(**{**PUMP, **at(seconds, received), **says})  # type: ignore[arg-type]


#   the message                                                        live     written        told
OXIMETER_TABLE = (
    ("97 %, as always", oximeter(), (97.0, 80.0), ["observe"], []),
    ("a pulse that is not counted", oximeter(pulse_per_min=0.0), (97.0, None), ["observe"], []),
    ("empty", oximeter(spo2_percent=None), (None, None), [], ["no-reading"]),
    ("-100, which some monitors send for nothing", oximeter(spo2_percent=-100.0), (None, None), [], ["no-reading"]),
    ("0 %", oximeter(spo2_percent=0.0), (None, None), [], ["no-reading"]),
    ("120 %, which nobody has", oximeter(spo2_percent=120.0), (None, None), [], ["no-reading"]),
    ("not a number", oximeter(spo2_percent=float("nan")), (None, None), [], ["no-reading"]),
    ("82 % from a moving hand", oximeter(spo2_percent=82.0, quality=Quality.QUESTIONABLE), (None, None), [],
     ["no-reading"]),
    ("97 % called invalid", oximeter(quality=Quality.INVALID), (None, None), [], ["no-reading"]),
    ("a demonstration of 97 %", oximeter(lane=Lane.DEMO), (), [], ["demo"]),
    ("a demonstration of 80 %", oximeter(lane=Lane.DEMO, spo2_percent=80.0), (), [], ["demo"]),
    ("observed 9 s before it is received", oximeter(60, 69), (97.0, 80.0), ["observe"], []),
    ("observed 11 s before it is received", oximeter(60, 71), (), ["observe"], ["late"]),
    ("back-filled after ten minutes", oximeter(60, 660), (), ["observe"], ["late"]),
    ("84 %, back-filled after ten minutes", oximeter(60, 660, spo2_percent=84.0), (), ["observe"], ["late"]),
    ("observed 4 s after it is received", oximeter(64, 60), (97.0, 80.0), ["observe"], []),
    ("observed 90 s after it is received", oximeter(150, 60), (), ["observe"], ["clock-ahead"]),
    ("older than the one before", oximeter(-15, -8), (), ["observe"], []),
)  # fmt: skip


@pytest.mark.parametrize(("what", "report", "live", "written", "told"), OXIMETER_TABLE)
def test_what_becomes_of_an_oximeters_message(what, report, live, written, told) -> None:  # type: ignore[no-untyped-def]
    answer = heard(report)
    assert tuple(one.value for one in answer.live) == live, what
    assert [record.command for record in answer.records] == written, what
    assert [problem.code for problem in answer.problems] == told, what


#   the message                                                        rate written             told
PUMP_TABLE = (
    ("runs at the planned rate", pump(), None, []),
    ("runs a hair off the planned rate", pump(rate_ml_per_h=4.24), None, []),
    ("runs at twice the rate", pump(rate_ml_per_h=8.4), 120.0, []),
    ("runs at a lower stair", pump(rate_ml_per_h=2.1), 30.0, []),
    ("runs at a rate that nobody planned", pump(rate_ml_per_h=5.0), 71.43, []),
    ("is programmed to the next stair and gives this one", pump(programmed_ml_per_h=6.3), None, []),
    ("stands still", pump(running=False, rate_ml_per_h=0.0), "stopped", []),
    ("stands still, the line is blocked", pump(running=False, rate_ml_per_h=0.0, alarm="occlusion"), "stopped",
     ["pump-alarm"]),
    ("does not say whether it runs", pump(running=None), None, ["pump-unclear"]),
    ("says that it runs, at no rate", pump(rate_ml_per_h=None), None, ["pump-unclear"]),
    ("says that it stands still, at a rate", pump(running=False), None, ["pump-unclear"]),
    ("a demonstration at twice the rate", pump(rate_ml_per_h=8.4, lane=Lane.DEMO), None, ["demo"]),
)  # fmt: skip


@pytest.mark.parametrize(("what", "report", "written", "told"), PUMP_TABLE)
def test_what_becomes_of_a_pumps_message(what, report, written, told) -> None:  # type: ignore[no-untyped-def]
    answer = heard(report)
    payloads = [dict(record.payload) for record in answer.records]
    expected = {
        None: [],
        "stopped": [{"command": "confirm-stopped"}],
    }.get(written, [{"command": "confirm-rate", "rate_ug_per_kg_h": written}])
    assert payloads == expected, what
    assert [problem.code for problem in answer.problems] == told, what


def test_a_device_that_nobody_has_bound_is_nobodys() -> None:
    for report in (oximeter(spo2_percent=80.0), pump(rate_ml_per_h=8.4)):
        answer = heard(report, bound=False)
        assert (answer.live, answer.records) == ((), ())
        assert [problem.code for problem in answer.problems] == ["unbound"]


def test_a_back_filled_hypoxia_is_charted_late_and_the_rules_still_stop_the_infusion() -> None:
    """It raises nothing by the tile; the rule about late entries answers it, and she is not infused after hypoxia."""
    course, answer = running(), heard(oximeter(60, 660, spo2_percent=84.0))
    (record,) = answer.records
    assert record.happened_at == NOW + timedelta(seconds=60)
    course.do(cmd.WriteNote, 5 * 60 + 5, "something newer")
    stamp = course.stamp(5 * 60 + 1, recorded_min=5 * 60 + 11)
    course.say(command_from(record.payload, key=record.key, stamp=stamp, where="test"))  # type: ignore[arg-type]
    assert course.state.barred == "hypoxia"
    assert course.state.stop_requests
