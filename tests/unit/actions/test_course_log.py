"""The file of a course: chained, torn lines kept aside, and no acknowledged record lost or doubled when killed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from matrescence.actions import course_log
from matrescence.actions.course_log import CourseLog, append, as_line, locked, parse_course, read_course
from matrescence.reading import InputError

WRITER = """
import sys, json
from pathlib import Path
from matrescence.actions.course_log import CourseLog, append, locked, read_course
path, first = Path(sys.argv[1]), int(sys.argv[2])
for number in range(first, first + 10_000):
    with locked(path):
        log = read_course(path) if path.exists() else CourseLog(path, ())
        record = {"kind": "note", "shape": 1, "id": f"k{number}", "happened_at": "", "recorded_at": "", "by": "x",
                  "payload": {"text": "x" * (number % 700)}}
        if not any(line["id"] == record["id"] for line in log.lines):
            append(log, record)
    print(number, flush=True)
"""


def record(name: str, **payload: object) -> dict[str, object]:
    head = {"kind": "note", "shape": 1, "id": name, "happened_at": "2026-04-14T09:00:00-04:00"}
    return {**head, "recorded_at": "2026-04-14T09:00:00-04:00", "by": "nurse Kim", "payload": payload}


def written(path: Path, *names: str) -> CourseLog:
    for name in names:
        log = read_course(path) if path.exists() else CourseLog(path, ())
        append(log, record(name, text=f"{name}: é \u2028 \\n"))
    return read_course(path)


def test_what_is_written_is_read_back_with_its_chain(tmp_path: Path) -> None:
    log = written(tmp_path / "c.jsonl", "a", "b", "c")
    assert [line["id"] for line in log.lines] == ["a", "b", "c"]
    assert [line["position"] for line in log.lines] == [1, 2, 3]
    assert [line["previous"] for line in log.lines] == ["0" * 64, log.lines[0]["hash"], log.lines[1]["hash"]]
    assert log.torn == b"" and log.good_bytes == (tmp_path / "c.jsonl").stat().st_size


def test_the_hash_is_sha256_of_the_line_without_it(tmp_path: Path) -> None:
    import hashlib

    written(tmp_path / "c.jsonl", "a")
    line = json.loads((tmp_path / "c.jsonl").read_text())
    stated = line.pop("hash")
    assert stated == hashlib.sha256(json.dumps(line, ensure_ascii=False).encode()).hexdigest()


def test_cut_at_every_byte_of_the_last_two_lines_is_read_or_told_as_torn(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    written(path, "a", "b", "c")
    content = path.read_bytes()
    ends = [place + 1 for place, byte in enumerate(content) if byte == 10]
    for length in range(ends[0], len(content) + 1):
        log = parse_course(content[:length], path)
        whole = sum(length >= end - 1 for end in ends)  # a line is whole without its line break
        assert len(log.lines) == whole
        torn = content[max(end for end in ends if end <= length) : length] if length not in ends else b""
        assert log.torn == (b"" if length + 1 in ends else torn)
        path.write_bytes(content[:length])
        aside = append(log, record("d"))
        assert [line["id"] for line in read_course(path).lines] == [*"abc"[:whole], "d"]
        assert (aside.read_bytes() if aside else b"") == log.torn
        if aside:
            aside.unlink()


def test_a_torn_line_is_kept_beside_earlier_ones_and_once_only(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    written(path, "a")
    for torn, expected in ((b"{one", ".torn-1"), (b"{two", ".torn-2"), (b"{one", ".torn-1")):
        with path.open("ab") as stream:
            stream.write(torn)
        aside = append(read_course(path), record(f"after {torn!r} {expected}", n=len(path.read_bytes())))
        assert aside == path.with_name(f"{path.name}{expected}")
        assert aside.read_bytes() == torn
    assert len(read_course(path).lines) == 4


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda lines: [lines[0], lines[1].replace(b"b:", b"x:"), lines[2]], "line 2: its hash does not fit"),
        (lambda lines: [lines[0], lines[2]], "line 2: the chain is broken"),
        (lambda lines: [lines[1], lines[2]], "line 1: the chain is broken"),
        (lambda lines: [lines[0], lines[0], lines[1]], "line 2: the chain is broken"),
        (lambda lines: [lines[0], b"\xff\xfe", lines[2]], "line 2: not one JSON object"),
        (lambda lines: [lines[0], b"", lines[2]], "line 2: not one JSON object"),
        (lambda lines: [lines[0], b"[1]", lines[2]], "line 2: not a record"),
        (lambda lines: [lines[0], b'{"position": 2}', lines[2]], "line 2: not a record"),
        (lambda lines: [lines[0], lines[1][:-20], lines[2]], "line 2: not one JSON object"),
    ],
)
def test_a_changed_line_is_an_error_that_names_it(tmp_path: Path, change: object, complaint: str) -> None:
    path = tmp_path / "c.jsonl"
    written(path, "a", "b", "c")
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join(change(lines)) + b"\n")  # type: ignore[operator]
    with pytest.raises(InputError, match=complaint):
        read_course(path)


@pytest.mark.parametrize(
    ("changed", "position", "complaint"),
    [
        ({"shape": 3}, 1, "shape 3 is not known"),
        ({"shape": 2}, 1, "not a record of shape 2"),
        ({"shape": True}, 1, "shape True"),
        ({}, 7, "its position is 7"),
    ],
)
def test_a_line_of_another_shape_or_place_is_an_error(
    changed: dict[str, object], position: int, complaint: str
) -> None:
    line = as_line({**record("a"), **changed}, position=position, previous="0" * 64)
    with pytest.raises(InputError, match=complaint):
        parse_course(line.encode() + b"\n", Path("c.jsonl"))


def test_a_missing_file_and_a_directory_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_course(tmp_path / "none.jsonl")
    with pytest.raises(InputError, match="cannot be read"):
        read_course(tmp_path)


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.jsonl"
    log = written(path, "a")
    before = path.read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(course_log.os, "fsync", full)
    with pytest.raises(InputError, match="nothing was written: no space left"):
        append(log, record("b"))
    assert path.read_bytes() == before


def test_a_second_writer_waits_and_then_gives_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course_log, "LOCK_TRIES", 2)
    monkeypatch.setattr(course_log, "LOCK_PAUSE_S", 0.0)
    path = tmp_path / "c.jsonl"
    with locked(path), pytest.raises(InputError, match="somebody else is writing"), locked(path):
        pass
    with locked(path):
        pass
    with pytest.raises(InputError, match="cannot be made"), locked(tmp_path / "none" / "c.jsonl"):
        pass


def test_killed_at_random_moments_nothing_acknowledged_is_lost_or_doubled(tmp_path: Path) -> None:
    """Twenty writers are killed one after another; each sends again what its predecessor was not answered for."""
    path, chance = tmp_path / "c.jsonl", random.Random(20260414)
    acknowledged: list[int] = []
    for _ in range(20):
        start = acknowledged[-1] + 1 if acknowledged else 0
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(start)], stdout=subprocess.PIPE, env={**os.environ}
        ) as writer:
            assert writer.stdout is not None
            acknowledged.append(int(writer.stdout.readline()))  # it has begun to write
            time.sleep(chance.random() * 0.02)
            writer.send_signal(signal.SIGKILL)
            acknowledged += [
                int(line) for line in writer.stdout.read().splitlines(keepends=True) if line.endswith(b"\n")
            ]
    names = [line["id"] for line in read_course(path).lines]
    assert len(names) == len(set(names)), "a record was doubled"
    assert {f"k{number}" for number in acknowledged} <= set(names), "an acknowledged record was lost"
    assert names == [f"k{number}" for number in range(len(names))]


def test_two_writers_at_once_do_not_interleave(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(first)], stdout=subprocess.PIPE)
        for first in (0, 50_000)
    ]
    for writer in writers:
        assert writer.stdout is not None
        for _ in range(10):
            writer.stdout.readline()
    for writer in writers:
        writer.kill()
        writer.communicate()
    log = read_course(path)
    assert len(log.lines) >= 20
