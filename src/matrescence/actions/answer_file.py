"""One mother's answers from a file: her history, the filled-in scales, and the consultation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matrescence.care.assessment.consultation import Answer
from matrescence.care.assessment.history import History, InfantHarm, Onset, PsychosisSigns
from matrescence.care.assessment.scales import Item, Scale
from matrescence.care.assessment.scoring import AnswerError, Answers, AnswersAs, item_scores
from matrescence.instruments.consultation import load_questions, read_answers
from matrescence.instruments.library import load, names
from matrescence.reading import Field, nearest, problem, read_json, read_table, read_toml, refuse

NOT_ANSWERED = "not-answered"
"""What is written for an item she left empty; leaving the item out says the same."""

FILE = (
    Field("about", "text"),
    Field("mother", "table", required=True),
    Field("symptoms", "table"),
    Field("signs", "table"),
    Field("infant_harm", "table"),
    Field("past", "table"),
    Field("scales", "tables"),
    Field("consultation", "table"),
)
MOTHER = (
    Field("name", "text", required=True),
    Field("pregnant", "boolean"),
    Field("days_since_birth", "integer", "days", low=0, high=3650),
)
SYMPTOMS = (
    Field("began", "text", choices=tuple(onset.value for onset in Onset)),
    Field("began_on_day", "integer", "days (birth is day 0, before birth is negative)", low=-3650, high=3650),
    Field("lasted_days", "integer", "days", low=0, high=36500),
)
SIGNS = tuple(Field(name, "boolean") for name in PsychosisSigns.__dataclass_fields__)
INFANT_HARM = tuple(Field(name, "boolean") for name in InfantHarm.__dataclass_fields__)
PAST = tuple(
    Field(name, "boolean")
    for name in ("mania_or_hypomania", "bipolar_disorder", "prior_depression", "severe_mental_illness")
)
FORM = (
    Field("scale", "text", required=True),
    Field(
        "answers_as",
        "text",
        required=True,
        choices=tuple(kind.value for kind in AnswersAs),
        help="Say whether the numbers are scores, or places on the printed form counted from 1 at the top.",
    ),
    Field("answers", "table", required=True),
)


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """What one file says of one mother."""

    name: str
    about: str
    history: History
    forms: tuple[Answers, ...]
    consultation: Mapping[str, Answer] | None


def read_answer_file(path: Path, *, wording: Mapping[str, Scale] | None = None) -> AnswerSheet:
    """Read one mother's answers from TOML or JSON.

    ``wording`` holds scales whose slots a clinic has filled; they take the place of the shipped ones.

    Raises:
        InputError: the file cannot be read, or something in it cannot be used; every problem is named.
    """
    document = read_json(path) if path.suffix.lower() == ".json" else read_toml(path)
    return answers_from(document, where=str(path), wording=wording)


def answers_from(document: Any, *, where: str, wording: Mapping[str, Scale] | None = None) -> AnswerSheet:
    """Check a parsed document; ``where`` names it in a complaint.

    Raises:
        InputError: something in it cannot be used; every problem is named.
    """
    problems: list[str] = []
    values = read_table(document, FILE, where, problems)
    refuse(problems, where)
    mother = read_table(values["mother"], MOTHER, f"{where}: mother", problems)
    history = _history(values, mother, where, problems)
    forms = [
        _form(form, wording or {}, f"{where}: scales {n}", problems)
        for n, form in enumerate(values.get("scales", []), 1)
    ]
    found = tuple(form for form in forms if form is not None)
    problems += [f"{where}: the scale {name!r} is given twice; give one form of each scale." for name in _twice(found)]
    refuse(problems, where)
    consultation = values.get("consultation")
    if consultation is not None:
        consultation = read_answers(consultation, load_questions(), f"{where}: consultation")
    return AnswerSheet(mother["name"], values.get("about", ""), history, found, consultation)


def _history(values: dict[str, Any], mother: dict[str, Any], where: str, problems: list[str]) -> History:
    def table(key: str, fields: tuple[Field, ...]) -> dict[str, Any]:
        return read_table(values.get(key, {}), fields, f"{where}: {key}", problems)

    symptoms = table("symptoms", SYMPTOMS)
    history = History(
        pregnant=mother.get("pregnant"),
        days_since_birth=mother.get("days_since_birth"),
        symptoms_began=Onset(symptoms["began"]) if "began" in symptoms else None,
        symptoms_began_on_day=symptoms.get("began_on_day"),
        symptoms_lasted_days=symptoms.get("lasted_days"),
        signs=PsychosisSigns(**table("signs", SIGNS)),
        infant_harm=InfantHarm(**table("infant_harm", INFANT_HARM)),
        **table("past", PAST),
    )
    problems += [f"{where}: symptoms: {text}" for text in _contradictions(history)]
    return history


def _contradictions(history: History) -> list[str]:
    began, day, lasted, today = (
        history.symptoms_began,
        history.symptoms_began_on_day,
        history.symptoms_lasted_days,
        history.days_since_birth,
    )
    found = []
    if began is not None and day is not None and (began is Onset.AFTER_BIRTH) is (day < 0):
        found.append(problem("began_on_day", day, f"a day that fits began = {began.value!r}", "Birth is day 0."))
    if today is not None and day is not None and day > today:
        found.append(problem("began_on_day", day, f"at most days_since_birth, {today}"))
    if None not in (today, day, lasted) and lasted != (today or 0) - (day or 0):
        found.append(
            problem("lasted_days", lasted, f"{(today or 0) - (day or 0)}, as the other days say", "Leave one out.")
        )
    elif began is Onset.AFTER_BIRTH and today is not None and lasted is not None and lasted > today:
        found.append(problem("lasted_days", lasted, f"at most {today} when it began after birth"))
    return found


def _form(table: Any, wording: Mapping[str, Scale], where: str, problems: list[str]) -> Answers | None:
    before = len(problems)
    values = read_table(table, FORM, where, problems)
    name = values.get("scale")
    if name is not None and name not in names():
        problems.append(
            f"{where}: there is no scale {name!r}.{nearest(name, names()) or ' Allowed: ' + ', '.join(names())}"
        )
    if len(problems) > before:
        return None
    scale = wording[values["scale"]] if values["scale"] in wording else load(values["scale"])
    answers_as = AnswersAs(values["answers_as"])
    items = {item.key: item for item in scale.items}
    problems += [
        f"{where}: {scale.name} has no item {key!r}.{nearest(key, items) or ' Allowed: ' + ', '.join(items) + '.'}"
        for key in values["answers"]
        if key not in items
    ]
    found = [(items[key], raw) for key, raw in values["answers"].items() if key in items]
    problems += [f"{where}: {text}" for item, raw in found for text in _wrong(item, raw, answers_as)]
    if len(problems) > before:
        return None
    answers = Answers(scale, answers_as, {item.key: None if raw == NOT_ANSWERED else int(raw) for item, raw in found})
    try:
        item_scores(answers)
    except AnswerError as error:
        problems.append(f"{where}: {error}.")
        return None
    return answers


def _wrong(item: Item, raw: Any, answers_as: AnswersAs) -> list[str]:
    yes_no = answers_as is AnswersAs.SCORE and (item.low, item.high) == (0, 1)
    if raw == NOT_ANSWERED or (isinstance(raw, int) and (yes_no or not isinstance(raw, bool))):
        return []
    allowed = f"a whole number{', true or false' if yes_no else ''} or {NOT_ANSWERED!r}"
    return [problem(f"item {item.key}", raw, allowed)]


def _twice(forms: tuple[Answers, ...]) -> list[str]:
    seen = [form.scale.name for form in forms]
    return sorted({name for name in seen if seen.count(name) > 1})
