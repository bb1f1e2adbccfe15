"""The power is cut at every single write: with ``synchronous=FULL`` nothing that was acknowledged is ever lost.

What runs is what the clinic ran: every statement that it sent to SQLite while records were written is noted, word for
word, and sent again to an SQLite whose disk can lose power.  The same disk does lose records with
``synchronous=NORMAL``; a harness that could not would prove nothing.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import apsw
import pytest
from disk import Files, Recorder, RecordingDisk, cuts
from outside import clinic_in

from matrescence.clinic.config import sqlite

RECORD = """
import json
import random
from datetime import timedelta
from django.db import connection
from clinic_examples import NOW, read_step
from matrescence.actions.course import Request
from matrescence.clinic.log import courses
from matrescence.clinic.people.audit import DONE, note
connection.ensure_connection()
connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
sent = []
with open({base!r}, "wb") as base:
    base.write(open(connection.settings_dict["NAME"], "rb").read())
connection.connection.set_trace_callback(sent.append)
by = "N. Silva, RN (invented)"
_, mother = read_step("mother.toml")
for number in range(3):
    begin = Request("mother-recorded", {{"drug": "ketamine", "mother": mother}}, id=f"begin-{{number}}", by=by)
    course = courses.begin(begin, now=NOW).course.id
    sent.append("acknowledged")
    for step, (kind, name) in enumerate({steps!r}):
        _, payload = read_step(name)
        asked = Request(kind or _, payload, id=f"{{course}}-{{step}}", by=by)
        courses.add(course, asked, now=NOW + timedelta(minutes=step))
        sent.append("acknowledged")
        note(at=NOW, who=by, role="nurse", action="assessment.record", outcome=DONE, stream=course)
print(json.dumps(sent))
"""
STEPS = [
    ("assessment", "first-answers.toml"),
    ("urgent-disposition", "disposition.toml"),
    ("consultation", "consultation.toml"),
    ("eligibility-facts", "health.toml"),
    ("plan-chosen", "plan.toml"),
    ("feeding-choice", "feeding.toml"),
    ("enrolment", "enrolment.toml"),
]
FILE = "clinic.sqlite3"


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[str]]:
    """The database before, and every statement the clinic sent since, with its acknowledgements in between."""
    folder = tmp_path_factory.mktemp("recorded")
    base = folder / "base.sqlite3"
    with clinic_in(folder / "home", server="") as clinic:
        told = json.loads(clinic.script(RECORD.format(base=str(base), steps=STEPS)))
    # SQLite tells a statement again for each trigger that it fires; nothing is sent twice in a row otherwise.
    return base.read_bytes(), [statement for statement, _ in groupby(told)]


def _played(folder: Path, base: bytes, statements: list[str], synchronous: str) -> tuple[dict[str, bytes], Recorder]:
    """Send the statements to an SQLite on the recording disk; return the files before, and what was done to them."""
    (folder / FILE).write_bytes(base)
    recorder = Recorder()
    disk = RecordingDisk(f"disk-{synchronous}", recorder)
    connection = apsw.Connection(str(folder / FILE), vfs=f"disk-{synchronous}")
    # Without shared memory, which this disk does not offer; the write-ahead log itself works as always.
    settings = ("locking_mode=EXCLUSIVE", "journal_mode=WAL", f"synchronous={synchronous}", "wal_autocheckpoint=25")
    for setting in settings:
        connection.execute(f"PRAGMA {setting}").fetchall()
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.name.startswith(FILE)}
    recorder.steps.clear()
    for statement in statements:
        if statement == "acknowledged":
            recorder.acknowledged()
        else:
            connection.execute(statement).fetchall()
    steps = list(recorder.steps)
    connection.close()
    recorder.steps = steps
    del disk
    return before, recorder


def _records_left(folder: Path, files: Files) -> int:
    """How many records an SQLite finds after the cut; it must find a sound file, and head and records that agree."""
    for path in folder.iterdir():
        path.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    connection = apsw.Connection(str(folder / FILE))
    assert connection.execute("PRAGMA quick_check").get == "ok"
    count = connection.execute("SELECT count(*) FROM log_event").get
    assert connection.execute("SELECT seq FROM log_head WHERE name = 'events'").get == count
    connection.close()
    return count


def _losses(tmp_path: Path, sent: tuple[bytes, list[str]], synchronous: str) -> Iterator[tuple[int, int, int]]:
    base, statements = sent
    run, left = tmp_path / "run", tmp_path / "left"
    run.mkdir()
    left.mkdir()
    before, recorder = _played(run, base, statements, synchronous)
    chance = random.Random(7)
    for cut in cuts(before, recorder.steps):
        for files in cut.disks(chance):
            found = _records_left(left, files)
            if found < cut.acknowledged:
                yield cut.number, cut.acknowledged, found


@pytest.mark.rule("clinic.kept")
@pytest.mark.hazard("entry-lost")
def test_no_cut_at_any_write_loses_an_acknowledged_record(tmp_path: Path, sent: tuple[bytes, list[str]]) -> None:
    assert "synchronous=FULL" in str(sqlite(tmp_path / FILE)["OPTIONS"])
    assert sent[1].count("acknowledged") == 3 * (1 + len(STEPS))
    assert list(_losses(tmp_path, sent, "FULL")) == []


def test_the_same_cuts_do_lose_records_where_sqlite_promises_less(
    tmp_path: Path, sent: tuple[bytes, list[str]]
) -> None:
    assert next(_losses(tmp_path, sent, "NORMAL"), None) is not None
