"""The courses of the clinic: open one, begin one, add a record.  The same rules as for a course kept in a file."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from matrescence.actions.course import Request, same_as, settle, timed
from matrescence.actions.course_log import NO_PREVIOUS, BadLineError, Line, line_of
from matrescence.actions.course_open import entry_of, ground_of
from matrescence.actions.course_read import Reader
from matrescence.care.journey.fold import fold, step
from matrescence.care.journey.known import Known
from matrescence.care.journey.view import Journey, Standing, look, standing
from matrescence.care.journey.words import Ground
from matrescence.care.journey.written import Written, written_at
from matrescence.clinic.log.append import append, locked_head
from matrescence.clinic.log.cards import keep_card
from matrescence.clinic.log.chain import writing
from matrescence.clinic.log.models import Event, Head, Stream
from matrescence.reading import InputError

HERE = "this form"
KEPT = 256
"""How many opened courses one process keeps at hand."""


class NoCourseError(InputError):
    """There is no such course."""


class AlteredError(InputError):
    """A record in the database is not what was written: nothing is shown from it, nothing is added to it."""


class ConflictError(InputError):
    """Somebody else has added records since the page was shown; ``since`` holds them."""

    def __init__(self, since: tuple[Line, ...]) -> None:
        super().__init__("Somebody has added records since you opened this page. Nothing was written.")
        self.since = since


@dataclass(frozen=True, slots=True)
class Opened:
    """A course up to one position: what it stands on and everything known."""

    id: str
    ground: Ground
    reader: Reader
    known: Known
    last_hash: str

    @property
    def position(self) -> int:
        """The position of its newest record."""
        return len(self.known.entries)

    def at(self, now: datetime) -> Journey:
        """Where she is at an instant."""
        return look(self.known, self.ground, now, _standing(self))


@dataclass(frozen=True, slots=True)
class Added:
    """What came of a request: its line, whether it stood there before, and the course afterwards."""

    line: Line | None
    already: bool
    course: Opened


_kept: OrderedDict[str, Opened] = OrderedDict()
_stands: OrderedDict[str, tuple[Known, Standing]] = OrderedDict()
_lock = threading.Lock()


def open_course(course_id: str) -> Opened:
    """Everything one course tells now.  What was read before is kept, and only what is new is read.

    Raises:
        NoCourseError: there is none of this name.
        AlteredError: a record was changed, left out or put in by other hands.
    """
    before = _kept.get(course_id)
    rows = _rows(course_id, after=0 if before is None else before.position - 1)
    if before is not None:
        still_stands = bool(rows) and rows[0][1] == before.last_hash  # a restore may have changed it
        before, rows = (before, rows[1:]) if still_stands else (None, _rows(course_id, after=0))
    if before is None and not rows:
        raise NoCourseError(f"There is no course {course_id!r}.")
    opened = before if before is not None and not rows else _told(course_id, before, rows)
    if not connection.in_atomic_block:  # what is not committed may yet be taken back
        _keep(opened)
    return opened


def open_all() -> Iterator[tuple[str, Opened | AlteredError]]:
    """Every course, the one begun last first; what is at hand is taken as it is where nothing was added to it."""
    newest = Event.objects.filter(stream=OuterRef("pk")).order_by("-position")
    ends = _begun().annotate(position=Subquery(newest.values("position")[:1]), end=Subquery(newest.values("hash")[:1]))
    stands = {row.pk: (row.position, row.end) for row in sorted(ends, key=lambda row: row.seq, reverse=True)}
    for course_id, end in stands.items():
        kept = _kept.get(course_id)
        if kept is not None and end == (kept.position, kept.last_hash):
            yield course_id, kept
            continue
        try:
            yield course_id, open_course(course_id)
        except AlteredError as error:
            yield course_id, error


def begin(request: Request, *, now: datetime) -> Added:
    """Begin a course with who she is and which drug it is about (kind ``mother-recorded``).

    Raises:
        InputError: something about her cannot be used.
    """
    with writing():
        head = locked_head(Head.EVENTS)
        first = Event.objects.filter(stream=OuterRef("pk"), position=1)
        begun = _begun().annotate(key=Subquery(first.values("key")[:1])).filter(key=request.key).first()
        there = None if begun is None else Event.objects.get(seq=begun.seq)
        if there is not None:
            same_as(json.loads(there.line), request, HERE)
            return Added(json.loads(there.line), True, open_course(there.stream_id))
        stream = Stream.objects.create(kind=Stream.COURSE)
        ground = ground_of(str(request.payload.get("drug")))
        empty = Opened(stream.id, ground, Reader(ground), Known(), NO_PREVIOUS)
        return _write(head, empty, request, Written(now, now))


def add(course_id: str, request: Request, *, now: datetime, expected: int | None = None) -> Added:
    """Add one record, if it may be added; a key that is already there writes nothing.

    Args:
        course_id: the course.
        request: the record; its ``id`` is the key under which a resend is recognised.
        now: when it is written down.
        expected: the newest position that the writer had seen; ``None`` where what was added since does not matter,
            because the rules are asked again anyway (everything at the bedside).

    Raises:
        RefusedError: a rule refuses it; the reasons are named.
        ConflictError: there is something newer than ``expected``.
        InputError: the record cannot be used, or the course cannot.
    """
    with writing():
        head = locked_head(Head.EVENTS)
        opened = open_course(course_id)
        # Of two who write at once the second waited for the first: it cannot have written before it.
        written = written_at(opened.known, now)
        request = timed(request, written.recorded_at)
        there = Event.objects.filter(stream_id=course_id, key=request.key).first()
        if there is not None:
            same_as(json.loads(there.line), request, HERE)
            return Added(json.loads(there.line), True, opened)
        if expected is not None and expected != opened.position:
            raise ConflictError(tuple(map(json.loads, _lines(course_id, after=expected))))
        return _write(head, opened, request, written)


def course_ids() -> list[str]:
    """Every course, the one begun last first."""
    return [row.pk for row in sorted(_begun(), key=lambda row: row.seq, reverse=True)]


def history(course_id: str, *, after: int = 0, up_to: int | None = None) -> tuple[Line, ...]:
    """The records of a course as they were written, oldest first: every one, or those after and up to a position."""
    return tuple(json.loads(line) for line, _ in _rows(course_id, after=after, up_to=up_to))


# ---- inside ------------------------------------------------------------------------------------------------------


def _begun() -> QuerySet[Stream]:
    """Every course that has a record, with ``seq``: which of all records was its first.

    Each is looked up by its own place.  Ordered by the database, every record of the clinic would be gone through.
    """
    first = Event.objects.filter(stream=OuterRef("pk"), position=1)
    return Stream.objects.filter(kind=Stream.COURSE).annotate(seq=Subquery(first.values("seq")[:1])).exclude(seq=None)


def _write(head: Head, before: Opened, request: Request, written: Written) -> Added:
    reader = before.reader.copy()
    settled = settle(before.ground, reader, before.known, request, written=written, where=HERE)
    if settled.record is None or settled.entry is None:
        return Added(None, False, before)
    line = append(head, before.id, settled.record, position=before.position + 1, previous=before.last_hash)
    known = step(before.known, settled.entry, before.ground)
    after = Opened(before.id, before.ground, reader, known, line["hash"])
    keep_card(after.id, after.known, after.ground, after.position)
    return Added(line, False, after)


def _lines(course_id: str, *, after: int) -> list[str]:
    return [line for line, _ in _rows(course_id, after=after)]


def _rows(course_id: str, *, after: int, up_to: int | None = None) -> list[tuple[str, str]]:
    """The records after a position as they were written, each with the hash that its row names."""
    rows = Event.objects.filter(stream_id=course_id, position__gt=after).order_by("position")
    if up_to is not None:
        rows = rows.filter(position__lte=up_to)
    return list(rows.values_list("line", "hash"))


def _told(course_id: str, before: Opened | None, rows: Iterable[tuple[str, str]]) -> Opened:
    position, previous = (0, NO_PREVIOUS) if before is None else (before.position, before.last_hash)
    read: list[Line] = []
    for text, named in rows:
        try:
            line = line_of(text.encode(), position=position + 1, previous=previous)
            if line["hash"] != named:
                raise BadLineError("its row names another hash: it was put in by other hands")
        except BadLineError as error:
            raise AlteredError(f"Record {position + 1} of course {course_id} cannot be trusted: {error}.") from None
        position, previous = position + 1, line["hash"]
        read.append(line)
    return _folded(course_id, before, read)


def _folded(course_id: str, before: Opened | None, lines: list[Line]) -> Opened:
    ground = before.ground if before is not None else ground_of(str(lines[0]["payload"].get("drug")))
    reader = Reader(ground) if before is None else before.reader.copy()
    known = Known() if before is None else before.known
    known = fold((entry_of(line, reader, f"record {line['position']}") for line in lines), ground, known)
    return Opened(course_id, ground, reader, known, lines[-1]["hash"])


def _standing(opened: Opened) -> Standing:
    """What her records alone decide; kept, since it is asked for with every page until one is added."""
    kept = _stands.get(opened.id)
    if kept is None or kept[0] is not opened.known:
        kept = (opened.known, standing(opened.known, opened.ground))
        with _lock:
            _stands[opened.id] = kept
            while len(_stands) > KEPT:
                _stands.popitem(last=False)
    return kept[1]


def _keep(opened: Opened) -> None:
    with _lock:
        _kept[opened.id] = opened
        _kept.move_to_end(opened.id)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def plain_payload(opened: Opened, position: int) -> dict[str, Any]:
    """The payload of one record as it stands, with what corrected it."""
    return dict(opened.reader.told[position][1])
