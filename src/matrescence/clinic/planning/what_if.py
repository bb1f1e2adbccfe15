"""What the plan would be with another regimen, weight or start: looked at, never recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from matrescence.actions.mother_file import mother_from
from matrescence.care.drug import Drug
from matrescence.care.mother import Mother
from matrescence.clinic.inputs import Input, posted, shown_number, typed_number
from matrescence.clinic.pages import sentences
from matrescence.clinic.said import said
from matrescence.reading import InputError

NAMES = ("regimen", "weight_kg", "start")


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The form as it was filled, and the mother it stands for; ``mother`` is ``None`` where it cannot be used."""

    inputs: tuple[Input, ...]
    mother: Mother | None
    regimen: str
    differs: bool

    @property
    def wrong(self) -> tuple[Input, ...]:
        """The inputs that cannot be used."""
        return tuple(item for item in self.inputs if item.error)


def what_if(data: Mapping[str, str], mother: Mother, drug: Drug, chosen: str | None) -> WhatIf:
    """Read the form against her record: what is left empty is as it is known.

    Args:
        data: what was typed; ``start`` by the clock on her wall.
        mother: her record.
        drug: of her course.
        chosen: the regimen of the plan that was chosen; ``None`` where none was.
    """
    typed = {name: posted(data, name) for name in NAMES}
    usual = chosen or drug.default_regimen
    regimen = typed["regimen"] or usual
    errors = {} if regimen in drug.regimens else {"regimen": _("There is no such regimen.")}
    hers, wrong = _changed(mother, typed)
    errors |= wrong
    shown = {
        "regimen": regimen,
        "weight_kg": typed["weight_kg"] or shown_number(mother.weight_kg),
        "start": typed["start"] or wall_clock(mother.start),
    }
    return WhatIf(
        inputs=_inputs(drug, shown, errors),
        mother=None if errors else hers,
        regimen=regimen,
        differs=not errors and hers != mother,
    )


def wall_clock(at: datetime) -> str:
    """A moment as an input of date and time takes it."""
    return at.replace(tzinfo=None).isoformat(timespec="minutes")


def _changed(mother: Mother, typed: Mapping[str, str]) -> tuple[Mother, dict[str, str]]:
    """Her with the typed weight and start, checked as in her own record; and what cannot be used, by input."""
    table: dict[str, Any] = {"name": "she", "age_years": mother.age_years, "weight_kg": mother.weight_kg}
    if typed["weight_kg"]:
        table["weight_kg"] = typed_number(typed["weight_kg"])
    table |= _start(mother.start, typed["start"])
    try:
        read = mother_from(table, where="this form")
    except InputError as error:
        return mother, {_of(line): line for line in sentences(str(error)) if _of(line)}
    start = read.start if typed["start"] not in {"", wall_clock(mother.start)} else mother.start
    return replace(mother, weight_kg=read.weight_kg, start=start), {}


def _start(known: datetime, text: str) -> dict[str, str]:
    zone = getattr(known.tzinfo, "key", None)
    if not text or text == wall_clock(known):
        return {"start": known.isoformat()}
    return {"start": text, "time_zone": zone} if zone else {"start": f"{text}{known.isoformat()[-6:]}"}


def _of(line: str) -> str:
    return next((name for name in NAMES if line.startswith(name)), "")


def _inputs(drug: Drug, shown: Mapping[str, str], errors: Mapping[str, str]) -> tuple[Input, ...]:
    regimens = tuple((name, said(plan.label)) for name, plan in drug.regimens.items())
    hint = _("Only to look at. A new weight is written down on her own page.")
    found = (
        Input("regimen", _("Regimen"), "select", choices=regimens),
        Input("weight_kg", _("Weight"), "number", unit="kg", hint=hint),
        Input("start", pgettext("when a treatment starts", "Start"), "moment", hint=_("By the clock on her wall.")),
    )
    return tuple(replace(item, value=shown[item.name], error=errors.get(item.name, "")) for item in found)
