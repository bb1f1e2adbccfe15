"""Append one record to a stream: chained, numbered, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from matrescence.actions.course_log import NO_PREVIOUS, Line, as_line, line_of
from matrescence.clinic.log.chain import event_link, locked_head
from matrescence.clinic.log.models import Event, Head, Stream


def append(head: Head, stream: str, record: Mapping[str, Any], *, position: int, previous: str) -> Line:
    """Write one record after the one whose hash is ``previous``; ``head`` was locked in this transaction."""
    row = chained(head, stream, record, position=position, previous=previous)
    row.save(force_insert=True)
    head.save(update_fields=("seq", "chain"))
    told: Line = json.loads(row.line)
    return told


def chained(head: Head, stream: str, record: Mapping[str, Any], *, position: int, previous: str) -> Event:
    """One record as a row at its place in both chains; ``head`` is moved on, and neither is saved yet."""
    text = as_line(record, position=position, previous=previous)
    line = line_of(text.encode(), position=position, previous=previous)
    head.seq += 1
    head.chain = event_link(head.chain, seq=head.seq, stream=stream, position=position, line_hash=line["hash"])
    return Event(
        seq=head.seq,
        stream_id=stream,
        position=position,
        key=line["id"],
        kind=line["kind"],
        happened_at=datetime.fromisoformat(line["happened_at"]),
        recorded_at=datetime.fromisoformat(line["recorded_at"]),
        by=line["by"],
        line=text,
        hash=line["hash"],
        chain=head.chain,
    )


def new_stream(kind: str) -> Stream:
    """A stream with nothing in it yet."""
    return Stream.objects.create(kind=kind)


__all__ = ["NO_PREVIOUS", "append", "locked_head", "new_stream"]
