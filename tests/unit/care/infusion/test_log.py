"""The event log: every event survives the way to text and back, and everything else is refused with its reason."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import get_args

import pytest

from matrescence.actions.infusion_examples import EXAMPLES, Course, ketamine_session
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion import readings as rd
from matrescence.care.infusion.evolve import replay
from matrescence.care.infusion.log import KINDS, LogError, as_dict, as_line, from_dict, from_line
from matrescence.care.infusion.stamp import Cause


def every_event() -> list[ev.Event]:
    """The events of all examples, and one of each kind that no example has."""
    events = [event for make in EXAMPLES.values() for event in make().log]
    first = events[0]
    stamp, cause = first.stamp, Cause("x", "0" * 12)
    return [
        *events,
        ev.PumpDeviated(stamp, cause, 120.0, "too fast"),
        ev.CeilingLifted(stamp, cause),
        ev.Observed(stamp, cause, rd.Consciousness(rd.Awareness.LOST)),
        ev.Observed(stamp, cause, rd.Pulse(70.0)),
        ev.Observed(stamp, cause, rd.Sedation(scale="RASS", score=-1.0)),
        ev.Observed(stamp, cause, rd.PlasmaLevel(61.5, drawn=rd.Drawn.VEIN)),
        ev.ObservationCorrected(stamp, cause, "y", rd.PlasmaLevel(0.0, below_ng_per_ml=1.0)),
    ]


def test_every_kind_of_event_and_reading_survives_the_way_to_text_and_back() -> None:
    events = every_event()
    assert {type(event) for event in events} == set(KINDS.values())
    assert {type(e.reading) for e in events if isinstance(e, ev.Observed)} == set(get_args(rd.Reading))
    for event in events:
        line = as_line(event)
        assert "\n" not in line
        assert from_line(line) == event
        assert as_line(from_line(line)) == line


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_log_of_a_course_folds_to_its_state(name: str) -> None:
    course: Course = EXAMPLES[name]()
    assert replay(from_line(as_line(event)) for event in course.log) == course.state


def test_two_courses_made_alike_have_the_same_log() -> None:
    assert [as_line(e) for e in ketamine_session().log] == [as_line(e) for e in ketamine_session().log]


def example() -> dict[str, object]:
    course = ketamine_session()
    return as_dict(next(event for event in course.log if isinstance(event, ev.Observed)))


def opened() -> dict[str, object]:
    return json.loads(as_line(ketamine_session().log[0]))  # type: ignore[no-any-return]


def change(table: dict, path: str, value: object) -> dict:  # type: ignore[type-arg]
    *way, last = path.split("/")
    inner = table
    for step in way:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return table


#   where             put there                    the message says
WRONG = (
    ("kind", "Exploded", "kind 'Exploded' is not known"),
    ("kind", [], "kind [] is not known"),
    ("happened_at", "0001-01-01T00:00:00+23:00", "date value out of range"),
    ("payload/reading/systolic_mmhg", 10**400, "is not a number"),
    ("shape", 4, "shape 4 is not known; this program reads shapes 1 to 3"),
    ("shape", True, "shape True is not known"),
    ("key", 7, "key: 7 is of the wrong type"),
    ("key", ..., "'key' is missing"),
    ("extra", 1, "'extra' is not known"),
    ("happened_at", "yesterday", "happened_at: 'yesterday' is not an ISO 8601 instant"),
    ("happened_at", "2026-03-03T08:00:00", "has no time zone"),
    ("by", "", "somebody"),
    ("payload", [], "payload: [] is of the wrong type"),
    ("payload/reading", ..., "payload: 'reading' is missing"),
    ("payload/reading/reading", "Smell", "'Smell' is not one of Oximetry"),
    ("payload/reading/systolic_mmhg", "high", "payload.reading.systolic_mmhg: 'high' is of the wrong type"),
    ("payload/reading/systolic_mmhg", True, "is not a number"),
)


@pytest.mark.parametrize(("path", "value", "says"), WRONG)
def test_what_is_not_an_event_is_refused_with_its_reason(path: str, value: object, says: str) -> None:
    with pytest.raises(LogError) as caught:
        from_dict(change(example(), path, value))
    assert says in str(caught.value)


WRONG_ORDER = (
    ("payload/order/stairs", [], "they must start at hour 0"),
    ("payload/order/bags", "none", "payload.order.bags: 'none' is of the wrong type"),
    ("payload/order/interruptions/0/action", "explode", "'explode' is not one of stop, pause, ask"),
    ("payload/order/interruptions/0/grade", "Z", "'Z' is not one of A, B, C, U"),
    ("payload/order/interruptions/0/may_resume", 1, "may_resume: 1 is of the wrong type"),
    ("payload/order/bags/0/number", True, "True is not a whole number"),
    ("payload/order/bags/0/number", 1.5, "number: 1.5 is of the wrong type"),
)


@pytest.mark.parametrize(("path", "value", "says"), WRONG_ORDER)
def test_a_wrong_order_is_refused_with_its_reason(path: str, value: object, says: str) -> None:
    with pytest.raises(LogError) as caught:
        from_dict(change(opened(), path, value))
    assert says in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[1]", "7", '"x"', "[" * 100_000, '{"kind": NaN}', '{"a": 1e999}'])
def test_a_line_that_is_not_an_event_is_a_log_error_and_nothing_else(text: str) -> None:
    with pytest.raises(LogError):
        from_line(text)


def test_a_number_too_large_for_a_float_is_refused() -> None:
    with pytest.raises(LogError, match="is not a number"):
        from_dict(change(example(), "payload/reading/systolic_mmhg", float("inf")))


def test_every_event_carries_its_stamp_and_its_cause() -> None:
    for kind in KINDS.values():
        assert [field.name for field in fields(kind)][:2] == ["stamp", "cause"]
    for command in get_args(cmd.Command):
        assert [field.name for field in fields(command)][:2] == ["stamp", "key"]


def test_only_what_holds_a_level_is_written_in_the_newest_shape() -> None:
    """A program that knows no levels still reads every log without one."""
    shapes = {as_dict(event)["shape"]: event for event in every_event()}
    assert set(shapes) == {2, 3}
    level = as_dict(shapes[3])
    for older in (1, 2):
        with pytest.raises(LogError, match=f"shape {older} holds no plasma level"):
            from_dict({**level, "shape": older})
