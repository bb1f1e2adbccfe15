"""Allopregnanolone: before birth, after birth, and under the infusion, on one scale; empty where nothing was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matrescence.handouts import chart
from matrescence.handouts.chart import Panel
from matrescence.handouts.digits import plain
from matrescence.handouts.scale import Linear, Logarithmic

Told = Mapping[str, Any]
_WIDTH, _TOP, _BOTTOM = 760.0, 58.0, 330.0
_LOW_MOOD = frozenset({"late-depressed", "day-3-blues"})
_TICKS = (0.1, 1.0, 10.0, 100.0)
_LEVEL = Logarithmic(0.1, 200.0, _BOTTOM, _TOP)
_PREGNANCY = Panel(Linear(0.0, 40.0, 50.0, 262.0), _LEVEL)
_AFTER = Panel(Linear(0.0, 7.0, 282.0, 432.0), _LEVEL)
_INFUSION = Panel(Linear(0.0, 96.0, 480.0, 716.0), _LEVEL)


def allopregnanolone(told: Told) -> str:
    """Draw the three panels."""
    parts = [
        *chart.value_axis(_PREGNANCY, _TICKS, unit="Plasma or serum level, ng/mL"),
        *_grid(_AFTER),
        *_grid(_INFUSION),
        *_panel(_PREGNANCY, "Pregnancy, weeks", (0, 10, 20, 30, 40)),
        *_panel(_AFTER, "Days after birth", (0, 3, 7)),
        *_panel(_INFUSION, "Hours of infusion", (0, 24, 60, 96)),
        *_empty(_PREGNANCY, 0.0, 36.5, ("rises; no level", "was read")),
        *_empty(_AFTER, 0.0, 2.55, ("falls;", "no level", "read")),
    ]
    for point in told["points"]:
        parts += _point(point)
    parts += _course(told["infusion"])
    return chart.svg(
        parts,
        width=_WIDTH,
        height=_BOTTOM + 40,
        key="hormone",
        title="Allopregnanolone around birth and under the infusion",
        described=" ".join(told["plain"]),
    )


def _grid(panel: Panel) -> list[str]:
    looks = [(tick, "base" if panel.y(tick) == panel.bottom else "grid") for tick in _TICKS]
    return [chart.line(panel.left, panel.y(tick), panel.right, panel.y(tick), look=look) for tick, look in looks]


def _panel(panel: Panel, name: str, ticks: Sequence[int]) -> list[str]:
    parts = [chart.text((panel.left + panel.right) / 2, _BOTTOM + 34, name, look="tick", anchor="middle")]
    for tick in ticks:
        parts.append(chart.line(panel.x(tick), _BOTTOM, panel.x(tick), _BOTTOM + 4, look="base"))
        parts.append(chart.text(panel.x(tick), _BOTTOM + 17, str(tick), look="tick", anchor="middle"))
    return parts


def _empty(panel: Panel, low: float, high: float, words: Sequence[str]) -> list[str]:
    """A stretch of time of which no level was read: an empty frame that says so."""
    left, right = panel.x(low), panel.x(high)
    parts = [chart.box(left + 2, _TOP + 4, right - left - 4, _BOTTOM - _TOP - 8, look="unknown")]
    for index, line in enumerate(words):
        y = (_TOP + _BOTTOM) / 2 + 15 * index
        parts.append(chart.text((left + right) / 2, y, line, look="tick", anchor="middle"))
    return parts


def _point(point: Told) -> list[str]:
    """Mean and one SD; the two groups of one time stand side by side, low mood on the right and named below."""
    pregnant = point["stage"] == "pregnancy"
    panel = _PREGNANCY if pregnant else _AFTER
    low_mood = point["key"] in _LOW_MOOD
    at = (point["from_weeks"] + point["to_weeks"]) / 2 if pregnant else point["day"]
    x = panel.x(at) + (5 if low_mood else -5)
    level, low, high = (point[key]["ng_per_ml"] for key in ("level", "low", "high"))
    parts = [] if low is None else [chart.line(x, panel.y(low), x, panel.y(high), look="whisker")]
    name = point["label"].split(", ")[-1].split(" (")[0]
    words = f"{name} {plain(level, decimals=0 if level >= 10 else 2)}"
    y = panel.y(level) + 4
    if pregnant:
        label = chart.text(_PREGNANCY.x(35.5), y + (10 if low_mood else -8), words, look="label halo", anchor="end")
    else:
        label = chart.text(x + 9, y, words, look="label halo")
    return [*parts, chart.dot(x, panel.y(level), 4, look="point" if point["assay"] == "RIA" else "open"), label]


def _course(regimens: Sequence[Told]) -> list[str]:
    """The label's regimen as a band with its middle; any other as a dashed line."""
    parts = []
    for index, row in enumerate(regimens):
        times = [(at, place) for place, at in enumerate(row["time_h"]) if at <= 96.0]
        hours = [at for at, _ in times]
        low, middle, high = ([row[name][place] for _, place in times] for name in ("p05", "p50", "p95"))
        if index == 0:
            parts.append(chart.band(_INFUSION, hours[1:], low[1:], high[1:], look="band"))
        parts.append(chart.curve(_INFUSION, hours[1:], middle[1:], look="second" if index else "median"))
    peak = regimens[0]["peak_ng_per_ml"]["p50"]
    x, y = _INFUSION.x(regimens[0]["peak_h"]), _INFUSION.y(peak)
    parts.append(chart.text(x, y - 26, f"label regimen: {plain(peak, decimals=0)} at the highest", anchor="middle"))
    if len(regimens) > 1:
        parts.append(chart.text(_INFUSION.x(4), _INFUSION.y(6), "dashed: lower regimen of a trial", look="tick"))
    return parts
