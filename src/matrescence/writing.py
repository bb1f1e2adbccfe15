"""Write a file, or the files of one directory, fully or not at all.

A file is written beside its place under another name, forced to the disk, and then renamed: a reader sees the old
file or the new one, never half of one.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from matrescence.reading import InputError


def write_file(path: Path | str, content: bytes | str) -> Path:
    """Write one file atomically (text as UTF-8) and return its path.

    Raises:
        InputError: the directory does not exist or may not be written, or the disk is full.
    """
    file = Path(path)
    write_files(file.parent, {file.name: content}, make=False)
    return file


def write_files(directory: Path | str, contents: Mapping[str, bytes | str], *, make: bool = True) -> tuple[Path, ...]:
    """Write several files of one directory: all are staged and forced to the disk before the first is put in place.

    Other files of the directory are left alone.  With ``make`` the directory is made when it is missing, and taken
    away again if staging fails.

    Raises:
        InputError: the place is a file, may not be written, or the disk is full; nothing is then changed.
    """
    folder = Path(directory)
    made: list[Path] = []
    staged: list[tuple[Path, Path]] = []
    try:
        made += _make(folder) if make else []
        for name, content in contents.items():
            _refuse_directory(folder / name)
            staged.append((_stage(folder, content), folder / name))
        with _alone_in(folder):
            for temporary, final in staged:
                temporary.replace(final)
    except OSError as error:
        _clear(staged, made)
        raise InputError(_complaint(folder, error)) from None
    return tuple(final for _, final in staged)


def _make(folder: Path) -> list[Path]:
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for index, place in enumerate(reversed(missing)):
        try:
            place.mkdir()
        except OSError:
            _clear([], missing[len(missing) - index :])
            raise
    return missing


def _stage(folder: Path, content: bytes | str) -> Path:
    temporary = folder / f".writing-{secrets.token_hex(8)}"
    # Opened by hand, so that the umask decides who may read the result, as for any other file.
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.encode("utf-8") if isinstance(content, str) else content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _refuse_directory(file: Path) -> None:
    if file.is_dir():
        raise IsADirectoryError(21, "a directory of this name is in the way", str(file))


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold the directory while files are put in place, so that two writers never leave a mixture; then force it."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # some systems open no directory: each file is still whole
        yield
        return
    try:
        with contextlib.suppress(ImportError, OSError):
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def _clear(staged: list[tuple[Path, Path]], made: list[Path]) -> None:
    for temporary, _ in staged:
        temporary.unlink(missing_ok=True)
    for place in made:
        with contextlib.suppress(OSError):
            place.rmdir()


def _complaint(folder: Path, error: OSError) -> str:
    if isinstance(error, FileExistsError | NotADirectoryError):
        why = "a file of that name is in the way"
    else:
        why = (error.strerror or str(error)).lower()
    return f"{folder}: nothing was written here: {why}. Name a directory that may be written, with room on its disk."
