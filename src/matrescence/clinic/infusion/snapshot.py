"""The live page as data: what a stream sends and what a page without a stream asks for.

The parts are the very templates of the page, filled anew, so that both say the same.  Nothing in them belongs to the
person who looks: one snapshot serves every viewer of a course.
"""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from matrescence.actions.bedside.report import PULSE, SPO2
from matrescence.care.infusion.alarms import Alarm
from matrescence.clinic.clockwork.clock import simulated_clock
from matrescence.clinic.infusion.context import Sign, context_of
from matrescence.clinic.infusion.views import PARTS
from matrescence.clinic.live.simulated import shown_pace
from matrescence.clinic.live.store import strip
from matrescence.clinic.log.courses import open_course

STRIP_SHOWN = 150


def snapshot(course_id: str, language: str) -> dict[str, Any]:
    """Everything the page shows, at this instant."""
    opened, pace = open_course(course_id), shown_pace(course_id)
    with translation.override(language):
        context = context_of(opened, pace)
        face = context["face"]
        alarms = () if face is None else face.alarms
        return {
            "position": opened.position,
            "phase": "" if face is None else face.phase.value,
            "offers": "/".join(context.get("offers", ())),
            "speed": pace.speed if pace.simulated else 1,
            "alarms": [_alarm(alarm) for alarm in alarms],
            "values": {measure: _value(sign) for measure, sign in context["signs"].items()},
            "strip": {measure: _points(course_id, measure) for measure in (SPO2, PULSE)},
            "parts": {name: _part(name, context) for name in PARTS},
        }


def is_fast(course_id: str) -> bool:
    """Whether the time of a course runs so fast that its page must be made anew every second."""
    clock = simulated_clock(course_id)
    return clock is not None and clock.speed > 1.0


def _part(name: str, context: dict[str, Any]) -> str:
    return render_to_string(f"infusion/parts/{name}.html", context).strip()


def _alarm(alarm: Alarm) -> dict[str, Any]:
    key = f"{alarm.rule} {alarm.since.isoformat()} {alarm.text}"
    return {"key": key, "priority": alarm.priority.value, "text": alarm.text, "seen": alarm.acknowledged}


def _value(sign: Sign) -> dict[str, Any]:
    return {
        "value": sign.value,
        "why": sign.why,
        "observed_at": sign.observed_at.isoformat(),
        "received_at": sign.received_at.isoformat(),
        "fresh_from_ms": int(sign.fresh_from.timestamp() * 1000),
        "live_s": sign.live_s,
        "gone_s": sign.gone_s,
    }


def _points(course_id: str, measure: str) -> list[list[Any]]:
    """Time in seconds, value, and whether it was back-filled."""
    return [
        [round(observed_at.timestamp(), 1), value, int(backfilled)]
        for observed_at, value, backfilled in strip(course_id, measure, points=STRIP_SHOWN)
    ]
