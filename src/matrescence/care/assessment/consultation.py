"""The visit before an infusion: what has been answered, what is open, and what needs a step first.

The questions are data (``instruments/consultation.toml``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from matrescence.care.assessment.rules import RULE
from matrescence.care.verdict import Finding, Reason
from matrescence.facts import Statement

Answer = str | bool | float


class AnswerKind(Enum):
    """What an answer may be."""

    TEXT = "text"
    YES_NO = "yes-no"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The answers that need a step before the first infusion, and the step."""

    answers: tuple[Answer, ...]
    step: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the consultation.  ``choices`` is empty unless ``kind`` is a choice."""

    key: str
    topic: str
    text: str
    kind: AnswerKind
    statement: Statement
    choices: tuple[str, ...] = ()
    unit: str = ""
    follow_ups: tuple[FollowUp, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer."""

    question: Question
    answer: Answer


@dataclass(frozen=True, slots=True)
class NeedsStep:
    """An answer that needs a step before the first infusion."""

    question: Question
    answer: Answer
    step: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Consultation:
    """The list as it stands: answered, open, and what needs a step; ``complete`` when nothing is open or to do."""

    answered: tuple[Answered, ...]
    open: tuple[Question, ...]
    needs_step: tuple[NeedsStep, ...]
    reasons: tuple[Reason, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is open and nothing needs a step."""
        return not self.open and not self.needs_step


def review(questions: tuple[Question, ...], answers: Mapping[str, Answer]) -> Consultation:
    """Sort the questions into answered and open, and name the steps that answers call for.

    An empty or blank text is no answer.
    """
    answered = tuple(Answered(q, answers[q.key]) for q in questions if _is_answered(answers.get(q.key)))
    given = {item.question.key for item in answered}
    still_open = tuple(question for question in questions if question.key not in given)
    steps = tuple(step for item in answered for step in _steps(item))
    open_reasons = tuple(
        RULE["assessment.consultation_open"].reason(Finding.UNKNOWN, f"Not answered: {question.text}")
        for question in still_open
    )
    return Consultation(answered, still_open, steps, (*(step.reason for step in steps), *open_reasons))


def _is_answered(answer: Answer | None) -> bool:
    return answer is not None and (not isinstance(answer, str) or bool(answer.strip()))


def _steps(item: Answered) -> tuple[NeedsStep, ...]:
    return tuple(
        NeedsStep(
            item.question,
            item.answer,
            follow_up.step,
            RULE["assessment.consultation_follow_up"].reason(Finding.ASKS, f"{item.question.topic}: {follow_up.step}"),
        )
        for follow_up in item.question.follow_ups
        if any(_same(item.answer, answer) for answer in follow_up.answers)
    )


def _same(answer: Answer, wanted: Answer) -> bool:
    # bool is an int in Python: without the type check "1 session" would equal "yes".
    return isinstance(answer, bool) is isinstance(wanted, bool) and answer == wanted
