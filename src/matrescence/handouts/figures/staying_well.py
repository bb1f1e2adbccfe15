"""Curves of staying well after response, each as long as its study followed people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from matrescence.handouts import chart
from matrescence.handouts.chart import Panel
from matrescence.handouts.figures.parts import Label
from matrescence.handouts.scale import Linear

Told = Mapping[str, Any]
_WIDTH = 760.0
_DAYS = (0, 30, 60, 90, 120, 180, 240, 300, 365)


def staying_well(told: Told) -> str:
    """Draw every curve that no other number of its paper contradicts."""
    panel = Panel(Linear(0.0, 365.0, 46.0, _WIDTH - 306.0), Linear(0.0, 100.0, 330.0, 40.0))
    parts = chart.value_axis(panel, (0.0, 25.0, 50.0, 75.0, 100.0), unit="Still well, of 100 who had responded")
    shown = [_curve(panel, *found) for found in _shown(told)]
    parts += [part for bands, _, _ in shown for part in bands]
    parts += [line for _, line, _ in shown]
    labels = [label for _, _, label in shown]
    return chart.svg(
        [*parts, *_axis(panel), *chart.margin_labels(panel, labels, gap=15)],
        width=_WIDTH,
        height=panel.bottom + 42,
        key="well",
        title="Staying well after response",
        described=" ".join(told["plain"]),
    )


def _shown(told: Told) -> Iterator[tuple[Told, Told, Told, str]]:
    """Study, arm, curve, and which reading of the paper it is where there are several."""
    for study in told["studies"]:
        for arm in study["arms"]:
            fitting = [curve for curve in arm["curves"] if curve["fits"]]
            for place, curve in enumerate(fitting, start=1):
                yield study, arm, curve, f", reading {place}" if len(fitting) > 1 else ""


def _curve(panel: Panel, study: Told, arm: Told, curve: Told, reading: str) -> tuple[list[str], str, Label]:
    """The band where one is known, the curve up to the end of follow-up, and its name in the margin."""
    until = study["followed_days"] or 365.0
    last = max(index for index, day in enumerate(curve["at_days"]) if day <= until)
    days, well = curve["at_days"][: last + 1], curve["well_percent"][: last + 1]
    bands = []
    if curve["low_percent"] and curve["high_percent"]:
        ends = curve["low_percent"][: last + 1], curve["high_percent"][: last + 1]
        bands.append(chart.band(panel, days, *ends, look="soft-band"))
    look = "alternative" if reading else "median" if arm["maintained"] else "stopped"
    short = study["short"].split(",")[0]
    label = (days[-1], well[-1], f"{short}: {arm['label']}{reading}", "label")
    return bands, chart.curve(panel, days, well, look=look), label


def _axis(panel: Panel) -> list[str]:
    parts = []
    for day in _DAYS:
        parts.append(chart.line(panel.x(day), panel.bottom, panel.x(day), panel.bottom + 4, look="base"))
        parts.append(chart.text(panel.x(day), panel.bottom + 17, str(day), look="tick", anchor="middle"))
    middle = (panel.left + panel.right) / 2
    return [*parts, chart.text(middle, panel.bottom + 34, "days since response", look="tick", anchor="middle")]
