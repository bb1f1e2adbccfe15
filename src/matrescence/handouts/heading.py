"""The head of every handout: the drug, whether it can be had, and who the plan is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matrescence.handouts.clock import Clock, date_in_full, day_and_time
from matrescence.handouts.digits import plain

Plan = Mapping[str, Any]

_KNOWN: tuple[tuple[str, str, str], ...] = (
    ("age_years", "age", " years"),
    ("height_cm", "height", " cm"),
    ("days_since_birth", "days since birth", ""),
    ("gestation_weeks", "weeks pregnant", ""),
    ("caesarean_planned", "caesarean section planned", ""),
    ("feeding", "feeding", ""),
    ("infant_weight_kg", "infant", " kg"),
    ("infant_age_days", "infant's age", " days"),
    ("egfr_ml_per_min_1_73m2", "eGFR", " mL/min/1.73 m\u00b2"),
    ("liver", "liver", ""),
    ("medicines", "medicines", ""),
    ("planned_sleep", "planned sleep", ""),
)
_HEADLINES = {
    "withdrawn": "WITHDRAWN on {date}: this plan is for teaching and research",
    "approved": "Approved on {date}",
    "off-label": "OFF LABEL: not approved for this use",
}


def name_of(plan: Plan) -> str:
    """Her name, without the mark that she is invented (which the page shows on its own)."""
    name = str(plan["mother"].get("name") or "unnamed")
    return name.replace("(invented)", "").strip() or "unnamed"


def is_invented(plan: Plan) -> bool:
    """Whether the plan says that this woman does not exist."""
    mother = plan["mother"]
    return bool(plan.get("invented") or mother.get("invented") or "invented" in str(mother.get("name", "")).lower())


def rest_of(plan: Plan) -> str:
    """What else is known of her, in one line; what is not known is left to the warnings and the unknowns."""
    mother = plan["mother"]
    told = [f"{label} {_said(mother[key])}{unit}" for key, label, unit in _KNOWN if _is_known(mother.get(key))]
    return "; ".join(told)[:1].upper() + "; ".join(told)[1:]


def drug_name(plan: Plan) -> str:
    """The drug's readable name, with a capital letter."""
    name = str(plan.get("drug_label") or plan["drug"])
    return name[:1].upper() + name[1:]


def running_foot(plan: Plan) -> str:
    """What stands at the foot of every printed page, so that a loose sheet is not mistaken for another woman's."""
    start = day_and_time(Clock.of(plan).at(0.0))
    return f"{name_of(plan)}. {drug_name(plan)}, start {start}. Predictions, not measurements."


def availability(plan: Plan) -> dict[str, Any]:
    """The banner: a look, a headline and the sentence of the source."""
    told = plan["availability"]
    look = {"withdrawn": "withdrawn", "approved": "approved"}.get(told["status"], "off-label")
    checked = told.get("checked_on")
    return {
        "look": look,
        "headline": _headline(told),
        "text": told["text"],
        "source": told.get("source"),
        "checked": f"Checked on {date_in_full(checked)}." if checked else "",
    }


def regimen_name(plan: Plan) -> str:
    """The regimen's readable name; micrograms are spelled out, because a hurried ``ug`` is read as ``mg``."""
    name = str(plan.get("regimen_label") or plan["regimen"])
    return " ".join(word.replace("ug/", "micrograms/") if word.startswith("ug/") else word for word in name.split())


def _headline(told: Mapping[str, Any]) -> str:
    """The first line of the banner."""
    pattern = _HEADLINES.get(
        told["status"], str(told["status"]).upper().replace("{", "").replace("}", "") + " ({date})"
    )
    return pattern.format(date=date_in_full(str(told.get("as_of", ""))))


def _is_known(value: Any) -> bool:
    return value is not None and value != ""


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return plain(float(value), decimals=1)
    if isinstance(value, Mapping):
        return str(value.get("name") or " to ".join(str(item) for item in value.values()))
    if isinstance(value, list | tuple):
        return ", ".join(_said(item) for item in value) or "none"
    return str(value)
