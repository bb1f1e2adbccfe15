"""Figure 1: what is given, the level it leads to, the bags and the checks, all on one clock."""

from __future__ import annotations

from matrescence.handouts import chart
from matrescence.handouts.chart import Panel
from matrescence.handouts.checks import timed
from matrescence.handouts.clock import Clock, day_and_time
from matrescence.handouts.digits import hours, plain, significant
from matrescence.handouts.dosing import Curves, Dosing, sleep_windows
from matrescence.handouts.figures.parts import WIDE, Plan, across, levels, not_known
from matrescence.handouts.scale import Linear, nice_ticks

_TOP = 46.0
_LANE = 22.0


def course(plan: Plan, *, width: float = WIDE) -> str:
    """Draw what is given and the plasma level; of many short sessions, the first one."""
    clock, dosing, curves = Clock.of(plan), Dosing.of(plan), Curves.of(plan["forecast"].get("plasma"))
    high_h = window_h(plan)
    x = across(0.0, high_h, width)
    rate, level = Panel(x, Linear(0, 1, 134, 64)), Panel(x, Linear(0, 1, 342 if curves else 216, 180))
    parts = _steps(rate, dosing, plan, high_h) if dosing.steps else _tablets(rate, dosing)
    if curves:
        parts += levels(level, curves.within(0.0, high_h), "Plasma level, ng/mL", beside=plan)
    else:
        parts += not_known(level, "Plasma level: unknown")
    lanes, bottom = _lanes(plan, x, dosing, top=level.bottom + 10)
    return chart.svg(
        [*_sleep(plan, clock, x, bottom), *chart.clock_axis(x, clock, top=_TOP, bottom=bottom), *parts, *lanes],
        width=width,
        height=bottom + 38,
        key=f"course-{width:.0f}",
        title=f"What is given, and the expected plasma level of {plan['drug']}",
        described=_in_words(plan, clock, dosing),
    )


def window_h(plan: Plan) -> float:
    """How far the figure looks: the treatment (of many short sessions the first) and some time after it."""
    dosing = Dosing.of(plan)
    end_h = dosing.sessions[0][1] if len(dosing.sessions) > 1 else dosing.end_h
    wanted = end_h + min(max(0.4 * end_h, 3.0), 48.0)
    times = (plan["forecast"].get("plasma") or {}).get("time_h") or [wanted]
    return float(min(wanted, max(times[-1], end_h * 1.05)))


def _steps(place: Panel, dosing: Dosing, plan: Plan, high_h: float) -> list[str]:
    shown = [(start, min(end, high_h), rate) for start, end, rate in dosing.steps if start < high_h]
    ticks = nice_ticks(0.0, max(rate for _, _, rate in shown), at_most=3)
    panel = Panel(place.x, Linear(0.0, ticks[-1], place.bottom, place.top))
    parts = chart.value_axis(panel, ticks, unit="Pump rate, micrograms/kg/h")
    parts.append(chart.staircase(panel, shown, look="steps"))
    for (start, end, rate), step in zip(shown, plan["pump_steps"], strict=False):
        middle, room = (panel.x(start) + panel.x(end)) / 2, panel.x(end) - panel.x(start)
        ml = step.get("rate_ml_per_h")
        for words in [f"{plain(ml)} mL/h", plain(ml)] if ml is not None else []:
            if chart.text_width(words) < room - 4:
                parts.append(chart.text(middle, panel.bottom - 7, words, look="label on-steps", anchor="middle"))
                break
        if chart.text_width(plain(rate, decimals=1)) < room + 1:
            words = plain(rate, decimals=1)
            parts.append(chart.text(middle, panel.y(rate) - 5, words, look="label strong", anchor="middle"))
    return parts + _hours_above(panel.x, shown)


def _tablets(place: Panel, dosing: Dosing) -> list[str]:
    if not dosing.doses:
        return not_known(place, "No dose in this plan")
    ticks = nice_ticks(0.0, max(amount for _, amount in dosing.doses), at_most=3)
    panel = Panel(place.x, Linear(0.0, ticks[-1], place.bottom, place.top))
    parts = chart.value_axis(panel, ticks, unit="Dose by mouth, mg")
    for at_h, amount_mg in dosing.doses:
        x, y = panel.x(at_h), panel.y(amount_mg)
        parts += [chart.line(x, panel.bottom, x, y, look="stem"), chart.dot(x, y, 3, look="point")]
    words = f"{len(dosing.doses)} \u00d7 {plain(dosing.doses[0][1])} mg"
    return [*parts, chart.text(panel.right + 11, panel.y(dosing.doses[-1][1]) + 4, words, look="label strong")]


def _hours_above(x: Linear, steps: list[tuple[float, float, float]]) -> list[str]:
    edges = sorted({start for start, _, _ in steps} | {end for _, end, _ in steps})
    ends = (edges[0], edges[-1])
    return chart.hour_marks(
        x, edges, y=14, named=lambda at: hours(at) if at in ends else plain(at), since="since the start"
    )


def _sleep(plan: Plan, clock: Clock, x: Linear, bottom: float) -> list[str]:
    """Shaded nights, named where the checks rest."""
    parts = []
    for start, end in sleep_windows(plan, clock, x.low, x.high):
        parts.append(chart.box(x(start), _TOP, x(end) - x(start), bottom - _TOP, look="sleep"))
        if chart.text_width("sleep") < x(end) - x(start):
            parts.append(chart.text((x(start) + x(end)) / 2, bottom - 13, "sleep", look="faint", anchor="middle"))
    return parts


def _lanes(plan: Plan, x: Linear, dosing: Dosing, *, top: float) -> tuple[list[str], float]:
    """Bags and checks under the level; gives back the drawing and where it ends."""
    parts: list[str] = []
    if plan["bags"]:
        parts.append(chart.text(x.from_px - 6, top + 12, "bags", look="tick", anchor="end"))
        for bag in (bag for bag in plan["bags"] if bag["hang_at_h"] < x.high):
            until = min(bag["change_by_h"], dosing.end_h, x.high)
            parts.append(chart.box(x(bag["hang_at_h"]) + 1, top, x(until) - x(bag["hang_at_h"]) - 2, 16, look="bag"))
            middle = (x(bag["hang_at_h"]) + x(until)) / 2
            parts.append(chart.text(middle, top + 12, str(bag["number"]), look="label", anchor="middle"))
        top += _LANE
    at_hours = sorted({check["at_h"] for check in timed(plan) if check["at_h"] <= x.high})
    if at_hours:
        parts.append(chart.text(x.from_px - 6, top + 11, "checks", look="tick", anchor="end"))
        parts += [chart.line(x(at_h), top + 2, x(at_h), top + 14, look="check") for at_h in at_hours]
        top += _LANE
    return parts, top + 2


def _in_words(plan: Plan, clock: Clock, dosing: Dosing) -> str:
    peak = plan["forecast"].get("cmax_ng_per_ml")
    given = [f"{plain(rate, decimals=1)} micrograms/kg/h from {hours(a)} to {hours(b)}" for a, b, rate in dosing.steps]
    given += [f"{plain(mg)} mg at {day_and_time(clock.at(at_h))}" for at_h, mg in dosing.doses]
    highest = "The plasma level is unknown."
    if peak:
        low, middle, high = (significant(peak.get(key)) for key in ("p05", "p50", "p95"))
        highest = (
            f"The highest plasma level is expected at {middle} ng/mL, in nine of ten women between {low} and {high}."
        )
    return f"Given: {'; '.join(given)}. {highest}"
