"""A plan by the clock: at each time what to set, what to hang and what to check, in the order of the ward's night."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from matrescence.handouts.checks import sentence, timed
from matrescence.handouts.clock import Clock, day, time_of_day
from matrescence.handouts.digits import plain
from matrescence.handouts.dosing import Dosing

Plan = Mapping[str, Any]
Item = tuple[float, str, str, str]
"""Hours from the start, the kind, what to do, and a word beside it."""


def by_clock(plan: Plan) -> list[dict[str, Any]]:
    """Every time of the plan under its day, or under its session; empty for doses by mouth.

    Of one time the pump comes first, then the bag, then the checks.
    """
    clock, dosing = Clock.of(plan), Dosing.of(plan)
    if not dosing.steps:
        return []
    items = sorted(_items(plan), key=lambda item: round(item[0], 4))
    return [
        {"title": title, "rows": list(_rows(list(group), clock))}
        for title, group in groupby(items, key=lambda item: _title(item[0], clock, dosing))
    ]


def _items(plan: Plan) -> Iterator[Item]:
    yield from _rates(plan)
    bags = plan["bags"]
    for bag in bags:
        yield bag["hang_at_h"], "bag", f"Hang bag {bag['number']}", ""
    for check in timed(plan):
        yield check["at_h"], "check", sentence(check["what"]), ""


def _rates(plan: Plan) -> Iterator[Item]:
    steps = plan["pump_steps"]
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        setting = step.get("rate_ml_per_h_set")
        setting = step.get("rate_ml_per_h") if setting is None else setting
        rate = f"{plain(step['rate_ug_per_kg_h'])} micrograms/kg/h"
        words = f"Pump to {plain(setting)} mL/h" if setting is not None else f"Pump to {rate}"
        yield step["start_h"], "rate", words, rate if setting is not None else ""
        if following is None or following["start_h"] - step["end_h"] > 1e-6:
            yield step["end_h"], "rate", "Stop pump: end", ""


def _title(at_h: float, clock: Clock, dosing: Dosing) -> str:
    if len(dosing.sessions) < 2:
        return day(clock.at(at_h))
    number = max(index for index, (start_h, _) in enumerate(dosing.sessions, 1) if start_h <= at_h + 1e-6 or index == 1)
    return f"Session {number}: {day(clock.at(dosing.sessions[number - 1][0]))}"


def _rows(items: list[Item], clock: Clock) -> Iterator[dict[str, Any]]:
    for at, group in groupby(items, key=lambda item: time_of_day(clock.at(item[0]))):
        yield {"at": at, "todo": [{"kind": kind, "what": what, "note": note} for _, kind, what, note in group]}
