"""The rows of the tables, for page and terminal alike: numbers rounded, times on the local clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from matrescence.handouts.checks import sentence
from matrescence.handouts.clock import Clock, day_and_time, time_of_day
from matrescence.handouts.digits import aligned, band, hours, in_100, plain, significant
from matrescence.handouts.dosing import Dosing
from matrescence.handouts.figures.parts import published_level
from matrescence.handouts.heading import name_of

Plan = Mapping[str, Any]
Row = dict[str, Any]

_KEY = re.compile(r"\b[a-z_]+_\d{4}\w*\b")  # a citation key inside a sentence, such as kamp_2020
_ACTIONS = {"stop": "Stop the infusion", "pause": "Pause the infusion", "ask": "Call the clinician"}


def facts(plan: Plan, clock: Clock, dosing: Dosing) -> list[Row]:
    """The strip under the banner: who, how heavy, when, how much, what to prepare."""
    last = "End" if dosing.steps else "Last dose"
    rows = [
        ("Mother", name_of(plan), None),
        ("Weight", f"{plain(plan['mother'].get('weight_kg'), decimals=1)} kg", None),
        ("Start", day_and_time(clock.at(0.0)), f"{clock.at(0.0).year}, {plan['time_zone']}"),
        (last, day_and_time(clock.at(dosing.end_h)), _how_long(dosing)),
        ("Dose in all", f"{plain(plan['total_dose_mg'], decimals=1)} mg", _volume(plan)),
    ]
    if plan["bags"]:
        rows.append(("To prepare", _bags_and_vials(plan), None))
    return [{"name": name, "value": value, "note": note} for name, value, note in rows]


def warnings(plan: Plan) -> list[Mapping[str, Any]]:
    """The warnings, without one that only repeats the banner above them."""
    banner = plan["availability"].get("text") or "\x00"
    return [row for row in plan["warnings"] if banner not in row["text"]]


def basis(plan: Plan) -> list[str]:
    """What the forecast rests on: the model, whom it was made from, and its own notes."""
    forecast = plan["forecast"]
    if not forecast.get("model"):
        return ["No model of this drug can be simulated: its levels are unknown."]
    told = [f"Model: {forecast.get('model_label') or forecast['model']}."]
    if forecast.get("studied"):
        told.append(f"Studied in: {forecast['studied']}.")
    number = {row["key"]: index for index, row in enumerate(plan["references"], start=1)}
    notes = texts(forecast.get("notes") or ())
    return told + [_KEY.sub(lambda key: f"[{number[key[0]]}]" if key[0] in number else key[0], note) for note in notes]


def pump(plan: Plan, clock: Clock) -> list[Row]:
    """The pump programme: what the pump is set to, and the exact rate where that differs from it."""
    steps = plan["pump_steps"]
    several = len(Dosing.of(plan).sessions) > 1
    rates = aligned(step["rate_ug_per_kg_h"] for step in steps)
    settings = aligned(_setting(step) for step in steps)
    return [
        {
            "when": _from_when(step, clock, until=several),
            "hours": _span(step, of_its_own=several),
            "rate": rate,
            "ml": setting,
            "exact": _exact(step),
        }
        for step, rate, setting in zip(steps, rates, settings, strict=True)
    ]


def pump_end(plan: Plan, clock: Clock) -> Row | None:
    """The last row of the pump programme; several sessions say in each row when they end."""
    dosing = Dosing.of(plan)
    if len(dosing.sessions) > 1:
        return None
    at = plain(dosing.end_h) if dosing.end_h >= 2 else hours(dosing.end_h)
    off = aligned([*(_setting(step) for step in plan["pump_steps"]), 0.0])[-1]
    return {"when": day_and_time(clock.at(dosing.end_h)), "hours": at, "ml": off}


def lower_rates(plan: Plan) -> list[str]:
    """Where the regimen allows a lower rate, in one sentence each."""
    return [
        f"From {hours(step['start_h'])} to {hours(step['end_h'])} the rate may be "
        f"{plain(step['lower_ug_per_kg_h'])} micrograms/kg/h{_lower_setting(step)} "
        f"if she does not tolerate {plain(step['rate_ug_per_kg_h'])}."
        for step in plan["pump_steps"]
        if step.get("lower_ug_per_kg_h") is not None
    ]


def as_set(plan: Plan) -> str:
    """What the pump really gives when it cannot be set to the exact rate; nothing where there is no difference."""
    pump_told = plan.get("pump") or {}
    difference = pump_told.get("difference_percent")
    if not difference:
        return ""
    given = f"{plain(pump_told['total_dose_mg_as_set'])} mg instead of {plain(plan['total_dose_mg'])} mg"
    off = f"{significant(abs(difference))} % {'more' if difference > 0 else 'less'}"
    return f"Set like this, the pump gives {given} ({off})."


def bags(plan: Plan, clock: Clock) -> list[Row]:
    """The bags, their volumes aligned on the decimal point."""
    volumes = aligned((bag.get("volume_ml") for bag in plan["bags"]), decimals=1)
    return [
        {
            "number": bag["number"],
            "hang": day_and_time(clock.at(bag["hang_at_h"])),
            "change": day_and_time(clock.at(bag["change_by_h"])),
            "volume": volume,
        }
        for bag, volume in zip(plan["bags"], volumes, strict=True)
    ]


def stops(plan: Plan) -> list[Row]:
    """What a finding does to the running infusion, and whether it may ever go on."""
    return [
        {
            "finding": sentence(rule["finding"].replace("-", " ")),
            "action": _ACTIONS.get(rule["action"], sentence(rule["action"])),
            "after": _afterwards(rule),
            "source": rule.get("source"),
        }
        for rule in plan.get("interruptions") or ()
    ]


def tiles(plan: Plan) -> list[Row]:
    """The forecast in single numbers: the middle, its unit, and where nine in ten women lie."""
    forecast, level = plan["forecast"], published_level(plan)
    below = forecast.get("milk_below_level_after_end_h") or forecast.get("milk_below_10_ng_per_ml_after_end_h")
    rows = [
        ("Highest plasma level", forecast.get("cmax_ng_per_ml"), "ng/mL"),
        ("Area under the plasma level", forecast.get("auc_ng_h_per_ml"), "ng\u00b7h/mL"),
        ("Half-life at the end", forecast.get("half_life_h"), "h"),
        ("Infant dose, share of the mother's", forecast.get("relative_infant_dose_percent"), "%"),
    ]
    if level is not None:
        rows.append((f"Until milk is below {plain(level)} ng/mL", below, "h after the end"))
    return [_tile(*row) for row in rows]


def effects(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Side effects with their denominators, and the comparison they were counted beside."""
    return [
        {
            "name": effect["name"],
            "source": effect.get("source"),
            "counted": _of(effect.get("events"), effect.get("people")),
            "per_100": in_100(effect.get("per_100")),
            "interval": _interval(effect),
            "control": _control(effect),
        }
        for effect in rows
    ]


