"""Figure 2: the expected mood under the treatment beside placebo, and how many of 100 women respond and remit.

Where what is given ends early in the time that was followed, the first days get a panel of their own, so that "how
soon" can be read.  The two panels share one score axis and have each their own time axis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matrescence.handouts import chart
from matrescence.handouts.chart import Panel
from matrescence.handouts.digits import plain
from matrescence.handouts.dosing import Curves, Dosing
from matrescence.handouts.figures.parts import WIDE, Label, Plan
from matrescence.handouts.scale import Linear, nice_ticks

Mood = Mapping[str, Any]

_TOP, _BOTTOM = 40.0, 250.0
_GIVEN = 24.0
_ROW = 19.0
_FIRST_DAYS_H = 72.0
_SHARES = (("response", "Score halved"), ("remission", "Remission"))


def mood(plan: Plan, *, width: float = WIDE) -> str:
    """Draw both courses and both chances; an empty text where no trial allows a forecast of mood."""
    told = plan.get("mood")
    if told is None:
        return ""
    dosing = Dosing.of(plan)
    parts = _courses(told, dosing, width)
    top = _BOTTOM + 40.0 + _GIVEN
    if width > 500:
        half = (width - 56.0) / 2.0
        first, bottom = _shares(told, *_SHARES[0], left=56.0, right=56.0 + half, top=top)
        second, bottom = _shares(told, *_SHARES[1], left=56.0 + half, right=width, top=top, named=False)
    else:
        first, bottom = _shares(told, *_SHARES[0], left=56.0, right=width, top=top)
        second, bottom = _shares(told, *_SHARES[1], left=56.0, right=width, top=bottom + 20.0)
    parts += [*first, *second]
    return chart.svg(
        parts,
        width=width,
        height=bottom + 4.0,
        key=f"mood-{width:.0f}",
        title=f"Expected {told['scale']} under {told['treatment']} beside {told['against']}",
        described=_in_words(told),
    )


# ---- the two courses ------------------------------------------------------------------------------------------


def _courses(told: Mood, dosing: Dosing, width: float) -> list[str]:
    treated, control = (_curves(told, name) for name in ("drug", "placebo"))
    highest = max(*treated.high, *control.high, told["baseline"])
    ticks = nice_ticks(0.0, highest, at_most=6)
    panels = _panels(treated.at_h[-1], dosing.end_h, Linear(0.0, ticks[-1], _BOTTOM, _TOP), width)
    wide = width > 500
    parts = chart.value_axis(panels[0], ticks, unit=f"{told['scale']}, points")
    for panel in panels:
        if panel is not panels[0]:
            parts += [chart.line(panel.left, panel.y(tick), panel.right, panel.y(tick), look="grid") for tick in ticks]
        low, high = panel.x.low, panel.x.high
        parts += _pair(panel, treated.within(low, high), control.within(low, high))
        parts += _level(panel, told["baseline"] / 2.0)
        parts += [*_time_axis(panel, wide=wide), *_given(panel, dosing)]
    parts.append(chart.text(panels[0].left - 6, _BOTTOM + 36, "given", look="tick", anchor="end"))
    return [*parts, *chart.margin_labels(panels[-1], _names(told, treated, control, wide=wide))]


def _curves(told: Mood, name: str) -> Curves:
    found = Curves.of({"time_h": told["time_h"], **told[name]})
    assert found is not None
    return found


def _panels(until_h: float, end_h: float, y: Linear, width: float) -> tuple[Panel, ...]:
    """One panel, or the first days and the rest where the treatment is over in the first fifth of the time."""
    left, right = (46.0, width - 112.0) if width > 500 else (40.0, width - 86.0)
    first_h = max(_FIRST_DAYS_H, 24.0 * -(-end_h // 24.0))
    if first_h > 0.2 * until_h:
        return (Panel(Linear(0.0, until_h, left, right), y),)
    cut, gap = left + 0.44 * (right - left), 22.0 if width > 500 else 16.0
    return Panel(Linear(0.0, first_h, left, cut), y), Panel(Linear(first_h, until_h, cut + gap, right), y)


def _pair(panel: Panel, treated: Curves, control: Curves) -> list[str]:
    return [
        chart.band(panel, control.at_h, control.low, control.high, look="prior"),
        chart.band(panel, treated.at_h, treated.low, treated.high, look="band"),
        chart.curve(panel, treated.at_h, treated.low, look="edge"),
        chart.curve(panel, treated.at_h, treated.high, look="edge"),
        chart.curve(panel, control.at_h, control.middle, look="second"),
        chart.curve(panel, treated.at_h, treated.middle, look="median"),
    ]


def _level(panel: Panel, score: float) -> list[str]:
    """Half of where she starts: the score that counts as a response."""
    return [chart.line(panel.left, panel.y(score), panel.right, panel.y(score), look="mark")]


def _time_axis(panel: Panel, *, wide: bool) -> list[str]:
    """Hours where the panel shows a few days, else days."""
    few = panel.x.high <= 120.0
    unit = 1.0 if few else 24.0
    low, high = panel.x.low / unit, panel.x.high / unit
    step = (12.0 if wide else 24.0) if few else nice_ticks(0.0, high - low, at_most=7 if wide else 3)[1]
    first = -(-low // step) * step
    ticks = [first + step * count for count in range(int((high - first) / step + 1e-9) + 1)]
    parts = [chart.line(panel.left, panel.bottom, panel.right, panel.bottom, look="base")]
    for tick in ticks:
        x = panel.x(tick * unit)
        parts.append(chart.line(x, panel.bottom, x, panel.bottom + 4, look="base"))
        named = f"{plain(tick)} {'h' if few else 'd'}" if tick == ticks[-1] else plain(tick)
        parts.append(chart.text(x, panel.bottom + 16, named, look="tick", anchor="middle"))
    return parts


def _given(panel: Panel, dosing: Dosing) -> list[str]:
    """A lane under the axis: when the pump runs, when a tablet is taken."""
    y = panel.bottom + 26
    parts = [chart.line(panel.left, y + 12, panel.right, y + 12, look="grid")]
    runs = dosing.sessions if dosing.sessions else ()
    for start, end in ((start, min(end, panel.x.high)) for start, end in runs if panel.x.low <= start < panel.x.high):
        parts.append(chart.box(panel.x(start), y, max(panel.x(end) - panel.x(start), 2.0), 12, look="given"))
    doses = [at_h for at_h, _ in dosing.doses if panel.x.low <= at_h < panel.x.high]
    return [*parts, *(chart.line(panel.x(at_h), y + 2, panel.x(at_h), y + 12, look="check") for at_h in doses)]


def _names(told: Mood, treated: Curves, control: Curves, *, wide: bool) -> list[Label]:
    at_h, below = treated.at_h[-1], " below " if wide else ": "
    half = plain(told["baseline"] / 2.0, decimals=1)
    rows = (
        (control.middle[-1], f"{told['against']}: {_score(control.middle[-1])}", "label"),
        (treated.middle[-1], f"treated: {_score(treated.middle[-1])}", "label strong"),
        (treated.high[-1], f"95 %{below}{_score(treated.high[-1])}", "label"),
        (treated.low[-1], f"5 %{below}{_score(treated.low[-1])}", "label"),
        (told["baseline"] / 2.0, f"{'halved:' if wide else 'half'} {half}", "label mark-name"),
    )
    return [(at_h, value, words, look) for value, words, look in rows]


# ---- chances --------------------------------------------------------------------------------------------------


def _shares(
    told: Mood, name: str, words: str, *, left: float, right: float, top: float, named: bool = True
) -> tuple[list[str], float]:
    """Of 100 women: one row for each time, the treated dot with its range, the open dot of placebo."""
    x = Linear(0.0, 100.0, left + 6.0, right - 64.0)
    axis_y = top + 22.0 + _ROW * len(told["at"])
    parts = [chart.text(x.from_px, top, f"{words}, women of 100", look="axis-title")]
    for tick in (0, 25, 50, 75, 100):
        parts.append(chart.line(x(tick), top + 12.0, x(tick), axis_y, look="base" if tick == 0 else "grid"))
        parts.append(chart.text(x(tick), axis_y + 15.0, str(tick), look="tick", anchor="middle"))
    for place, row in enumerate(told["at"]):
        y = top + 26.0 + _ROW * place
        if named:
            parts.append(chart.text(x.from_px - 8.0, y + 4.0, _time(row["at_h"]), look="tick", anchor="end"))
        parts += _share(x, y, row[name], row[f"placebo_{name}"])
    return parts, axis_y + 20.0


def _share(x: Linear, y: float, treated: Mapping[str, float], control: Mapping[str, float]) -> list[str]:
    words = f"{treated['p50']:.0f} / {control['p50']:.0f}"
    return [
        chart.line(x(treated["low"]), y, x(treated["high"]), y, look="range"),
        chart.dot(x(control["p50"]), y, 3.6, look="hollow"),
        chart.dot(x(treated["p50"]), y, 4.0, look="point"),
        chart.text(x.to_px + 10.0, y + 4.0, words, look="label"),
    ]


def _time(at_h: float) -> str:
    return f"{at_h:g} h" if at_h < 72.0 else f"day {plain(at_h / 24.0, decimals=0)}"


def _score(value: float) -> str:
    return plain(value, decimals=0)


def _in_words(told: Mood) -> str:
    return f"She starts at {plain(told['baseline'], decimals=1)}. " + " ".join(_said(told, row) for row in told["at"])


def _said(told: Mood, row: Mood) -> str:
    shares: Sequence[str] = [
        f"{words.lower()} in {row[name]['p50']:.0f} of 100, {told['against']} {row[f'placebo_{name}']['p50']:.0f}"
        for name, words in _SHARES
    ]
    return f"{row['label'].capitalize()}: {'; '.join(shares)}."
