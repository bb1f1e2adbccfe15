"""A plan as plain data: the shape of ``plan.json``, which everything shown to a person is made from.

Numbers are rounded only far beyond what anybody can measure: ten digits for what is arithmetic, six for a forecast.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from enum import Enum
from typing import Any

from matrescence.actions.forecasting import Band, Forecast, Milk, Quantiles
from matrescence.care.clock import clock_time
from matrescence.care.drug import Drug, Interruption, RegimenPlan
from matrescence.care.lactation.feeding import FeedingAdvice, Pause
from matrescence.care.mother import Medicine, Mother, SleepWindow
from matrescence.care.verdict import Reason
from matrescence.facts import Statement

Json = dict[str, Any]

EXACT_DIGITS, FORECAST_DIGITS = 10, 6


def exact(value: float | None) -> float | None:
    """A number that is arithmetic, to ten significant digits."""
    return None if value is None else float(f"{value:.{EXACT_DIGITS}g}")


def predicted(value: float) -> float | None:
    """A number that is a forecast, to six significant digits; ``None`` for what never happens."""
    return float(f"{value:.{FORECAST_DIGITS}g}") if math.isfinite(value) else None


def text_of(told: Json) -> str:
    """``plan.json`` as text: indented, with a list of numbers on one line."""
    text = json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False)
    return _NUMBERS.sub(lambda found: f"[{' '.join(found[1].split())}]", text) + "\n"


_NUMBERS = re.compile(r"\[\s+((?:(?:-?[\d.e+-]+|null),?\s+)+)\]")


def iso(start: datetime, at_h: float) -> str:
    """The wall-clock time ``at_h`` elapsed hours after the start, ISO 8601 with its UTC offset."""
    return clock_time(start, at_h).isoformat()


# ---- who and what ---------------------------------------------------------------------------------------------


def mother_json(mother: Mother) -> Json:
    """Her facts under the keys of her file; ``null`` is not known."""
    return {_MOTHER_KEYS.get(field.name, field.name): _plain(getattr(mother, field.name)) for field in fields(Mother)}


_MOTHER_KEYS = {"sleep": "planned_sleep"}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, SleepWindow):
        return f"{value.start:%H:%M}-{value.end:%H:%M}"
    if isinstance(value, Medicine):
        return {"name": value.name, "classes": list(value.classes), "dose_mg_per_day": value.dose_mg_per_day}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def zone_name(start: datetime) -> str:
    """The name of the time zone, or its offset where the file gave only that."""
    return str(getattr(start.tzinfo, "key", None) or start.tzname())


def statement_json(said: Statement) -> Json:
    """One sentence with its source."""
    return {"text": said.text, "source": said.source, "at": said.at, "basis": said.basis, "grade": said.grade}


def drug_json(drug: Drug, regimen: RegimenPlan) -> Json:
    """Which drug and regimen, and whether it can be had at all."""
    told = drug.availability
    return {
        "drug": drug.name,
        "drug_label": drug.label,
        "route": drug.route,
        "regimen": regimen.name,
        "regimen_label": regimen.label,
        "regimen_source": {"source": regimen.source, "at": regimen.at, "grade": regimen.grade},
        "schedule": regimen.schedule.value,
        "use": regimen.use,
        "availability": {
            "status": told.status,
            "as_of": told.as_of.isoformat(),
            "checked_on": told.checked_on.isoformat(),
            "text": told.statement.text,
            "source": told.statement.source,
            "grade": told.statement.grade,
        },
        "notes": [statement_json(note) for note in (*regimen.notes, *drug.notes)],
    }


# ---- what is expected and advised -----------------------------------------------------------------------------


def forecast_json(found: Forecast) -> Json:
    """Bands, exposure, milk, and what is unknown."""
    model = found.model
    studied = None if model is None else model.studied
    return {
        "women": found.women,
        "seed": found.seed,
        "grade": found.grade,
        "model": None if model is None else model.name,
        "model_label": None if model is None else model.label,
        "studied": None if studied is None else studied.description,
        "sampling": None if studied is None else studied.sampling,
        "sources": sorted({*(model.sources if model else ()), *(fact.source for fact in found.facts)}),
        "notes": list(model.notes if model else ()),
        "plasma": band_json(found.plasma),
        "others": {name: band_json(band) for name, band in found.others.items()},
        "cmax_ng_per_ml": quantiles_json(found.cmax_ng_per_ml),
        "auc_ng_h_per_ml": quantiles_json(found.auc_ng_h_per_ml),
        "half_life_h": quantiles_json(found.half_life_h),
        **_milk_json(found.milk),
        "unknown": list(found.unknown),
    }


def _milk_json(milk: Milk | None) -> Json:
    level = None if milk is None else milk.level_ng_per_ml
    below = quantiles_json(None if milk is None else milk.below_level_after_end_h)
    return {
        "milk": band_json(None if milk is None else milk.band),
        "milk_level_ng_per_ml": level,
        "milk_below_level_after_end_h": below,
        "milk_below_10_ng_per_ml_after_end_h": below if level == 10.0 else None,
        **{name: quantiles_json(None if milk is None else getattr(milk, name)) for name in _INFANT},
    }


_INFANT = (
    "infant_dose_ug_per_kg",
    "relative_infant_dose_percent",
    "relative_infant_dose_upper_percent",
    "peak_day_relative_infant_dose_percent",
)


def band_json(band: Band | None) -> Json | None:
    """A band over time, or ``null`` where it is unknown."""
    if band is None:
        return None
    rows = {"p05": band.p05, "p50": band.p50, "p95": band.p95}
    times = {"time_h": [exact(float(at_h)) for at_h in band.time_h]}
    return {**times, **{name: [predicted(float(value)) for value in row] for name, row in rows.items()}}


def quantiles_json(found: Quantiles | None) -> Json | None:
    """Three percentiles, or ``null`` where they are unknown."""
    return None if found is None else {name: predicted(getattr(found, name)) for name in ("p05", "p50", "p95")}


def interruption_json(rule: Interruption) -> Json:
    """What one finding does to a running infusion."""
    return {
        "finding": rule.finding,
        "action": rule.action,
        "may_resume": rule.may_resume,
        "resume_rate": rule.resume_rate,
        "needs": rule.needs,
        **statement_json(rule.statement),
    }


def advice_json(advice: FeedingAdvice, start: datetime) -> Json:
    """One source's advice.  ``feed_again_at``: the start where feeding goes on, ``null`` where no time is named."""
    again = [at.isoformat() for at in advice.again]
    last = start.isoformat() if advice.pause is Pause.NONE else (again[-1] if again else None)
    return {
        "source": advice.source,
        "who": advice.who,
        "advice": advice.advice,
        "pause": advice.pause.value,
        "wait_h": advice.wait_h,
        "feed_again_at": last,
        "feed_again_after_each": again,
        "store_milk_from": None if advice.store_from is None else advice.store_from.isoformat(),
        "grade": advice.grade,
    }


def reason_json(reason: Reason) -> Json:
    """One warning or question."""
    return {
        "rule": reason.rule,
        "finding": reason.finding.value,
        "text": reason.text,
        "source": reason.source,
        "grade": reason.grade,
    }


# ---- what was cited -------------------------------------------------------------------------------------------


def keys_used(node: Any) -> Iterable[str]:
    """Every citation key in a plan: the values of ``source`` and ``sources``, wherever they stand."""
    if isinstance(node, Mapping):
        for name, value in node.items():
            if name == "source" and isinstance(value, str):
                yield value
            elif name == "sources":
                yield from value
            else:
                yield from keys_used(value)
    elif isinstance(node, list):
        for item in node:
            yield from keys_used(item)
