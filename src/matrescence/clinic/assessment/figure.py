"""Her totals of one scale over time, as inline SVG: a line, its points with their numbers, and the cut-offs.

The table beside it holds the same numbers; the figure is for the eye alone.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from matrescence.care.assessment.scales import Scale
from matrescence.care.journey.follow_up import Trend

WIDTH, HEIGHT = 400, 150
LEFT, RIGHT, TOP, BOTTOM = 28, 48, 22, 14
HIGHEST = 100.0
"""The top of the axis where a scale has no highest total."""


def trend_figure(trend: Trend) -> SafeString | None:
    """The figure of one scale; ``None`` with fewer than two totals, which a line cannot join."""
    points = [(point.at, point.total) for point in trend.points if point.total is not None]
    if len(points) < 2:
        return None
    first, last = points[0][0], points[-1][0]
    places = [(_x(at, first, last), _y(total, trend.scale), total) for at, total in points]
    return format_html(
        '<svg class="trend" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}{}'
        '<polyline points="{}"/>{}</svg>',
        WIDTH,
        HEIGHT,
        _axis(trend.scale),
        _cutoffs(trend.scale),
        " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in places),
        format_html_join(
            "", '<circle cx="{}" cy="{}" r="4.5"/><text x="{}" y="{}" class="total">{}</text>', _dots(places)
        ),
    )


def _dots(places: list[tuple[float, float, float]]) -> list[tuple[str, ...]]:
    return [(f"{x:.1f}", f"{y:.1f}", f"{x:.1f}", f"{y - 9:.1f}", f"{total:.3g}") for x, y, total in places]


def _axis(scale: Scale) -> SafeString:
    bottom, top = _y(0, scale), _y(_top(scale), scale)
    return format_html(
        '<line class="axis" x1="{l}" x2="{r}" y1="{b}" y2="{b}"/><text x="{t}" y="{b}">0</text>'
        '<text x="{t}" y="{h}">{n}</text>',
        l=LEFT,
        r=WIDTH - RIGHT,
        b=f"{bottom:.1f}",
        h=f"{top + 5:.1f}",
        t=4,
        n=f"{_top(scale):g}",
    )


def _cutoffs(scale: Scale) -> SafeString:
    """The cut-offs on the total; of two that are close together only the first is named."""
    found = dict.fromkeys(cutoff.threshold for cutoff in scale.cutoffs if cutoff.on == "total" and not cutoff.needs)
    rows: list[tuple[object, ...]] = []
    named: list[float] = []
    for threshold in found:
        y = _y(threshold, scale)
        near = any(abs(y - other) < 14 for other in named)
        named += [] if near else [y]
        end = WIDTH - RIGHT
        rows.append((LEFT, end, f"{y:.1f}", end + 6, f"{y + 4:.1f}", "" if near else f"≥ {threshold}"))
    return format_html_join(
        "", '<line class="cutoff" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/><text x="{3}" y="{4}">{5}</text>', rows
    )


def _top(scale: Scale) -> float:
    return HIGHEST if scale.total_high.value is None else scale.total_high.value


def _x(at: datetime, first: datetime, last: datetime) -> float:
    share = (at - first).total_seconds() / max(1.0, (last - first).total_seconds())
    return LEFT + 14 + share * (WIDTH - LEFT - RIGHT - 28)


def _y(total: float, scale: Scale) -> float:
    return HEIGHT - BOTTOM - total / _top(scale) * (HEIGHT - TOP - BOTTOM)
