"""Forms as data: fields, their kinds, which must be answered, who must sign; and what is still missing from one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum

from matrescence.facts import Statement

Answer = str | bool | int | float | date
"""What one field may hold; a date may be a datetime."""


class FieldKind(Enum):
    """What kind of answer a field takes."""

    TEXT = "text"
    YES_NO = "yes-no"
    CONFIRMED = "confirmed"  # only "yes" is an answer: a statement that must be true
    NUMBER = "number"
    CHOICE = "choice"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class OnlyIf:
    """A field is required only when another one was answered with ``equals``."""

    field: str
    equals: str | bool


@dataclass(frozen=True, slots=True)
class FormField:
    """One field: its name, the question as people read it, its kind, and what it allows."""

    name: str
    prompt: str
    kind: FieldKind
    required: bool = True
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""
    only_if: OnlyIf | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its fields in order, the roles that must sign it, and where its content comes from."""

    name: str
    label: str
    fields: Mapping[str, FormField]
    signatures: tuple[str, ...]
    statement: Statement


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, in which role, and when."""

    role: str
    name: str
    at: datetime


def gaps(form: Form, answers: Mapping[str, Answer], signatures: tuple[Signature, ...], at: datetime) -> tuple[str, ...]:
    """Everything that keeps a form from being complete at ``at``, one phrase each, in the order of the form.

    A required field without an answer, an answer of the wrong kind or outside what is allowed, a statement that was
    not confirmed, an answer to a question the form does not ask, a missing signature, a signature later than the form.
    """
    found = [text for field in form.fields.values() if (text := _gap(field, answers))]
    found += [f"{name}: the form has no such field" for name in answers if name not in form.fields]
    found += [text for role in form.signatures if (text := _unsigned(role, signatures, at))]
    return tuple(found)


def _gap(field: FormField, answers: Mapping[str, Answer]) -> str | None:
    answer = answers.get(field.name)
    if answer is None or (isinstance(answer, str) and not answer.strip()):
        return f"{field.name}: not answered ({field.prompt})" if _needed(field, answers) else None
    return None if allows(field, answer) else f"{field.name}: {answer!r} is not an answer here ({described(field)})"


def _needed(field: FormField, answers: Mapping[str, Answer]) -> bool:
    if field.only_if is None:
        return field.required
    return answers.get(field.only_if.field) == field.only_if.equals


def allows(field: FormField, answer: Answer) -> bool:
    """Whether the field allows this answer."""
    if field.kind is FieldKind.NUMBER:
        return _number_allowed(field, answer)
    if field.kind is FieldKind.YES_NO:
        return isinstance(answer, bool)
    if field.kind is FieldKind.CONFIRMED:
        return answer is True
    if field.kind is FieldKind.DATE:
        return isinstance(answer, date)
    return isinstance(answer, str) and (field.kind is FieldKind.TEXT or answer in field.choices)


def _number_allowed(field: FormField, answer: Answer) -> bool:
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not math.isfinite(answer):
        return False
    return (field.low is None or answer >= field.low) and (field.high is None or answer <= field.high)


def described(field: FormField) -> str:
    """What a field allows, in words."""
    if field.kind is FieldKind.CHOICE:
        return "one of " + ", ".join(field.choices)
    if field.kind is not FieldKind.NUMBER:
        return {
            FieldKind.TEXT: "a text",
            FieldKind.YES_NO: "yes or no",
            FieldKind.CONFIRMED: "must be confirmed",
            FieldKind.DATE: "a date",
        }[field.kind]
    low = "" if field.low is None else f" from {field.low:g}"
    high = "" if field.high is None else f" to {field.high:g}"
    return f"a number{low}{high} {field.unit}".rstrip()


def _unsigned(role: str, signatures: tuple[Signature, ...], at: datetime) -> str | None:
    signed = [item for item in signatures if item.role == role and item.name.strip()]
    if not signed:
        return f"signature of the {role}: missing"
    if all(item.at.astimezone(UTC) > at.astimezone(UTC) for item in signed):
        return f"signature of the {role}: later than the form itself"
    return None
