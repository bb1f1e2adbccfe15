"""Signed checkpoints: where both chains stood, written to a file that should lie on another disk.

A chain alone cannot show that its end was cut off, or that everything after a place was made anew.  A checkpoint can:
the link it names must still stand at its number.
"""

from __future__ import annotations

import errno
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from matrescence.clinic.log.keys import is_signed, public_key, publish, signed, signing_key
from matrescence.clinic.log.models import Head
from matrescence.reading import InputError

FILE = "checkpoints.jsonl"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where one chain stood: how many links, and the last."""

    seq: int
    chain: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where both chains stood at an instant, and whether the signature is good."""

    at: str
    events: Mark
    audit: Mark
    genuine: bool
    line: int


def heads(database: str = "default") -> dict[str, Mark]:
    """Where both chains stand now."""
    return {head.name: Mark(head.seq, head.chain) for head in Head.objects.using(database)}


def write_checkpoint(home: Path, folder: Path, *, at: datetime) -> bool:
    """Append a checkpoint and force it to the disk; ``False``: nothing has changed since the last one.

    Raises:
        InputError: the file cannot be written.
    """
    now = {name: {"seq": mark.seq, "chain": mark.chain} for name, mark in sorted(heads().items())}
    try:
        last = _last(folder)
        if last is not None and all(last.get(name) == now[name] for name in now):
            return False
        key = signing_key(home)
        body = {"at": at.isoformat(), **now, "key": publish(key, folder)}
        _append(folder / FILE, json.dumps({**body, "signature": signed(key, _content(body))}))
    except OSError as error:
        raise InputError(f"{folder}: no checkpoint was written: {(error.strerror or str(error)).lower()}.") from None
    return True


def read_checkpoints(folder: Path) -> tuple[Checkpoint, ...]:
    """Every checkpoint in a folder, oldest first; none where none was ever written.

    Raises:
        InputError: a public key is missing, or a line is no checkpoint.
    """
    file, found = folder / FILE, []
    for number, text in enumerate(_whole_lines(file), start=1):
        try:
            row = json.loads(text)
            signature, name = row.pop("signature"), str(row["key"])
            marks = {chain: Mark(**row[chain]) for chain in (Head.EVENTS, Head.AUDIT)}
        except (ValueError, KeyError, TypeError):
            raise InputError(f"{file}, line {number}: this is no checkpoint; the file was changed.") from None
        genuine = is_signed(public_key(folder, name), _content(row), signature)
        found.append(Checkpoint(row["at"], marks[Head.EVENTS], marks[Head.AUDIT], genuine, number))
    return tuple(found)


def _content(body: dict[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True).encode()


def _whole_lines(file: Path) -> list[bytes]:
    """Its lines; one that a power cut left half written was never acknowledged, and is none."""
    lines = file.read_bytes().splitlines(keepends=True) if file.exists() else []
    return [line for line in lines if line.endswith(b"\n")]


def _last(folder: Path) -> dict[str, Any] | None:
    lines = _whole_lines(folder / FILE)
    try:
        found = json.loads(lines[-1]) if lines else None
    except ValueError:  # somebody has changed it: verify says so, and the next checkpoint is written all the same
        return None
    return found if isinstance(found, dict) else None


def _append(file: Path, line: str) -> None:
    """Write the line whole, or none of it; what was left half written before is taken away."""
    good, content = sum(map(len, _whole_lines(file))), f"{line}\n".encode()
    with file.open("ab", buffering=0) as end:
        end.truncate(good)
        try:
            if end.write(content) != len(content):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(end.fileno())
        except OSError:
            end.truncate(good)
            raise
