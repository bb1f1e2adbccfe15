"""A disk that can lose power: it notes every write and every sync, and tells what may be left after a cut.

The model is the usual one.  What was synced is there.  Of what was written to a file since its last sync, anything may
be there: nothing, all of it, or some sectors of some writes.  A truncation counts as a write.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import apsw

SECTOR = 512


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that reached the system: bytes at an offset, a new length, a sync, or an acknowledgement."""

    kind: str
    file: str = ""
    offset: int = 0
    content: bytes = b""


@dataclass(slots=True)
class Recorder:
    """Everything that was done to the files of one database, in order."""

    steps: list[Step] = field(default_factory=list)

    def acknowledged(self) -> None:
        """Note that the program has told somebody that what it wrote is kept."""
        self.steps.append(Step("acknowledged"))


class RecordingFile(apsw.VFSFile):
    """A file of SQLite's that is written for real, and noted."""

    recorder: Recorder

    def __init__(self, base: str, name: apsw.URIFilename | str | None, flags: list[int]) -> None:
        super().__init__(base, name, flags)
        text = name.filename() if isinstance(name, apsw.URIFilename) else name or ""
        self.name = Path(text).name

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self.recorder.steps.append(Step("write", self.name, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        super().xTruncate(newsize)
        self.recorder.steps.append(Step("truncate", self.name, newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self.recorder.steps.append(Step("sync", self.name))


class RecordingDisk(apsw.VFS):
    """Where SQLite opens its files."""

    def __init__(self, name: str, recorder: Recorder) -> None:
        self.file = type("File", (RecordingFile,), {"recorder": recorder})
        super().__init__(name, "")

    def xOpen(self, name: apsw.URIFilename | str | None, flags: list[int]) -> RecordingFile:  # noqa: N802
        return self.file("", name, flags)


Files = dict[str, bytearray]


@dataclass(frozen=True, slots=True)
class Cut:
    """The power gone after one step: how many acknowledgements were given by then, and what waited to be synced."""

    number: int
    acknowledged: int
    synced: Files
    waiting: list[Step]

    def disks(self, chance: random.Random) -> Iterator[Files]:
        """What may be left: nothing of what waited, all of it, or some sectors of some of it."""
        some = [_torn(step, chance) for step in self.waiting if chance.random() < 0.5]
        for chosen in ([], self.waiting, some):
            files = {name: bytearray(content) for name, content in self.synced.items()}
            for step in chosen:
                _apply(files, step)
            yield files


def cuts(before: Mapping[str, bytes], steps: list[Step]) -> Iterator[Cut]:
    """A cut after every step."""
    synced: Files = {name: bytearray(content) for name, content in before.items()}
    waiting: list[Step] = []
    acknowledged = 0
    for number, step in enumerate(steps, start=1):
        if step.kind == "acknowledged":
            acknowledged += 1
        elif step.kind == "sync":
            for late in waiting:
                if late.file == step.file:
                    _apply(synced, late)
            waiting = [late for late in waiting if late.file != step.file]
        else:
            waiting.append(step)
        yield Cut(number, acknowledged, synced, list(waiting))


def _torn(step: Step, chance: random.Random) -> Step:
    if step.kind != "write" or chance.random() < 0.5:
        return step
    sectors = max(1, len(step.content) // SECTOR)
    return Step("write", step.file, step.offset, step.content[: chance.randrange(sectors + 1) * SECTOR])


def _apply(files: Files, step: Step) -> None:
    content = files.setdefault(step.file, bytearray())
    if step.kind == "truncate":
        del content[step.offset :]
        return
    if len(content) < step.offset:
        content.extend(bytes(step.offset - len(content)))
    content[step.offset : step.offset + len(step.content)] = step.content
