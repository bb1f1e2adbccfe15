"""What was typed into a form of a programme <-> what its fields hold, and what is still missing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

from matrescence.care.enrolment.forms import Answer, FieldKind, Form, FormField, described, gaps
from matrescence.clinic.inputs import NO, YES, Input, shown_number, typed_number
from matrescence.clinic.said import English, said

PREFIX = "field-"
_KINDS = {
    FieldKind.TEXT: "text",
    FieldKind.YES_NO: "yes-no",
    FieldKind.CONFIRMED: "confirmed",
    FieldKind.NUMBER: "number",
    FieldKind.CHOICE: "choice",
    FieldKind.DATE: "date",
}
_LATER = datetime(9999, 1, 1, tzinfo=UTC)


def typed_in(form: Form, data: Mapping[str, str]) -> dict[str, str]:
    """The text of each field that was filled in, by the field's name."""
    typed = {name: data.get(PREFIX + name, "").strip() for name in form.fields}
    return {name: text for name, text in typed.items() if text}


def answers_of(form: Form, typed: Mapping[str, str]) -> dict[str, Answer]:
    """The answers; a text that its field cannot hold stays a text, which :func:`gaps_of` then names."""
    return {name: _answer(form.fields[name], text) for name, text in typed.items() if name in form.fields}


def gaps_of(form: Form, typed: Mapping[str, str]) -> dict[str, str]:
    """What keeps the fields from being complete, by field and in the order of the form; signatures are not asked."""
    named = (text.partition(": ") for text in gaps(form, answers_of(form, typed), (), _LATER))
    return {name: _said(form.fields[name], told) for name, _colon, told in named if name in form.fields}


def typed_of(answers: Mapping[str, Answer]) -> dict[str, str]:
    """Answers as they would have been typed; undoes :func:`answers_of`."""
    return {name: _typed(answer) for name, answer in answers.items()}


def plain_of(answers: Mapping[str, Answer]) -> dict[str, object]:
    """Answers as a record holds them: dates as ISO 8601 texts."""
    return {name: answer.isoformat() if isinstance(answer, date) else answer for name, answer in answers.items()}


def digest_of(form: Form, typed: Mapping[str, str]) -> str:
    """The fingerprint of exactly these answers: a signature is given to them and to nothing else."""
    said = json.dumps([form.name, plain_of(answers_of(form, typed))], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def inputs_of(
    form: Form, typed: Mapping[str, str], *, errors: Mapping[str, str], notes: Mapping[str, str]
) -> tuple[Input, ...]:
    """The form's fields as inputs of a page."""
    return tuple(
        Input(
            PREFIX + field.name,
            English(field.prompt),
            _KINDS[field.kind],
            typed.get(field.name, ""),
            hint=_hint(form, field),
            unit=field.unit,
            choices=_choices(field),
            error=errors.get(field.name, ""),
            note=notes.get(field.name, ""),
        )
        for field in form.fields.values()
    )


def shown(answer: Answer) -> str:
    """An answer as people read it."""
    if isinstance(answer, bool):
        return _("yes") if answer else _("no")
    return _typed(answer)


def _answer(field: FormField, text: str) -> Answer:
    if field.kind in (FieldKind.YES_NO, FieldKind.CONFIRMED):
        return {YES: True, NO: False}.get(text, text)
    if field.kind is FieldKind.NUMBER:
        return typed_number(text)
    if field.kind is FieldKind.DATE:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


def _typed(answer: Answer) -> str:
    if isinstance(answer, bool):
        return YES if answer else NO
    if isinstance(answer, int | float):
        return shown_number(answer)
    return answer.isoformat() if isinstance(answer, date) else answer


def _said(field: FormField, told: str) -> str:
    if told.startswith("not answered"):
        return _("Confirm this.") if field.kind is FieldKind.CONFIRMED else _("Not answered yet.")
    return _("This cannot be used here; allowed: %(allowed)s.") % {"allowed": said(described(field))}


def _hint(form: Form, field: FormField) -> str:
    if field.only_if is not None:
        asked = form.fields[field.only_if.field].prompt.rstrip("?")
        equals = field.only_if.equals
        return English(f"Only where “{asked}” is answered with {'yes' if equals is True else equals}.")
    return "" if field.required else _("May be left out.")


def _choices(field: FormField) -> tuple[tuple[str, str], ...]:
    if field.kind is FieldKind.YES_NO:
        return ((YES, _("Yes")), (NO, _("No")))
    return tuple((item, English(item.replace("-", " "))) for item in field.choices)
