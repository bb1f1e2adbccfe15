"""The tables of a session report: findings, checks, bags, devices, people, readings, and everything in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from matrescence.care.infusion import events as ev
from matrescence.care.infusion.order import Bag
from matrescence.care.infusion.readings import shown
from matrescence.care.infusion.state import State
from matrescence.care.infusion.timeline import sentence, timeline
from matrescence.handouts.digits import plain
from matrescence.handouts.print.session_checks import CheckRecord
from matrescence.handouts.print.session_clock import ZonedClock, minutes_apart, spelled_out

Row = dict[str, Any]
_LATER = timedelta(minutes=1)

_FINDINGS = (ev.Found, ev.StopRequested, ev.Stopped, ev.SymptomsResolved, ev.ClinicianAsked, ev.ClinicianAnswered)
_AFTER = (ev.ResumeBarred, ev.ResumeAuthorised, ev.CeilingLifted, ev.PumpDeviated)
_OTHERS: dict[str, tuple[type[ev.Happened], ...]] = {
    "Devices": (ev.SignalLost, ev.SignalBack),
    "Handovers": (ev.HandoverOffered, ev.HandoverAccepted),
    "Alarms seen": (ev.AlarmAcknowledged,),
    "Notes": (ev.NoteWritten,),
    "Beginning and leaving": (ev.Opened, ev.StartAuthorised, ev.Ended, ev.Discharged),
}


def findings(log: Sequence[ev.Event], clock: ZonedClock) -> list[Row]:
    """What was found and what was done about it, in the order in which it happened."""
    return list(_told((event for event in log if isinstance(event, _FINDINGS + _AFTER)), clock))


def others(log: Sequence[ev.Event], clock: ZonedClock) -> list[Row]:
    """Devices, handovers, alarms, notes, beginning and leaving, each with its rows."""
    return [
        {"title": title, "rows": list(_told((event for event in log if isinstance(event, kinds)), clock))}
        for title, kinds in _OTHERS.items()
    ]


def checks(records: Iterable[CheckRecord]) -> list[Row]:
    """Each ordered check with its counts; a continuous one has readings, not times."""
    return [
        {
            "what": record.check.name,
            "continuous": record.check.continuous,
            "readings": record.readings,
            "on_time": sum(not kept.late for kept in record.kept),
            "late": sum(kept.late for kept in record.kept),
            "missed": len(record.missed),
            "open": len(record.open),
        }
        for record in records
    ]


def not_in_time(records: Iterable[CheckRecord], clock: ZonedClock) -> list[Row]:
    """Every check that came late, was missed, or was still open, by the time at which it was due."""
    found: list[tuple[datetime, Row]] = []
    for record in records:
        what = record.check.name
        for kept in record.kept:
            if kept.late:
                said = f"late: done {clock.at(kept.done_at)} ({minutes_apart(kept.due_at, kept.done_at)}), {kept.by}"
                found.append((kept.due_at, {"due": clock.at(kept.due_at), "what": what, "how": said}))
        found += [(at, {"due": clock.at(at), "what": what, "how": "MISSED: not recorded"}) for at in record.missed]
        found += [(at, {"due": clock.at(at), "what": what, "how": "open: not recorded yet"}) for at in record.open]
    return [row for _, row in sorted(found, key=lambda pair: (pair[0], pair[1]["what"]))]


def bags(log: Sequence[ev.Event], state: State, clock: ZonedClock) -> list[Row]:
    """Every bag, planned and hung: its planned time, when it was hung and by whom; what was not hung says so."""
    hung = [event for event in log if isinstance(event, ev.BagHung)]
    planned = {bag.number: bag for bag in state.ordered.bags}
    rows = []
    for number in sorted({*planned, *(event.number for event in hung)}):
        told = [event for event in hung if event.number == number]
        rows.append(
            {
                "number": str(number),
                "planned": _planned_hang(planned.get(number), state, clock),
                "volume": plain(planned[number].volume_ml, decimals=1) if number in planned else plain(None),
                "hung": "; ".join(f"{clock.at(event.stamp.happened_at)}, {event.stamp.by}" for event in told)
                or _not_hung(planned[number], state),
            }
        )
    return rows


def people(log: Sequence[ev.Event], clock: ZonedClock) -> dict[str, list[Row]]:
    """Who was responsible from when, and everybody, and every device, that an entry names."""
    takes = [event for event in log if isinstance(event, ev.Opened | ev.HandoverAccepted)]
    counted = Counter(event.stamp.by for event in log)
    return {
        "responsible": [{"from": clock.at(event.stamp.happened_at), "who": event.stamp.by} for event in takes],
        "entries": [{"who": who, "count": str(count)} for who, count in sorted(counted.items())],
    }


def readings(log: Sequence[ev.Event], state: State, clock: ZonedClock) -> list[Row]:
    """Every reading as it stands now, by time; a correction and a late entry are marked."""
    recorded = {event.cause.key: event.stamp.recorded_at for event in log if isinstance(event, ev.Observed)}
    rows = []
    for seen in sorted(state.observations, key=lambda seen: seen.at):
        marks = ["corrected"] if seen.corrected else []
        if recorded.get(seen.key, seen.at) - seen.at >= _LATER:
            marks.append(f"written down {clock.at(recorded[seen.key])}")
        rows.append(
            {
                "at": clock.at(seen.at),
                "what": shown(seen.reading),
                "by": seen.by,
                "mark": ", ".join(marks),
            }
        )
    return rows


def everything(log: Sequence[ev.Event], clock: ZonedClock) -> list[Row]:
    """The whole log in the order in which it was recorded."""
    return [
        {
            "at": clock.at(line.happened_at),
            "what": spelled_out(line.text),
            "by": line.by,
            "mark": _mark(line.happened_at, line.recorded_at, line.late, clock),
        }
        for line in timeline(log)
    ]


def _told(log: Iterable[ev.Event], clock: ZonedClock) -> Iterator[Row]:
    for event in sorted(log, key=lambda event: event.stamp.happened_at):
        stamp = event.stamp
        mark = _mark(stamp.happened_at, stamp.recorded_at, False, clock)
        yield {"at": clock.at(stamp.happened_at), "what": spelled_out(sentence(event)), "by": stamp.by, "mark": mark}


def _mark(happened: datetime, recorded: datetime, late: bool, clock: ZonedClock) -> str:
    if recorded - happened >= _LATER:
        return f"written down {clock.at(recorded)}"
    return "entered after later events" if late else ""


def _not_hung(bag: Bag, state: State) -> str:
    """Why nobody hung a planned bag, as far as the log tells."""
    if state.started_at is None:
        return "not started"
    over = state.ended_at is not None and state.ended_at <= state.started_at + timedelta(hours=bag.hang_at_h)
    return "not needed: the infusion had ended" if over else "not recorded"


def _planned_hang(bag: Bag | None, state: State, clock: ZonedClock) -> str:
    if bag is None:
        return "not in the plan"
    if state.started_at is None:
        return f"hour {plain(bag.hang_at_h)}"
    return clock.at(state.started_at + timedelta(hours=bag.hang_at_h))
