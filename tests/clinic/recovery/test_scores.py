"""Scores against the forecast, response and remission in words, coming back, and the next session."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from clinic_examples import NOW, read_step
from django.test import Client
from stage_examples import FOLLOWED, LEFT, PLANNED, play

pytestmark = pytest.mark.django_db
Staff = dict[str, Client]
NURSE = "N. Silva, RN (invented)"
START = datetime.fromisoformat("2026-04-21T10:00:00-04:00")


def text(browser: Client, course: str, **asked: str) -> str:
    answer = browser.get(f"/mothers/{course}/recovery/", asked)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def scored(*totals: tuple[float, int], hamd17: int | None = 26, drug: str = "brexanolone") -> str:
    """A course with HAM-D17 totals at days from the start; ``hamd17`` is the one in her record."""
    from matrescence.actions.course import Request
    from matrescence.clinic.log import courses

    _, mother = read_step("mother.toml")
    told = {**mother, **({} if hamd17 is None else {"hamd17": hamd17})}
    course = courses.begin(Request("mother-recorded", {"drug": drug, "mother": told}, id="b", by=NURSE), now=NOW)
    for number, (day, total) in enumerate(totals):
        at = START + timedelta(days=day)
        request = Request("follow-up", answers(total), id=f"f{number}", by=NURSE, happened_at=at)
        courses.add(course.course.id, request, now=at)
    return course.course.id


def answers(total: int) -> dict[str, Any]:
    """A HAM-D17 with this total: the highest score of one item after the other."""
    from matrescence.instruments.library import load

    given, left = {}, total
    for item in load("hamd17").items:
        given[item.key] = min(left, int(item.high))
        left -= given[item.key]
    return {"scales": [{"scale": "hamd17", "answers_as": "score", "answers": given}]}


# ---- her own forecast -------------------------------------------------------------------------------------------


def test_her_score_stands_against_the_band_and_off_the_expected_course_is_said(staff: Staff) -> None:
    page = text(staff["nurse"], scored((7, 45)))
    own = page.partition('id="own-title"')[2].partition("</section>")[0]
    assert "off the expected course: higher" in own
    assert '<svg class="chart"' in own and "Halved, before" in own
    assert "It is not the chance that the treatment has failed." in own


def test_a_score_like_that_of_others_is_within_what_is_expected(staff: Staff) -> None:
    own = text(staff["nurse"], scored((7, 10))).partition('id="own-title"')[2].partition("</section>")[0]
    assert "within what is expected" in own and "off the expected course" not in own


def test_without_a_later_score_the_forecast_is_that_of_women_like_her(staff: Staff) -> None:
    own = text(staff["nurse"], scored()).partition('id="own-title"')[2].partition("</section>")[0]
    assert "No score after the start has been recorded" in own


def test_without_a_first_score_no_course_is_forecast_and_the_page_says_so(staff: Staff) -> None:
    own = text(staff["nurse"], scored(hamd17=None)).partition('id="own-title"')[2].partition("</section>")[0]
    assert "a course needs one to begin from" in own and '<svg class="chart"' not in own


def test_the_same_scores_of_another_woman_share_the_work_and_not_the_name(staff: Staff) -> None:
    from dataclasses import replace

    from matrescence.clinic.log.courses import open_course
    from matrescence.clinic.recovery import forecast

    opened = open_course(scored((7, 10)))
    told, _ = forecast.own_forecast(opened, None)
    assert told is not None and "Julia" not in str(told)
    hits = forecast._told.cache_info().hits
    forecast.own_forecast(replace(opened, id="another"), None)
    assert forecast._told.cache_info().hits == hits + 1


# ---- what scores say --------------------------------------------------------------------------------------------


def test_response_and_remission_are_said_with_their_definitions_and_what_has_none_is_unknown(staff: Staff) -> None:
    """EPDS 21 before and 12 after: a fall of 43 %, less than half; no source gives a remission on it."""
    page = text(staff["nurse"], play(FOLLOWED))
    assert "no (43 %)" in page and "a response needs 50 %" in page
    assert "EPDS: no number for remission was found in a source." in page
    assert "reliably better" in page and "a change of 4 or more is reliable" in page


def test_every_score_of_the_figure_stands_in_the_table_beside_it(staff: Staff) -> None:
    page = text(staff["nurse"], play(FOLLOWED)).partition('id="scores-title"')[2].partition("</section>")[0]
    assert '<svg class="trend"' in page
    assert '<td class="number">21</td>' in page and '<td class="number">12</td>' in page


# ---- coming back ------------------------------------------------------------------------------------------------


def test_follow_ups_are_held_due_or_overdue(staff: Staff) -> None:
    from matrescence.clinic.log.courses import open_course
    from matrescence.clinic.recovery.views import _coming

    page = text(staff["nurse"], play(FOLLOWED))
    assert "held Tue 28 Apr 10:20" in page
    assert "/assessment/follow-up/" in page
    opened = open_course(play(LEFT, key="second"))
    assert [item.held_at for item, _ in _coming(opened)["visits"]] == [None, None]


def test_driving_waits_as_the_drugs_folder_says(staff: Staff) -> None:
    assert "not before Wed 22 Apr 00:00" in text(staff["nurse"], play(LEFT))


def test_before_any_session_there_is_no_next_one_and_nothing_to_leave_from(staff: Staff) -> None:
    page = text(staff["nurse"], play(PLANNED))
    assert "No session has been given yet." in page
    assert "there is nothing to leave from" in page


def test_after_a_single_session_the_next_is_a_clinicians_to_decide(staff: Staff) -> None:
    assert "clinician decides" in text(staff["nurse"], play(LEFT)).partition('id="next-title"')[2]


@pytest.mark.parametrize("risk", ["0", "99", "some"])
def test_a_risk_that_cannot_be_meant_is_refused_and_kept(staff: Staff, risk: str) -> None:
    answer = staff["nurse"].get(f"/mothers/{play(LEFT)}/recovery/", {"risk": risk})
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "allowed: 1 to 95" in page and f'id="risk" value="{risk}"' in page


def test_for_a_stated_risk_each_study_gives_its_own_day_and_says_in_whom(staff: Staff) -> None:
    from matrescence.actions.course import Request
    from matrescence.clinic.log import courses

    course = play(PLANNED)
    plan = Request("plan-chosen", {"regimen": "series-of-six"}, id="six", by="Dr A. Moreau (invented)")
    courses.add(course, plan, now=START)
    page = text(staff["nurse"], course, risk="20")
    told = page.partition('id="next-title"')[2]
    assert "20 of 100 people who had responded had relapsed" in told
    assert "Nobody in this study had depression after birth." in told
    assert "murrough" in told.casefold()
