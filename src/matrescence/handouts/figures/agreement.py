"""The model beside every published number: its interval as a bar, its middle as a tick, the publication as a dot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matrescence.handouts import chart
from matrescence.handouts.scale import Linear, nice_ticks

Row = Mapping[str, Any]

_WIDTH, _ROW, _HEAD, _TOP = 760.0, 16.0, 24.0, 58.0
_PANELS: Mapping[str, tuple[str, float, float]] = {
    "points": ("Change, points", 270.0, 490.0),
    "percent": ("Response and remission, %", 530.0, 750.0),
}
_UNIT = {"change": "points", "response": "percent", "remission": "percent"}


def agreement(rows: Sequence[Row]) -> str:
    """Draw every change and rate, trial by trial; what is in other units stands in the table alone."""
    shown = [row for row in rows if row["outcome"] in _UNIT]
    points = [value for row in shown if row["outcome"] == "change" for value in (row["low"], row["high"])]
    ticks = {"points": nice_ticks(min(points), max(0.0, *points), at_most=6), "percent": (0.0, 25.0, 50.0, 75.0, 100.0)}
    scales = {name: Linear(ticks[name][0], ticks[name][-1], *_PANELS[name][1:]) for name in _PANELS}
    parts, y = _key(), _TOP
    for trial in dict.fromkeys(row["trial"] for row in shown):
        y += _HEAD
        parts.append(chart.text(4.0, y, trial, look="heading"))
        for row in (row for row in shown if row["trial"] == trial):
            y += _ROW
            parts += _row(scales[_UNIT[row["outcome"]]], row, y)
    bottom = y + 10.0
    axes = [part for name in _PANELS for part in _axis(scales[name], ticks[name], _PANELS[name][0], bottom)]
    agreed = sum(row["agrees"] for row in shown if row["use"] != "show")
    asked = sum(row["use"] != "show" for row in shown)
    return chart.svg(
        [*axes, *parts],
        width=_WIDTH,
        height=bottom + 26.0,
        key="agreement",
        title="The model beside every published change and rate",
        described=f"{agreed} of {asked} published changes and rates agree with the model.",
    )


def _key() -> list[str]:
    return [
        chart.line(4.0, 8.0, 34.0, 8.0, look="range"),
        chart.text(40.0, 12.0, "model, 95 % interval", look="tick"),
        chart.dot(170.0, 8.0, 4.0, look="open"),
        chart.text(179.0, 12.0, "published", look="tick"),
        chart.dot(250.0, 8.0, 4.0, look="open published"),
        chart.text(259.0, 12.0, "published, does not agree", look="tick mark-name"),
    ]


def _axis(x: Linear, ticks: Sequence[float], name: str, bottom: float) -> list[str]:
    parts = [chart.text(x.from_px, _TOP - 18.0, name, look="axis-title")]
    for tick in ticks:
        parts.append(chart.line(x(tick), _TOP - 6.0, x(tick), bottom, look="grid"))
        parts.append(chart.text(x(tick), bottom + 15.0, f"{tick:g}", look="tick", anchor="middle"))
    return parts


def _row(x: Linear, row: Row, y: float) -> list[str]:
    missed = row["use"] != "show" and not row["agrees"]
    label = f"{row['arm']}, {row['outcome']}, {_when(row['at_h'])}"
    return [
        chart.text(14.0, y, label if len(label) < 42 else f"{label[:39]}...", look="tick"),
        chart.line(x(row["low"]), y - 4.0, x(row["high"]), y - 4.0, look="range"),
        chart.line(x(row["predicted"]), y - 8.0, x(row["predicted"]), y, look="base"),
        chart.dot(x(row["published"]), y - 4.0, 3.4, look="open published" if missed else "open"),
    ]


def _when(at_h: float) -> str:
    return f"hour {at_h:g}" if at_h < 72.0 else f"day {at_h / 24.0:g}"
