"""A backup is whole, is proved when it is restored, and never replaces anything.  Run as its user runs it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from outside import Clinic, clinic_in

FILL = """
from clinic_examples import NOW, read_step
from matrescence.actions.course import Request
from matrescence.clinic.log import courses
from matrescence.clinic.people.audit import READ, note
from matrescence.clinic.people.models import User
_, mother = read_step("mother.toml")
by = "N. Silva, RN (invented)"
User.objects.create(username="silva", name=by, roles=["nurse"])
for number in range(4):
    request = Request("mother-recorded", {"drug": "ketamine", "mother": mother}, id=f"begin-{number}", by=by)
    course = courses.begin(request, now=NOW).course.id
    note(at=NOW, who=by, role="nurse", action="mother.view", outcome=READ, stream=course)
"""
SHOW = """
from matrescence.clinic.log.models import Audit, Card, Event
from matrescence.clinic.people.models import User
print([list(row) for row in Event.objects.values_list("seq", "hash", "chain")], end="|")
print(Audit.objects.count(), Card.objects.count(), [user.name for user in User.objects.all()])
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Clinic, Path]]:
    """A clinic with four courses, and its backup."""
    folder = tmp_path_factory.mktemp("kept")
    with clinic_in(folder / "home") as clinic:
        clinic.script(FILL)
        clinic.run("backup", str(folder / "one.sqlite3"))
        yield clinic, folder / "one.sqlite3"


def test_what_comes_back_is_what_was_there_and_is_proved(kept: tuple[Clinic, Path], tmp_path: Path) -> None:
    before, file = kept
    with clinic_in(tmp_path / "home") as empty:
        said = empty.run("restore", str(file))
        assert "restored 4 streams, 4 records, 4 audit rows" in said
        assert empty.script(SHOW) == before.script(SHOW)
        assert "everything is as it was written" in empty.run("verify")


def test_after_a_restore_the_log_goes_on(kept: tuple[Clinic, Path], tmp_path: Path) -> None:
    _, file = kept
    with clinic_in(tmp_path / "home") as empty:
        empty.run("restore", str(file))
        empty.script(FILL.replace("begin-", "later-").replace("silva", "other").replace("N. Silva", "O. Other"))
        assert "8 records, 8 audit rows" in empty.run("verify")


def test_a_changed_or_cut_backup_is_refused(kept: tuple[Clinic, Path], tmp_path: Path) -> None:
    _, file = kept
    copy = Path(shutil.copy(file, tmp_path / "cut.sqlite3"))
    shutil.copy(file.with_name(f"{file.name}.json"), tmp_path / "cut.sqlite3.json")
    copy.write_bytes(copy.read_bytes()[:-4096])
    with clinic_in(tmp_path / "home") as empty:
        assert "not the file that its manifest names" in empty.run("restore", str(copy), expect=2)
        assert "0 records" in empty.run("verify")


def test_a_backup_without_its_manifest_is_refused(kept: tuple[Clinic, Path], tmp_path: Path) -> None:
    _, file = kept
    copy = shutil.copy(file, tmp_path / "alone.sqlite3")
    with clinic_in(tmp_path / "home") as empty:
        assert "a backup is a file with its manifest" in empty.run("restore", str(copy), expect=2)


def test_nothing_is_restored_over_records(kept: tuple[Clinic, Path]) -> None:
    clinic, file = kept
    assert "holds records or accounts already" in clinic.run("restore", str(file), expect=2)


def test_a_backup_never_replaces_a_file_and_leaves_nothing_half_written(kept: tuple[Clinic, Path]) -> None:
    clinic, file = kept
    before = file.read_bytes()
    assert "such a file already" in clinic.run("backup", str(file), expect=2)
    assert file.read_bytes() == before
    assert sorted(found.name for found in file.parent.glob("one*")) == ["one.sqlite3", "one.sqlite3.json"]
    assert json.loads(file.with_name("one.sqlite3.json").read_text())["rows"]["records"] == 4


def test_lists_made_again_from_the_log_are_the_same(kept: tuple[Clinic, Path]) -> None:
    clinic, _ = kept
    before = clinic.script(SHOW)
    assert "made 4 cards again" in clinic.run("rebuild")
    assert clinic.script(SHOW) == before
