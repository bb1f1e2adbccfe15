"""The page of the stage: urgent first, then what was not asked, then scores with their cut-offs and sources."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from clinic_examples import NOW, read_step
from django.test import Client

from matrescence.actions.course import Request
from matrescence.clinic.log import courses

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(begun: Callable[..., str], logged_in: Callable[..., Client]) -> Callable[..., str]:
    """The page after these records."""

    def show(*steps: tuple[str, dict[str, object]]) -> str:
        course = begun()
        for number, (kind, payload) in enumerate(steps):
            courses.add(course, Request(kind, dict(payload), id=f"s{number}", by="N. Silva, RN (invented)"), now=NOW)
        return logged_in("nurse").get(f"/mothers/{course}/assessment/").content.decode()

    return show


def _follow_up(*answers: int) -> tuple[str, dict[str, object]]:
    given = {str(number): score for number, score in enumerate(answers, start=1)}
    return "follow-up", {"scales": [{"scale": "epds", "answers_as": "score", "answers": given}]}


def test_before_any_answer_it_says_so(page: Callable[..., str]) -> None:
    assert "She has not been assessed yet." in page()


def test_totals_stand_with_cut_offs_accuracy_source_and_grade(page: Callable[..., str]) -> None:
    shown = page(("assessment", read_step("first-answers.toml")[1]))

    assert "<strong>21</strong>" in shown  # 2+2+3+2+1+3+2+3+2+1
    assert "85 % (79–90)" in shown  # Levis 2020, cut-off 10: sensitivity 0.85 (0.79 to 0.90)
    assert "95 % (92–96)" in shown  # the same, cut-off 13: specificity 0.95 (0.92 to 0.96)
    assert "levis_2020" in shown
    assert "A screen is not a diagnosis" in shown


def test_an_accuracy_that_nobody_published_is_unknown(page: Callable[..., str]) -> None:
    shown = page(("assessment", read_step("first-answers.toml")[1]))

    assert shown.split("anxiety, EPDS-3A (4 or more)")[1].split("</tr>")[0].count("unknown") == 2


def test_a_total_with_a_missing_answer_is_no_total(page: Callable[..., str]) -> None:
    answers = {str(number): 1 for number in range(1, 10)}
    form = {"scale": "epds", "answers_as": "score", "answers": answers}
    shown = page(("assessment", {"mother": {"name": "Julia (invented)"}, "scales": [form]}))

    assert "no total" in shown
    assert "it lies between 9 and 12" in shown
    assert "A missing answer is not a zero." in shown


def test_what_was_not_asked_and_could_be_urgent_stands_above_the_scores(page: Callable[..., str]) -> None:
    told = {"mother": {"name": "Julia (invented)"}, "past": {"prior_depression": False}}
    shown = page(("assessment", told))

    assert shown.index("Not asked yet, and could be urgent") < shown.index("What it looks like")
    assert "assessment.psychosis_unknown" in shown


def test_the_trend_shows_every_total_and_the_change(page: Callable[..., str]) -> None:
    first = ("assessment", read_step("first-answers.toml")[1])
    shown = page(first, _follow_up(1, 1, 1, 1, 1, 1, 1, 1, 1, 0))

    assert 'class="trend"' in shown
    assert "change -12" in " ".join(shown.split())  # from 21 to 9


@pytest.mark.parametrize(
    ("role", "status"),
    [("nurse", 200), ("prescriber", 200), ("pharmacist", 403), ("site-representative", 403),
     ("coordinator", 302), ("auditor", 302)],
)  # fmt: skip
def test_who_may_read_scores(
    role: str, status: int, begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    course = begun()
    browser = logged_in(role)

    assert browser.get(f"/mothers/{course}/assessment/").status_code == status
    assert browser.get(f"/mothers/{course}/urgent/").status_code == status


@pytest.mark.parametrize("role", ["pharmacist", "coordinator", "site-representative", "auditor"])
@pytest.mark.parametrize("place", ["assessment/record/", "assessment/follow-up/", "assessment/consultation/"])
def test_only_nurses_and_prescribers_write(
    role: str, place: str, begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    course = begun()
    response = logged_in(role).post(f"/mothers/{course}/{place}", {"key": "k", "scale": ["phq9"], "phq9:1": "1"})

    assert response.status_code == 403
    assert len(courses.history(course)) == 1
