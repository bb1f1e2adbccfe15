"""Two bands on one clock: what was expected of women like her, and what is expected of her now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matrescence.handouts import chart
from matrescence.handouts.chart import Panel
from matrescence.handouts.digits import plain
from matrescence.handouts.dosing import Curves
from matrescence.handouts.figures.parts import NARROW, WIDE
from matrescence.handouts.scale import Linear, nice_ticks

__all__ = ["NARROW", "WIDE", "before_after"]

Told = Mapping[str, Any]
Point = tuple[float, float]
_TOP, _BOTTOM = 58.0, 300.0


def before_after(
    pair: Told, points: Sequence[Point], *, unit: str, title: str, key: str, width: float = WIDE, highest: float = 0.0
) -> str:
    """The band ``before`` behind the band ``after``, with what was measured as dots; ``highest`` extends the axis."""
    before, after = Curves.of(pair["before"]), Curves.of(pair["after"])
    if before is None or after is None:
        return ""
    wide = width > 500
    days = before.at_h[-1] > 240.0
    x = Linear(0.0, before.at_h[-1], 46.0 if wide else 40.0, width - (24.0 if wide else 14.0))
    top = max(*before.high, *after.high, highest, *(value for _, value in points), 1e-6)
    ticks = nice_ticks(0.0, top, at_most=6)
    panel = Panel(x, Linear(0.0, ticks[-1], _BOTTOM, _TOP))
    parts = [*chart.value_axis(panel, ticks, unit=unit), *_time_axis(panel, days=days, wide=wide), *_legend(panel)]
    parts += [
        chart.band(panel, before.at_h, before.low, before.high, look="prior"),
        chart.band(panel, after.at_h, after.low, after.high, look="band"),
        chart.curve(panel, before.at_h, before.middle, look="second"),
        chart.curve(panel, after.at_h, after.middle, look="median"),
    ]
    parts += [chart.dot(panel.x(at_h), panel.y(value), 4.2, look="measured") for at_h, value in points]
    said = "; ".join(f"{plain(value)} at hour {plain(at_h)}" for at_h, value in points) or "nothing measured"
    end = f"At the end the middle was {plain(before.middle[-1])} before and is {plain(after.middle[-1])} now."
    return chart.svg(
        parts,
        width=width,
        height=_BOTTOM + 40.0,
        key=f"{key}-{width:.0f}",
        title=title,
        described=f"Measured: {said}. {end}",
    )


def _time_axis(panel: Panel, *, days: bool, wide: bool) -> list[str]:
    unit = 24.0 if days else 1.0
    ticks = nice_ticks(0.0, panel.x.high / unit, at_most=8 if wide else 5)
    parts = [chart.line(panel.left, panel.bottom, panel.right, panel.bottom, look="base")]
    for tick in (tick for tick in ticks if tick * unit <= panel.x.high):
        x = panel.x(tick * unit)
        parts.append(chart.line(x, panel.bottom, x, panel.bottom + 4.0, look="base"))
        parts.append(chart.text(x, panel.bottom + 17.0, plain(tick), look="tick", anchor="middle"))
    name = "days from the start" if days else "hours from the start"
    return [*parts, chart.text(panel.right, panel.bottom + 34.0, name, look="tick", anchor="end")]


def _legend(panel: Panel) -> list[str]:
    left, y = panel.left, 16.0
    parts = [chart.box(left, y - 9.0, 18.0, 11.0, look="prior"), chart.text(left + 23.0, y, "before", look="label")]
    parts += [chart.box(left + 76.0, y - 9.0, 18.0, 11.0, look="band")]
    parts += [chart.text(left + 99.0, y, "now", look="label"), chart.dot(left + 142.0, y - 4.0, 4.2, look="measured")]
    return [*parts, chart.text(left + 151.0, y, "measured", look="label")]
