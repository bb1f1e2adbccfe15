"""The checklist is filled bit by bit; what is open stays listed, and an answer that needs a step says which."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from matrescence.clinic.log import courses
from matrescence.instruments.consultation import load_questions

pytestmark = pytest.mark.django_db


def _page(course: str) -> str:
    return f"/mothers/{course}/assessment/consultation/"


def test_every_question_of_the_list_is_on_the_form(begun: Callable[..., str], logged_in: Callable[..., Client]) -> None:
    page = logged_in("nurse").get(_page(begun())).content.decode()

    assert all(f'name="{question.key}"' in page for question in load_questions())
    assert f"0 questions answered, {len(load_questions())} open" in page


def test_some_answers_are_kept_and_the_rest_stays_open(
    begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    course, nurse = begun(), logged_in("nurse")
    response = nurse.post(_page(course), {"key": "k", "hopes": "To sleep.", "feeding_plan": "breast"})
    page = nurse.get(_page(course)).content.decode()

    assert response.headers["Location"] == _page(course)
    assert courses.open_course(course).known.answers == {"hopes": "To sleep.", "feeding_plan": "breast"}
    assert f"2 questions answered, {len(load_questions()) - 2} open" in page
    assert "Make a feeding and pumping plan with her" in page


def test_only_what_is_new_or_changed_is_written(begun: Callable[..., str], logged_in: Callable[..., Client]) -> None:
    course, nurse = begun(), logged_in("nurse")
    nurse.post(_page(course), {"key": "k1", "hopes": "To sleep."})
    nurse.post(_page(course), {"key": "k2", "hopes": "To sleep.", "feeding_plan": "formula"})

    assert courses.history(course)[-1]["payload"] == {"feeding_plan": "formula"}
    assert nurse.post(_page(course), {"key": "k3", "hopes": "To sleep."}).status_code == 422


def test_an_answer_that_does_not_fit_is_refused(begun: Callable[..., str], logged_in: Callable[..., Client]) -> None:
    course = begun()
    response = logged_in("nurse").post(_page(course), {"key": "k", "feeding_plan": "sometimes"})

    assert response.status_code == 422
    assert "feeding_plan" in response.content.decode()
    assert courses.open_course(course).known.answers == {}
