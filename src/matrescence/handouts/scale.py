"""From a quantity to a place on the paper: linear and logarithmic scales, and round ticks that cover them."""

from __future__ import annotations

import math
from dataclasses import dataclass

_ROUND_STEPS = (1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class Linear:
    """``pixel = from_px + (value - low) / (high - low) * (to_px - from_px)``."""

    low: float
    high: float
    from_px: float
    to_px: float

    def __call__(self, value: float) -> float:
        """The place of a value, in pixels."""
        share = (value - self.low) / (self.high - self.low)
        return self.from_px + share * (self.to_px - self.from_px)


@dataclass(frozen=True, slots=True)
class Logarithmic:
    """The same on ``log10``; values at or below ``low`` are drawn at ``low``, because zero has no place here."""

    low: float
    high: float
    from_px: float
    to_px: float

    def __call__(self, value: float) -> float:
        """The place of a value, in pixels."""
        share = math.log10(max(value, self.low) / self.low) / math.log10(self.high / self.low)
        return self.from_px + share * (self.to_px - self.from_px)


def nice_ticks(low: float, high: float, *, at_most: int = 6) -> tuple[float, ...]:
    """Round numbers (1, 2 or 5 times a power of ten) that cover ``low`` to ``high`` with at most ``at_most`` steps.

    Raises:
        ValueError: the range is empty, not finite, or no step was allowed.
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high) or at_most < 2:
        raise ValueError(f"no ticks for {low} to {high} in {at_most} steps")
    power = math.floor(math.log10((high - low) / at_most))
    for exponent in range(power, power + 4):
        for digit in _ROUND_STEPS:
            step = digit * 10.0**exponent
            first, last = math.floor(_slack(low / step)), math.ceil(_slack(high / step))
            if last - first <= at_most:
                return tuple(round(index * step, max(0, 1 - exponent)) for index in range(first, last + 1))
    raise ValueError(f"no ticks for {low} to {high} in {at_most} steps")


def decades(low: float, high: float) -> tuple[float, ...]:
    """The powers of ten that cover ``low`` to ``high``; at least two.

    Raises:
        ValueError: a bound is not positive, or the range is the wrong way round.
    """
    if not 0 < low <= high:
        raise ValueError(f"a logarithmic axis cannot show {low} to {high}")
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return tuple(10.0**power for power in range(first, max(last, first + 1) + 1))


def spread_apart(places: list[float], *, gap: float, highest: float) -> list[float]:
    """Move labels that would touch apart, keeping their order: neighbours end up at least ``gap`` apart.

    ``places`` must be sorted; the last one is pushed back to ``highest`` if there is no room below it.
    """
    moved: list[float] = []
    for place in places:
        moved.append(place if not moved else max(place, moved[-1] + gap))
    limit = highest
    for index in range(len(moved) - 1, -1, -1):
        moved[index] = min(moved[index], limit)
        limit = moved[index] - gap
    return moved


def _slack(quotient: float) -> float:
    """A quotient that is an integer but for rounding, as that integer."""
    nearest = round(quotient)
    return float(nearest) if math.isclose(quotient, nearest, rel_tol=1e-13, abs_tol=1e-9) else quotient
