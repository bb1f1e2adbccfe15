"""Leaving: each criterion met, not met or not recorded; against the checklist only by a named clinician, with why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client
from stage_examples import CHECKED, ENDED, LEFT, PLANNED, play

pytestmark = pytest.mark.django_db
Staff = dict[str, Client]
MET = {
    "sedation_resolved": "yes",
    "readiness_total": "10",
    "pressure_before_systolic": "118",
    "pressure_before_diastolic": "76",
    "pressure_now_systolic": "122",
    "pressure_now_diastolic": "78",
    "responsible_adult": "yes",
    "child_cared_for": "yes",
}
LEAVES = {"left_with": "her sister", "follow_up_1": "2026-12-28T10:00", "follow_up_2": "2027-01-19T10:00"}


def position(course: str) -> str:
    from matrescence.clinic.log.courses import open_course

    return str(open_course(course).position)


def post(browser: Client, course: str, form: str, typed: dict[str, str], **more: str) -> Any:
    body = {"key": f"{form}-1", "position": position(course), **typed, **more}
    return browser.post(f"/mothers/{course}/recovery/{form}/", body)


def text(browser: Client, course: str, form: str = "") -> str:
    answer = browser.get(f"/mothers/{course}/recovery/{form}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def lines(course: str, kind: str) -> list[dict[str, Any]]:
    from matrescence.clinic.log.courses import history

    return [line["payload"] for line in history(course) if line["kind"] == kind]


# ---- the checklist ----------------------------------------------------------------------------------------------


def test_nothing_recorded_is_never_taken_as_met(staff: Staff) -> None:
    page = text(staff["nurse"], play(ENDED))
    assert ">stays<" in page
    assert page.count("not recorded</span>") == 5, "sedation, readiness, pressure, the adult, the child"


def test_a_full_checklist_lets_her_go_and_asks_nobody_to_decide(staff: Staff) -> None:
    course = play(ENDED)
    assert post(staff["nurse"], course, "checklist", MET).status_code == 302
    assert lines(course, "leaving-checklist")[-1]["pressure_now"] == [122, 78]
    assert ">may leave<" in text(staff["nurse"], course)
    assert "decided_by" not in text(staff["nurse"], course, "discharge/")


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"sedation_resolved": "no"}, "not met"),
        ({"readiness_total": "5"}, "not met"),
        ({"pressure_now_systolic": "190"}, "not met"),
        ({"responsible_adult": ""}, "not recorded"),
        ({"child_cared_for": "no"}, "not met"),
    ],
)
def test_one_criterion_that_is_not_met_or_not_recorded_keeps_her(
    staff: Staff, changed: dict[str, str], word: str
) -> None:
    course = play(ENDED)
    post(staff["nurse"], course, "checklist", {**MET, **changed})
    page = text(staff["nurse"], course)
    assert ">stays<" in page and page.count(f"{word}</span>") == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"readiness_total": "ten"}, "This is no number."),
        ({"pressure_now_diastolic": ""}, "Both values, or none."),
        ({"readiness_total": "900"}, "900"),
    ],
)
def test_a_refused_checklist_keeps_everything_that_was_typed(staff: Staff, changed: dict[str, str], said: str) -> None:
    course = play(ENDED)
    answer = post(staff["nurse"], course, "checklist", {**MET, **changed})
    page = unescape(answer.content.decode())
    assert answer.status_code == 422 and not lines(course, "leaving-checklist")
    assert said in page
    assert 'id="pressure_before_systolic" value="118"' in page
    assert 'id="sedation_resolved-1" value="yes" checked' in page


def test_a_checklist_before_the_end_is_refused_with_the_rule(staff: Staff) -> None:
    course = play(PLANNED)
    answer = post(staff["nurse"], course, "checklist", MET)
    assert answer.status_code == 422
    assert "the checklist is filled after its end" in unescape(answer.content.decode())


def test_the_form_asks_for_what_the_drugs_folder_asks(begun: Callable[..., str], staff: Staff) -> None:
    from matrescence.care.recovery.guidance import Criterion
    from matrescence.clinic.log.courses import open_course
    from matrescence.clinic.recovery.leaving_form import checklist_inputs

    for drug in ("ketamine", "brexanolone"):
        opened = open_course(begun(drug=drug, key=drug))
        names = {item.name for item in checklist_inputs(opened.known, opened.ground)}
        kinds = {item.kind for item in opened.ground.guidance.discharge}
        assert ("readiness_total" in names) is (Criterion.READINESS in kinds)
        assert ("pressure_now_systolic" in names) is (Criterion.BLOOD_PRESSURE in kinds)


# ---- how she leaves ---------------------------------------------------------------------------------------------


def test_she_leaves_by_the_checklist_with_her_follow_ups(staff: Staff) -> None:
    course = play(CHECKED)
    assert post(staff["nurse"], course, "discharge", LEAVES).status_code == 302
    left = lines(course, "discharge")[-1]
    assert left["left_with"] == "her sister" and "decided" not in left
    assert left["follow_ups"] == ["2026-12-28T10:00:00-05:00", "2027-01-19T10:00:00-05:00"]
    page = text(staff["nurse"], course)
    assert "with her sister" in page and "Mon 28 Dec 10:00" in page


def test_against_the_checklist_a_clinician_is_named_and_says_why(staff: Staff) -> None:
    course = play(ENDED)
    silent = post(staff["nurse"], course, "discharge", LEAVES)
    page = unescape(silent.content.decode())
    assert silent.status_code == 422 and not lines(course, "discharge")
    assert "Name the clinician: the checklist is not met." in page
    assert 'value="her sister"' in page and 'value="2026-12-28T10:00"' in page
    short = post(staff["nurse"], course, "discharge", LEAVES, decided_by="Dr A. Moreau (invented)", decided_why="ok")
    assert short.status_code == 422 and not lines(course, "discharge")
    why = "She asks to go, and her sister is a nurse."
    told = post(staff["nurse"], course, "discharge", LEAVES, decided_by="Dr A. Moreau (invented)", decided_why=why)
    assert told.status_code == 302
    assert lines(course, "discharge")[-1]["decided"] == {"by": "Dr A. Moreau (invented)", "why": why}
    shown = text(staff["nurse"], course)
    assert "Not by the checklist: Dr A. Moreau (invented) decided it." in shown and why in shown


def test_a_posted_decision_is_not_needed_and_not_kept_where_the_checklist_is_met(staff: Staff) -> None:
    course = play(CHECKED)
    post(staff["nurse"], course, "discharge", LEAVES, decided_by="Somebody", decided_why="Because I say so.")
    assert "decided" not in lines(course, "discharge")[-1]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"left_with": ""}, "Say who is with her."),
        ({"follow_up_1": "tomorrow"}, "This is no date and time."),
        ({"follow_up_1": "2027-03-14T02:30"}, "The clocks change at this time"),
    ],
)
def test_a_refused_form_of_leaving_keeps_everything(staff: Staff, changed: dict[str, str], said: str) -> None:
    course = play(CHECKED)
    answer = post(staff["nurse"], course, "discharge", {**LEAVES, **changed})
    page = unescape(answer.content.decode())
    assert answer.status_code == 422 and said in page and 'value="2027-01-19T10:00"' in page
    assert not lines(course, "discharge")


def test_the_follow_ups_begin_with_those_of_the_drugs_folder(staff: Staff) -> None:
    page = text(staff["nurse"], play(CHECKED), "discharge/")
    assert 'value="2026-04-22T10:20"' in page and 'value="2026-04-28T10:20"' in page


def test_a_double_click_is_one_leaving(staff: Staff) -> None:
    course = play(CHECKED)
    old = position(course)
    for _ in range(2):
        assert post(staff["nurse"], course, "discharge", LEAVES, position=old).status_code == 302
    assert len(lines(course, "discharge")) == 1


def test_a_checklist_is_not_written_over_what_somebody_has_added_since(staff: Staff) -> None:
    course = play(ENDED)
    old = position(course)
    post(staff["nurse"], course, "checklist", MET)
    answer = post(staff["prescriber"], course, "checklist", {**MET, "readiness_total": "9"}, key="late", position=old)
    assert answer.status_code == 409 and len(lines(course, "leaving-checklist")) == 1
    assert 'id="readiness_total" value="9"' in answer.content.decode()


@pytest.mark.parametrize("form", ["checklist", "discharge"])
def test_a_pharmacist_reads_how_she_leaves_and_writes_nothing(staff: Staff, form: str) -> None:
    course = play(ENDED)
    assert post(staff["pharmacist"], course, form, {**MET, **LEAVES}).status_code == 403
    assert "<textarea" not in text(staff["pharmacist"], course, f"{form}/")


def test_the_report_of_her_session_is_a_pdf_of_its_own_events(staff: Staff) -> None:
    from matrescence.care.infusion.events import Discharged, Opened
    from matrescence.clinic.log.courses import open_course
    from matrescence.clinic.log.models import Audit
    from matrescence.clinic.recovery.papers import events_of

    course = play(LEFT)
    events = events_of(open_course(course).known, 1)
    assert isinstance(events[0], Opened) and isinstance(events[-1], Discharged)
    answer = staff["nurse"].get(f"/mothers/{course}/recovery/session-1.pdf")
    assert answer.content.startswith(b"%PDF") and answer["Content-Type"] == "application/pdf"
    row = Audit.objects.order_by("-seq")[0]
    assert (row.action, row.detail, row.outcome) == ("recovery.view", "session-1-report.pdf", "read")
    assert staff["nurse"].get(f"/mothers/{course}/recovery/session-2.pdf").status_code == 404
    assert "session-1.pdf" in text(staff["nurse"], course)


def test_the_page_of_the_infusion_leads_to_the_report_of_its_session(staff: Staff) -> None:
    course = play(ENDED)
    page = unescape(staff["nurse"].get(f"/mothers/{course}/infusion/").content.decode())
    assert f"/mothers/{course}/recovery/session-1.pdf" in page


def test_what_is_written_down_late_stands_at_the_time_when_it_was(staff: Staff) -> None:
    """Before 1.5 h are over she stays; the same checklist at 12:25 lets her go at 12:30, by the clock on her wall."""
    from matrescence.clinic.log.courses import history

    course = play(ENDED)
    assert post(staff["nurse"], course, "checklist", MET, happened="2026-04-21T12:25").status_code == 302
    assert datetime.fromisoformat(history(course)[-1]["happened_at"]) == datetime(2026, 4, 21, 16, 25, tzinfo=UTC)
    early = post(staff["nurse"], course, "discharge", LEAVES, happened="2026-04-21T11:00")
    assert early.status_code == 422 and "Name the clinician" in unescape(early.content.decode())
    assert post(staff["nurse"], course, "discharge", LEAVES, happened="2026-04-21T12:30").status_code == 302
    assert "She left on Tue 21 Apr 12:30" in text(staff["nurse"], course)


def test_a_time_that_has_not_come_is_refused(staff: Staff) -> None:
    course = play(CHECKED)
    answer = post(staff["nurse"], course, "discharge", LEAVES, happened="2098-01-01T10:00")
    assert answer.status_code == 422 and not lines(course, "discharge")


def test_a_drug_by_mouth_agrees_on_follow_ups_without_a_session(begun: Callable[..., str], staff: Staff) -> None:
    course = begun(drug="zuranolone")
    assert "Agree on follow-ups" in text(staff["nurse"], course)
    assert post(staff["nurse"], course, "discharge", LEAVES).status_code == 302
    assert "Mon 28 Dec 10:00" in text(staff["nurse"], course)


def test_other_follow_ups_replace_those_that_were_agreed(staff: Staff) -> None:
    course = play(LEFT)
    answer = post(staff["nurse"], course, "discharge", {"left_with": "her sister", "follow_up_1": "2027-02-02T09:00"})
    assert answer.status_code == 302
    page = text(staff["nurse"], course).partition('id="visits-title"')[2].partition("</section>")[0]
    assert "Tue 2 Feb 09:00" in page and "28 Apr" not in page
