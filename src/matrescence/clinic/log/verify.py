"""Prove that the log is what was written: every line, both chains, every checkpoint.  Nothing is mended here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from matrescence.actions.course_log import NO_PREVIOUS, BadLineError, Line, line_of
from matrescence.clinic.log.chain import START, audit_link, event_link
from matrescence.clinic.log.checkpoints import Checkpoint, Mark, heads, read_checkpoints
from matrescence.clinic.log.models import Audit, Event, Head
from matrescence.reading import InputError

MOST = 20
"""So many findings are told one by one; one change to a chain can break every link after it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, and what is wrong, in the order in which it was met."""

    records: int
    rows: int
    checkpoints: int
    wrong: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.wrong


@dataclass(slots=True)
class Walk:
    """One chain walked along: the link reached, the links that a checkpoint names, and what is wrong."""

    wanted: frozenset[int]
    seq: int = 0
    chain: str = START
    passed: dict[int, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def link(self, seq: int, stored: str, made: str, what: str) -> None:
        """Go on to the next row, which must be numbered next and carry the link that follows."""
        if seq != self.seq + 1:
            self.wrong.append(f"{what}: number {seq} follows {self.seq}: rows are missing, or were put in")
        elif stored != made:
            self.wrong.append(f"{what} {seq}: its link does not follow from the one before it")
        self.seq, self.chain = seq, stored
        if seq in self.wanted:
            self.passed[seq] = stored


def verify(folder: Path) -> Verdict:
    """Look at everything; ``folder`` is where the checkpoints lie."""
    try:
        marks, unreadable = read_checkpoints(folder), []
    except InputError as error:
        marks, unreadable = (), [str(error)]
    before = heads()
    events = _events(Walk(_wanted(before.get(Head.EVENTS), (mark.events for mark in marks))))
    audit = _audit(Walk(_wanted(before.get(Head.AUDIT), (mark.audit for mark in marks))))
    after = heads()
    wrong = [
        *unreadable,
        *events.wrong,
        *audit.wrong,
        *_head("records", before.get(Head.EVENTS), after.get(Head.EVENTS), events),
        *_head("audit rows", before.get(Head.AUDIT), after.get(Head.AUDIT), audit),
        *(text for mark in marks for text in _checkpoint(mark, events, audit)),
    ]
    return Verdict(events.seq, audit.seq, len(marks), _first(wrong))


def _events(walk: Walk) -> Walk:
    ends: dict[str, tuple[int, str]] = {}
    for row in Event.objects.order_by("seq").iterator(chunk_size=2000):
        position, previous = ends.get(row.stream_id, (0, NO_PREVIOUS))
        what = f"record {position + 1} of {row.stream_id}"
        try:
            line = line_of(row.line.encode(), position=position + 1, previous=previous)
        except BadLineError as error:
            walk.wrong.append(f"{what}: {error}")
        else:
            walk.wrong += [f"{what}: its column {name} is not what the record says" for name in _differing(row, line)]
        ends[row.stream_id] = (row.position, row.hash)
        made = event_link(walk.chain, seq=row.seq, stream=row.stream_id, position=row.position, line_hash=row.hash)
        walk.link(row.seq, row.chain, made, "record")
    return walk


def _differing(row: Event, line: Line) -> Iterator[str]:
    told = {
        "position": line["position"],
        "key": line["id"],
        "kind": line["kind"],
        "by": line["by"],
        "hash": line["hash"],
        "happened_at": datetime.fromisoformat(line["happened_at"]),
        "recorded_at": datetime.fromisoformat(line["recorded_at"]),
    }
    return (name for name, value in told.items() if getattr(row, name) != value)


def _audit(walk: Walk) -> Walk:
    names = ("who", "role", "action", "stream", "outcome", "detail", "address")
    for row in Audit.objects.order_by("seq").iterator(chunk_size=2000):
        said = {"at": row.at.isoformat(), **{name: getattr(row, name) for name in names}, "seq": row.seq}
        walk.link(row.seq, row.chain, audit_link(walk.chain, said), "audit row")
    return walk


def _wanted(head: Mark | None, marks: Iterable[Mark]) -> frozenset[int]:
    return frozenset(mark.seq for mark in (*marks, *(() if head is None else (head,))))


def _head(what: str, before: Mark | None, after: Mark | None, walk: Walk) -> Iterator[str]:
    """The chain goes through where its head stood before the walk, and ends where it stood during it.

    Others go on writing meanwhile; on a chain that nobody adds to, both are its last link.
    """
    if before is None or after is None:
        yield f"{what}: the last is number {walk.seq}, but 0 were written"
    elif not before.seq <= walk.seq <= after.seq:
        yield f"{what}: the last is number {walk.seq}, but {before.seq} were written"
    elif walk.passed.get(before.seq, START) != before.chain:
        yield f"{what}: number {before.seq} is not the one that was written last"


def _checkpoint(mark: Checkpoint, events: Walk, audit: Walk) -> Iterator[str]:
    name = f"checkpoint {mark.line} of {mark.at}"
    if not mark.genuine:
        yield f"{name}: its signature is not good"
    for what, said, walk in (("records", mark.events, events), ("audit rows", mark.audit, audit)):
        if said.seq > walk.seq:
            yield f"{name}: {said.seq} {what} stood then, {walk.seq} stand now: the end was cut off"
        elif said.seq and walk.passed.get(said.seq) != said.chain:
            yield f"{name}: the {what} up to number {said.seq} are not those that stood then"


def _first(wrong: Iterable[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(wrong))
    return found if len(found) <= MOST else (*found[:MOST], f"and {len(found) - MOST} more")
