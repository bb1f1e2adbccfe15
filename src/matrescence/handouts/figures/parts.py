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
Label = tuple[float, float, str, str]
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


def levels(
    place: Panel, curves: Curves, unit: str, *, level: float | None = None, beside: Plan | None = None
) -> list[str]:
    """A linear level axis, the band, its values at the peak in the margin, and the published level if there is one.

    ``beside`` is the plan whose products of the drug (metabolites) are drawn with it; they are levels in plasma.
    """
    ticks = nice_ticks(0.0, max([*curves.high, (level or 0.0) * 1.2, 1e-6]), at_most=6)
    panel = Panel(place.x, Linear(0.0, ticks[-1], place.bottom, place.top))
    drawn, others = products(panel, beside) if beside else ([], [])
    names = [*_peak_names(curves, wide=panel.right > 500), *others, *level_name(panel, level)]
    axis = chart.value_axis(panel, ticks, unit=unit)
    return [*axis, *ribbon(panel, curves), *drawn, *level_line(panel, level), *chart.margin_labels(panel, names)]


def _peak_names(curves: Curves, *, wide: bool) -> list[Label]:
    """The three values at the peak of the middle curve: where, how high, in words, and how it looks."""
    peak, sign = curves.peak(), " below " if wide else ": "
    if curves.low == curves.high:
        typical = f"typical: {significant(curves.middle[peak])}"
        return [(curves.at_h[peak], curves.middle[peak], typical, "label strong")]
    rows = (("95 %", curves.high, "label"), ("half", curves.middle, "label strong"), ("5 %", curves.low, "label"))
    return [(curves.at_h[peak], c[peak], f"{who}{sign}{significant(c[peak])}", look) for who, c, look in rows]


def products(panel: Panel, plan: Plan) -> tuple[list[str], list[Label]]:
    """The middle plasma level of what the drug becomes, such as a metabolite: dashed lines, and their names."""
    drawn: list[str] = []
    names: list[Label] = []
    for name, forecast in (plan["forecast"].get("others") or {}).items():
        curves = Curves.of(forecast)
        if curves is None or curves.at_h[-1] <= panel.x.low:
            continue
        cut = curves.within(panel.x.low, panel.x.high)
        if max(cut.middle) <= panel.y.high:
            drawn.append(chart.curve(panel, cut.at_h, cut.middle, look="second"))
            names.append((cut.at_h[-1], cut.middle[-1], name.replace("_", " "), "label"))
    return drawn, names


def level_line(panel: Panel, level: float | None) -> list[str]:
    """The level that a source has published as a mark, across the panel."""
    return [] if level is None else [chart.line(panel.left, panel.y(level), panel.right, panel.y(level), look="mark")]


def level_name(panel: Panel, level: float | None) -> list[Label]:
    """The name of that line, for the margin."""
    return [] if level is None else [(panel.x.high, level, f"{plain(level)} ng/mL", "label mark-name")]


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
