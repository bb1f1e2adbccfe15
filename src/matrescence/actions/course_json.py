"""The view of a course as plain data: what ``course show --json`` prints."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from matrescence import __version__
from matrescence.actions.course_log import CourseLog
from matrescence.actions.course_open import Course
from matrescence.actions.eligibility import reason_as_json
from matrescence.actions.infusion import alarm_json, item_json
from matrescence.care.infusion.dose import dose
from matrescence.care.infusion.state import State, planned_rate_at
from matrescence.care.journey.confirming import Confirmation
from matrescence.care.journey.follow_up import Trend
from matrescence.care.journey.known import Known, Task
from matrescence.care.journey.view import Journey
from matrescence.care.recovery.discharge import Discharge
from matrescence.care.recovery.outcome import Outcome

NOTE = "This informs and documents. It does not monitor anybody, and it is never a prescription."

Json = dict[str, Any]


def as_json(course: Course, known: Known, found: Journey) -> Json:
    """Everything that is shown, urgent first; every instant in her own time zone."""
    mother, drug = known.mother, course.ground.drug
    assert mother is not None  # a course begins with her
    zone = mother.start.tzinfo
    availability = drug.availability
    return {
        "urgent": [_task(task, zone) for task in found.urgent],
        "ungated_starts": [reason_as_json(item) for item in found.ungated],
        "clock": [reason_as_json(item) for item in found.clock],
        "next": None if found.next_step is None else reason_as_json(found.next_step),
        "mother": mother.name,
        "drug": drug.label,
        "availability": {"status": availability.status, "as_of": availability.as_of.isoformat()},
        "programme": course.ground.programme.label if course.ground.infused else None,
        "at": _clock(found.at, zone),
        "stages": [
            {
                "stage": stage.name,
                "status": stage.status.value,
                "line": stage.line,
                "reasons": [reason_as_json(item) for item in stage.reasons],
            }
            for stage in found.stages
        ],
        "overdue": [
            {
                "what": item.what,
                "since": None if item.since is None else _clock(item.since, zone),
                "rule": item.rule,
                "stage": item.stage,
            }
            for item in found.overdue
        ],
        "coming": [
            {"what": item.what, "due_at": _clock(item.due_at, zone), "rule": item.rule, "stage": item.stage}
            for item in found.coming
        ],
        "next_check": None if found.next_check is None else item_json(found.next_check, zone),
        "alarms": [alarm_json(alarm, zone) for alarm in found.alarms],
        "infusion": _infusion(known.state, found.at) if known.infusions else None,
        "leaving": None if found.leaving is None else _leaving(found.leaving),
        "confirmations": [_confirmation(item) for item in found.confirmations],
        "scores": [_trend(trend, zone) for trend in found.trends],
        "log": _log(course.log, known),
        "note": NOTE,
        "made_with": {"program": "matrescence", "version": __version__},
    }


def _task(task: Task, zone: tzinfo | None) -> Json:
    return {
        "task": task.id,
        "since": _clock(task.since, zone),
        "urgency": task.path.urgency.value,
        "next_step": task.path.next_step,
        "attempts": task.attempts,
        "lines": [{"role": line.role.value, "sentence": line.sentence} for line in task.path.lines],
        **reason_as_json(task.path.reason),
    }


def _infusion(state: State, at: datetime) -> Json:
    given = dose(state, at)
    return {
        "phase": state.phase.value,
        "regimen": state.ordered.regimen,
        "session": state.ordered.session,
        "rate_ug_per_kg_h": state.rate_ug_per_kg_h,
        "planned_rate_ug_per_kg_h": 0.0 if state.started_at is None else planned_rate_at(state, at),
        "confirmed_ug_per_kg": given.confirmed_ug_per_kg,
        "at_most_ug_per_kg": given.at_most_ug_per_kg,
        "planned_ug_per_kg": state.ordered.total_ug_per_kg,
        "never_resumed_because": state.barred,
        "responsible": state.nurse,
    }


def _leaving(found: Discharge) -> Json:
    return {"leaving": found.leaving.value, "reasons": [reason_as_json(item) for item in found.reasons]}


def _confirmation(item: Confirmation) -> Json:
    return {
        "what": item.what.value,
        "digest": item.digest,
        "confirmed_by": list(item.confirmed_by),
        "outdated_by": list(item.outdated_by),
        "missing": item.missing,
    }


def _trend(trend: Trend, zone: tzinfo | None) -> Json:
    points = [{"at": _clock(point.at, zone), "total": point.total} for point in trend.points]
    return {
        "scale": trend.scale.name,
        "label": trend.scale.label,
        "points": points,
        "change": trend.change,
        "outcome": None if trend.outcome is None else _outcome(trend.outcome),
    }


def _outcome(found: Outcome) -> Json:
    return {
        "fall_percent": found.fall_percent,
        "response": found.response,
        "remission": found.remission,
        "reliable_change": None if found.change is None else found.change.value,
        "relapse": None if found.relapse is None else found.relapse.value,
        "reasons": [reason_as_json(item) for item in found.reasons],
    }


def _log(log: CourseLog, known: Known) -> Json:
    torn = None if not log.torn else {"line": len(log.lines) + 1, "bytes": len(log.torn)}
    return {"file": str(log.path), "records": len(log.lines), "shown": len(known.entries), "torn": torn}


def _clock(at: datetime, zone: tzinfo | None) -> str:
    return at.astimezone(zone).isoformat(timespec="seconds")
