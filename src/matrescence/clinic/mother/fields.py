"""The form about who she is, made from the fields of a mother's file: what is left empty stays unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from matrescence.actions.mother_file import FIELDS
from matrescence.clinic.inputs import NOT_ASKED, Input, posted, shown_number, typed_number
from matrescence.clinic.said import said
from matrescence.reading import Field, described

LABELS = {
    "name": _("Name"),
    "age_years": _("Age"),
    "weight_kg": _("Weight"),
    "height_cm": _("Height"),
    "start": _("Planned start of treatment"),
    "time_zone": _("Time zone"),
    "days_since_birth": _("Days since she gave birth"),
    "gestation_weeks": _("Weeks of pregnancy, only while she is pregnant"),
    "caesarean_planned": _("Is a caesarean section planned?"),
    "feeding": _("How is the infant fed?"),
    "infant_weight_kg": _("The infant's weight"),
    "infant_age_days": _("The infant's age"),
    "egfr_ml_per_min_1_73m2": _("Kidney function (eGFR)"),
    "liver": _("Liver"),
    "medicines": _("Medicines"),
    "hamd17": _("HAM-D17 before treatment"),
    "madrs": _("MADRS before treatment"),
    "planned_sleep": _("Planned sleep"),
}
HINTS = {
    "weight_kg": _("Kilograms, weighed this week. Every rate of the pump goes by it. 1 kg is 2.2 pounds."),
    "start": _("By the clock on her wall."),
    "time_zone": _("As America/New_York."),
    "medicines": _("One on a line, with the milligrams of a day if known: lorazepam; 1. Write none if she takes none."),
    "planned_sleep": _("As 22:00-06:00; several with a comma between."),
}
CHOICES = {
    "breast": _("breast milk"),
    "mixed": _("breast milk and formula"),
    "formula": _("formula"),
    "normal": _("no known disease"),
    "child-pugh-a": "Child-Pugh A",
    "child-pugh-b": "Child-Pugh B",
    "child-pugh-c": "Child-Pugh C",
}
NONE_TAKEN = "none"


def inputs(typed: Mapping[str, str], problems: Iterable[str] = ()) -> tuple[Input, ...]:
    """Every input with what was typed, and with the complaint that names it."""
    told = list(problems)
    return tuple(_input(field, typed.get(field.name, ""), told) for field in FIELDS)


def _input(field: Field, value: str, problems: list[str]) -> Input:
    error = next((beside(text, field.name) for text in problems if is_about(text, field.name)), "")
    kind, choices = "text", ()
    if field.kind == "boolean":
        kind, choices = "yes-no", (("yes", _("yes")), ("no", _("no")), (NOT_ASKED, _("not asked")))
    elif field.choices:
        kind = "select"
        choices = ((NOT_ASKED, _("not asked")), *((name, CHOICES[name]) for name in field.choices))
    elif field.kind in {"number", "integer"}:
        kind = "number"
    elif field.kind == "moment":
        kind = "moment"
    elif field.kind == "list":
        kind = "long"
    hint = str(HINTS.get(field.name, "")) or (said(described(field)) if kind == "number" else "")
    unit = said(field.unit)
    return Input(
        field.name, str(LABELS[field.name]), kind, value, hint, unit, tuple((k, str(v)) for k, v in choices), error
    )


def is_about(problem: str, name: str) -> bool:
    """Whether a complaint of the reader is about this field."""
    return problem.startswith((f"{name} ", f"{name},"))


def beside(problem: str, name: str) -> str:
    """A complaint as it stands beside its field: without the name that the field has in a file."""
    text = problem.removeprefix(name).lstrip(" ,=").partition(" For example ")[0]
    text = re.sub("^is missing[;:] ", "", text)
    return text[:1].upper() + text[1:]


def typed_in(data: Mapping[str, str]) -> dict[str, str]:
    """Everything that was typed, by field."""
    return {field.name: posted(data, field.name) for field in FIELDS}


def as_typed(payload: Mapping[str, Any]) -> dict[str, str]:
    """What a record says of her, as one would type it."""
    return {field.name: _as_text(field, payload.get(field.name)) for field in FIELDS}


def _as_text(field: Field, value: Any) -> str:
    if value is None:
        return ""
    if field.kind == "boolean":
        return "yes" if value else "no"
    if field.kind in {"number", "integer"}:
        return shown_number(value)
    if field.kind == "texts":
        return ", ".join(value)
    if field.kind == "list":
        return "\n".join(_medicine_text(item) for item in value) or NONE_TAKEN
    return str(value)


def _medicine_text(item: Any) -> str:
    if isinstance(item, str):
        return item
    dose = item.get("dose_mg_per_day")
    return item["name"] if dose is None else f"{item['name']}; {shown_number(dose)}"


def payload_of(typed: Mapping[str, str]) -> dict[str, Any]:
    """The payload of a record from what was typed; an empty input is left out, and so stays unknown."""
    return {field.name: _value(field, typed[field.name]) for field in FIELDS if typed[field.name]}


def _value(field: Field, text: str) -> Any:
    if field.kind == "boolean":
        return text == "yes"
    if field.kind == "number":
        return typed_number(text)
    if field.kind == "integer":
        number = typed_number(text)
        return int(number) if isinstance(number, float) and number.is_integer() else number
    if field.kind == "texts":
        return [part.strip() for part in text.split(",") if part.strip()]
    if field.kind == "list":
        return (
            []
            if text.strip().lower() == NONE_TAKEN
            else [_medicine(line) for line in text.splitlines() if line.strip()]
        )
    return text


def _medicine(line: str) -> Any:
    name, _semicolon, dose = (part.strip() for part in line.partition(";"))
    return {"name": name, "dose_mg_per_day": typed_number(dose)} if dose else name
