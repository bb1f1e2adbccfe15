"""The limits of a plan as a form and as rows: the site's own to begin with; what nobody has set is said to be unset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from matrescence.care.drug import Drug
from matrescence.care.infusion.order import HYPOXIA, Limit
from matrescence.care.journey.words import PlanChosen
from matrescence.clinic.inputs import Input
from matrescence.clinic.site.form import filled, typed_of
from matrescence.clinic.site.parts import Part, empty
from matrescence.clinic.site.values import SiteSettings

FINDING_OF = {
    "spo2_below": HYPOXIA,
    "systolic_from": "severe-hypertension",
    "diastolic_from": "severe-hypertension",
    "sedation_scale": "excessive-sedation",
    "sedation_score": "excessive-sedation",
}
"""What each limit is about: it is asked for only where the drug's own rules know of that finding."""
MINUTES = ("overdue_after_min", "unrecorded_after_min")
SET_BY_PRESCRIBER = "prescriber"


@dataclass(frozen=True, slots=True)
class Typed:
    """The limits as they were typed: the inputs with what is wrong, and what goes into the plan."""

    inputs: tuple[Input, ...]
    payload: Mapping[str, Any]


def limit_inputs(drug: Drug, site: SiteSettings, chosen: PlanChosen | None) -> tuple[Input, ...]:
    """The form to begin with: the newest plan's limits, else the site's own; each says which."""
    own = typed_of(_table(site.limits_for(drug), site.overdue_after_min, site.unrecorded_after_min, site.leaving))
    held = own
    if chosen is not None:
        held = typed_of(_table(chosen.limits, chosen.overdue_after_min, chosen.unrecorded_after_min, chosen.leaving))
    return tuple(_input(item, held.get(item.name, ""), own.get(item.name, "")) for item in _asked(drug, empty()))


def read_limits(data: Mapping[str, str], drug: Drug, site: SiteSettings) -> Typed:
    """Read the posted limits.  One that differs from the site's own is the prescriber's, and says so."""
    found = filled(data)
    own = typed_of(_table(site.limits_for(drug), site.overdue_after_min, site.unrecorded_after_min, site.leaving))
    inputs = tuple(
        replace(_input(item, item.value, own.get(item.name, "")), error=item.error)
        for item in _asked(drug, found.parts)
    )
    known = {rule.finding for rule in drug.interruptions}
    limits = [_whose(row, site) for row in found.table["limits"] if row["finding"] in known]
    payload: dict[str, Any] = {"limits": limits, "leaving": found.table["leaving"]}
    payload |= {name: found.table[name] for name in MINUTES if name in found.table}
    return Typed(inputs, payload)


def limit_rows(drug: Drug, plan: PlanChosen) -> list[tuple[str, str, str]]:
    """Every limit of a plan: what it is, its value (empty: not set), and who set it."""
    held = typed_of(_table(plan.limits, plan.overdue_after_min, plan.unrecorded_after_min, plan.leaving))
    rows = []
    for item in _asked(drug, empty()):
        value = held.get(item.name, "")
        if item.name == "sedation_scale":
            value = next((label for name, label in item.choices if name == value), value) if value else ""
        source = next((limit.source for limit in plan.limits if _is_about(limit, item.name)), "")
        rows.append((item.label, f"{value} {item.unit}".strip() if value else "", source if value else ""))
    return rows


def _asked(drug: Drug, parts: Iterable[Part]) -> tuple[Input, ...]:
    """The inputs of the site's form that mean something for this drug."""
    known = {rule.finding for rule in drug.interruptions}
    asked = [item for part in parts if part.name in {"bedside", "leaving"} for item in part.inputs]
    infused = drug.preparation is not None
    return tuple(
        item for item in asked if infused and item.name != "two_person" and FINDING_OF.get(item.name) in {None, *known}
    )


def _input(item: Input, value: str, own: str) -> Input:
    if not value:
        note = _("Not set: a clinician decides.")
    elif value == own:
        note = _("The site's own policy.")
    else:
        note = _("Set for her; the site's own: %(own)s.") % {"own": own or _("not set")}
    return replace(item, value=value, note=note)


def _whose(row: dict[str, Any], site: SiteSettings) -> dict[str, Any]:
    same = {key: value for key, value in row.items() if key != "source"}
    of_site = any(same == _plain(limit, source=False) for limit in site.limits)
    return {**same, "source": "site-policy" if of_site else SET_BY_PRESCRIBER}


def _table(limits: Iterable[Limit], overdue: float | None, unrecorded: float | None, leaving: Any) -> dict[str, Any]:
    """What is set, in the shape in which a site's settings are written."""
    minutes = {"overdue_after_min": overdue, "unrecorded_after_min": unrecorded}
    return {
        "limits": [_plain(limit) for limit in limits],
        **{name: value for name, value in minutes.items() if value is not None},
        "leaving": {name: value for name, value in asdict(leaving).items() if value is not None},
    }


def _plain(limit: Limit, *, source: bool = True) -> dict[str, Any]:
    told = {**asdict(limit), "measure": limit.measure.value}
    return {key: value for key, value in told.items() if value is not None and (source or key != "source")}


def _is_about(limit: Limit, name: str) -> bool:
    measures = {"spo2_below": "spo2_percent", "systolic_from": "systolic_mmhg", "diastolic_from": "diastolic_mmhg"}
    return limit.measure.value == measures.get(name, "sedation_score" if name.startswith("sedation") else "")
