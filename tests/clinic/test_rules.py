"""A rule of the clinic that belongs to no single room."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from clinic_examples import NOW, read_step

from matrescence.actions.course import Request
from matrescence.clinic.log import courses

pytestmark = pytest.mark.django_db


@pytest.mark.rule("clinic.two_people")
@pytest.mark.hazard("one-person-alone")
def test_a_plan_that_asks_for_two_people_says_who_is_missing(begun: Callable[..., str]) -> None:
    course = begun()
    _, plan = read_step("plan.toml")
    by = "Dr A. Moreau (invented)"
    courses.add(course, Request("plan-chosen", {**plan, "two_person": True}, id="p", by=by), now=NOW)
    found = courses.open_course(course).at(NOW).confirmations
    assert [(item.confirmed_by, item.missing) for item in found] == [((), 2), ((), 2)]
