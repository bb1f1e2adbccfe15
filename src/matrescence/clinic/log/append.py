"""Append one record to a stream: chained, numbered, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from matrescence.actions.course_log import NO_PREVIOUS, Line, as_line, line_of
from matrescence.clinic.log.chain import advance, event_link, locked_head
from matrescence.clinic.log.models import Event, Head, Stream


def append(head: Head, stream: str, record: Mapping[str, Any], *, position: int, previous: str) -> Line:
    """Write one record after the one whose hash is ``previous``; ``head`` was locked in this transaction."""
    text = as_line(record, position=position, previous=previous)
    line = line_of(text.encode(), position=position, previous=previous)
    seq = head.seq + 1
    chain = event_link(head.chain, seq=seq, stream=stream, position=position, line_hash=line["hash"])
    Event.objects.create(
        seq=seq,
        stream_id=stream,
        position=position,
        key=line["id"],
        kind=line["kind"],
        happened_at=datetime.fromisoformat(line["happened_at"]),
        recorded_at=datetime.fromisoformat(line["recorded_at"]),
        by=line["by"],
        line=text,
        hash=line["hash"],
        chain=chain,
    )
    advance(head, chain)
    return line


def new_stream(kind: str) -> Stream:
    """A stream with nothing in it yet."""
    return Stream.objects.create(kind=kind)


__all__ = ["NO_PREVIOUS", "append", "locked_head", "new_stream"]
