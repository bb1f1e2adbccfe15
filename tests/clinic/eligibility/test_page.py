"""The page of eligibility: every reason, unknown stays unknown, and a decision about exactly what is open."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from html import unescape

import pytest
from clinic_examples import read_step
from django.test import Client

pytestmark = pytest.mark.django_db
FACTS: Mapping[str, object] = read_step("health.toml")[1]
ELIGIBLE, DECIDES, NOT = "Eligible by what is known", "A prescriber decides", "Not eligible"


def typed(facts: Mapping[str, object]) -> dict[str, str]:
    """Facts as one types them."""
    shown = {True: "yes", False: "no"}
    return {
        name: "none" if value == [] else shown.get(value, str(value)) if isinstance(value, bool) else f"{value}"
        for name, value in facts.items()
    }


@pytest.fixture
def course(begun: Callable[..., str]) -> str:
    return begun()


def position(course: str) -> str:
    from matrescence.clinic.log.courses import open_course

    return str(open_course(course).position)


def record(browser: Client, course: str, facts: Mapping[str, object], **more: str):  # type: ignore[no-untyped-def]
    return browser.post(f"/mothers/{course}/eligibility/facts/", {**typed(facts), "position": position(course), **more})


def text(browser: Client, course: str) -> str:
    return unescape(browser.get(f"/mothers/{course}/eligibility/").content.decode())


def decide(browser: Client, course: str, **more: str):  # type: ignore[no-untyped-def]
    about = text(browser, course).partition('name="about" value="')[2].partition('"')[0]
    body = {"go_on": "yes", "why": "It was weighed with her.", "about": about, "position": position(course), **more}
    return browser.post(f"/mothers/{course}/eligibility/decision/", body)


def test_before_anything_is_asked_nothing_is_read_as_a_no(course: str, staff: dict[str, Client]) -> None:
    page = text(staff["nurse"], course)
    assert "it is never read as a no" in page
    assert ELIGIBLE not in page


def test_an_empty_form_of_facts_leaves_every_question_unknown_and_her_not_eligible(
    course: str, staff: dict[str, Client]
) -> None:
    assert record(staff["nurse"], course, {}).status_code == 302
    page = text(staff["nurse"], course)
    assert DECIDES in page and ELIGIBLE + "</h2>" not in page


@pytest.mark.parametrize("seed", range(6))
def test_leaving_facts_out_never_makes_her_eligible_who_would_not_be(
    course: str, staff: dict[str, Client], seed: int
) -> None:
    dice = random.Random(seed)
    kept = {name: value for name, value in FACTS.items() if dice.random() < 0.6}
    decisive = ("pregnant", "psychosis_now", "psychosis_before", "uncontrolled_hypertension", "aneurysmal_disease")
    kept.pop(dice.choice(decisive), None)
    record(staff["nurse"], course, kept)
    assert f'id="verdict">{ELIGIBLE}' not in text(staff["nurse"], course)


def test_all_facts_known_and_none_against_it_is_eligible_and_says_off_label(
    course: str, staff: dict[str, Client]
) -> None:
    record(staff["nurse"], course, FACTS)
    page = text(staff["nurse"], course)
    assert f'id="verdict">{ELIGIBLE}' in page
    assert "off label" in page and "off-label (1 January 2024)" in page


def test_a_withdrawn_approval_stands_above_the_verdict(begun: Callable[..., str], staff: dict[str, Client]) -> None:
    page = text(staff["nurse"], begun(drug="brexanolone"))
    assert "withdrawn (14 April 2025)" in page


def test_every_criterion_of_the_drug_is_on_the_page_with_rule_source_and_grade(
    course: str, staff: dict[str, Client]
) -> None:
    from matrescence.care.eligibility.rules import RULE_OF
    from matrescence.formulary import library

    record(staff["nurse"], course, {"pregnant": True})
    page = text(staff["nurse"], course)
    for criterion in library.load("ketamine").criteria:
        assert RULE_OF[criterion.name].id in page
        assert criterion.statement.source in page
    assert NOT in page


def test_what_forbids_it_is_the_only_thing_that_would_change_the_verdict(course: str, staff: dict[str, Client]) -> None:
    record(staff["nurse"], course, {**FACTS, "pregnant": True})
    page = text(staff["nurse"], course)
    assert f'id="verdict">{NOT}' in page
    assert f"Without it the verdict would be: {ELIGIBLE}." in page
    assert 'name="go_on"' not in page


def test_facts_are_filled_bit_by_bit_and_nothing_is_typed_twice(course: str, staff: dict[str, Client]) -> None:
    from matrescence.clinic.log.courses import history

    record(staff["nurse"], course, {"pregnant": False})
    record(staff["nurse"], course, {"pregnant": False, "bipolar": False})
    payloads = [line["payload"] for line in history(course) if line["kind"] == "eligibility-facts"]
    assert payloads == [{"pregnant": False}, {"bipolar": False}]
    page = text(staff["nurse"], course)
    assert 'id="pregnant-2" value="no" checked' in page
    assert 'id="psychosis_now-3" value="" checked' in page


def test_the_same_facts_again_write_nothing(course: str, staff: dict[str, Client]) -> None:
    record(staff["nurse"], course, FACTS)
    before = position(course)
    record(staff["nurse"], course, FACTS)
    assert position(course) == before


def test_what_cannot_be_used_is_named_and_what_was_typed_is_kept(course: str, staff: dict[str, Client]) -> None:
    answer = record(staff["nurse"], course, {"pregnant": False}, systolic_mmhg="lots")
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "a number from 40 to 300 mmHg" in page
    assert 'value="lots"' in page and 'id="pregnant-2" value="no" checked' in page


def test_a_fact_that_is_not_known_after_all_is_taken_back_with_a_reason_and_is_unknown_again(
    course: str, staff: dict[str, Client]
) -> None:
    from matrescence.clinic.log.courses import open_course

    record(staff["nurse"], course, {"pregnant": False, "bipolar": False})
    silent = record(staff["nurse"], course, {"bipolar": False})
    assert silent.status_code == 422
    said = record(staff["nurse"], course, {"bipolar": False}, **{"why-back": "The test belonged to somebody else."})
    assert said.status_code == 302
    health = open_course(course).known.health
    assert health is not None
    assert (health.pregnant, health.bipolar) == (None, False)


def test_a_decision_holds_for_exactly_the_reasons_that_were_open_and_falls_when_facts_change(
    course: str, staff: dict[str, Client]
) -> None:
    left = {name: value for name, value in FACTS.items() if name != "accompanied_with_child"}
    record(staff["nurse"], course, left)
    assert decide(staff["prescriber"], course).status_code == 302
    assert "to go on:" in text(staff["nurse"], course)
    record(staff["nurse"], course, {**left, "accompanied_with_child": False})
    page = text(staff["nurse"], course)
    assert "no longer holds: what is open has changed." in page
    assert "no other adult is with her and the children" in page


def test_a_decision_about_reasons_that_have_changed_since_they_were_shown_is_refused(
    course: str, staff: dict[str, Client]
) -> None:
    record(staff["nurse"], course, {"pregnant": False})
    stale = text(staff["prescriber"], course).partition('name="about" value="')[2].partition('"')[0]
    record(staff["nurse"], course, {"pregnant": False, "bipolar": False})
    answer = decide(staff["prescriber"], course, about=stale)
    assert answer.status_code == 422
    assert "The reasons have changed since they were shown." in unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("typed_in", "told"), [({"why": "ok"}, "Say why (at least 10 letters)."), ({"go_on": ""}, "Say whether to go on.")]
)
def test_a_decision_says_yes_or_no_and_why(
    course: str, staff: dict[str, Client], typed_in: dict[str, str], told: str
) -> None:
    record(staff["nurse"], course, {"pregnant": False})
    answer = decide(staff["prescriber"], course, **typed_in)
    assert answer.status_code == 422 and told in unescape(answer.content.decode())


def test_only_a_prescriber_decides(course: str, staff: dict[str, Client]) -> None:
    record(staff["nurse"], course, {"pregnant": False})
    assert 'name="go_on"' not in text(staff["nurse"], course)
    assert decide(staff["nurse"], course).status_code == 403


def test_facts_written_over_somebody_elses_are_a_conflict_that_keeps_what_was_typed(
    course: str, staff: dict[str, Client]
) -> None:
    old = position(course)
    record(staff["nurse"], course, {"pregnant": False})
    answer = record(staff["prescriber"], course, {"bipolar": True, "pregnant": False}, position=old)
    assert answer.status_code == 409
    assert 'id="bipolar-1" value="yes" checked' in answer.content.decode()
