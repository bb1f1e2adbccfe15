"""Read the log of an infusion from a file, and tell the course it holds.

A log is only ever appended to, so a power cut can tear its last line and no other.  A torn last line is reported and
left out; every complete event before it is kept.  A broken line anywhere else means that the file was changed by
other hands, and is an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from matrescence.care.infusion import events as ev
from matrescence.care.infusion.alarms import Alarm, alarms
from matrescence.care.infusion.dose import dose
from matrescence.care.infusion.evolve import replay
from matrescence.care.infusion.log import LogError, as_dict, from_line
from matrescence.care.infusion.monitoring import DueItem, coming, due, missed
from matrescence.care.infusion.state import State, planned_rate_at
from matrescence.care.infusion.timeline import timeline
from matrescence.reading import InputError
from matrescence.writing import write_file


@dataclass(frozen=True, slots=True)
class Log:
    """A log as read: its complete events, and the bytes of a torn last line with its number (empty: not torn)."""

    path: Path
    events: tuple[ev.Event, ...]
    torn: bytes = b""
    torn_line: int = 0


def read_log(path: Path | str) -> Log:
    """Read a log file.

    Raises:
        InputError: the file cannot be read, holds no event, does not begin with the opening of a course, or a line
            other than a torn last one is not an event (the message names the line).
    """
    file = Path(path)
    lines = _bytes(file).split(b"\n")
    tail = lines.pop()
    events = [_event(file, number, line) for number, line in enumerate(lines, start=1)]
    torn = b""
    if tail:
        try:
            events.append(from_line(tail.decode("utf-8")))
        except (LogError, UnicodeDecodeError):
            torn = tail
    if not events or not isinstance(events[0], ev.Opened):
        raise InputError(f"{file}: not the log of an infusion: its first line must be the opening of a course.")
    return Log(file, tuple(events), torn, len(lines) + 1 if torn else 0)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{file}: there is no such file.") from None
    except IsADirectoryError:
        raise InputError(f"{file}: this is a directory; name a log file in it.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{str(file)!r}: this file cannot be read: {error}.") from None


def _event(file: Path, number: int, line: bytes) -> ev.Event:
    try:
        return from_line(line.decode("utf-8"))
    except UnicodeDecodeError:
        problem = "not UTF-8 text"
    except LogError as error:
        problem = str(error)
    raise InputError(
        f"{file}, line {number}: {problem}. Nothing after this line can be trusted; restore the file from a copy."
    )


def save_torn(log: Log, path: Path | str) -> Path:
    """Save the bytes of a torn last line for whoever wants to look at them.

    Raises:
        InputError: the last line is not torn, or the file cannot be written.
    """
    if not log.torn:
        raise InputError(f"{log.path}: the last line is complete; there is nothing to save.")
    return write_file(path, log.torn)


def parse_at(text: str, log: Log) -> datetime:
    """The instant to look at: ISO 8601; without an offset it is read in the time zone of the course.

    Raises:
        InputError: not an instant.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"--at {text!r}: not an instant; write it like 2026-03-04T14:30-05:00.") from None
    return at if at.tzinfo is not None else at.replace(tzinfo=zone_of(replay(log.events)))


def zone_of(state: State) -> tzinfo:
    """The time zone of a course; UTC when its name is not one that this computer knows."""
    try:
        return ZoneInfo(state.ordered.time_zone)
    except (KeyError, ValueError, OSError):
        return UTC


def latest_record(log: Log) -> datetime:
    """The newest moment of recording: "now" for a log that is looked at afterwards."""
    return max(event.stamp.recorded_at for event in log.events)


def course_report(log: Log, at: datetime | None = None) -> dict[str, Any]:
    """The course as known at ``at`` (default: the newest record): events recorded later are left out.

    Raises:
        InputError: ``at`` lies before the course was opened.
    """
    now = at or latest_record(log)
    known = [event for event in log.events if event.stamp.recorded_at <= now]
    if not known:
        raise InputError(f"--at {now.isoformat()}: this is before the course was opened.")
    state = replay(known)
    zone = zone_of(state)
    return {
        "file": str(log.path),
        "at": _clock(now, zone),
        "state": _state(state, now, zone),
        "alarms": [alarm_json(alarm, zone) for alarm in alarms(state, now)],
        "due": [item_json(item, zone) for item in due(state, now)],
        "coming": [item_json(item, zone) for item in coming(state, now)],
        "missed": [item_json(item, zone) for item in missed(state, now)],
        "timeline": [
            {
                "happened_at": _clock(line.happened_at, zone),
                "recorded_at": _clock(line.recorded_at, zone),
                "text": line.text,
                "by": line.by,
                "late": line.late,
            }
            for line in timeline(known)
        ],
        "torn": None if not log.torn else {"line": log.torn_line, "text": log.torn.decode("utf-8", "replace")},
        "events": [as_dict(event) for event in known],
        "note": "This informs and documents. It does not monitor anybody, and replaces no alarm at the bedside.",
    }


def _state(state: State, at: datetime, zone: tzinfo) -> dict[str, Any]:
    order, given = state.ordered, dose(state, at)
    return {
        "phase": state.phase.value,
        "drug": order.drug,
        "regimen": order.regimen,
        "weight_kg": order.weight_kg,
        "started_at": None if state.started_at is None else _clock(state.started_at, zone),
        "rate_ug_per_kg_h": state.rate_ug_per_kg_h,
        "planned_rate_ug_per_kg_h": 0.0 if state.started_at is None else planned_rate_at(state, at),
        "confirmed_ug_per_kg": given.confirmed_ug_per_kg,
        "at_most_ug_per_kg": given.at_most_ug_per_kg,
        "planned_ug_per_kg": order.total_ug_per_kg,
        "never_resumed_because": state.barred,
        "open_findings": [finding.finding for finding in state.unresolved],
        "responsible": state.nurse,
    }


def alarm_json(alarm: Alarm, zone: tzinfo | None) -> dict[str, Any]:
    """One alarm as plain data."""
    return {
        "priority": alarm.priority.value,
        "text": alarm.text,
        "rule": alarm.rule,
        "source": alarm.source,
        "grade": alarm.grade,
        "since": _clock(alarm.since, zone),
        "acknowledged": alarm.acknowledged,
    }


def item_json(item: DueItem, zone: tzinfo | None) -> dict[str, Any]:
    """One thing to do as plain data."""
    return {
        "status": item.status.value,
        "due_at": _clock(item.due_at, zone),
        "what": item.what,
        "kind": item.kind,
        "rule": item.rule,
        "source": item.source,
        "grade": item.grade,
    }


def _clock(at: datetime, zone: tzinfo | None) -> str:
    return at.astimezone(zone).isoformat(timespec="seconds")
