"""Everything the page says, as words: numbers rounded, times on the local clock, sources numbered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matrescence.handouts import counts, figures
from matrescence.handouts.checks import always, by_day
from matrescence.handouts.clock import Clock, day_and_time
from matrescence.handouts.digits import aligned, band, hours, plain, significant
from matrescence.handouts.dosing import Dosing
from matrescence.handouts.feeding import feeding
from matrescence.handouts.her import headline, is_invented, name_of, rest_of
from matrescence.handouts.figures.parts import published_level

Plan = Mapping[str, Any]
Words = dict[str, Any]


def page_words(plan: Plan) -> Words:
    """The values of the template, by name."""
    clock, dosing = Clock.of(plan), Dosing.of(plan)
    return {
        "drug": drug_name(plan),
        "regimen": plan.get("regimen_label") or plan["regimen"],
        "invented": is_invented(plan),
        "availability": availability(plan),
        "facts": _facts(plan, clock, dosing),
        "her": {"name": name_of(plan), "rest": rest_of(plan), "whose": "her"},
        "warnings": plan["warnings"],
        "warnings_title": _warnings_title(plan),
        "pump": pump_rows(plan, clock),
        "ended": {"when": day_and_time(clock.at(dosing.end_h)), "hours": plain(dosing.end_h)},
        "bags": bag_rows(plan, clock),
        "doses": [{"when": day_and_time(clock.at(at)), "amount": plain(mg)} for at, mg in dosing.doses],
        "checks": {"always": always(plan), "timed": by_day(plan, clock)},
        "women": f"{plan['forecast']['women']:,}".replace(",", "\u202f"),
        "forecast": plan["forecast"],
        "tiles": tiles(plan),
        "drawn": _drawings(plan),
        "words": _captions(plan, dosing),
        "lactation": [{**row, "again": feeding(row, clock, dosing).words} for row in plan["lactation"]],
        "effects": _effects(plan["side_effects"]),
        "unknown": plan["forecast"].get("unknown") or [],
        "references": plan["references"],
        "number": {reference["key"]: index for index, reference in enumerate(plan["references"], start=1)},
        "made": plan["made_with"],
        "zone": plan["time_zone"],
    }


def drug_name(plan: Plan) -> str:
    """The drug's readable name, with a capital letter."""
    name = str(plan.get("drug_label") or plan["drug"])
    return name[:1].upper() + name[1:]


def running_foot(plan: Plan) -> str:
    """What stands at the foot of every printed page, so that a loose sheet is not mistaken for another woman's."""
    start = day_and_time(Clock.of(plan).at(0.0))
    return f"{name_of(plan)}. {drug_name(plan)}, start {start}. Predictions, not measurements."


def availability(plan: Plan) -> Words:
    """The banner: a look, a headline and the sentence of the source."""
    told = plan["availability"]
    look = {"withdrawn": "withdrawn", "approved": "approved"}.get(told["status"], "off-label")
    return {"look": look, "headline": headline(told), "text": told.get("text", ""), "source": told.get("source")}


def pump_rows(plan: Plan, clock: Clock) -> list[Words]:
    """The pump programme, its numbers aligned on the decimal point."""
    steps = plan["pump_steps"]
    rates = aligned(step["rate_ug_per_kg_h"] for step in steps)
    mls = aligned(step.get("rate_ml_per_h") for step in steps)
    return [
        {"when": day_and_time(clock.at(s["start_h"])), "hours": _span(s["start_h"], s["end_h"]), "rate": rate, "ml": ml}
        for s, rate, ml in zip(steps, rates, mls, strict=True)
    ]


def bag_rows(plan: Plan, clock: Clock) -> list[Words]:
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


def tiles(plan: Plan) -> list[Words]:
    """The forecast in single numbers: the middle, its unit, and where nine in ten women lie."""
    forecast, level = plan["forecast"], plain(published_level(plan))
    rows = [
        ("Highest plasma level", "cmax_ng_per_ml", "ng/mL"),
        ("Area under the level", "auc_ng_h_per_ml", "ng\u00b7h/mL"),
        ("Half-life at the end", "half_life_h", "h"),
        ("Infant dose, share of the mother's", "relative_infant_dose_percent", "%"),
        (f"Milk below {level} ng/mL, after the end", "milk_below_10_ng_per_ml_after_end_h", "h"),
    ]
    return [_tile(name, forecast.get(key), unit) for name, key, unit in rows if key in forecast]


