"""One mother's course: begin its log, add a record, and look where she is.  The time is always handed in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from matrescence.actions.course_commands import command_from
from matrescence.actions.course_log import CourseLog, Line, append, locked, read_course
from matrescence.actions.course_open import Course, course_of, entry_of, ground_of, open_course
from matrescence.actions.course_payload import Table
from matrescence.actions.course_read import Reader, plain
from matrescence.actions.enrolment_file import read_instant
from matrescence.care.enrolment.records import instant
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion.events import Event
from matrescence.care.infusion.log import KINDS as EVENT_KINDS
from matrescence.care.infusion.log import as_dict
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.stamp import Stamp
from matrescence.care.journey import words
from matrescence.care.journey.admit import NOT_NAMED, admit, infused, left
from matrescence.care.journey.fold import fold, step
from matrescence.care.journey.known import Known
from matrescence.care.journey.rules import reason
from matrescence.care.journey.view import Journey, look
from matrescence.care.journey.written import Written, written_at
from matrescence.care.verdict import Reason
from matrescence.formulary import library
from matrescence.reading import Field, InputError, read_table, read_toml, refuse

REQUEST = (
    Field("kind", "text", required=True),
    Field("payload", "table", required=True),
    Field("id", "text", help="A key of your own; sent again, it writes nothing."),
    Field("happened_at", "any"),
    Field("by", "text"),
)


@dataclass(frozen=True, slots=True)
class Request:
    """A record somebody wants to add.  ``happened_at`` is ``None`` for now, ``id`` for one made from the content."""

    kind: str
    payload: Table
    id: str | None = None
    happened_at: datetime | None = None
    by: str = NOT_NAMED

    @property
    def key(self) -> str:
        """Its idempotency key: the given one, or a hash of what it says and of when, where that was said."""
        if self.id is not None:
            return self.id
        when = None if self.happened_at is None else instant(self.happened_at).isoformat()
        said = json.dumps([self.kind, self.payload, when], sort_keys=True, ensure_ascii=False)
        return f"{self.kind}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"


class RefusedError(InputError):
    """A rule refuses a record; ``reasons`` holds every one of them."""

    def __init__(self, message: str, reasons: tuple[Reason, ...]) -> None:
        super().__init__(message)
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Added:
    """What came of a request: the record as it stands in the log, and whether it stood there before."""

    record: Line | None
    already: bool
    known: Known
    torn_aside: Path | None = None


# ---- what the commands do --------------------------------------------------------------------------------------


def new(path: Path, *, mother: Path, drug_name: str, now: datetime, by: str = NOT_NAMED) -> Added:
    """Begin a log with who she is and which drug it is about.

    Raises:
        InputError: a file cannot be used, there is no such drug, or the log already holds a course.
    """
    ground = ground_of(library.load(drug_name).name)
    payload = {"drug": ground.drug.name, "mother": plain(read_toml(mother), where=str(mother))}
    request = Request("mother-recorded", payload, by=by)
    with locked(path):
        log = read_course(path) if path.exists() else CourseLog(path, ())
        if log.lines and (log.lines[0]["kind"], log.lines[0]["payload"]) != (request.kind, request.payload):
            raise InputError(f"{path}: this file already holds a course; nothing was written. Name a new file.")
        return _add(course_of(log, ground), request, now, where=str(mother))


def add(path: Path, request: Request, *, now: datetime, where: str, by_clock: bool = False) -> Added:
    """Add one record, if it may be added; a key that is already there writes nothing.

    ``by_clock`` tells that ``now`` is the clock's, and not handed in: a clock that was once ahead, and was put right,
    does not keep out what comes after (rule ``journey.clock``).

    Raises:
        InputError: the log or the record cannot be used, or a rule refuses the record (every reason is named).
    """
    if request.kind == "mother-recorded":
        raise InputError(f"{where}: she was recorded when the course began; what changes is of kind mother-changed.")
    read_course(path)  # a missing log is told before a lock file is made beside it
    with locked(path):
        return _add(open_course(path), request, now, where=where, by_clock=by_clock)


def show(path: Path, *, at: datetime, by_clock: bool = False) -> tuple[Course, Known, Journey]:
    """The course as known at ``at``: what was recorded later is left out, unless ``at`` is the clock's own now.

    Raises:
        InputError: the log cannot be used, or begins later.
    """
    course = open_course(path)
    then = [entry for entry in course.entries if by_clock or instant(entry.recorded_at) <= instant(at)]
    if not then:
        raise InputError(f"--at {at.isoformat()}: this is before the course began.")
    known = fold(then, course.ground)
    return course, known, look(known, course.ground, at)


def read_request(document: Any, *, where: str) -> Request:
    """A record as somebody writes it: kind, payload, and if they like id, happened_at and by.

    Raises:
        InputError: it is not one; an event of an infusion is refused by its rule.
    """
    if isinstance(document, Mapping) and str(document.get("kind")) in EVENT_KINDS:
        raise refusal((reason("events"),), where)
    problems: list[str] = []
    values = read_table(document, REQUEST, where, problems)
    happened = read_instant(values["happened_at"], "happened_at", problems) if "happened_at" in values else None
    refuse(problems, where)
    payload = plain(values["payload"], where=where)
    return Request(values["kind"], payload, values.get("id"), happened, values.get("by", NOT_NAMED))


# ---- adding ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Settled:
    """A record that may be added: the plain values to append, and what it tells.  Both ``None``: nothing to write."""

    record: Line | None
    entry: words.Entry | None


def timed(request: Request, now: datetime) -> Request:
    """The request with its time, where its key depends on it: ask for :attr:`Request.key` only of this one."""
    if _is_bedside(request) and request.id is None and request.happened_at is None:
        # At the bedside the same words an hour later tell of something new: they are no resend.
        return replace(request, happened_at=now)
    return request


def settle(
    ground: words.Ground, reader: Reader, known: Known, request: Request, *, written: Written, where: str
) -> Settled:
    """Decide on a timed request whose key is not yet in the log, wherever that log is kept.

    The record still lacks ``position``, ``previous`` and ``hash``, which the log gives it.  ``reader`` remembers the
    record from here on: hand in a copy where it may yet fail to be written.

    Raises:
        InputError: the record cannot be used, or a rule refuses it (every reason is named).
    """
    position, now = len(known.entries) + 1, written.recorded_at
    happened = request.happened_at or now
    asked = replace(request, id=request.key, happened_at=happened)
    payload, reasons = _decided(ground, reader, known, asked, now=now, where=where)
    if reasons:
        raise refusal(reasons, where)
    if payload is None:
        return Settled(None, None)
    record = {
        "kind": request.kind,
        "shape": 1 if written.mark is None else 2,
        "id": request.key,
        "happened_at": happened.isoformat(),
        "recorded_at": now.isoformat(),
        **({} if written.mark is None else {"clock_at": written.mark.isoformat()}),
        "by": request.by,
        "payload": payload,
    }
    entry = entry_of({"position": position, **record}, reader, where)
    refused = () if _is_bedside(request) else admit(known, ground, entry)
    if refused:
        raise refusal(refused, where)
    return Settled(record, entry)


def _add(course: Course, request: Request, now: datetime, *, where: str, by_clock: bool = False) -> Added:
    known = fold(course.entries, course.ground)
    written = written_at(known, now) if by_clock else Written(now, now)
    request = timed(request, written.recorded_at)
    there = next((line for line in course.log.lines if line["id"] == request.key), None)
    if there is not None:
        same_as(there, request, where)
        return Added(there, True, known)
    settled = settle(course.ground, course.reader, known, request, written=written, where=where)
    if settled.record is None or settled.entry is None:
        return Added(None, False, known)
    aside = append(course.log, settled.record)
    line = {"position": settled.entry.position, **settled.record}
    return Added(line, False, step(known, settled.entry, course.ground), aside)


def _is_bedside(request: Request) -> bool:
    return request.kind in {"infusion", "discharge"}


def _decided(
    ground: words.Ground, reader: Reader, known: Known, request: Request, *, now: datetime, where: str
) -> tuple[Table | None, tuple[Reason, ...]]:
    """The payload to write, with the events that the infusion's rules give; ``None``: there is nothing to write."""
    if not _is_bedside(request):
        return request.payload, ()
    if {"events", "shape", "digest"} & set(request.payload):
        return None, (reason("events"),)
    stamp = Stamp(request.happened_at or now, now, request.by)
    outcome = _outcome(ground, reader, known, request, stamp, where=where)
    if isinstance(outcome, Refused):
        return None, outcome.reasons
    if request.kind == "infusion" and not outcome:
        return None, ()
    return {**request.payload, "events": [as_dict(event) for event in outcome]}, ()


