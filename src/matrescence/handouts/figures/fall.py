"""Figure 3: the fall after the end on a logarithmic axis, and the time until milk is below the published level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matrescence.handouts import chart
from matrescence.handouts.chart import Panel
from matrescence.handouts.clock import Clock
from matrescence.handouts.digits import hours, plain, significant
from matrescence.handouts.dosing import Curves, Dosing
from matrescence.handouts.figures.parts import (
    WIDE,
    Label,
    Plan,
    across,
    level_line,
    level_name,
    products,
    published_level,
    ribbon,
)
from matrescence.handouts.scale import Logarithmic, decades

_TOP, _BOTTOM = 58.0, 244.0
_HOUR_STEPS = (0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 12.0, 24.0, 48.0, 72.0, 168.0, 336.0)


def fall(plan: Plan, *, width: float = WIDE) -> str:
    """Draw milk (or plasma) from the end on, and when it passes the published level.

    Nothing is drawn (an empty text) where no level after the end is known.
    """
    clock, end_h, forecast = Clock.of(plan), Dosing.of(plan).end_h, plan["forecast"]
    in_milk = falls_in_milk(plan)
    shown, level = Curves.of(forecast.get("milk" if in_milk else "plasma")), published_level(plan)
    if shown is None or shown.at_h[-1] <= end_h:
        return ""
    ticks, until_h = _frame(shown, end_h, level if in_milk else None)
    panel = Panel(across(end_h, until_h, width), Logarithmic(ticks[0], ticks[-1], _BOTTOM, _TOP))
    cut = shown.within(end_h, until_h)
    name = "Milk level, ng/mL, logarithmic" if in_milk else "Plasma level, ng/mL, logarithmic"
    parts = [*chart.clock_axis(panel.x, clock, top=_TOP, bottom=_BOTTOM), *chart.value_axis(panel, ticks, unit=name)]
    level = level if in_milk else None
    drawn, others = ([], []) if in_milk else products(panel, plan)
    names = [*_names_at_end(panel, cut), *others, *level_name(panel, level)]
    parts += [*ribbon(panel, cut), *drawn, *level_line(panel, level), *chart.margin_labels(panel, names)]
    parts += [*_names_inside(panel, cut, level), *_hours(panel, end_h, wide=width > 500)]
    parts += _flags(panel, level, _below(plan), end_h)
    return _drawing(plan, parts, width, _in_words(plan, cut, end_h, in_milk))


def falls_in_milk(plan: Plan) -> bool:
    """Whether the figure follows the level in milk: where it is known and a source has published a level to pass.

    Otherwise plasma is shown, with what the drug becomes: milk falls in parallel to it.
    """
    return Curves.of(plan["forecast"].get("milk")) is not None and published_level(plan) is not None


def _drawing(plan: Plan, parts: list[str], width: float, described: str) -> str:
    return chart.svg(
        parts,
        width=width,
        height=_BOTTOM + 38,
        key=f"fall-{width:.0f}",
        title=f"The fall of {plan['drug']} after the end",
        described=described,
    )


def _frame(shown: Curves, end_h: float, level: float | None) -> tuple[tuple[float, ...], float]:
    """Ticks and the end of the time axis: to below the level, or where none is published to a 300th of the highest."""
    after = shown.within(end_h, shown.at_h[-1])
    highest = max(*after.high, 1e-6)
    floor = level / 5 if level else highest / 300
    ticks = decades(floor, max(highest, level or 0.0))
    gone = [t for t, high in zip(after.at_h, after.high, strict=True) if high <= ticks[0]]
    return ticks, max(gone[0] if gone else after.at_h[-1], end_h + 4.0)


def _names_at_end(panel: Panel, cut: Curves) -> list[Label]:
    """The names of the curves that are still above the floor at the end, for the margin."""
    middle = ("typical" if cut.low == cut.high else "half below", cut.middle, "label strong")
    edges = () if cut.low == cut.high else (("95 % below", cut.high, "label"), ("5 % below", cut.low, "label"))
    rows = (middle, *edges)
    return [(cut.at_h[-1], c[-1], words, look) for words, c, look in rows if c[-1] > panel.y.low]


def _names_inside(panel: Panel, cut: Curves, level: float | None) -> list[str]:
    """The names of the curves that have left through the floor, written along them."""
    at_h = _clear_of(level, panel, cut)
    x, (low, middle, high) = panel.x(at_h), cut.at(at_h)
    names: list[str] = []
    if high > panel.y.low >= cut.high[-1]:
        names.append(chart.text(x + 4, panel.y(high) - 6, "95 % below", look="label halo"))
    if middle > panel.y.low >= cut.middle[-1] and cut.low != cut.high:
        names.append(chart.text(x, panel.y(middle) - 5, "half below", look="label strong halo", anchor="middle"))
    if low > panel.y.low >= cut.low[-1] and panel.y(low) + 18 < panel.bottom:
        names.append(chart.text(x - 4, panel.y(low) + 14, "5 % below", look="label halo", anchor="end"))
    return names


def _clear_of(level: float | None, panel: Panel, cut: Curves) -> float:
    """A time at which there is room for the names: to the right of where the upper curve has passed the level."""
    span = panel.x.high - panel.x.low
    at_h = panel.x.low + 0.42 * span
    passed = [t for t, high in zip(cut.at_h, cut.high, strict=True) if level is not None and high <= level]
    return min(max(at_h, passed[0] + 0.12 * span), panel.x.low + 0.75 * span) if passed else at_h


def _hours(panel: Panel, end_h: float, *, wide: bool) -> list[str]:
    span, at_most = panel.x.high - end_h, 8 if wide else 4
    step = next((step for step in _HOUR_STEPS if span / step <= at_most), _HOUR_STEPS[-1])
    marks = [end_h + step * count for count in range(int(span / step) + 1)]
    return chart.hour_marks(panel.x, marks, y=14, named=lambda at: f"{plain(at - end_h)} h", since="after the end")


def _flags(panel: Panel, level: float | None, below: Mapping[str, Any] | None, end_h: float) -> list[str]:
    """Where half and 95 of 100 women have passed the level: a line up from the crossing, and the hours beside it."""
    parts: list[str] = []
    if level is None or not below:
        return parts
    for row, (key, who) in enumerate((("p50", "half of women"), ("p95", "95 of 100 women"))):
        if below.get(key) is None:
            continue
        x, y, flag = panel.x(end_h + below[key]), panel.y(level), panel.top + 12 + 17 * row
        parts += [chart.line(x, y, x, flag - 9, look="flag"), chart.dot(x, y, 3.2, look="point")]
        parts.append(chart.text(x + 5, flag, f"{who}: {hours(below[key])}", look="label strong halo"))
    return parts


def _below(plan: Plan) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = plan["forecast"].get("milk_below_10_ng_per_ml_after_end_h")
    return found


def _in_words(plan: Plan, cut: Curves, end_h: float, in_milk: bool) -> str:
    where = "in milk" if in_milk else "in plasma"
    first = f"At the end the level {where} is expected at {significant(cut.middle[0])} ng/mL."
    last = f" {hours(cut.at_h[-1] - end_h)} later it is {significant(cut.middle[-1])} ng/mL."
    below = _below(plan)
    passed = (
        f" Half of women are below {plain(published_level(plan))} ng/mL after {hours(below['p50'])}." if below else ""
    )
    return first + last + passed
