"""Whoever changes what is written is found, even with every right in the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from clinic_examples import NOW
from django.db import connection
from emptying import triggers_aside

from matrescence.actions.course import Request
from matrescence.actions.course_log import as_line, line_of
from matrescence.clinic.log import courses
from matrescence.clinic.log.chain import event_link
from matrescence.clinic.log.checkpoints import FILE, write_checkpoint
from matrescence.clinic.log.models import Audit, Event, Head
from matrescence.clinic.log.verify import verify
from matrescence.clinic.people.audit import READ, note

pytestmark = pytest.mark.django_db
BY = "N. Silva, RN (invented)"


@pytest.fixture
def written(begun: Callable[..., str], tmp_path: Path) -> Iterator[Path]:
    """Two courses with records, some audit rows, and a checkpoint of them; then two records more."""
    one, two = begun(key="one"), begun(key="two")
    for number in range(3):
        for course in (one, two):
            _consult(course, f"{course}-{number}")
        note(at=NOW, who=BY, role="nurse", action="mother.view", outcome=READ, stream=one)
    write_checkpoint(tmp_path, tmp_path, at=NOW)
    _consult(one, "later-1")
    _consult(two, "later-2")
    yield tmp_path


def _consult(course: str, key: str) -> None:
    payload = {"hopes": f"to sleep ({key})"}
    courses.add(course, Request("consultation", payload, id=key, by=BY), now=NOW + timedelta(minutes=1))


def _other_hands(statement: str, *params: object) -> None:
    """Change the tables with every right: the triggers step aside."""
    with triggers_aside(), connection.cursor() as cursor:
        cursor.execute(statement, params or None)


def test_what_nobody_touched_is_sound(written: Path) -> None:
    found = verify(written)
    assert found.sound, found.wrong
    assert (found.records, found.rows, found.checkpoints) == (10, 3, 1)


@pytest.mark.parametrize(
    ("what", "statement"),
    [
        ("an edited record", "UPDATE log_event SET line = replace(line, 'to sleep', 'to leave') WHERE seq = 4"),
        ("an edited column", "UPDATE log_event SET by = 'somebody else' WHERE seq = 4"),
        ("a record in the middle gone", "DELETE FROM log_event WHERE seq = 5"),
        ("the last record gone", "DELETE FROM log_event WHERE seq = 10"),
        (
            "a whole course gone",
            "DELETE FROM log_event WHERE stream_id = (SELECT stream_id FROM log_event WHERE seq = 10)",
        ),
        ("an edited audit row", "UPDATE log_audit SET who = 'nobody' WHERE seq = 2"),
        ("an audit row gone", "DELETE FROM log_audit WHERE seq = 3"),
    ],
)
def test_it_is_found(written: Path, what: str, statement: str) -> None:
    _other_hands(statement)
    assert not verify(written).sound, what


def test_two_records_that_changed_places_are_found(written: Path) -> None:
    rows = {row.seq: row for row in Event.objects.filter(seq__in=(3, 5))}
    assert rows[3].stream_id == rows[5].stream_id
    _other_hands("UPDATE log_event SET line = %s, hash = %s WHERE seq = 3", rows[5].line, rows[5].hash)
    _other_hands("UPDATE log_event SET line = %s, hash = %s WHERE seq = 5", rows[3].line, rows[3].hash)
    assert not verify(written).sound


def test_a_cut_end_with_a_mended_head_is_found_by_the_checkpoint(written: Path) -> None:
    last = Event.objects.get(seq=6)
    _other_hands("DELETE FROM log_event WHERE seq > 6")
    Head.objects.filter(name=Head.EVENTS).update(seq=6, chain=last.chain)
    wrong = verify(written).wrong
    assert any("the end was cut off" in text for text in wrong), wrong


@pytest.mark.rule("clinic.checkpoint")
@pytest.mark.hazard("record-changed-unseen")
def test_a_chain_made_anew_from_a_changed_record_on_is_found_by_the_checkpoint(written: Path) -> None:
    _made_anew(from_seq=8, instead=("to sleep", "to leave"))
    wrong = verify(written).wrong
    assert wrong and all(text.startswith("checkpoint") for text in wrong), wrong


def test_a_checkpoint_signed_by_another_key_is_found(written: Path) -> None:
    file = written / FILE
    file.write_text(file.read_text().replace('"seq": 8', '"seq": 7'))
    assert any("signature" in text for text in verify(written).wrong)


def test_without_its_public_key_no_checkpoint_is_believed(written: Path) -> None:
    [key] = written.glob("*.pub")
    key.unlink()
    assert any("no checkpoint of this key can be checked" in text for text in verify(written).wrong)


def test_a_clinic_with_a_new_key_goes_on_beside_the_checkpoints_of_the_old_one(written: Path, tmp_path: Path) -> None:
    assert write_checkpoint(tmp_path / "new home", written, at=NOW)
    found = verify(written)
    assert found.sound, found.wrong
    assert found.checkpoints == 2


def test_an_unchanged_log_gets_no_second_checkpoint(written: Path) -> None:
    assert write_checkpoint(written, written, at=NOW)
    assert not write_checkpoint(written, written, at=NOW)
    assert Audit.objects.count() == 3


def _made_anew(*, from_seq: int, instead: tuple[str, str]) -> None:
    """What somebody with every right, and the program at hand, would do: every hash and link after it is right."""
    with triggers_aside():
        before = Event.objects.get(seq=from_seq - 1)
        chain, ends = before.chain, {}
        for row in Event.objects.filter(seq__lt=from_seq).order_by("seq"):
            ends[row.stream_id] = row.hash
        for row in Event.objects.filter(seq__gte=from_seq).order_by("seq"):
            record = json.loads(row.line)
            for name in ("position", "previous", "hash"):
                record.pop(name)
            if row.seq == from_seq:
                record = json.loads(json.dumps(record).replace(*instead))
            text = as_line(record, position=row.position, previous=ends[row.stream_id])
            line = line_of(text.encode(), position=row.position, previous=ends[row.stream_id])
            chain = event_link(chain, seq=row.seq, stream=row.stream_id, position=row.position, line_hash=line["hash"])
            ends[row.stream_id] = line["hash"]
            Event.objects.filter(seq=row.seq).update(line=text, hash=line["hash"], chain=chain)
        Head.objects.filter(name=Head.EVENTS).update(chain=chain)
