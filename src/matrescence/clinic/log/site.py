"""The site's own records: one stream for setting, prescribers and pharmacy, chained and append-only like a course.

What each kind of record tells is read by ``clinic/site/kinds.py``; nothing here knows a form.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import connection, transaction

from matrescence.actions.course import Request, same_as
from matrescence.actions.course_log import NO_PREVIOUS, BadLineError, Line, line_of
from matrescence.care.enrolment.records import instant
from matrescence.clinic.log.append import append, locked_head, new_stream
from matrescence.clinic.log.courses import HERE, AlteredError, ConflictError
from matrescence.clinic.log.models import Event, Head, Stream
from matrescence.clinic.site.kinds import SiteKnown, tell
from matrescence.reading import InputError

SHAPE = 1
"""The shape of a line of the site: the first one of course_log.py."""


@dataclass(frozen=True, slots=True)
class OpenedSite:
    """The site's stream up to one position; ``id`` is empty before anything was written."""

    id: str = ""
    known: SiteKnown = field(default_factory=SiteKnown)
    position: int = 0
    last_hash: str = NO_PREVIOUS


@dataclass(frozen=True, slots=True)
class SiteWritten:
    """What came of a request: its line, whether it stood there before, and the site afterwards."""

    line: Line
    already: bool
    site: OpenedSite


_kept: list[OpenedSite] = []
_lock = threading.Lock()


def open_site() -> OpenedSite:
    """Everything the site's stream tells now.  What was read before is kept, and only what is new is read.

    Raises:
        AlteredError: a record was changed, left out or put in by other hands.
    """
    stream = Stream.objects.filter(kind=Stream.SITE).order_by("id").values_list("id", flat=True).first()
    if stream is None:
        return OpenedSite()
    before = next(iter(_kept), OpenedSite())
    if before.id != stream or not _still_stands(before):
        before = OpenedSite(stream)
    opened = before
    for text in _lines(stream, after=before.position):
        opened = _told(opened, text)
    if not connection.in_atomic_block:  # what is not committed may yet be taken back
        with _lock:
            _kept[:] = [opened]
    return opened


def add(request: Request, *, now: datetime, expected: int | None = None) -> SiteWritten:
    """Add one record of the site; a key that is already there writes nothing.

    Args:
        request: the record; its ``id`` is the key under which a resend is recognised.
        now: when it is written down.
        expected: the newest position that the writer had seen; ``None`` where what was added since does not matter.

    Raises:
        ConflictError: there is something newer than ``expected``.
        InputError: the record cannot be used.
    """
    with transaction.atomic():
        head = locked_head(Head.EVENTS)
        opened = open_site()
        there = Event.objects.filter(stream_id=opened.id, key=request.key).first()
        if there is not None:
            line = json.loads(there.line)
            same_as(line, request, HERE)
            return SiteWritten(line, True, opened)
        if expected is not None and expected != opened.position:
            raise ConflictError(tuple(map(json.loads, _lines(opened.id, after=expected))))
        if not opened.id:
            opened = replace(opened, id=new_stream(Stream.SITE).id)
        record = _record(request, now)
        known = tell(opened.known, record, where=HERE)
        line = append(head, opened.id, record, position=opened.position + 1, previous=opened.last_hash)
        return SiteWritten(line, False, OpenedSite(opened.id, known, opened.position + 1, line["hash"]))


def history() -> tuple[Line, ...]:
    """Every record of the site as it was written, oldest first."""
    opened = open_site()
    return tuple(json.loads(text) for text in _lines(opened.id, after=0)) if opened.id else ()


def _record(request: Request, now: datetime) -> dict[str, object]:
    happened = request.happened_at or now
    if instant(happened) > instant(now):
        raise InputError(f"{HERE}: this is said to happen at {happened.isoformat()}, after it is recorded.")
    return {
        "kind": request.kind,
        "shape": SHAPE,
        "id": request.key,
        "happened_at": happened.isoformat(),
        "recorded_at": now.isoformat(),
        "by": request.by,
        "payload": request.payload,
    }


def _lines(stream: str, *, after: int) -> list[str]:
    rows = Event.objects.filter(stream_id=stream, position__gt=after).order_by("position")
    return list(rows.values_list("line", flat=True))


def _still_stands(kept: OpenedSite) -> bool:
    if not kept.position:
        return True
    found = Event.objects.filter(stream_id=kept.id, position=kept.position).values_list("hash", flat=True).first()
    return found == kept.last_hash


def _told(before: OpenedSite, text: str) -> OpenedSite:
    position = before.position + 1
    try:
        line = line_of(text.encode(), position=position, previous=before.last_hash)
    except BadLineError as error:
        raise AlteredError(f"Record {position} of the site cannot be trusted: {error}.") from None
    return OpenedSite(before.id, tell(before.known, line, where=f"record {position}"), position, line["hash"])
