"""The expected level as a drawing: its band, its middle, and where she is now.  Points of an SVG, no style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matrescence.clinic.infusion.levels import Level

WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM, TOP = 640.0, 200.0, 44.0, 20.0, 26.0, 10.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, and what it says."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A measured level; where it is no number, the limit that it lay below."""

    x: float
    y: float
    is_number: bool


@dataclass(frozen=True, slots=True)
class LevelChart:
    """The drawing: two paths, the marks, what was measured, and the place of now (``None`` before the start)."""

    band: str
    middle: str
    now: float | None
    now_y: float | None
    end: float
    hours: tuple[Tick, ...]
    levels: tuple[Tick, ...]
    measured: tuple[Dot, ...] = ()


def level_chart(
    level: Level, hour: float | None, end_h: float, measured: Sequence[tuple[float, float, bool]] = ()
) -> LevelChart:
    """Draw the level over the hours since the start; ``measured`` holds hour, ng/mL, and whether it is a number.

    What was measured outside the hours that are drawn stands in the table alone.
    """
    times, most_h = level.band.time_h, float(level.band.time_h[-1])
    within = [row for row in measured if 0.0 <= row[0] <= most_h]
    highest = max([float(level.band.p95.max()), *(value for _at, value, _number in within)])
    step = _nice(highest)
    top = step * (int(highest / step) + 1)

    def x(at_h: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * min(at_h, most_h) / most_h, 1)

    def y(value: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top, 1)

    up = [f"{x(t)},{y(v)}" for t, v in zip(times, level.band.p95, strict=True)]
    down = [f"{x(t)},{y(v)}" for t, v in zip(times, level.band.p05, strict=True)]
    middle = [f"{x(t)},{y(v)}" for t, v in zip(times, level.band.p50, strict=True)]
    shown = hour if hour is not None and hour <= most_h else None
    unit, every = ("h", _every(most_h)) if most_h > 6.0 else ("min", _every(most_h * 60.0))
    scale = 1.0 if unit == "h" else 60.0
    count = int(most_h * scale / every) + 1
    return LevelChart(
        band=" ".join([*up, *reversed(down)]),
        middle=" ".join(middle),
        now=None if shown is None else x(shown),
        now_y=None if shown is None else y(level.at(shown)[1]),
        end=x(end_h),
        hours=tuple(Tick(x(n * every / scale), f"{n * every:g} {unit}") for n in range(count)),
        levels=tuple(Tick(y(n * step), f"{n * step:g}") for n in range(round(top / step) + 1)),
        measured=tuple(Dot(x(at_h), y(value), is_number) for at_h, value, is_number in within),
    )


def _nice(most: float) -> float:
    """A step of the level's axis that gives two to five marks."""
    for scale in (0.1, 1.0, 10.0, 100.0, 1000.0, 10000.0):
        for step in (1.0, 2.0, 2.5, 5.0):
            if most / (step * scale) <= 4.0:
                return step * scale
    return most / 2.0


def _every(most: float) -> float:
    return next((step for step in (6.0, 12.0, 24.0, 30.0, 60.0, 120.0) if most / step <= 7.0), 240.0)
