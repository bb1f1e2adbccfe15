"""The form of the site's settings: what was typed <-> the table that is written down, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from matrescence.care.infusion.order import HYPOXIA
from matrescence.clinic.inputs import NO, YES, Input, posted, shown_number, typed_number
from matrescence.clinic.said import English
from matrescence.clinic.site import parts
from matrescence.clinic.site.parts import Part
from matrescence.clinic.site.values import settings_from
from matrescence.reading import InputError

NUMBERS: Mapping[str, tuple[float, float, str]] = {
    "spo2_below": (50, 100, "%"),
    "systolic_from": (80, 300, "mmHg"),
    "diastolic_from": (40, 200, "mmHg"),
    "sedation_score": (-10, 20, ""),
    "overdue_after_min": (0, 240, "min"),
    "unrecorded_after_min": (1, 240, "min"),
    "observed_h": (0, 72, "h"),
    "pressure_within_mmhg": (0, 100, "mmHg"),
    "slot_min": (10, 240, "min"),
}
"""The numbers of the form: lowest and highest that can be meant, and the unit."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it was filled: its parts with what is wrong, and the table to write when nothing is."""

    parts: tuple[Part, ...]
    table: Mapping[str, Any]
    problems: tuple[str, ...]

    @property
    def wrong(self) -> tuple[Input, ...]:
        """Every input with something wrong, in the order of the form; one in a row is named with its row."""
        found = [(label, item) for part in self.parts for label, items in part.rows for item in items if item.error]
        alone = tuple(item for part in self.parts for item in part.plain if item.error)
        return (*alone, *(replace(item, label=f"{label}: {item.label}") for label, item in found))

    @property
    def ok(self) -> bool:
        """Whether the table can be written."""
        return not self.wrong and not self.problems


# ---- what was typed -> the table -----------------------------------------------------------------------------------


def filled(data: Mapping[str, str]) -> Filled:
    """Read a posted form."""
    typed = {item.name: posted(data, item.name) for part in parts.empty() for item in part.inputs}
    errors: dict[str, str] = {}
    numbers = {name: _number(name, typed[name], errors) for name in NUMBERS}
    table = {
        **{name: typed[name] for name in ("setting", "pharmacy", "time_zone") if typed[name]},
        "limits": list(_limits(typed, numbers, errors)),
        **{name: numbers[name] for name in ("overdue_after_min", "unrecorded_after_min") if numbers[name] is not None},
        **({"two_person": typed["two_person"] == YES} if typed["two_person"] in (YES, NO) else {}),
        "leaving": {
            name: numbers[name] for name in ("observed_h", "pressure_within_mmhg") if numbers[name] is not None
        },
        "hours": list(_windows("open", typed, errors)),
        "consultations": list(_windows("consult", typed, errors)),
        **({} if numbers["slot_min"] is None else {"slot_min": numbers["slot_min"]}),
        "prices": list(_prices(typed, errors)),
        "help_lines": list(_lines(typed, errors)),
    }
    if table["consultations"] and numbers["slot_min"] is None and not typed["slot_min"]:
        errors["slot_min"] = _("Say how long one consultation takes.")
    problems = _problems(table, errors)
    return Filled(shown(typed, errors), table, problems)


def _number(name: str, text: str, errors: dict[str, str]) -> float | None:
    if not text:
        return None
    low, high, unit = NUMBERS[name]
    number = typed_number(text)
    if isinstance(number, float) and low <= number <= high and (name != "slot_min" or number == int(number)):
        return number
    allowed = f"{low:g}–{high:g} {unit}".strip()
    errors[name] = _("This cannot be used; allowed: %(allowed)s. Leave it empty where nothing is set.") % {
        "allowed": allowed
    }
    return None


def _limits(
    typed: Mapping[str, str], numbers: Mapping[str, float | None], errors: dict[str, str]
) -> Iterator[dict[str, Any]]:
    rows = (
        ("spo2_below", "spo2_percent", HYPOXIA, "below"),
        ("systolic_from", "systolic_mmhg", "severe-hypertension", "at_or_above"),
        ("diastolic_from", "diastolic_mmhg", "severe-hypertension", "at_or_above"),
    )
    for name, measure, finding, side in rows:
        if numbers[name] is not None:
            yield {"measure": measure, "finding": finding, side: numbers[name], "source": "site-policy"}
    scale = next((item for item in parts.sedation_scales() if item.name == typed["sedation_scale"]), None)
    if (scale is None) is not (numbers["sedation_score"] is None) and not errors.get("sedation_score"):
        errors["sedation_score"] = _("A limit of sedation needs its scale, and a scale its limit.")
    elif scale is not None and numbers["sedation_score"] is not None:
        side = "at_or_above" if scale.higher_is_worse else "at_or_below"
        row = {"measure": "sedation_score", "finding": "excessive-sedation", "scale": scale.name}
        yield {**row, side: numbers["sedation_score"], "source": "site-policy"}