def _tile(name: str, numbers: Mapping[str, Any] | None, unit: str) -> Words:
    found = band(numbers)
    if found is None:
        return {"name": name.replace("unknown ng/mL", "a published level"), "middle": "unknown", "unit": "", "range": ""}
    low, middle, high = found
    spread = f"nine in ten women: {low} to {high}" if low else f"95 of 100 women: at most {high}"
    return {"name": name, "middle": middle, "unit": unit, "range": spread if high else ""}


def _span(start_h: float, end_h: float) -> str:
    if end_h - start_h < 2 and end_h < 24:
        return f"{plain(start_h * 60, decimals=0)}\u2013{plain(end_h * 60, decimals=0)} min"
    return f"{plain(start_h, decimals=1)}\u2013{plain(end_h, decimals=1)}"


def _facts(plan: Plan, clock: Clock, dosing: Dosing) -> list[Words]:
    mother = plan["mother"]
    last = "End" if dosing.steps else "Last dose"
    facts = [
        ("Mother", name_of(plan), None),
        ("Weight", f"{plain(mother.get('weight_kg'), decimals=1)} kg", None),
        ("Start", day_and_time(clock.at(0.0)), f"{clock.at(0.0).year}, {plan['time_zone']}"),
        (last, day_and_time(clock.at(dosing.end_h)), _how_long(dosing)),
        ("Dose in all", f"{plain(plan['total_dose_mg'], decimals=1)} mg", _volume(plan)),
    ]
    if plan["bags"]:
        facts.append(("To prepare", _bags_and_vials(plan), None))
    return [{"name": name, "value": value, "note": note} for name, value, note in facts]


def _how_long(dosing: Dosing) -> str:
    if len(dosing.sessions) > 1:
        return f"{len(dosing.sessions)} sessions"
    return f"{len(dosing.doses)} doses" if dosing.doses else f"after {hours(dosing.end_h)}"


def _bags_and_vials(plan: Plan) -> str:
    vials = plan.get("vials")
    return f"{_many(len(plan['bags']), 'bag')}" + ("" if vials is None else f", {_many(vials, 'vial')}")


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _volume(plan: Plan) -> str | None:
    volume = plan.get("total_volume_ml")
    return None if volume is None else f"{plain(volume, decimals=1)} mL"


def _warnings_title(plan: Plan) -> str:
    count = len(plan["warnings"])
    if not count:
        return "No warning for her from the rules of this plan"
    return f"{_many(count, 'warning')}: read first"


def _drawings(plan: Plan) -> dict[str, dict[str, Any]]:
    from markupsafe import Markup

    return {
        draw.__name__: {"wide": Markup(draw(plan)), "narrow": Markup(draw(plan, width=figures.NARROW))}
        for draw in (figures.course, figures.milk, figures.fall)
    }


def _captions(plan: Plan, dosing: Dosing) -> dict[str, str]:
    several = len(dosing.sessions) > 1
    level = published_level(plan)
    mark = f"The dashed line is the published level of {plain(level)} ng/mL. " if level is not None else ""
    which = "The last of the sessions. " if several else ""
    known = plan["forecast"].get("milk") is not None
    return {
        "course": f"Session 1 of {len(dosing.sessions)}; the others are the same." if several else "",
        "milk": f"The level in milk, and the feeding times of each source. {which}{mark}"
        "Hatched: this source would not feed. Filled: it would.",
        "fall": f"The fall after the end in {'milk' if known else 'plasma'}, in equal steps of tenfold. {mark if known else ''}",
    }


def _effects(effects: Sequence[Mapping[str, Any]]) -> Words:
    from markupsafe import Markup

    x = counts.axis_of(effects)
    rows = [
        {
            "name": effect["name"],
            "source": effect.get("source"),
            "counted": _of(effect.get("events"), effect.get("people")),
            "per_100": significant(effect.get("per_100")),
            "interval": _interval(effect),
            "control": _control(effect),
            "drawn": Markup(counts.row_drawing(effect, x)),
        }
        for effect in effects
    ]
    return {"rows": rows, "axis": Markup(counts.axis_drawing(x))}


def _of(events: int | None, people: int | None) -> str:
    return "not given" if events is None or people is None else f"{events} of {people}"


def _interval(effect: Mapping[str, Any]) -> str:
    low, high = effect.get("low"), effect.get("high")
    if low is None or high is None:
        return ""
    return f"({significant(low)} to {significant(high)})"


def _control(effect: Mapping[str, Any]) -> str:
    if effect.get("control_per_100") is None:
        return "nothing"
    counted = _of(effect.get("control_events"), effect.get("control_people"))
    share = f"{significant(effect['control_per_100'])} in 100"
    return f"{effect.get('control') or 'control'}: {share}" + (f", {counted}" if counted != "not given" else "")
