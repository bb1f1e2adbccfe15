"""The questions of the visit before an infusion, from ``consultation.toml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from matrescence.care.assessment.consultation import Answer, AnswerKind, FollowUp, Question
from matrescence.instruments.library import SHIPPED
from matrescence.reading import Field, nearest, problem, read_table, read_toml, refuse
from matrescence.sourced import STATEMENT_FIELDS, statement_of

QUESTION = (
    Field("key", "text", required=True),
    Field("topic", "text", required=True),
    Field("text", "text", required=True),
    Field("kind", "text", required=True, choices=tuple(kind.value for kind in AnswerKind)),
    Field("choices", "texts"),
    Field("unit", "text"),
    Field("follow_up", "tables"),
    *(field for field in STATEMENT_FIELDS if field.name != "text"),
)
FOLLOW_UP = (Field("answers", "list", required=True, low=1), Field("step", "text", required=True))


def load_questions(path: Path | None = None) -> tuple[Question, ...]:
    """The questions, in their order; those that come with the program unless another file is named.

    Raises:
        InputError: the file cannot be used.
    """
    return read_questions(path or SHIPPED / "consultation.toml")


@lru_cache(maxsize=8)
def read_questions(path: Path) -> tuple[Question, ...]:
    """Read one file of questions.

    Raises:
        InputError: the file cannot be read, or a question in it cannot be used.
    """
    problems: list[str] = []
    where = str(path)
    listed = read_table(read_toml(path), (Field("questions", "tables", required=True, low=1),), where, problems)
    questions = [_question(row, f"{where}: question {n}", problems) for n, row in enumerate(listed["questions"], 1)]
    refuse(problems, where)
    return tuple(question for question in questions if question is not None)


def _question(row: Any, where: str, problems: list[str]) -> Question | None:
    before = len(problems)
    values = read_table(row, QUESTION, where, problems)
    follow_ups = [read_table(item, FOLLOW_UP, f"{where} follow_up", problems) for item in values.get("follow_up", [])]
    if len(problems) > before:
        return None
    question = Question(
        key=values["key"],
        topic=values["topic"],
        text=values["text"],
        kind=AnswerKind(values["kind"]),
        statement=statement_of(values),
        choices=tuple(values.get("choices", ())),
        unit=values.get("unit", ""),
        follow_ups=tuple(FollowUp(tuple(item["answers"]), item["step"]) for item in follow_ups),
    )
    for follow_up in question.follow_ups:
        for answer in follow_up.answers:
            problems += [f"{where}: {text}" for text in wrong_answer(question, answer)]
    return question


def read_answers(table: dict[str, Any], questions: tuple[Question, ...], where: str) -> dict[str, Answer]:
    """Check the answers of one mother against the questions.

    Raises:
        InputError: an answer belongs to no question, or is not of the kind its question asks for.
    """
    known = {question.key: question for question in questions}
    problems: list[str] = []
    for key, answer in table.items():
        if key not in known:
            problems.append(f"{key!r} is not a question here.{nearest(key, known) or ' Allowed: ' + ', '.join(known)}")
        else:
            problems += wrong_answer(known[key], answer)
    refuse(problems, where)
    return dict(table)


def wrong_answer(question: Question, answer: Any) -> list[str]:
    """What is wrong with an answer; an empty list when nothing is."""
    if question.kind is AnswerKind.YES_NO:
        right, allowed = isinstance(answer, bool), "true or false"
    elif question.kind is AnswerKind.NUMBER:
        right = isinstance(answer, int | float) and not isinstance(answer, bool) and 0 <= answer < 1e6
        allowed = f"a number, 0 or more, {question.unit}".removesuffix(", ")
    elif question.kind is AnswerKind.CHOICE:
        right, allowed = answer in question.choices, "one of " + ", ".join(question.choices)
    else:
        right, allowed = isinstance(answer, str), "a text"
    return [] if right else [problem(question.key, answer, allowed)]
