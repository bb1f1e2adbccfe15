"""A course in the database: the same rules as in a file, and nothing written is ever changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from clinic_examples import NOW, read_step
from django.db import DatabaseError, connection, transaction

from matrescence.actions.course import Request
from matrescence.actions.course_log import parse_course
from matrescence.clinic.log import courses
from matrescence.clinic.log.models import Event

pytestmark = pytest.mark.django_db
BY = "N. Silva, RN (invented)"


def _note(course: str, *, key: str, expected: int | None = None) -> courses.Added:
    payload = {"symptoms_began": "two weeks after the birth"}
    return courses.add(
        course, Request("consultation", payload, id=key, by=BY), now=NOW + timedelta(minutes=5), expected=expected
    )


def test_the_same_key_twice_is_one_record(begun: Callable[..., str]) -> None:
    course = begun()
    first, second = _note(course, key="a"), _note(course, key="a")
    assert (first.already, second.already) == (False, True)
    assert Event.objects.filter(stream_id=course).count() == 2


@pytest.mark.rule("clinic.since")
@pytest.mark.hazard("written-over")
def test_what_somebody_else_added_since_is_a_conflict_and_nothing_is_written(begun: Callable[..., str]) -> None:
    course = begun()
    _note(course, key="a", expected=1)
    with pytest.raises(courses.ConflictError) as caught:
        _note(course, key="b", expected=1)
    assert [line["id"] for line in caught.value.since] == ["a"]
    assert Event.objects.filter(stream_id=course).count() == 2


def test_the_rows_of_a_course_are_the_lines_of_a_course_file(begun: Callable[..., str], tmp_path) -> None:
    course = begun()
    _note(course, key="a")
    text = "".join(row.line + "\n" for row in Event.objects.filter(stream_id=course))
    log = parse_course(text.encode(), tmp_path / "export.jsonl")
    assert [line["kind"] for line in log.lines] == ["mother-recorded", "consultation"]


@pytest.mark.rule("clinic.append_only")
@pytest.mark.hazard("record-changed-unseen")
@pytest.mark.parametrize("statement", ["UPDATE log_event SET line = ''", "DELETE FROM log_event"])
def test_the_database_itself_refuses_to_change_or_remove_a_record(begun: Callable[..., str], statement: str) -> None:
    begun()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.count() == 1


def test_a_course_is_read_once_and_then_only_what_is_new(begun: Callable[..., str]) -> None:
    course = begun()
    before = courses.open_course(course)
    _note(course, key="a")
    after = courses.open_course(course)
    assert (before.position, after.position) == (1, 2)
    assert after.known.answers.keys() == {"symptoms_began"}


def test_a_rule_that_refuses_leaves_nothing_behind(begun: Callable[..., str]) -> None:
    course = begun()
    _, payload = read_step("disposition.toml")
    with pytest.raises(courses.InputError, match=r"journey\.disposition"):
        courses.add(
            course,
            Request(
                "urgent-disposition", payload or {"tasks": ["9.9"], "outcome": "assessed", "done": "x"}, id="d", by=BY
            ),
            now=NOW,
        )
    assert Event.objects.filter(stream_id=course).count() == 1


def test_of_two_who_write_at_once_the_second_is_not_refused_for_its_time(begun: Callable[..., str]) -> None:
    course = begun()
    _note(course, key="first")
    late = Request("consultation", {"hopes": "to sleep"}, id="second", by=BY)
    written = courses.add(course, late, now=NOW + timedelta(minutes=5) - timedelta(milliseconds=40))
    assert "clock_at" not in written.line
    assert written.line["recorded_at"] == courses.history(course)[1]["recorded_at"]


def test_a_clock_that_was_set_back_is_marked_and_keeps_nothing_out(begun: Callable[..., str]) -> None:
    course = begun()
    _note(course, key="ahead")
    late = Request("consultation", {"hopes": "to sleep"}, id="back", by=BY)
    written = courses.add(course, late, now=NOW + timedelta(minutes=2))
    assert written.line["clock_at"] == (NOW + timedelta(minutes=2)).isoformat()
    [doubt] = courses.open_course(course).at(NOW + timedelta(hours=1)).clock
    assert "Record 3" in doubt.text
