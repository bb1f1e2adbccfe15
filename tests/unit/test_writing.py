import os
import threading
from pathlib import Path

import pytest

from matrescence import writing
from matrescence.reading import InputError
from matrescence.writing import write_file, write_files


def everything_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_files_are_written_into_a_directory_made_for_them(tmp_path) -> None:
    out = tmp_path / "new" / "plan"
    assert write_files(out, {"a.json": "é", "b.ics": b"\r\n"}) == (out / "a.json", out / "b.ics")
    assert everything_in(out) == {"a.json": "é".encode(), "b.ics": b"\r\n"}


def test_other_files_of_the_directory_are_left_alone(tmp_path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "a.json").write_text("old")
    write_files(tmp_path, {"a.json": "new"})
    assert everything_in(tmp_path) == {"notes.txt": b"mine", "a.json": b"new"}


def test_a_written_file_is_as_readable_as_any_other(tmp_path) -> None:
    (tmp_path / "ordinary").write_text("")
    file = write_file(tmp_path / "a", "x")
    assert file.stat().st_mode == (tmp_path / "ordinary").stat().st_mode


def test_a_file_in_the_place_of_the_directory_is_told_and_kept(tmp_path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(InputError, match="nothing was written here: a file of that name is in the way"):
        write_files(tmp_path / "out" / "deeper", {"a": "x"})
    with pytest.raises(InputError, match="a file of that name is in the way"):
        write_files(tmp_path / "out", {"a": "x"})
    assert everything_in(tmp_path) == {"out": b"mine"}


def test_a_directory_in_the_place_of_a_file_stops_everything(tmp_path) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(InputError, match="a directory of this name is in the way"):
        write_files(tmp_path, {"a": "x", "b": "y"})
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_when_the_disk_is_full_the_old_files_stay_and_nothing_is_left_over(tmp_path, monkeypatch) -> None:
    (tmp_path / "a").write_text("old")
    written = []

    def full(handle: int) -> None:
        written.append(handle)
        if len(written) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(InputError, match="no space left on device"):
        write_files(tmp_path, {"a": "new", "b": "new"})
    assert everything_in(tmp_path) == {"a": b"old"}


def test_a_directory_made_for_nothing_is_taken_away_again(tmp_path, monkeypatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(InputError):
        write_files(tmp_path / "new" / "deeper", {"a": "x"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="everything is writable to the superuser")
def test_a_directory_that_may_not_be_written_is_told(tmp_path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="permission denied"):
        write_files(tmp_path / "new", {"a": "x"})


def test_a_file_needs_its_directory_to_exist(tmp_path) -> None:
    with pytest.raises(InputError, match="nothing was written here: no such file or directory"):
        write_file(tmp_path / "missing" / "a", "x")


def test_two_writers_of_one_directory_never_leave_a_mixture(tmp_path) -> None:
    # Each writer's files name the writer: whoever was last, all files are that writer's.
    def write(name: str) -> None:
        for _ in range(20):
            write_files(tmp_path, dict.fromkeys("abcdef", name))

    writers = [threading.Thread(target=write, args=(name,)) for name in ("one", "two")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(set(everything_in(tmp_path).values())) == 1
