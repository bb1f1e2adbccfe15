"""A small drawing kit: SVG as text, drawn with classes so that one style sheet serves screen, dark mode and print.

Sizes are pixels of the drawing (one is a typographic 0.75 point on paper at full width).  Nothing here knows a drug.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape
from textwrap import wrap

from matrescence.handouts.clock import Clock, Tick
from matrescence.handouts.digits import plain
from matrescence.handouts.scale import Linear, Logarithmic, spread_apart

Scale = Linear | Logarithmic
LETTER_WIDTH = 0.53  # of the font size, mean of Arial's lower-case letters and digits; labels are placed with it
LABEL_PX = 12.0


@dataclass(frozen=True, slots=True)
class Panel:
    """A plotting area: what its edges stand for."""

    x: Linear
    y: Scale

    def resting_on(self, y: Scale) -> Panel:
        """Another panel on the same time axis."""
        return replace(self, y=y)

    @property
    def left(self) -> float:
        """The left edge, in pixels."""
        return self.x.from_px

    @property
    def right(self) -> float:
        """The right edge, in pixels."""
        return self.x.to_px

    @property
    def bottom(self) -> float:
        """The lower edge, in pixels."""
        return self.y.from_px

    @property
    def top(self) -> float:
        """The upper edge, in pixels."""
        return self.y.to_px


def svg(parts: Sequence[str], *, width: float, height: float, key: str, title: str, described: str) -> str:
    """One drawing with the name and the description that a screen reader says; ``key`` makes its ids unique."""
    return (
        f'<svg class="chart" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" height="{_n(height)}" '
        f'role="img" aria-labelledby="{escape(key)}-t {escape(key)}-d">'
        f'<title id="{escape(key)}-t">{escape(title)}</title><desc id="{escape(key)}-d">{escape(described)}</desc>'
        + "".join(parts)
        + "</svg>"
    )


def text(x: float, y: float, words: str, *, look: str = "", anchor: str = "start") -> str:
    """One line of text; ``anchor`` is start, middle or end."""
    return f'<text x="{_n(x)}" y="{_n(y)}" class="{look}" text-anchor="{anchor}">{escape(words)}</text>'


def text_width(words: str, size: float = LABEL_PX) -> float:
    """About how wide a line of text is, in pixels."""
    return len(words) * size * LETTER_WIDTH


def lines_of(words: str, *, width: float, size: float = LABEL_PX) -> list[str]:
    """The words broken into lines that are about as wide as there is room."""
    return wrap(words, max(8, int(width / (size * LETTER_WIDTH))))


def line(x1: float, y1: float, x2: float, y2: float, *, look: str) -> str:
    """A straight line."""
    return f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" class="{look}"/>'


def box(x: float, y: float, width: float, height: float, *, look: str) -> str:
    """A rectangle; a negative width is drawn as nothing."""
    if width <= 0 or height <= 0:
        return ""
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" class="{look}"/>'


def dot(x: float, y: float, radius: float, *, look: str) -> str:
    """A filled or open circle."""
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" class="{look}"/>'


def curve(panel: Panel, at: Sequence[float], values: Sequence[float], *, look: str) -> str:
    """A line through the given points; on a logarithmic axis it leaves through the floor instead of lying on it."""
    shown = next((i + 1 for i, value in enumerate(values) if value <= panel.y.low), len(values))
    if isinstance(panel.y, Logarithmic):
        at, values = at[:shown], values[:shown]
    return f'<path d="{_path(panel, at, values)}" class="{look}"/>'


def band(panel: Panel, at: Sequence[float], low: Sequence[float], high: Sequence[float], *, look: str) -> str:
    """The area between two curves."""
    back = _path(panel, at[::-1], low[::-1]).replace("M", "L", 1)
    return f'<path d="{_path(panel, at, high)}{back}Z" class="{look}"/>'


def staircase(panel: Panel, steps: Sequence[tuple[float, float, float]], *, look: str) -> str:
    """Steps ``(start, end, height)`` as an area standing on the bottom of the panel; gaps stay empty."""
    parts = []
    previous_end = None
    for start, end, height in steps:
        x1, x2, y = panel.x(start), panel.x(end), panel.y(height)
        joined = previous_end is not None and abs(previous_end - start) < 1e-9
        parts.append(("V" if joined else f"M{_n(x1)} {_n(panel.bottom)}V") + f"{_n(y)}H{_n(x2)}")
        previous_end = end
    closed = _close_runs(parts, panel)
    return f'<path d="{closed}" class="{look}"/>'


def value_axis(panel: Panel, ticks: Sequence[float], *, unit: str) -> list[str]:
    """Horizontal hairlines with their values on the left, and what is measured above the axis."""
    parts = [text(panel.left, panel.top - 17, unit, look="axis-title")]
    for tick in ticks:
        y = panel.y(tick)
        parts.append(line(panel.left, y, panel.right, y, look="base" if y == panel.bottom else "grid"))
        parts.append(text(panel.left - 6, y + 4, plain(tick, decimals=4), look="tick", anchor="end"))
    return parts


def clock_axis(x: Linear, clock: Clock, *, top: float, bottom: float) -> list[str]:
    """Clock times under ``bottom``, day names under them, and a rule up to ``top`` at each midnight (30 px high)."""
    at_most = max(2, int((x.to_px - x.from_px) / 46))
    parts = [line(x.from_px, bottom, x.to_px, bottom, look="base")]
    for tick in clock.ticks(x.low, x.high, at_most=at_most):
        parts.append(line(x(tick.at_h), bottom, x(tick.at_h), bottom + 4, look="base"))
        if not _whole_days(clock, x, at_most):
            parts.append(text(x(tick.at_h), bottom + 16, tick.label, look="tick", anchor="middle"))
    return parts + _days(x, clock, top=top, bottom=bottom)


def hour_marks(x: Linear, hours: Sequence[float], *, y: float, named: Callable[[float], str], since: str) -> list[str]:
    """Hours above the drawing, and ``since`` what; of marks that would touch only one is named, the last before all."""
    parts = [line(x(at_h), y + 4, x(at_h), y + 9, look="base") for at_h in hours]
    parts.append(text(x.to_px + 11, y, since if x.to_px > 400 else since.replace("the ", ""), look="tick"))
    free_until = float("-inf")
    last = hours[-1] if hours else 0.0
    for at_h in hours:
        half = text_width(named(at_h)) / 2 + 3
        crowds_last = at_h != last and x(at_h) + half > x(last) - text_width(named(last)) / 2 - 3
        if x(at_h) - half >= free_until and not crowds_last and x(at_h) + half < x.to_px + 10:
            parts.append(text(x(at_h), y, named(at_h), look="tick", anchor="middle"))
            free_until = x(at_h) + half
    return parts


def margin_labels(panel: Panel, labels: Sequence[tuple[float, float, str, str]], *, gap: float = 15) -> list[str]:
    """Labels ``(at, value, words, look)`` in the right margin, each with a dotted leader from its point."""
    ordered = sorted(labels, key=lambda label: panel.y(label[1]))
    places = spread_apart([panel.y(value) for _, value, _, _ in ordered], gap=gap, highest=panel.bottom)
    parts = []
    for (at, value, words, look), place in zip(ordered, places, strict=True):
        x, y = panel.x(at), panel.y(value)
        bend = panel.right - 2
        parts.append(f'<path d="M{_n(x)} {_n(y)}H{_n(bend)}L{_n(panel.right + 8)} {_n(place)}" class="leader"/>')
        if x < bend - 1:
            parts.append(dot(x, y, 2.2, look="point"))
        parts.append(text(panel.right + 11, place + 4, words, look=look))
    return parts


def _days(x: Linear, clock: Clock, *, top: float, bottom: float) -> list[str]:
    """A rule at each midnight and the name of the day between two of them, where there is room for it."""
    midnights = clock.midnights(x.low, x.high)
    every = _every_so_many(x, midnights)
    parts = []
    edges = [(x.low, _first_day(clock, x)), *((tick.at_h, tick.day or "") for tick in midnights)]
    if every > 1:
        edges = edges[1:][:: int(every)] if len(edges) > 1 else edges
    for (at_h, name), (next_h, _) in zip(edges, [*edges[1:], (x.high, "")], strict=True):
        if at_h > x.low:
            parts.append(line(x(at_h), top, x(at_h), bottom + (22 if every == 1 else 6), look="midnight"))
        if text_width(name) < x(next_h) - x(at_h) + 2 or every > 1:
            parts.append(text(x(at_h) + (4 if at_h > x.low else 0), bottom + 31, name, look="day"))
    return parts


def _every_so_many(x: Linear, midnights: Sequence[Tick]) -> int:
    room = max(1, int((x.to_px - x.from_px) / 62))
    return 1 if len(midnights) + 1 <= room else -(-len(midnights) // room)


def _whole_days(clock: Clock, x: Linear, at_most: int) -> bool:
    """Whether the ticks are all midnights, so that the names of the days say everything."""
    return all(tick.day for tick in clock.ticks(x.low, x.high, at_most=at_most))


def _first_day(clock: Clock, x: Linear) -> str:
    from matrescence.handouts.clock import day

    return day(clock.at(x.low))


def _path(panel: Panel, at: Sequence[float], values: Sequence[float]) -> str:
    points = (f"{_n(panel.x(t))} {_n(panel.y(v))}" for t, v in zip(at, values, strict=True))
    return "M" + "L".join(points) if len(at) else ""


def _close_runs(parts: Sequence[str], panel: Panel) -> str:
    """Bring every run of joined steps back down to the bottom."""
    down = f"V{_n(panel.bottom)}"
    runs = "".join(down + part if part.startswith("M") and index else part for index, part in enumerate(parts))
    return runs + down if parts else ""


def _n(value: float) -> str:
    return plain(value, decimals=1)