def _windows(what: str, typed: Mapping[str, str], errors: dict[str, str]) -> Iterator[dict[str, str]]:
    for day in parts.DAYS:
        start, end = typed[f"{what}_{day}_from"], typed[f"{what}_{day}_to"]
        if bool(start) is not bool(end):
            errors[f"{what}_{day}_{'to' if start else 'from'}"] = _("Both times, or none.")
        elif start and start >= end:
            errors[f"{what}_{day}_to"] = _("This is not later than the time before it.")
        elif start:
            yield {"day": day, "from": start, "to": end}


def _prices(typed: Mapping[str, str], errors: dict[str, str]) -> Iterator[dict[str, str]]:
    for drug, item in parts.priced():
        name = f"price_{drug}_{item.key}"
        price, dated = typed[name].replace(",", "."), typed[f"{name}_dated"]
        if bool(price) is not bool(dated):
            errors[name if dated else f"{name}_dated"] = _("A price and the day it is from, or neither.")
        elif price:
            yield {"drug": drug, "key": item.key, "price": price, "dated": dated}


def _lines(typed: Mapping[str, str], errors: dict[str, str]) -> Iterator[dict[str, str]]:
    for row in range(1, parts.LINES + 1):
        values = {name: typed[f"line_{row}_{name}"] for name in ("role", "name", "number", "how")}
        if not any(values[name] for name in ("name", "number", "how")):
            continue
        for name in (name for name, text in values.items() if not text):
            errors[f"line_{row}_{name}"] = _("A line needs all four: for what, its name, its number, and how.")
        if all(values.values()):
            yield values


def _problems(table: Mapping[str, Any], errors: dict[str, str]) -> tuple[str, ...]:
    """What the reader of settings says beyond the inputs; a complaint about one input goes to that input."""
    try:
        settings_from(table, where="settings")
    except InputError as error:
        lines = [line.strip().removeprefix("- ").removeprefix("settings: ") for line in str(error).splitlines()]
        left = [line for line in lines if line and not line.endswith("problems") and not _of_an_input(line, errors)]
        return tuple(map(English, left))
    return ()


def _of_an_input(line: str, errors: dict[str, str]) -> bool:
    words = line.replace(":", " ").split()
    if words[0] in {"setting", "pharmacy", "time_zone"}:
        errors.setdefault(words[0], line)
        return True
    if len(words) > 1 and f"price_{words[0]}_{words[1]}" in {f"price_{d}_{i.key}" for d, i in parts.priced()}:
        errors.setdefault(f"price_{words[0]}_{words[1]}", line)
        return True
    return False


# ---- the table -> what is shown --------------------------------------------------------------------------------------


def shown(typed: Mapping[str, str], errors: Mapping[str, str]) -> tuple[Part, ...]:
    """The parts of the form with what was typed and what is wrong with it."""

    def of(item: Input) -> Input:
        return replace(item, value=typed.get(item.name, ""), error=errors.get(item.name, ""))

    return tuple(replace(part, inputs=tuple(of(item) for item in part.inputs)) for part in parts.empty())


def typed_of(table: Mapping[str, Any]) -> dict[str, str]:
    """The settings as they would have been typed; undoes :func:`filled`."""
    typed = {name: str(table.get(name, "")) for name in ("setting", "pharmacy", "time_zone")}
    for name in ("overdue_after_min", "unrecorded_after_min", "slot_min"):
        typed[name] = shown_number(table.get(name))
    typed |= {name: shown_number(value) for name, value in table.get("leaving", {}).items()}
    if "two_person" in table:
        typed["two_person"] = YES if table["two_person"] else NO
    for limit in table.get("limits", []):
        typed |= _typed_limit(limit)
    for what, rows in (("open", table.get("hours", [])), ("consult", table.get("consultations", []))):
        typed |= {f"{what}_{row['day']}_{end}": row[end] for row in rows for end in ("from", "to")}
    for row in table.get("prices", []):
        name = f"price_{row['drug']}_{row['key']}"
        typed |= {name: row["price"], f"{name}_dated": row["dated"]}
    for number, row in enumerate(table.get("help_lines", []), start=1):
        typed |= {f"line_{number}_{name}": row[name] for name in ("role", "name", "number", "how")}
    return typed


_LIMITS = {"spo2_percent": "spo2_below", "systolic_mmhg": "systolic_from", "diastolic_mmhg": "diastolic_from"}


def _typed_limit(limit: Mapping[str, Any]) -> dict[str, str]:
    value = next((limit[side] for side in ("below", "at_or_below", "at_or_above") if side in limit), None)
    if limit["measure"] == "sedation_score":
        return {"sedation_scale": limit["scale"], "sedation_score": shown_number(value)}
    name = _LIMITS.get(limit["measure"])
    return {} if name is None else {name: shown_number(value)}
