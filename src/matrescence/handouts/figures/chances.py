"""How many of 100 respond, by treatment and time: one row each, the drug's dot and its range, placebo beside.

Forecasts on HAM-D17 after birth come first; those on MADRS, of other people, stand under a heading of their own, so
that nobody lays a row of one beside a row of the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matrescence.handouts import chart
from matrescence.handouts.digits import plain
from matrescence.handouts.scale import Linear

Told = Mapping[str, Any]

WIDE, NARROW = 720.0, 340.0
SHOWN = ("hour 60", "day 15", "day 30")
FIRST_OF_SESSIONS = "hour 4"
SHOWN_SESSIONS = ("hour 24", "day 7", "a day after the last session", "day 30")
_TOP, _ROW, _HEAD, _GAP = 62.0, 20.0, 20.0, 12.0
_BETWEEN = 26.0
_TICKS = (0, 25, 50, 75, 100)
_SCALES = (
    ("HAM-D17", "HAM-D17, women with depression after birth", "Beside placebo, which was another in each trial."),
    (
        "MADRS",
        "MADRS, people with treatment-resistant depression",
        "A model of other people beside saline: no randomised trial has treated depression after birth with it.",
    ),
)


def chances_figure(told: Told, *, width: float = WIDE) -> str:
    """The picture of a comparison, ``width`` pixels wide: a block for each scale."""
    wide = width > 500
    x = Linear(0.0, 100.0, 96.0 if wide else 66.0, width - (86.0 if wide else 46.0))
    parts, y = _legend(x), _TOP
    for scale, title, words in _SCALES:
        drawn, y = _block(
            [row for row in told["options"] if row["size"]["scale"] == scale], x, y, title=title, words=words
        )
        parts += drawn
    return chart.svg(
        parts,
        width=width,
        height=y - _BETWEEN + 4.0,
        key=f"chances-{width:.0f}",
        title="Of 100 people, how many have a score that has halved, by treatment and time",
        described=" ".join(_said(row) for row in told["options"]),
    )


def _block(rows: Sequence[Told], x: Linear, y: float, *, title: str, words: str) -> tuple[list[str], float]:
    """The rows of one scale under its heading, and where the next block may begin; nothing where there is no row."""
    if not rows:
        return [], y
    lines = chart.lines_of(words, width=x.to_px + 40.0, size=11.0)
    parts = [chart.text(4.0, y, title, look="axis-title")]
    parts += [chart.text(4.0, y + 16.0 * place, line, look="tick") for place, line in enumerate(lines, start=1)]
    top = y + 16.0 * len(lines) + 12.0
    y = top + 18.0
    for row in rows:
        drawn, y = _option(row, x, y)
        parts += drawn
    return [*_axis(x, top=top, bottom=y - _GAP), *parts], y - _GAP + 22.0 + _BETWEEN


def _legend(x: Linear) -> list[str]:
    left = x.from_px
    parts = [chart.text(left, 14.0, "Of 100: score halved", look="axis-title")]
    parts += [chart.dot(left + 5.0, 31.0, 4.0, look="point"), chart.text(left + 14.0, 35.0, "treated", look="label")]
    parts += [chart.dot(left + 75.0, 31.0, 3.6, look="hollow"), chart.text(left + 84.0, 35.0, "placebo", look="label")]
    parts += [chart.line(left + 140.0, 31.0, left + 166.0, 31.0, look="range")]
    return [*parts, chart.text(left + 172.0, 35.0, "range", look="label")]


def _axis(x: Linear, *, top: float, bottom: float) -> list[str]:
    parts = []
    for tick in _TICKS:
        parts.append(chart.line(x(tick), top, x(tick), bottom, look="base" if tick == 0 else "grid"))
        parts.append(chart.text(x(tick), bottom + 16.0, str(tick), look="tick", anchor="middle"))
    return parts


def _option(row: Told, x: Linear, y: float) -> tuple[list[str], float]:
    parts = [chart.text(4.0, y, str(row["label"]), look="label strong halo")]
    forecast = row["size"]["forecast"]
    if forecast is None:
        place = y + _HEAD
        parts.append(chart.box(x.from_px, place - 12.0, x.to_px - x.from_px, 16.0, look="unknown"))
        words = "unknown after birth" if row["size"]["elsewhere"] else "unknown"
        parts.append(chart.text((x.from_px + x.to_px) / 2, place, words, look="label halo", anchor="middle"))
        return parts, place + _ROW + _GAP
    place = y + _HEAD
    for found in _shown(forecast):
        parts += _line(found, x, place)
        place += _ROW
    return parts, place + _GAP


def _line(found: Told, x: Linear, y: float) -> list[str]:
    response, placebo = found["response"], found["placebo_response"]
    middle = y - 4.0
    return [
        chart.text(x.from_px - 8.0, y, _when(found), look="tick", anchor="end"),
        chart.line(x(response["low"]), middle, x(response["high"]), middle, look="range"),
        chart.dot(x(placebo["p50"]), middle, 3.6, look="hollow"),
        chart.dot(x(response["p50"]), middle, 4.2, look="point"),
        chart.text(x.to_px + 8.0, y, _pair(found), look="label"),
    ]


def _pair(found: Told) -> str:
    return f"{round(found['response']['p50'])} / {round(found['placebo_response']['p50'])}"


def _shown(forecast: Sequence[Told]) -> list[Told]:
    labels = SHOWN_SESSIONS if forecast[0]["label"] == FIRST_OF_SESSIONS else SHOWN
    return [row for row in forecast if row["label"] in labels]


def _when(found: Told) -> str:
    """The time in few letters: of the day after the last session only the day."""
    label = str(found["label"])
    return label if len(label) < 9 else f"day {plain(found['at_h'] / 24.0, decimals=0)}"


def _said(row: Told) -> str:
    forecast = row["size"]["forecast"]
    if forecast is None:
        return f"{row['label']}: unknown."
    told = (
        f"{found['label']} {plain(found['response']['p50'], decimals=0)} of 100, "
        f"placebo {plain(found['placebo_response']['p50'], decimals=0)}"
        for found in _shown(forecast)
    )
    return f"{row['label']}: {'; '.join(told)}."
