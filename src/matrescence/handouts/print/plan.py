"""The plan for the ward as PDF: made from ``plan.json`` alone, like the page for the wall."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from matrescence.facts import GRADE_MEANING
from matrescence.handouts.clock import Clock, day_and_time
from matrescence.handouts.print.compile import compile_pdf

LAYOUT = "plan.typ"
INVENTED = "INVENTED EXAMPLE, NOT A PATIENT"
_LEFT_OUT = ("forecast", "captions")

Plan = Mapping[str, Any]


def plan_pdf(plan: Plan, *, created_at: datetime) -> bytes:
    """Lay a plan, as it stands in ``plan.json``, out as one PDF; the same plan and time give the same bytes.

    Raises:
        InputError: typst is not installed.
        KeyError: the plan lacks something that ``plan.schema.json`` requires.
        ValueError: ``created_at`` has no time zone.
    """
    return compile_pdf(LAYOUT, plan_data(plan, created_at=created_at), created_at=created_at)


def plan_data(plan: Plan, *, created_at: datetime) -> dict[str, Any]:
    """Everything the layout says, as plain data."""
    from matrescence.handouts.mood_words import mood_words
    from matrescence.handouts.page_words import page_words
    from matrescence.handouts.print.by_clock import by_clock

    words = page_words(plan)
    return {
        **{name: value for name, value in words.items() if name not in _LEFT_OUT},
        **_sheet(plan, words, created_at),
        "model": bool(plan["forecast"].get("model")),
        "forecast_grade": plan["forecast"].get("grade") or "U",
        "mood": mood_words(plan),
        "by_clock": by_clock(plan),
        "figures": _figures(plan, words["captions"]),
        "meaning": GRADE_MEANING,
        "references": [row["text"] for row in plan["references"]],
    }


def _sheet(plan: Plan, words: Mapping[str, Any], created_at: datetime) -> dict[str, str]:
    clock, name = Clock.of(plan), words["her"]["name"]
    printed = created_at.astimezone(clock.zone)
    return {
        "title": f"{words['drug']}, {words['regimen']}: plan for {name}",
        "author": plan["made_with"]["program"],
        "lang": "en",
        "region": "GB",
        "head": f"{name}. {words['drug']}, start {day_and_time(clock.at(0.0))}",
        "foot": f"Predictions, not measurements. Printed {day_and_time(printed)} {printed.year}, {plan['time_zone']}.",
        "page_word": "Page",
        "invented": INVENTED if words["invented"] else "",
    }


def _figures(plan: Plan, captions: Mapping[str, str]) -> dict[str, dict[str, str]]:
    from matrescence.handouts import figures
    from matrescence.handouts.print.drawing import described, for_print

    drawn = {}
    for draw in (figures.course, figures.mood, figures.milk, figures.fall):
        svg = draw(plan)
        name = draw.__name__
        drawn[name] = {"svg": for_print(svg), "alt": described(svg), "caption": captions[name]}
    return drawn
