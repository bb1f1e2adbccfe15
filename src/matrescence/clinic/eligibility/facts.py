"""The form of health facts, made from the fields that the file of health facts reads.

It may be filled bit by bit.  What nobody was asked stays unknown; what is known stands there already; and what turns
out not to be known after all is taken back by a correction that says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matrescence.actions.health_file import FIELDS, as_json, health_from
from matrescence.care.eligibility.facts import HealthFacts
from matrescence.clinic.inputs import NO, NOT_ASKED, YES, Input, posted, shown_number, typed_number
from matrescence.clinic.said import said
from matrescence.reading import Field, InputError, described

LABELS = {
    "pregnant": gettext_lazy("Is she pregnant?"),
    "psychosis_now": gettext_lazy("Signs of psychosis now?"),
    "psychosis_before": gettext_lazy("Psychosis in the past?"),
    "bipolar": gettext_lazy("Bipolar disorder, or mania or hypomania in the past?"),
    "aneurysmal_disease": gettext_lazy("Aneurysm, arteriovenous malformation, or bleeding in the brain?"),
    "uncontrolled_hypertension": gettext_lazy("High blood pressure that is not controlled?"),
    "systolic_mmhg": gettext_lazy("Latest systolic blood pressure"),
    "raised_intracranial_pressure": gettext_lazy("Raised pressure in the head or in the eye?"),
    "substance_use": gettext_lazy("Misuse of alcohol, medicines or drugs, now or before?"),
    "drinks_alcohol": gettext_lazy("Does she drink alcohol around the treatment?"),
    "hypersensitive_to": gettext_lazy("What is she allergic to?"),
    "accompanied_with_child": gettext_lazy("Is another adult with her whenever she is with her children?"),
    "benzodiazepine_mg_diazepam_per_day": gettext_lazy("Benzodiazepines a day, all together, as diazepam"),
}
NONE_KNOWN = "none"
WHY = "why-back"


@dataclass(frozen=True, slots=True)
class Facts:
    """The form as it was filled: what is new, what is taken back, and what is wrong."""

    inputs: tuple[Input, ...]
    new: Mapping[str, Any]
    back: tuple[str, ...]
    why: str

    @property
    def wrong(self) -> tuple[Input, ...]:
        """The inputs that cannot be used."""
        return tuple(item for item in self.inputs if item.error)


def inputs_of(health: HealthFacts | None) -> tuple[Input, ...]:
    """The form with what is known."""
    known = as_json(health or HealthFacts())
    return tuple(_input(field, _typed(field, known[field.name]), "") for field in FIELDS)


def facts_from(data: Mapping[str, str], health: HealthFacts | None) -> Facts:
    """Read the form against what is known: only what differs is new, and what was emptied is taken back."""
    known = as_json(health or HealthFacts())
    typed = {field.name: posted(data, field.name) for field in FIELDS}
    given = {field.name: _value(field, typed[field.name]) for field in FIELDS if typed[field.name]}
    errors = {field.name: _error(field, given[field.name]) for field in FIELDS if field.name in given}
    inputs = tuple(_input(field, typed[field.name], errors.get(field.name, "")) for field in FIELDS)
    new = {name: value for name, value in given.items() if value != known[name]}
    back = tuple(name for name, value in known.items() if value is not None and name not in given)
    return Facts(inputs, new, back, posted(data, WHY))


def corrections(told: Mapping[int, tuple[str, Mapping[str, Any]]], back: tuple[str, ...]) -> dict[int, dict[str, Any]]:
    """The payloads that hold what is taken back, by position, each without it."""
    return {
        position: {key: value for key, value in payload.items() if key not in back}
        for position, (kind, payload) in told.items()
        if kind == "eligibility-facts" and set(payload) & set(back)
    }


def _input(field: Field, value: str, error: str) -> Input:
    label, hint = str(LABELS[field.name]), ""
    if field.kind == "boolean":
        choices = ((YES, _("Yes")), (NO, _("No")), (NOT_ASKED, _("not asked")))
        return Input(field.name, label, "yes-no", value, choices=choices, error=error)
    if field.kind == "texts":
        hint = _("With commas between. Write none where she was asked and has no allergy. Empty: not asked.")
        return Input(field.name, label, "text", value, hint=hint, error=error)
    hint = _("Empty: not asked.")
    return Input(field.name, label, "number", value, hint=hint, unit=said(field.unit), error=error)


def _typed(field: Field, value: Any) -> str:
    if value is None:
        return ""
    if field.kind == "boolean":
        return YES if value else NO
    if field.kind == "texts":
        return ", ".join(value) or NONE_KNOWN
    return shown_number(value)


def _value(field: Field, text: str) -> Any:
    if field.kind == "boolean":
        return {YES: True, NO: False}.get(text, text)
    if field.kind == "texts":
        return [] if text.casefold() == NONE_KNOWN else [part.strip() for part in text.split(",") if part.strip()]
    return typed_number(text)


def _error(field: Field, value: Any) -> str:
    try:
        health_from({field.name: value}, where="")
    except InputError:
        return _("This cannot be used; allowed: %(allowed)s.") % {"allowed": said(described(field))}
    return ""
