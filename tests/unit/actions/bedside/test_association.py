"""Whose is a device: said by a person, for a time, and never guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matrescence.actions.bedside.association import AlreadyBoundError, Binding, bind, route, unbind
from matrescence.actions.bedside.report import Lane, OximeterReport

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


def minute(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def report(observed: float, received: float | None = None) -> OximeterReport:
    return OximeterReport(
        device="oximeter", message_id="1", observed_at=minute(observed),
        received_at=minute(observed if received is None else received), lane=Lane.LIVE, spo2_percent=97.0,
    )  # fmt: skip


def moved() -> tuple[Binding, ...]:
    """With Ana from minute 0 to 10, with nobody to 20, with Bea from then on."""
    bindings = bind((), "oximeter", "ana", at=minute(0), by="nurse Kim")
    bindings = unbind(bindings, "oximeter", at=minute(10))
    return bind(bindings, "oximeter", "bea", at=minute(20), by="nurse Kim")


#   observed, received (minutes)   whose
TABLE = (
    (-1, -1, None),
    (0, 0, "ana"),
    (9.9, 9.9, "ana"),
    (10, 10, None),
    (5, 15, "ana"),  # sent on after she was disconnected: hers, for the chart
    (5, 25, None),  # sent on while it is at Bea's: nobody's, until a person says whose
    (15, 25, None),
    (25, 25, "bea"),
    (12, 9, "ana"),  # a clock that is ahead: it was at Ana's when it was received
    (90, 25, "bea"),
)


@pytest.mark.parametrize(("observed", "received", "course"), TABLE)
def test_whose_a_value_is(observed: float, received: float, course: str | None) -> None:
    found = route(moved(), report(observed, received))
    assert (None if found is None else found.course) == course


def test_a_device_is_not_at_two_courses_at_once() -> None:
    bindings = bind((), "oximeter", "ana", at=minute(0), by="nurse Kim")
    with pytest.raises(AlreadyBoundError, match="oximeter is bound to ana"):
        bind(bindings, "oximeter", "bea", at=minute(5), by="nurse Kim")


def test_binding_it_again_with_its_clock_compared_puts_its_times_right() -> None:
    bindings = bind((), "oximeter", "ana", at=minute(0), by="nurse Kim")
    bindings = bind(bindings, "oximeter", "ana", at=minute(5), by="nurse Kim", clock_ahead_s=90.0)
    assert [(one.since, one.until) for one in bindings] == [(minute(0), minute(5)), (minute(5), None)]
    found = route(bindings, report(7.5, 6.0))
    assert found is not None
    assert found.own_time(report(7.5, 6.0)) == minute(6.0)


def test_another_device_is_not_touched() -> None:
    bindings = bind(moved(), "pump", "ana", at=minute(0), by="nurse Kim")
    assert unbind(bindings, "oximeter", at=minute(30))[-1].until is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"by": " "}, "by must be named"),
        ({"until": minute(-1)}, "ends before"),
        ({"since": minute(0).replace(tzinfo=None)}, "zone"),
    ],
)
def test_a_binding_says_who_and_when(wrong: dict[str, object], said: str) -> None:
    whole = {"device": "oximeter", "course": "ana", "since": minute(0), "until": None, "by": "nurse Kim"}
    with pytest.raises(ValueError, match=said):
        Binding(**{**whole, **wrong})  # type: ignore[arg-type]
