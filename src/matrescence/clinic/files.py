"""Files that are written once and whole: a full disk or a power cut leaves the whole file, or none."""

from __future__ import annotations

import contextlib
import os
import uuid
from pathlib import Path


def write_once(file: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file that is not there yet and force it to the disk; one that is there stays as it is.

    Raises:
        OSError: it cannot be written; then nothing of it is there.
    """
    half = file.with_name(f"{file.name}.{uuid.uuid4().hex}.part")
    try:
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as new:
            new.write(content)
            new.flush()
            os.fsync(new.fileno())
        with contextlib.suppress(FileExistsError):  # of two who make it at once, the first one's holds
            file.hardlink_to(half)
    finally:
        half.unlink(missing_ok=True)
    force(file.parent)


def force(place: Path) -> None:
    """Force a file, or the names in a folder, to the disk."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