def _setting(step: Mapping[str, Any]) -> float | None:
    setting = step.get("rate_ml_per_h_set")
    return step.get("rate_ml_per_h") if setting is None else setting


def _exact(step: Mapping[str, Any]) -> str:
    """The exact rate in mL/h where the pump cannot be set to it; otherwise nothing."""
    setting, exact = _setting(step), step.get("rate_ml_per_h")
    return "" if setting is None or exact is None or abs(setting - exact) < 5e-4 else plain(exact, decimals=3)


def _lower_setting(step: Mapping[str, Any]) -> str:
    exact = step.get("lower_ml_per_h")
    setting = step.get("lower_ml_per_h_set", exact)
    if setting is None:
        return ""
    beside = f", exactly {plain(exact, decimals=3)}" if abs(setting - exact) >= 5e-4 else ""
    return f" ({plain(setting)} mL/h{beside})"


def _from_when(step: Mapping[str, Any], clock: Clock, *, until: bool) -> str:
    start = day_and_time(clock.at(step["start_h"]))
    return f"{start} to {time_of_day(clock.at(step['end_h']))}" if until else start


def _span(step: Mapping[str, Any], *, of_its_own: bool) -> str:
    """``4-24`` hours since the start; for one of several sessions how long it lasts."""
    start_h, end_h = step["start_h"], step["end_h"]
    if of_its_own:
        return hours(end_h - start_h)
    if end_h < 2:
        return f"{plain(start_h * 60, decimals=0)}\u2013{plain(end_h * 60, decimals=0)} min"
    return f"{plain(start_h, decimals=1)}\u2013{plain(end_h, decimals=1)}"


def _how_long(dosing: Dosing) -> str:
    if len(dosing.sessions) > 1:
        return f"{len(dosing.sessions)} sessions"
    return f"{len(dosing.doses)} doses" if dosing.doses else f"after {hours(dosing.end_h)}"


def _bags_and_vials(plan: Plan) -> str:
    vials = plan.get("vials")
    return _many(len(plan["bags"]), "bag") + ("" if vials is None else f", {_many(vials, 'vial')}")


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _volume(plan: Plan) -> str | None:
    volume = plan.get("total_volume_ml")
    return None if volume is None else f"{plain(volume, decimals=1)} mL"


def _afterwards(rule: Mapping[str, Any]) -> str:
    if not rule["may_resume"]:
        needs = rule.get("needs") or "never resumed"
        return f"{sentence(needs)}."
    rate = f" at the {rule['resume_rate'].replace('-', ' ')} rate" if rule.get("resume_rate") else ""
    return f"May go on{rate} when {rule['needs']}." if rule.get("needs") else f"May go on{rate}."


def _tile(name: str, numbers: Mapping[str, Any] | None, unit: str) -> Row:
    found = band(numbers)
    if found is None:
        return {"name": name, "middle": "unknown", "unit": "", "range": ""}
    low, middle, high = found
    return {"name": name, "middle": middle, "unit": unit, "range": "" if low == high else _range(low, high)}


def _range(low: str, high: str) -> str:
    if low and high:
        return f"nine in ten women: {low}\u00a0to\u00a0{high}"
    return f"95 of 100 women: at\u00a0most\u00a0{high}" if high else ""


def _of(events: int | None, people: int | None) -> str:
    return "not given" if events is None or people is None else f"{events} of {people}"


def _interval(effect: Mapping[str, Any]) -> str:
    low, high = effect.get("low"), effect.get("high")
    return "" if low is None or high is None else f"{in_100(low)} to {in_100(high)}"


def _control(effect: Mapping[str, Any]) -> str:
    if effect.get("control_per_100") is None:
        return "no comparison"
    counted = _of(effect.get("control_events"), effect.get("control_people"))
    share = f"{effect.get('control') or 'control'} {in_100(effect['control_per_100'])}"
    return share + (f" ({counted})" if counted != "not given" else "")


def texts(items: Iterable[Any]) -> list[str]:
    """The sentences of a list of statements, or of plain strings."""
    return [str(item["text"]) if isinstance(item, Mapping) else str(item) for item in items]
