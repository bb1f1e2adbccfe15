"""What is urgent stands on every page of hers and leaves by a disposition, and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from clinic_examples import NOW, read_step
from django.test import Client

from matrescence.actions.course import Request
from matrescence.care.journey.words import Outcome
from matrescence.clinic.assessment.urgent import OUTCOMES
from matrescence.clinic.log import courses

pytestmark = pytest.mark.django_db


@pytest.fixture
def urgent(begun: Callable[..., str]) -> str:
    """Julia's course after her first answers, one of which cannot wait."""
    course = begun()
    courses.add(course, Request("assessment", read_step("first-answers.toml")[1], id="a1", by="N. Silva"), now=NOW)
    return course


def _open(course: str) -> list[str]:
    return [task.id for task in courses.open_course(course).known.open_tasks]


def _say(browser: Client, course: str, **typed: Any) -> Any:
    page = f"/mothers/{course}/urgent/"
    usual = {"tasks": _open(course), "outcome": "assessed", "done": "Seen by the psychiatrist; safety plan agreed."}
    return browser.post(page, {"key": typed.pop("key", "k1"), **usual, **typed})


@pytest.mark.parametrize("place", ["assessment/", "assessment/consultation/", "urgent/", ""])
def test_it_is_on_her_pages_until_somebody_has_dealt_with_it(
    place: str, urgent: str, logged_in: Callable[..., Client]
) -> None:
    nurse = logged_in("nurse")
    before = nurse.get(f"/mothers/{urgent}/{place}").content.decode()
    _say(nurse, urgent)
    after = nurse.get(f"/mothers/{urgent}/{place}").content.decode()

    assert "1 urgent matter is open" in before
    assert "EPDS item 10" in before
    assert "1 urgent matter is open" not in after


def test_the_page_says_what_to_do_and_whom_to_call(urgent: str, logged_in: Callable[..., Client]) -> None:
    page = logged_in("nurse").get(f"/mothers/{urgent}/urgent/").content.decode()

    assert "Stay with her." in page
    assert "988" in page
    assert "acog_cpg4_2023" in page


def test_each_outcome_of_the_core_can_be_chosen(urgent: str, logged_in: Callable[..., Client]) -> None:
    page = logged_in("nurse").get(f"/mothers/{urgent}/urgent/").content.decode()

    assert set(OUTCOMES) == set(Outcome)
    assert all(f'value="{outcome.value}"' in page for outcome in Outcome)


def test_a_disposition_closes_it_and_says_who_did_what(urgent: str, logged_in: Callable[..., Client]) -> None:
    response = _say(logged_in("nurse", name="P. Ong, RN (invented)"), urgent)

    assert response.headers["Location"] == f"/mothers/{urgent}/assessment/"
    line = courses.history(urgent)[-1]
    assert (line["kind"], line["by"]) == ("urgent-disposition", "P. Ong, RN (invented)")
    assert _open(urgent) == []


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"outcome": ""}, "Choose what became of it."),
        ({"outcome": "forgotten"}, "outcome"),
        ({"done": ""}, "Write down what was done"),
        ({"done": "   "}, "Write down what was done"),
        ({"tasks": []}, "Tick at least one"),
        ({"tasks": ["9.9"]}, "No open urgent task 9.9"),
    ],
)
def test_it_cannot_be_closed_without_saying_what_was_done(
    missing: dict[str, Any], said: str, urgent: str, logged_in: Callable[..., Client]
) -> None:
    response = _say(logged_in("nurse"), urgent, **missing)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert len(_open(urgent)) == 1


def test_what_was_typed_is_kept_when_it_is_refused(urgent: str, logged_in: Callable[..., Client]) -> None:
    page = _say(logged_in("nurse"), urgent, outcome="", done="Called her mother.").content.decode()

    assert "Called her mother." in page


def test_an_attempt_that_did_not_reach_her_leaves_it_open(urgent: str, logged_in: Callable[..., Client]) -> None:
    response = _say(logged_in("nurse"), urgent, outcome="not-reached", done="Rang twice, no answer.")

    assert response.headers["Location"] == f"/mothers/{urgent}/urgent/"
    (task,) = courses.open_course(urgent).known.open_tasks
    assert task.attempts == 1
    assert "1 attempt did not reach her" in logged_in("prescriber").get(f"/mothers/{urgent}/urgent/").content.decode()


def test_a_double_click_is_one_record(urgent: str, logged_in: Callable[..., Client]) -> None:
    nurse = logged_in("nurse")
    tasks = _open(urgent)
    first, second = (_say(nurse, urgent, tasks=tasks) for _ in range(2))

    assert first.status_code == second.status_code == 302
    assert [line["kind"] for line in courses.history(urgent)].count("urgent-disposition") == 1


def test_two_people_do_not_close_it_twice(urgent: str, logged_in: Callable[..., Client]) -> None:
    tasks = _open(urgent)
    _say(logged_in("nurse"), urgent, tasks=tasks)
    response = _say(logged_in("prescriber"), urgent, tasks=tasks, key="k2")

    assert response.status_code == 422
    assert "No open urgent task" in response.content.decode()


def test_a_note_that_somebody_added_does_not_stop_a_disposition(urgent: str, logged_in: Callable[..., Client]) -> None:
    nurse = logged_in("nurse")
    page = nurse.get(f"/mothers/{urgent}/urgent/").content.decode()
    position = page.split('name="position" value="')[1].split('"')[0]
    courses.add(urgent, Request("consultation", {"hopes": "To sleep."}, id="c1", by="N. Silva"), now=NOW)

    assert _say(nurse, urgent, position=position).status_code == 302


@pytest.mark.parametrize("role", ["pharmacist", "coordinator", "site-representative", "auditor"])
def test_only_a_nurse_or_a_prescriber_says_what_was_done(
    role: str, urgent: str, logged_in: Callable[..., Client]
) -> None:
    assert _say(logged_in(role), urgent).status_code in {302, 403}
    assert len(_open(urgent)) == 1
