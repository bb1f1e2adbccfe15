"""Figure 2: the level in milk, the published level, and when each source says to feed again."""

from __future__ import annotations

from matrescence.handouts import chart
from matrescence.handouts.chart import Panel
from matrescence.handouts.clock import Clock
from matrescence.handouts.dosing import Curves, Dosing
from matrescence.handouts.feeding import Feeding, feeding
from matrescence.handouts.figures.parts import WIDE, Plan, across, levels, not_known, published_level
from matrescence.handouts.scale import Linear

_LINE, _BAR = 14.0, 20.0
_LONGEST_H = 96.0


def milk(plan: Plan, *, width: float = WIDE) -> str:
    """Draw the milk level with a lane for each source below it; of several sessions, the last one."""
    clock, dosing, curves = Clock.of(plan), Dosing.of(plan), Curves.of(plan["forecast"].get("milk"))
    low_h, high_h = dosing.last_start_h, _until_h(plan, clock, dosing, curves)
    x = across(low_h, high_h, width)
    panel = Panel(x, Linear(0, 1, 190 if curves else 70, 36))
    if curves:
        parts = levels(panel, curves.within(low_h, high_h), "Milk level, ng/mL", level=published_level(plan))
    else:
        parts = not_known(panel, "Milk level: unknown")
    key = f"milk-{width:.0f}"
    lanes, bottom = _lanes(plan, x, clock, dosing, top=panel.bottom + 10, key=key)
    words = "end" if dosing.steps else "last dose"
    end = [
        chart.line(x(dosing.end_h), panel.top, x(dosing.end_h), bottom, look="end"),
        chart.text(x(dosing.end_h), panel.top - 4, words, look="label", anchor="middle"),
    ]
    return chart.svg(
        [_hatching(key), *chart.clock_axis(x, clock, top=panel.top, bottom=bottom), *parts, *end, *lanes],
        width=width,
        height=bottom + 38,
        key=key,
        title="Expected level in milk, and when each source says to feed again",
        described=_in_words(plan, clock, dosing),
    )


def _until_h(plan: Plan, clock: Clock, dosing: Dosing, curves: Curves | None) -> float:
    """Past the feeding times that the sources name, but not more than four days after the end.

    A later time is still said in words, and its bar runs out of the drawing.
    """
    named = [when for row in plan["lactation"] if (when := feeding(row, clock, dosing).again_h) is not None]
    span = dosing.end_h - dosing.last_start_h
    shortest = dosing.end_h + min(max(span * 0.6, 12.0), 72.0)
    latest = max([shortest, *(when for when in named if when <= dosing.end_h + _LONGEST_H)])
    return latest + 0.08 * (latest - dosing.last_start_h)


def _lanes(plan: Plan, x: Linear, clock: Clock, dosing: Dosing, *, top: float, key: str) -> tuple[list[str], float]:
    parts: list[str] = []
    for row in plan["lactation"]:
        advice = feeding(row, clock, dosing)
        words = chart.lines_of(f"{row['who']}: {advice.words}", width=x.to_px - x.from_px + 80)
        for words_line in words:
            parts.append(chart.text(x.from_px, top + 11, words_line, look="label halo"))
            top += _LINE
        parts += _lane(advice, x, bar=top + 3, key=key)
        top += _BAR
    return parts, top + 4


def _lane(advice: Feeding, x: Linear, *, bar: float, key: str) -> list[str]:
    """One source: hatched while it would not feed, filled where it would, dotted where it does not say."""
    pause_ends = min(max(x(advice.paused_until_h), x.from_px), x.to_px)
    parts: list[str] = []
    if pause_ends > x.from_px:
        size = f'x="{x.from_px:.1f}" y="{bar:.1f}" width="{pause_ends - x.from_px:.1f}" height="10"'
        parts.append(f'<rect {size} class="wait" style="fill:url(#{key}-wait)"/>')
    if advice.again_h is None:
        return [*parts, chart.line(pause_ends, bar + 5, x.to_px, bar + 5, look="no-time")]
    if pause_ends >= x.to_px:
        return [*parts, chart.text(x.to_px + 6, bar + 9, "\u2192", look="label")]
    return [*parts, chart.box(pause_ends, bar, x.to_px - pause_ends, 10, look="feeds")]


def _hatching(key: str) -> str:
    return (
        f'<defs><pattern id="{key}-wait" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="6" class="hatch"/></pattern></defs>'
    )


def _in_words(plan: Plan, clock: Clock, dosing: Dosing) -> str:
    known = "" if Curves.of(plan["forecast"].get("milk")) else "The level in milk is unknown. "
    advice = "; ".join(f"{row['who']}: {feeding(row, clock, dosing).every}" for row in plan["lactation"])
    return f"{known}Feeding again: {advice or 'no source'}."
