"""Signed checkpoints: where both chains stood, written to a file that should lie on another disk.

A chain alone cannot show that its end was cut off, or that everything after a place was made anew.  A checkpoint can:
the link it names must still stand at its number.
"""

from __future__ import annotations

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
    last = _last(folder)
    if last is not None and all(last[name] == now[name] for name in now):
        return False
    key = signing_key(home)
    try:
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
    file = folder / FILE
    if not file.exists():
        return ()
    found = []
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
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


def _last(folder: Path) -> dict[str, Any] | None:
    file = folder / FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return json.loads(lines[-1]) if lines else None


def _append(file: Path, line: str) -> None:
    with file.open("a", encoding="utf-8") as end:
        end.write(line + "\n")
        end.flush()
        os.fsync(end.fileno())
