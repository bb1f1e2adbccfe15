"""Her scores over time, as the page shows them: a table that anybody can read, and a line beside it."""

from __future__ import annotations

from dataclasses import dataclass

from matrescence.care.journey.follow_up import Trend

WIDTH, HEIGHT, MARGIN = 280, 64, 8


@dataclass(frozen=True, slots=True)
class Line:
    """One scale: its trend, and the same as points of a small drawing (x, y in the drawing's own units)."""

    trend: Trend
    points: tuple[tuple[float, float], ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def path(self) -> str:
        """The points as ``points=`` of a polyline."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.points)


def line_of(trend: Trend) -> Line:
    """The scale's whole range from bottom to top, and time from the first score to the last from left to right.

    A score that is missing is left out; one that stands alone is drawn in the middle.
    """
    known = [point for point in trend.points if point.total is not None]
    if not known:
        return Line(trend, ())
    low, high = float(trend.scale.total_low.known), float(trend.scale.total_high.known)
    began, lasted = known[0].at, (known[-1].at - known[0].at).total_seconds()
    inside = WIDTH - 2 * MARGIN
    points = tuple(
        (
            round(MARGIN + inside * ((point.at - began).total_seconds() / lasted if lasted else 0.5), 1),
            round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (point.total - low) / (high - low), 1),
        )
        for point in known
    )
    return Line(trend, points)
