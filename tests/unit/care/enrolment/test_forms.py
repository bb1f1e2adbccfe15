"""A form is complete only when every required field has an answer it allows and everybody has signed in time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from matrescence.care.enrolment.forms import Answer, FieldKind, Form, FormField, OnlyIf, Signature, described, gaps
from matrescence.facts import Statement

AT = datetime(2026, 3, 7, 12, tzinfo=UTC)
SAID = Statement("invented", "project-decision", "test", "project-decision", "C")
FIELDS = (
    FormField("name", "Her name", FieldKind.TEXT),
    FormField("told", "She has been told", FieldKind.CONFIRMED),
    FormField("drinks", "Does she drink", FieldKind.YES_NO),
    FormField("what", "What", FieldKind.TEXT, only_if=OnlyIf("drinks", True)),
    FormField("pressure", "Pressure", FieldKind.NUMBER, low=40, high=300, unit="mmHg"),
    FormField("place", "Place", FieldKind.CHOICE, choices=("in", "out")),
    FormField("born", "Born", FieldKind.DATE),
    FormField("remark", "Remark", FieldKind.TEXT, required=False),
)
FORM = Form("f", "a form", {field.name: field for field in FIELDS}, ("patient",), SAID)
FULL: dict[str, Answer] = {
    "name": "Ana (invented)", "told": True, "drinks": False, "pressure": 118, "place": "in", "born": date(1997, 4, 2)
}  # fmt: skip
SIGNED = (Signature("patient", "Ana (invented)", AT),)


def named(answers: dict[str, Answer], signatures: tuple[Signature, ...] = SIGNED) -> list[str]:
    return [gap.split(":")[0] for gap in gaps(FORM, answers, signatures, AT)]


def test_a_full_form_has_no_gap() -> None:
    assert gaps(FORM, FULL, SIGNED, AT) == ()


def test_an_empty_form_names_every_required_field_and_signature() -> None:
    assert named({}, ()) == ["name", "told", "drinks", "pressure", "place", "born", "signature of the patient"]


@pytest.mark.parametrize("field", FULL)
def test_a_partly_filled_form_names_exactly_the_missing_field(field: str) -> None:
    assert named({name: answer for name, answer in FULL.items() if name != field}) == [field]


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        ("name", "  "),
        ("name", True),
        ("told", False),
        ("told", "yes"),
        ("drinks", "no"),
        ("pressure", 39.9),
        ("pressure", 300.1),
        ("pressure", True),
        ("pressure", "118"),
        ("pressure", float("nan")),
        ("place", "elsewhere"),
        ("born", "1997-04-02"),
    ],
)
def test_an_answer_that_is_not_allowed_counts_as_a_gap(field: str, answer: Answer) -> None:
    assert named({**FULL, field: answer}) == [field]


def test_a_follow_up_question_is_required_only_after_the_answer_that_asks_for_it() -> None:
    assert named({**FULL, "drinks": True}) == ["what"]
    assert named({**FULL, "drinks": True, "what": "wine at weekends"}) == []


def test_an_answer_to_a_question_the_form_does_not_ask_is_a_gap() -> None:
    assert named({**FULL, "nmae": "Ana"}) == ["nmae"]


def test_a_signature_counts_only_with_a_name_in_the_right_role_and_not_after_the_form() -> None:
    late = Signature("patient", "Ana (invented)", AT + timedelta(seconds=1))
    assert named(FULL, (late,)) == ["signature of the patient"]
    assert named(FULL, (Signature("patient", " ", AT),)) == ["signature of the patient"]
    assert named(FULL, (Signature("prescriber", "Dr A. Moreau (invented)", AT),)) == ["signature of the patient"]
    assert named(FULL, (late, *SIGNED)) == []


def test_every_kind_says_what_it_allows() -> None:
    assert [described(field) for field in FIELDS] == [
        "a text",
        "must be confirmed",
        "yes or no",
        "a text",
        "a number from 40 to 300 mmHg",
        "one of in, out",
        "a date",
        "a text",
    ]
    assert described(FormField("n", "n", FieldKind.NUMBER)) == "a number"
