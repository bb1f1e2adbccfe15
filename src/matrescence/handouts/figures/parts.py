"""What the figures share: the time axis, the band of a forecast with its names, and the page of an unknown one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matrescence.handouts import chart
from matrescence.handouts.chart import Panel
from matrescence.handouts.digits import plain, significant
from matrescence.handouts.dosing import Curves
from matrescence.handouts.scale import Linear, nice_ticks

Plan = Mapping[str, Any]
WIDE = 720.0
NARROW = 340.0


def across(low_h: float, high_h: float, width: float) -> Linear:
    """The time axis of a drawing: room for numbers on the left and for names on the right."""
    wide = width > 500
    return Linear(low_h, high_h, 46.0 if wide else 40.0, width - (112.0 if wide else 86.0))


def ribbon(panel: Panel, curves: Curves) -> list[str]:
    """The band that nine in ten women fall into, its two edges, and the line that half of them lie above."""
    return [
        chart.band(panel, curves.at_h, curves.low, curves.high, look="band"),
        chart.curve(panel, curves.at_h, curves.high, look="edge"),
        chart.curve(panel, curves.at_h, curves.low, look="edge"),
        chart.curve(panel, curves.at_h, curves.middle, look="median"),
    ]


def levels(place: Panel, curves: Curves, unit: str, *, level: float | None = None) -> list[str]:
    """A linear level axis, the band, its values at the peak in the margin, and the published level if there is one."""
    panel = on_levels(place, curves, level=level)
    ticks = nice_ticks(0.0, panel.y.high, at_most=6)
    names = _names(curves, wide=panel.right > 500)
    drawn = [*chart.value_axis(panel, ticks, unit=unit), *ribbon(panel, curves), *chart.margin_labels(panel, names)]
    return drawn + level_line(panel, level)


def on_levels(place: Panel, curves: Curves, *, level: float | None = None) -> Panel:
    """The same place with a linear axis from 0 to a round number above everything shown."""
    ticks = nice_ticks(0.0, max([*curves.high, (level or 0.0) * 1.2, 1e-6]), at_most=6)
    return Panel(place.x, Linear(0.0, ticks[-1], place.bottom, place.top))


def _names(curves: Curves, *, wide: bool) -> list[tuple[float, float, str, str]]:
    """The three values at the peak of the middle curve: where, how high, in words, and how it looks."""
    peak, sign = curves.peak(), " below " if wide else ": "
    if curves.low == curves.high:
        return [
            (curves.at_h[peak], curves.middle[peak], f"typical: {significant(curves.middle[peak])}", "label strong")
        ]
    rows = (("95 %", curves.high, "label"), ("half", curves.middle, "label strong"), ("5 %", curves.low, "label"))
    return [(curves.at_h[peak], c[peak], f"{who}{sign}{significant(c[peak])}", look) for who, c, look in rows]


def others(panel: Panel, plan: Plan, low_h: float, high_h: float) -> list[str]:
    """The middle plasma level of what the drug becomes, such as a metabolite: a dashed line with its name."""
    parts: list[str] = []
    for name, forecast in (plan["forecast"].get("others") or {}).items():
        if (curves := Curves.of(forecast)) is None or curves.at_h[-1] <= low_h:
            continue
        cut = curves.within(low_h, high_h)
        at_h = low_h + 0.96 * (high_h - low_h)
        parts.append(chart.curve(panel, cut.at_h, cut.middle, look="second"))
        words = name.replace("_", " ")
        parts.append(chart.text(panel.x(at_h), panel.y(cut.at(at_h)[1]) - 6, words, look="label halo", anchor="end"))
    return parts


def level_line(panel: Panel, level: float | None) -> list[str]:
    """The level that a source has published as a mark, across the panel and named."""
    if level is None:
        return []
    y = panel.y(level)
    return [
        chart.line(panel.left, y, panel.right, y, look="mark"),
        chart.text(panel.right + 11, y + 4, f"{plain(level)} ng/mL", look="label mark-name"),
    ]


def not_known(panel: Panel, words: str) -> list[str]:
    """An empty panel that says in words that nothing is known."""
    return [
        chart.box(panel.left, panel.top, panel.right - panel.left, panel.bottom - panel.top, look="unknown"),
        chart.text(
            (panel.left + panel.right) / 2, (panel.top + panel.bottom) / 2 + 4, words, look="label", anchor="middle"
        ),
    ]


def published_level(plan: Plan) -> float | None:
    """The level in milk that a source has published as a mark (ng/mL), if the plan knows one."""
    forecast = plan["forecast"]
    if (level := forecast.get("milk_level_ng_per_ml")) is not None:
        return float(level)
    return 10.0 if forecast.get("milk_below_10_ng_per_ml_after_end_h") else None
