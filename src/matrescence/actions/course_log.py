"""The file of one course: JSON lines that are only ever appended to, chained by SHA-256, and safe on the disk.

Every line names the hash of the line before it and carries its own, so that a line changed, left out or put in by
other hands is found.  A record is acknowledged only when file and directory have been forced to the disk.  Two
writers cannot interleave: each holds a lock on ``FILE.lock`` while it reads, decides and writes; the system lets go
of the lock when a process dies.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matrescence.reading import InputError

SHAPES = (1, 2)
"""The versions that are read.  Shape 2 has ``clock_at`` after ``recorded_at``; without need of it, 1 is written."""

NO_PREVIOUS = "0" * 64
HEAD = ("position", "kind", "shape", "id", "happened_at", "recorded_at", "by", "payload", "previous", "hash")
HEAD_BY_SHAPE = {1: HEAD, 2: (*HEAD[:6], "clock_at", *HEAD[6:])}
_TAIL = ', "hash": "'
_TAIL_LENGTH = len(_TAIL) + 64 + len('"}')
LOCK_TRIES, LOCK_PAUSE_S = 200, 0.05

Line = Mapping[str, Any]
"""One record as plain values, with the keys of :data:`HEAD`."""


@dataclass(frozen=True, slots=True)
class CourseLog:
    """A log as read: its records, how many bytes they take, and the bytes of a torn last line (empty: not torn)."""

    path: Path
    lines: tuple[Line, ...]
    good_bytes: int = 0
    torn: bytes = b""

    @property
    def last_hash(self) -> str:
        """What the next record names as its previous one."""
        return self.lines[-1]["hash"] if self.lines else NO_PREVIOUS


class BadLineError(Exception):
    """What is wrong with one line."""


def read_course(path: Path | str) -> CourseLog:
    """Read a log; a torn last line is left out and told.

    Raises:
        InputError: the file cannot be read, or a line other than a torn last one is not a record of this chain (the
            message names the line).
    """
    file = Path(path)
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{file}: there is no such file. Begin one with: matrescence course new {file}") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{str(file)!r}: this file cannot be read: {error}.") from None
    return parse_course(content, file)


def is_course(path: Path) -> bool:
    """Whether a file looks like the log of a course, and not like that of one infusion: its lines name a hash."""
    with contextlib.suppress(OSError, ValueError, RecursionError), path.open(encoding="utf-8") as lines:
        first = json.loads(lines.readline())
        return isinstance(first, dict) and "hash" in first
    return False


def parse_course(content: bytes, file: Path) -> CourseLog:
    """The log of these bytes; ``file`` names them in a complaint.

    Raises:
        InputError: a line other than a torn last one is not a record of this chain.
    """
    *whole, tail = content.split(b"\n")
    lines: list[Line] = []
    for number, raw in enumerate(whole, start=1):
        try:
            lines.append(_line(raw, lines))
        except BadLineError as error:
            advice = "Nothing from this line on can be trusted; restore the file from a copy."
            raise InputError(f"{file}, line {number}: {error}. {advice}") from None
    if tail:
        # A whole record without its line break was written to the end; only the break is missing.
        with contextlib.suppress(BadLineError):
            return CourseLog(file, (*lines, _line(tail, lines)), len(content))
    return CourseLog(file, tuple(lines), len(content) - len(tail), tail)


def _line(raw: bytes, before: list[Line]) -> Line:
    return line_of(raw, position=len(before) + 1, previous=before[-1]["hash"] if before else NO_PREVIOUS)


def line_of(raw: bytes, *, position: int, previous: str) -> Line:
    """The record in one line, which must be the one at this position of its chain.

    Raises:
        BadLineError: it is not.
    """
    try:
        text = raw.decode("utf-8")
        found = json.loads(text)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise BadLineError("not one JSON object") from None
    if not isinstance(found, dict) or tuple(found) not in HEAD_BY_SHAPE.values():
        raise BadLineError(f"not a record; a record has {', '.join(HEAD)}")
    if found["hash"] != _hash(text[:-_TAIL_LENGTH] + "}") or not text.endswith(f'{_TAIL}{found["hash"]}"}}'):
        raise BadLineError("its hash does not fit its content: it was changed after it was written")
    if found["previous"] != previous:
        raise BadLineError("the chain is broken: it does not name the record before it")
    if found["position"] != position:
        raise BadLineError(f"its position is {found['position']!r}, not {position}")
    if isinstance(found["shape"], bool) or found["shape"] not in SHAPES:
        raise BadLineError(f"shape {found['shape']!r} is not known; this program reads shapes 1 to {SHAPES[-1]}")
    if tuple(found) != HEAD_BY_SHAPE[found["shape"]]:
        raise BadLineError(f"not a record of shape {found['shape']}")
    return found


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def as_line(record: Mapping[str, Any], *, position: int, previous: str) -> str:
    """One record as a line of the chain, without the line break; ``record`` holds the keys between the two.

    Raises:
        ValueError: a value cannot be written as JSON.
    """
    body = json.dumps({"position": position, **record, "previous": previous}, ensure_ascii=False, allow_nan=False)
    return f'{body[:-1]}{_TAIL}{_hash(body)}"}}'


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the only right to write this log.

    Raises:
        InputError: another writer holds it for too long, or the lock file cannot be made.
    """
    import fcntl  # of this system's own; a system without it has no such lock, and no log is written there

    lock = path.with_name(f"{path.name}.lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise InputError(f"{lock}: cannot be made: {(error.strerror or '').lower()}. Nothing was written.") from None
    try:
        for attempt in range(LOCK_TRIES):
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(LOCK_PAUSE_S * (attempt > 0))
        else:
            raise InputError(f"{path}: somebody else is writing. Nothing was written; try again.")
        yield
    finally:
        os.close(handle)


def append(log: CourseLog, record: Mapping[str, Any]) -> Path | None:
    """Append one record and force it to the disk; return where a torn last line was kept aside, if there was one.

    Call it with the lock held, on a log read under the same lock.

    Raises:
        InputError: it could not be written; the file is then as it was.
    """
    line = as_line(record, position=len(log.lines) + 1, previous=log.last_hash)
    try:
        aside = keep_torn_aside(log)
        _append(log, line.encode("utf-8") + b"\n")
    except OSError as error:
        raise InputError(f"{log.path}: nothing was written: {(error.strerror or str(error)).lower()}.") from None
    return aside


def keep_torn_aside(log: CourseLog) -> Path | None:
    """Copy the bytes of a torn last line to ``FILE.torn-<n>``, where nothing else lies; never drop them."""
    if not log.torn:
        return None
    number = 1
    while (aside := log.path.with_name(f"{log.path.name}.torn-{number}")).exists() and aside.read_bytes() != log.torn:
        number += 1
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT, 0o666)
    try:
        _write_all(handle, log.torn)
        os.fsync(handle)
    finally:
        os.close(handle)
    _force(log.path.parent)
    return aside


def _append(log: CourseLog, content: bytes) -> None:
    handle = os.open(log.path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        os.ftruncate(handle, log.good_bytes)
        os.lseek(handle, 0, os.SEEK_END)
        opened = log.good_bytes > 0 and os.pread(handle, 1, log.good_bytes - 1) != b"\n"
        try:
            _write_all(handle, b"\n" + content if opened else content)
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, log.good_bytes)
            raise
    finally:
        os.close(handle)
    _force(log.path.parent)


def _write_all(handle: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


def _force(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
