"""What is filled in from the last session: only what may still be true, and it is said where it comes from."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from paper_examples import FORMS, MOTHER, SETTING, good_answer, of

from matrescence.care.enrolment.forms import FieldKind, Form
from matrescence.care.enrolment.programme import Party, Timing
from matrescence.care.enrolment.records import Record
from matrescence.clinic.enrolment.answers import answers_of, plain_of, typed_of
from matrescence.clinic.enrolment.prefill import prefilled

ABOUT = {Party.MOTHER: MOTHER, Party.SETTING: SETTING}


def filed(requirement: str, form: Form) -> Record:
    answers = answers_of(form, {name: good_answer(field) for name, field in form.fields.items()})
    return Record("paper-1", requirement, datetime(2026, 3, 7, 9, tzinfo=UTC), "somebody", ABOUT, answers)


@pytest.mark.parametrize(("programme", "requirement"), FORMS)
def test_nothing_that_is_confirmed_measured_or_told_of_one_session_is_carried_over(
    programme: str, requirement: str
) -> None:
    _, item, form = of(programme, requirement)
    typed, notes = prefilled(form, item, ABOUT, [filed(requirement, form)])
    kinds = {form.fields[name].kind for name in typed}
    assert not kinds & {FieldKind.CONFIRMED, FieldKind.NUMBER, FieldKind.YES_NO}
    assert set(notes) == set(typed)
    if item.timing is Timing.DUE_AFTER:
        assert all("known here" in note for note in notes.values())


def test_a_name_that_is_known_is_not_typed_again() -> None:
    _, item, form = of("zulresso", "patient.enrolment")
    assert prefilled(form, item, ABOUT, [])[0] == {"patient_name": MOTHER}


def test_who_takes_her_home_is_filled_in_and_says_from_which_form() -> None:
    _, item, form = of("local-protocol", "session.checklist")
    typed, notes = prefilled(form, item, ABOUT, [filed(item.id, form)])
    assert set(typed) == {"escort", "who_holds_the_baby"}
    assert "paper-1" in notes["escort"]


@pytest.mark.parametrize(("programme", "requirement"), FORMS)
def test_answers_come_back_from_a_record_as_they_were_typed(programme: str, requirement: str) -> None:
    _, _, form = of(programme, requirement)
    typed = {name: good_answer(field) for name, field in form.fields.items()}
    answers = answers_of(form, typed)
    assert answers_of(form, typed_of(answers)) == answers
    assert set(plain_of(answers)) == set(form.fields)
