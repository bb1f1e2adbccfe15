"""The two chains that run through the whole clinic: one of records, one of what people did."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

from django.db import connection, transaction

from matrescence.clinic.log.models import Head

START = "0" * 64


def event_link(previous: str, *, seq: int, stream: str, position: int, line_hash: str) -> str:
    """SHA-256 over the link before and over what names this record: its place, its stream and its own hash."""
    return _hash(f"{previous}\n{seq}\n{stream}\n{position}\n{line_hash}")


def audit_link(previous: str, row: Mapping[str, Any]) -> str:
    """SHA-256 over the link before and over every column of this row."""
    return _hash(previous + "\n" + json.dumps(row, sort_keys=True, ensure_ascii=False))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_queue = threading.Lock()


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that writes: of the threads of this process one after another.

    SQLite lets one write at a time; who finds it taken tries again after a pause that grows.  A queue wakes the next
    one at once.  PostgreSQL has such a queue itself.
    """
    waits = connection.vendor == "sqlite" and not connection.in_atomic_block
    with _queue if waits else nullcontext(), transaction.atomic():
        yield


def locked_head(name: str) -> Head:
    """The newest link, held until the transaction ends: nobody else can append meanwhile.

    Call it inside a transaction.  SQLite has taken its one right to write by then; PostgreSQL locks the row.
    """
    return Head.objects.select_for_update().get(name=name)


def advance(head: Head, chain: str) -> None:
    """Move the head to its next link."""
    head.seq, head.chain = head.seq + 1, chain
    head.save(update_fields=("seq", "chain"))
