"""Everything a handout says, under the names that the template and the terminal use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matrescence.handouts import counts, figures, rows
from matrescence.handouts.checks import always, by_day
from matrescence.handouts.clock import Clock, day_and_time
from matrescence.handouts.digits import plain
from matrescence.handouts.dosing import Dosing
from matrescence.handouts.feeding import feeding
from matrescence.handouts.figures.parts import published_level
from matrescence.handouts.heading import availability, drug_name, is_invented, name_of, regimen_name, rest_of

Plan = Mapping[str, Any]
Words = dict[str, Any]


def page_words(plan: Plan) -> Words:
    """The values of the template, by name, without the drawings."""
    clock, dosing = Clock.of(plan), Dosing.of(plan)
    return {
        "drug": drug_name(plan),
        "regimen": regimen_name(plan),
        "invented": is_invented(plan),
        "availability": availability(plan),
        "facts": rows.facts(plan, clock, dosing),
        "her": {"name": name_of(plan), "rest": rest_of(plan)},
        "warnings": rows.warnings(plan),
        "ask": plan.get("ask_before_start") or [],
        "watch": plan.get("watch_infant_for") or [],
        "notes": plan.get("notes") or [],
        "as_set": rows.as_set(plan),
        "warnings_title": _warnings_title(plan),
        "pump": rows.pump(plan, clock),
        "span": "For" if len(dosing.sessions) > 1 else "Hours since the start",
        "ended": rows.pump_end(plan, clock),
        "lower": rows.lower_rates(plan),
        "bags": rows.bags(plan, clock),
        "recipe": rows.texts((plan.get("preparation") or {}).get("recipe") or ()),
        "doses": [{"when": day_and_time(clock.at(at)), "amount": plain(mg)} for at, mg in dosing.doses],
        "checks": {"always": always(plan), "timed": by_day(plan, clock)},
        "stops": rows.stops(plan),
        "women": f"{plan['forecast']['women']:,}".replace(",", "\u202f"),
        "forecast": plan["forecast"],
        "basis": rows.basis(plan),
        "tiles": rows.tiles(plan),
        "captions": _captions(plan, dosing),
        "lactation": [{**row, "again": feeding(row, clock, dosing).every} for row in plan["lactation"]],
        "effects": rows.effects(plan["side_effects"]),
        "unknown": rows.texts(plan["forecast"].get("unknown") or ()),
        "references": plan["references"],
        "number": {reference["key"]: index for index, reference in enumerate(plan["references"], start=1)},
        "made": plan["made_with"],
        "zone": plan["time_zone"],
    }


def drawings(plan: Plan) -> Words:
    """The figures in two widths, and the dots of the side effects, as markup that is safe to insert."""
    from markupsafe import Markup

    x = counts.axis_of(plan["side_effects"])
    drawn: Words = {
        draw.__name__: {"wide": Markup(draw(plan)), "narrow": Markup(draw(plan, width=figures.NARROW))}
        for draw in (figures.course, figures.mood, figures.milk, figures.fall)
    }
    drawn["axis"] = Markup(counts.axis_drawing(x))
    drawn["effects"] = [Markup(counts.row_drawing(effect, x)) for effect in plan["side_effects"]]
    return drawn


def _warnings_title(plan: Plan) -> str:
    count = len(rows.warnings(plan))
    if not count:
        return "No other warning for her from the rules of this plan"
    forbids = sum(row.get("finding") == "forbids" for row in rows.warnings(plan))
    if forbids:
        more = f", {count - forbids} more to read" if count > forbids else ""
        return f"{'A rule forbids' if forbids == 1 else f'{forbids} rules forbid'} this treatment for her{more}"
    return "1 warning: read first" if count == 1 else f"{count} warnings: read first"


def _captions(plan: Plan, dosing: Dosing) -> dict[str, str]:
    several, level = len(dosing.sessions) > 1, published_level(plan)
    mark = f"The dashed line is the published level of {plain(level)} ng/mL. " if level is not None else ""
    last, known = "The last of the sessions. ", plan["forecast"].get("milk") is not None
    return {
        "course": f"Session 1 of {len(dosing.sessions)}; the others are the same." if several else "",
        "mood": _mood_caption(plan),
        "milk": f"The level in milk, and the feeding times of each source. {last if several else ''}"
        f"{mark if known else ''}Hatched: this source would not feed. Filled: it would.",
        "fall": f"The fall after the end in {'milk' if figures.falls_in_milk(plan) else 'plasma'}, "
        f"in equal steps of tenfold. {mark if figures.falls_in_milk(plan) else ''}",
    }


def _mood_caption(plan: Plan) -> str:
    mood = plan.get("mood")
    if mood is None:
        return ""
    against = mood["against"]
    return (
        f"How the {mood['scale']} may go. Thick line: half of women are below it, treated; dashed: with {against}. "
        f"Nine of ten are expected inside the blue band, treated, and inside the grey one with {against}. "
        "Red: half of where she starts. "
        f"Below: the filled dot is treated with its range, the open dot {against}; numbers are treated / {against}."
    )
