"""A form made from the scales: what is not chosen is missing, what is chosen is recorded as it was chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from clinic_examples import NOW
from django.test import Client

from matrescence.actions.course import Request
from matrescence.care.assessment.history import History, InfantHarm, PsychosisSigns
from matrescence.clinic.assessment import form
from matrescence.clinic.assessment.wording import screening_scales
from matrescence.clinic.log import courses
from matrescence.instruments.library import load

pytestmark = pytest.mark.django_db


def _page(course: str, kind: str = "record") -> str:
    return f"/mothers/{course}/assessment/{kind}/"


def _sitting(course: str) -> Any:
    return courses.open_course(course).known.sittings[-1]


def test_the_form_asks_every_field_of_the_core() -> None:
    assert tuple(form.SIGNS) == tuple(PsychosisSigns.__dataclass_fields__)
    assert tuple(form.INFANT_HARM) == tuple(InfantHarm.__dataclass_fields__)
    assert set(form.PAST) <= set(History.__dataclass_fields__)


@pytest.mark.parametrize("scale", [scale.name for scale in screening_scales()])
def test_every_scale_can_be_entered_item_by_item(
    scale: str, begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    course, items = begun(), load(scale).items
    page = logged_in("nurse").get(f"{_page(course)}?scale={scale}").content.decode()

    for item in items:
        for score in range(item.low, item.high + 1):
            assert f'name="{scale}:{item.key}" value="{score}"' in page
        assert f'name="{scale}:{item.key}" value="" checked' in page


def test_a_scale_without_wording_says_where_each_answer_stands_on_the_paper(
    begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    sheet = form.sheets(["epds"], {})[0]

    assert not sheet.worded
    assert [(choice.text, choice.note) for choice in sheet.rows[9].choices] == [
        ("answer 1", "scores 3"), ("answer 2", "scores 2"), ("answer 3", "scores 1"), ("answer 4", "scores 0"),
    ]  # fmt: skip
    assert [choice.value for choice in sheet.rows[0].choices] == ["0", "1", "2", "3"]


def test_no_wording_of_the_epds_is_on_any_page(begun: Callable[..., str], logged_in: Callable[..., Client]) -> None:
    course, nurse = begun(), logged_in("nurse")
    rows = form.sheets(["epds", "madrs"], {})

    assert all(item.wording is None for name in ("epds", "madrs") for item in load(name).items)
    assert {row.text for sheet in rows for row in sheet.rows} <= {
        item.name for name in ("epds", "madrs") for item in load(name).items
    }
    assert "may not be shown here" in nurse.get(f"{_page(course)}?scale=epds").content.decode()


def test_what_is_not_chosen_is_missing_and_what_nobody_asked_is_unknown(
    begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    course = begun()
    typed = {"scale": ["epds"], "epds:1": "2", "epds:2": "", "signs:delusions": "no", "past:prior_depression": "yes"}
    response = logged_in("nurse").post(_page(course), {"key": "k", **typed})

    assert response.status_code == 302
    assessed = _sitting(course).assessed
    assert assessed.forms[0].given == {"1": 2}
    assert assessed.history.signs.delusions is False
    assert assessed.history.signs.hallucinations is None
    assert assessed.history.prior_depression is True
    assert assessed.history.pregnant is None


def test_an_urgent_answer_leads_to_the_urgent_page(begun: Callable[..., str], logged_in: Callable[..., Client]) -> None:
    course = begun()
    response = logged_in("nurse").post(_page(course), {"key": "k", "scale": ["epds"], "epds:10": "1"})

    assert response.headers["Location"] == f"/mothers/{course}/urgent/"


def test_what_cannot_be_right_is_refused_and_everything_typed_is_kept(
    begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    course = begun()
    typed = {"scale": ["phq9"], "phq9:1": "3", "days_since_birth": "forty", "began": "after-birth"}
    response = logged_in("nurse").post(_page(course), {"key": "k", **typed})
    page = response.content.decode()

    assert response.status_code == 422
    assert "days_since_birth" in page
    assert 'value="forty"' in page
    assert 'name="phq9:1" value="3" checked' in page
    assert courses.open_course(course).known.sittings == ()


def test_nothing_is_written_over_what_somebody_else_has_added(
    begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    course, nurse = begun(), logged_in("nurse")
    courses.add(course, Request("consultation", {"hopes": "To sleep."}, id="c1", by="N. Silva"), now=NOW)
    response = nurse.post(_page(course), {"key": "k", "position": "1", "scale": ["phq9"], "phq9:1": "3"})

    assert response.status_code == 409
    assert 'name="phq9:1" value="3" checked' in response.content.decode()


def test_a_follow_up_needs_a_scale_and_is_recorded_as_one(
    begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    course, nurse = begun(), logged_in("nurse")

    assert nurse.post(_page(course, "follow-up"), {"key": "k1", "scale": ["phq9"]}).status_code == 422
    assert nurse.post(_page(course, "follow-up"), {"key": "k2", "scale": ["phq9"], "phq9:9": "0"}).status_code == 302
    assert _sitting(course).assessed.follow_up


def test_when_she_answered_is_told_by_the_clock_where_she_is(
    begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    course = begun()
    typed = {"key": "k", "scale": ["phq9"], "phq9:9": "0", "answered_at": "2026-04-14T09:30"}
    logged_in("nurse").post(_page(course), typed)

    assert _sitting(course).at.isoformat() == "2026-04-14T09:30:00-04:00"


def test_her_past_is_typed_once_and_what_may_have_changed_is_asked_again(
    begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    course, nurse = begun(), logged_in("nurse")
    first = {"scale": ["phq9"], "phq9:9": "0", "past:prior_depression": "yes", "signs:delusions": "no"}
    nurse.post(_page(course), {"key": "k", **first})
    page = nurse.get(_page(course)).content.decode()

    assert 'name="past:prior_depression" value="yes" checked' in page
    assert 'name="signs:delusions" value="" checked' in page


def test_a_form_with_nothing_filled_in_is_no_assessment(
    begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    course = begun()
    response = logged_in("nurse").post(_page(course), {"key": "empty", "days_since_birth": "30"})

    assert response.status_code == 422
    assert "give at least one answer" in response.content.decode()
    assert courses.open_course(course).known.sittings == ()
