from __future__ import annotations

import re
from pathlib import Path

import pytest

from matrescence.care.assessment.consultation import AnswerKind, review
from matrescence.care.verdict import Finding
from matrescence.instruments.consultation import load_questions, read_answers
from matrescence.reading import InputError

QUESTIONS = load_questions()
SETTLED = {
    "symptoms_began": "in week 3",
    "tried_before": "sertraline 100 mg for eight weeks",
    "tried_long_enough": "yes",
    "hopes": "to sleep",
    "feeding_plan": "formula",
    "who_holds_the_baby": "her mother",
    "baby_carer_confirmed": True,
    "sessions_expected": 6,
    "understands_repeats": True,
    "travel": "an hour by car",
    "driver": True,
    "medicines_and_substances": "sertraline; no alcohol",
    "pregnancy_test": "no",
    "consent": True,
    "cost_questions": "whether her HSA pays",
    "estimate_given": True,
}


def test_the_questions_cover_what_an_infusion_clinic_asks() -> None:
    assert {question.topic for question in QUESTIONS} == {
        "Beginning", "Treatment so far", "Hopes", "Feeding", "The baby", "Sessions", "Travel", "Safety", "Consent",
        "Cost",
    }  # fmt: skip


@pytest.mark.rule("assessment.consultation_open")
def test_nothing_answered_leaves_every_question_open() -> None:
    found = review(QUESTIONS, {})
    assert found.open == QUESTIONS
    assert not found.complete
    assert [reason.rule for reason in found.reasons] == ["assessment.consultation_open"] * len(QUESTIONS)
    assert {reason.finding for reason in found.reasons} == {Finding.UNKNOWN}


@pytest.mark.rule("assessment.consultation_open")
def test_a_blank_text_is_no_answer() -> None:
    assert "hopes" in {question.key for question in review(QUESTIONS, SETTLED | {"hopes": "  "}).open}


def test_everything_settled_is_complete() -> None:
    found = review(QUESTIONS, SETTLED)
    assert found.complete
    assert len(found.answered) == len(QUESTIONS)
    assert found.reasons == ()


@pytest.mark.rule("assessment.consultation_follow_up")
@pytest.mark.parametrize(
    ("key", "answer", "step"),
    [
        ("tried_long_enough", "none tried", "standard treatment"),
        ("feeding_plan", "breast", "feeding and pumping plan"),
        ("baby_carer_confirmed", False, "second adult for the baby"),
        ("understands_repeats", False, "relapse"),
        ("driver", False, "does not drive herself home"),
        ("pregnancy_test", "not known", "pregnancy test"),
        ("consent", False, "No infusion without her written consent"),
        ("estimate_given", False, "written estimate"),
    ],
)
def test_an_answer_that_needs_a_step_names_it(key: str, answer: str | bool, step: str) -> None:
    found = review(QUESTIONS, SETTLED | {key: answer})
    (needed,) = found.needs_step
    assert needed.question.key == key
    assert step in needed.step
    assert needed.reason.rule == "assessment.consultation_follow_up"
    assert not found.complete


@pytest.mark.parametrize(
    ("key", "answer", "message"),
    [
        ("driver", "yes", "true or false"),
        ("sessions_expected", True, "a number, 0 or more, sessions"),
        ("sessions_expected", -1, "a number, 0 or more, sessions"),
        ("feeding_plan", "bottle", "one of breast, mixed, formula, undecided"),
        ("hopes", 3, "a text"),
        ("driving", True, "Did you mean 'driver'"),
        ("zzz", True, "Allowed: symptoms_began"),
    ],
)
def test_an_answer_of_the_wrong_kind_is_refused(key: str, answer: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_answers({key: answer}, QUESTIONS, "invented.toml: consultation")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('kind = "yes"', "kind = "),
        ('kind = "yes-no"\n[[questions.follow_up]]\nanswers = ["no"]\nstep = "x"', "true or false"),
        ('kind = "yes-no"\n[[questions.follow_up]]\nanswers = [false]', "step is missing"),
    ],
)
def test_a_broken_question_is_refused(tmp_path: Path, line: str, message: str) -> None:
    head = '[[questions]]\nkey = "k"\ntopic = "t"\ntext = "x"\nsource = "project-decision"\nat = "a"\n'
    path = tmp_path / "consultation.toml"
    path.write_text(f'{head}basis = "site-policy"\ngrade = "C"\n{line}\n', "utf-8")
    with pytest.raises(InputError, match=re.escape(message)):
        load_questions(path)


def test_a_number_is_not_a_yes() -> None:
    question = next(q for q in QUESTIONS if q.kind is AnswerKind.NUMBER)
    assert review((question,), {question.key: 0}).answered[0].answer == 0