def _outcome(
    ground: words.Ground, reader: Reader, known: Known, request: Request, stamp: Stamp, *, where: str
) -> tuple[Event, ...] | Refused:
    if request.kind == "discharge":
        told = reader.read(len(known.entries) + 1, request.kind, request.payload, where=where)
        assert isinstance(told, words.Left)  # what this kind tells
        return left(known, ground, cmd.Discharge(stamp, request.key), told.decided)
    return infused(known, ground, command_from(request.payload, key=request.key, stamp=stamp, where=where))


def same_as(there: Line, request: Request, where: str) -> None:
    """A key names one record for ever.

    Raises:
        InputError: it came back with other content.
    """
    kept = {key: value for key, value in there["payload"].items() if key != "events" or not _is_bedside(request)}
    moved = request.happened_at is not None and instant(request.happened_at) != instant(
        datetime.fromisoformat(there["happened_at"])
    )
    if (there["kind"], kept) != (request.kind, request.payload) or moved:
        raise InputError(
            f"{where}: the id {request.key!r} already names record {there['position']}, which says something else. "
            "Nothing was written; give the new record an id of its own."
        )


def refusal(reasons: tuple[Reason, ...], where: str) -> RefusedError:
    """A refusal with every reason, its rule and its source, as people read it."""
    lines = [f"  - {reason.text} [{reason.rule}; {reason.source}; {reason.grade}]" for reason in dict.fromkeys(reasons)]
    count = "1 reason" if len(lines) == 1 else f"{len(lines)} reasons"
    return RefusedError(f"{where}: refused for {count}; nothing was written\n" + "\n".join(lines), reasons)
