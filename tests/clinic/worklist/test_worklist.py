"""The worklist: what cannot wait stands above what can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from clinic_examples import NOW, read_step
from django.test import Client
from emptying import triggers_aside

from matrescence.actions.course import Request
from matrescence.clinic.log import courses
from matrescence.clinic.log.models import Event

pytestmark = pytest.mark.django_db
BY = "N. Silva, RN (invented)"


def _answered(course: str) -> None:
    _, answers = read_step("first-answers.toml")
    courses.add(course, Request("assessment", answers, id="a", by=BY), now=NOW)


def test_an_urgent_answer_stands_above_a_course_that_waits(
    begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    urgent, _waits = begun(key="one"), begun(key="two")
    _answered(urgent)
    text = logged_in("nurse").get("/worklist/").content.decode()
    assert text.index("Urgent") < text.index("Waiting for a step")
    assert f"/mothers/{urgent}/" in text


def test_a_course_that_other_hands_changed_is_told_and_hides_no_other(
    begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    changed, sound = begun(key="one"), begun(key="two")
    with triggers_aside():
        Event.objects.filter(stream_id=changed).update(line=Event.objects.get(stream_id=sound).line)
    text = logged_in("nurse").get("/worklist/").content.decode()
    assert f"Course {changed} is not as it was written" in text
    assert f"/mothers/{sound}/" in text


def test_somebody_without_the_right_sees_nothing_of_it(logged_in: Callable[..., Client]) -> None:
    assert logged_in("auditor").get("/worklist/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_courses_at_hand_are_not_read_again_and_one_changed_since_is_noticed(
    begun: Callable[..., str], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    names = [begun(key=f"begin-{number}") for number in range(12)]
    assert [name for name, _ in courses.open_all()] == names[::-1]  # the one begun last first
    with django_assert_max_num_queries(2):
        assert all(isinstance(found, courses.Opened) for _, found in courses.open_all())
    _answered(names[3])
    with triggers_aside():
        Event.objects.filter(stream_id=names[5]).update(hash="0" * 64)
    found = dict(courses.open_all())
    assert found[names[3]].position == 2
    assert isinstance(found[names[5]], courses.AlteredError)
    assert sum(isinstance(one, courses.Opened) for one in found.values()) == 11
