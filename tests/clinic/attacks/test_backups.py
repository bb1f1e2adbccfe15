"""A backup that somebody has had in his hands: nothing of it comes back, and nothing is left half restored."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from outside import Clinic, clinic_in

FILL = """
from clinic_examples import NOW, read_step
from matrescence.actions.course import Request
from matrescence.clinic.log import courses
_, mother = read_step("mother.toml")
for number in range(3):
    request = Request("mother-recorded", {"drug": "ketamine", "mother": mother}, id=f"begin-{number}", by="N. Silva")
    courses.begin(request, now=NOW)
"""
CHECKPOINT = """
from matrescence.clinic.bootstrap import config
from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.log.checkpoints import write_checkpoint
write_checkpoint(config().home, config().checkpoints, at=now())
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Clinic, Path]]:
    """A clinic with three courses and a checkpoint, and its backup."""
    folder = tmp_path_factory.mktemp("kept")
    with clinic_in(folder / "home") as clinic:
        clinic.script(FILL + CHECKPOINT)
        clinic.run("backup", str(folder / "one.sqlite3"))
        yield clinic, folder / "one.sqlite3"


@pytest.fixture
def stolen(kept: tuple[Clinic, Path], tmp_path: Path) -> Path:
    """A copy of the backup with its manifest, to be changed."""
    _, file = kept
    shutil.copy(file.with_name("one.sqlite3.json"), tmp_path / "one.sqlite3.json")
    return Path(shutil.copy(file, tmp_path / "one.sqlite3"))


def _changed(file: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest, and let it name the file as it is now."""
    place = file.with_name(f"{file.name}.json")
    manifest = json.loads(place.read_text())
    manifest["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    change(manifest)
    place.write_text(json.dumps(manifest))


def _weight_of_somebody(file: Path) -> None:
    with sqlite3.connect(file) as there:
        there.execute("DROP TRIGGER log_event_no_update")
        there.execute("UPDATE log_event SET line = replace(line, '\"weight_kg\": ', '\"weight_kg\": 1') WHERE seq = 2")


def _refused(file: Path, home: Path, *, checkpoints: Path | None = None) -> str:
    """What a clinic says that is asked to restore it; it holds nothing afterwards."""
    with clinic_in(home) as empty:
        if checkpoints is not None:
            empty.environment["MATRESCENCE_CHECKPOINTS"] = str(checkpoints)
        said = empty.run("restore", str(file), expect=2)
        empty.environment.pop("MATRESCENCE_CHECKPOINTS", None)
        assert "0 records, 0 audit rows" in empty.run("verify")
        assert "Traceback" not in said
    return said


def test_a_changed_record_under_a_manifest_made_to_fit_is_not_restored(stolen: Path, tmp_path: Path) -> None:
    _weight_of_somebody(stolen)
    _changed(stolen, lambda manifest: None)
    assert "its hash does not fit its content" in _refused(stolen, tmp_path / "home", checkpoints=tmp_path / "none")


def test_a_manifest_that_was_changed_is_refused_where_its_key_is_known(
    kept: tuple[Clinic, Path], stolen: Path, tmp_path: Path
) -> None:
    clinic, _ = kept
    _changed(stolen, lambda manifest: manifest.update(at="2020-01-01T00:00:00+00:00"))
    said = _refused(stolen, tmp_path / "home", checkpoints=clinic.home / "checkpoints")
    assert "the signature of its manifest is not good" in said


@pytest.mark.parametrize("name", ["", "../../signing-key", "0123456789ab"])
def test_a_manifest_signed_by_a_key_that_nobody_knows_is_refused(
    name: str, kept: tuple[Clinic, Path], stolen: Path, tmp_path: Path
) -> None:
    clinic, _ = kept
    _changed(stolen, lambda manifest: manifest.update(key=name))
    said = _refused(stolen, tmp_path / "home", checkpoints=clinic.home / "checkpoints")
    assert "has signed it" in said


@pytest.mark.parametrize("text", ["[]", "[" * 100_000, "{}", '{"sha256": 1}'])
def test_what_is_no_manifest_is_refused_in_a_sentence(text: str, stolen: Path, tmp_path: Path) -> None:
    stolen.with_name("one.sqlite3.json").write_text(text)
    assert "one.sqlite3" in _refused(stolen, tmp_path / "home", checkpoints=tmp_path / "none")


def test_counts_that_do_not_fit_leave_nothing_half_restored(stolen: Path, tmp_path: Path) -> None:
    _changed(stolen, lambda manifest: manifest["rows"].update(records=4))
    said = _refused(stolen, tmp_path / "home", checkpoints=tmp_path / "none")
    assert "the manifest names something else" in said


def test_a_clinic_with_accounts_is_not_restored_into(stolen: Path, tmp_path: Path) -> None:
    account = (
        "from matrescence.clinic.people.models import User; User.objects.create(username='ruth', name='R. Okafor')"
    )
    with clinic_in(tmp_path / "home") as clinic:
        clinic.script(account)
        assert "holds records or accounts already" in clinic.run("restore", str(stolen), expect=2)
