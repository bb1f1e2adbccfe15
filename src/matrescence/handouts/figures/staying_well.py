"""Curves of staying well after response, each as long as its study followed people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from matrescence.handouts import chart
from matrescence.handouts.chart import Panel
from matrescence.handouts.figures.parts import Label
from matrescence.handouts.scale import Linear

Told = Mapping[str, Any]
_WIDTH = 720.0
_DAYS = (0, 30, 60, 90, 120, 180, 240, 300, 365)


def staying_well(told: Told) -> str:
    """Draw every curve that no other number of its paper contradicts."""
    panel = Panel(Linear(0.0, 365.0, 46.0, _WIDTH - 232.0), Linear(0.0, 100.0, 330.0, 40.0))
    parts = chart.value_axis(panel, (0.0, 25.0, 50.0, 75.0, 100.0), unit="Still well, of 100 who had responded")
    labels: list[Label] = []
    for study, arm, curve in _shown(told):
        drawn, label = _curve(panel, study, arm, curve)
        parts += drawn
        labels.append(label)
    return chart.svg(
        [*parts, *_axis(panel), *chart.margin_labels(panel, labels, gap=15)],
        width=_WIDTH,
        height=panel.bottom + 42,
        key="well",
        title="Staying well after response",
        described=" ".join(told["plain"]),
    )


def _shown(told: Told) -> Iterator[tuple[Told, Told, Told]]:
    for study in told["studies"]:
        for arm in study["arms"]:
            yield from ((study, arm, curve) for curve in arm["curves"] if curve["fits"])


def _curve(panel: Panel, study: Told, arm: Told, curve: Told) -> tuple[list[str], Label]:
    """The curve up to the end of follow-up, its band where one is known, and its name in the margin."""
    until = study["followed_days"] or 365.0
    last = max(index for index, day in enumerate(curve["at_days"]) if day <= until)
    days, well = curve["at_days"][: last + 1], curve["well_percent"][: last + 1]
    parts = []
    if curve["low_percent"] and curve["high_percent"]:
        ends = curve["low_percent"][: last + 1], curve["high_percent"][: last + 1]
        parts.append(chart.band(panel, days, *ends, look="band"))
    readings = sum(other["fits"] for other in arm["curves"])
    look = "alternative" if readings > 1 else "median" if arm["maintained"] else "stopped"
    parts.append(chart.curve(panel, days, well, look=look))
    short = study["short"].split(",")[0]
    return parts, (days[-1], well[-1], f"{short}: {arm['label']}", "label")


def _axis(panel: Panel) -> list[str]:
    parts = []
    for day in _DAYS:
        parts.append(chart.line(panel.x(day), panel.bottom, panel.x(day), panel.bottom + 4, look="base"))
        parts.append(chart.text(panel.x(day), panel.bottom + 17, str(day), look="tick", anchor="middle"))
    middle = (panel.left + panel.right) / 2
    return [*parts, chart.text(middle, panel.bottom + 34, "days since response", look="tick", anchor="middle")]
