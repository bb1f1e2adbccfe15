"""Side effects as they were counted: a dot and its interval on one axis per hundred, for each row of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matrescence.handouts import chart
from matrescence.handouts.digits import plain
from matrescence.handouts.scale import Linear, nice_ticks

_WIDTH, _HEIGHT, _EDGE = 210.0, 18.0, 9.0


def axis_of(effects: Sequence[Mapping[str, Any]]) -> Linear:
    """One scale from 0 to the highest upper bound, the same for every row: counts in 100."""
    highest = max([_highest(effect) for effect in effects], default=1.0)
    ticks = nice_ticks(0.0, max(highest, 1.0), at_most=5)
    return Linear(0.0, ticks[-1], _EDGE, _WIDTH - _EDGE)


def axis_drawing(x: Linear) -> str:
    """The head of the column: round counts in 100."""
    parts = []
    for tick in nice_ticks(x.low, x.high, at_most=5):
        parts.append(chart.text(x(tick), 11, plain(tick), look="tick", anchor="middle"))
        parts.append(chart.line(x(tick), 14, x(tick), _HEIGHT, look="base"))
    return _drawing(parts)


def row_drawing(effect: Mapping[str, Any], x: Linear) -> str:
    """One row: the interval as a bar, the drug as a filled dot, its comparison as an open one.

    The drawing is hidden from screen readers, because the cells beside it say the same in words.
    """
    middle = _HEIGHT / 2
    parts = [chart.line(x(tick), 0, x(tick), _HEIGHT, look="grid") for tick in nice_ticks(x.low, x.high, at_most=5)]
    if effect.get("low") is not None and effect.get("high") is not None:
        parts.append(chart.line(x(effect["low"]), middle, x(effect["high"]), middle, look="range"))
    if effect.get("control_per_100") is not None:
        parts.append(chart.dot(x(effect["control_per_100"]), middle, 4, look="open"))
    if effect.get("per_100") is not None:
        parts.append(chart.dot(x(effect["per_100"]), middle, 4.5, look="point"))
    return _drawing(parts)


def _highest(effect: Mapping[str, Any]) -> float:
    return max(float(effect.get(key) or 0.0) for key in ("high", "per_100", "control_per_100"))


def _drawing(parts: Sequence[str]) -> str:
    size = f'viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" width="{_WIDTH:.0f}" height="{_HEIGHT:.0f}"'
    return f'<svg class="chart" {size} aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
