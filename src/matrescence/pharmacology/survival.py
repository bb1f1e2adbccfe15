"""Relapse after response as survival: exponential and Weibull curves from published medians and hazard ratios.

``S(t) = exp(-(t/scale)**shape)``; shape 1 is the exponential curve of a constant risk, below 1 the risk falls with
time.  A hazard ratio multiplies the risk at every moment (proportional hazards), so ``S`` is raised to it.  Sources:
Kalbfleisch JD, Prentice RL, The Statistical Analysis of Failure Time Data, 2nd ed., 2002, ch. 2; the variance of a
log rate is one over the number of relapses (same, ch. 3).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from matrescence.pharmacology.quantiles import gamma_shares, normal_quantile


@dataclass(frozen=True, slots=True)
class Curve:
    """A Weibull curve of staying well: the time scale in days, and the shape."""

    scale_days: float
    shape: float = 1.0

    def __post_init__(self) -> None:
        if not (0.0 < self.scale_days < math.inf and 0.0 < self.shape < math.inf):
            raise ValueError(f"scale {self.scale_days} and shape {self.shape} must be positive and finite")

    def well(self, at_days: float) -> float:
        """The share who have not relapsed by a day; all of them before day 0."""
        return math.exp(-math.pow(max(at_days, 0.0) / self.scale_days, self.shape))

    def relapsed(self, at_days: float) -> float:
        """The share who have relapsed by a day."""
        return -math.expm1(-math.pow(max(at_days, 0.0) / self.scale_days, self.shape))

    def hazard_per_day(self, at_days: float) -> float:
        """The risk of relapse on a day among those still well; infinite at day 0 when the shape is below 1."""
        if at_days <= 0.0 and self.shape < 1.0:
            return math.inf
        return self.shape / self.scale_days * math.pow(max(at_days, 0.0) / self.scale_days, self.shape - 1.0)

    def day_of(self, relapsed: float) -> float:
        """The day by which a share has relapsed.

        Raises:
            ValueError: the share does not lie in [0, 1).
        """
        if not 0.0 <= relapsed < 1.0:
            raise ValueError(f"a share in [0, 1) has a day, {relapsed} has not")
        return self.scale_days * math.pow(-math.log1p(-relapsed), 1.0 / self.shape)

    @property
    def median_days(self) -> float:
        """The day by which half have relapsed."""
        return self.day_of(0.5)

    def with_hazard_ratio(self, ratio: float) -> Curve:
        """The curve under a treatment that multiplies the risk of relapse at every moment by ``ratio``.

        Raises:
            ValueError: the ratio is not positive.
        """
        if not 0.0 < ratio < math.inf:
            raise ValueError(f"a hazard ratio is positive and finite, not {ratio}")
        return Curve(self.scale_days * math.pow(ratio, -1.0 / self.shape), self.shape)

    def days_well(self, until_days: float) -> float:
        """The mean number of days well within the first ``until_days`` (restricted mean survival time).

        ``scale Gamma(1 + 1/shape) P(1/shape, (until/scale)**shape)`` with the incomplete gamma function ``P``.
        """
        power = 1.0 / self.shape
        reached = math.pow(max(until_days, 0.0) / self.scale_days, self.shape)
        return self.scale_days * math.gamma(1.0 + power) * gamma_shares(power, reached)[0]


def exponential(*, median_days: float) -> Curve:
    """The constant risk with the given median: ``ln 2 / median`` a day.

    Raises:
        ValueError: the median is not positive.
    """
    return Curve(median_days / math.log(2.0))


def exponential_through(*, at_days: float, relapsed: float) -> Curve:
    """The constant risk by which a share has relapsed on a day.

    Raises:
        ValueError: the day is not positive, or the share does not lie between 0 and 1.
    """
    if not 0.0 < relapsed < 1.0:
        raise ValueError(f"a share between 0 and 1 fixes a curve, {relapsed} does not")
    return Curve(at_days / -math.log1p(-relapsed))


def weibull_through(first: tuple[float, float], second: tuple[float, float]) -> Curve:
    """The Weibull curve through two points ``(day, share relapsed)``.

    ``log(-log S)`` is a straight line in ``log t``: its slope is the shape.

    Raises:
        ValueError: the later point does not have the larger share, or a share does not lie between 0 and 1.
    """
    (day, share), (later, more) = sorted((first, second))
    if not (0.0 < share < more < 1.0 and 0.0 < day < later):
        raise ValueError(f"no curve of relapse goes through {first} and {second}")
    low, high = math.log(-math.log1p(-share)), math.log(-math.log1p(-more))
    shape = (high - low) / (math.log(later) - math.log(day))
    return Curve(day * math.exp(-low / shape), shape)


def median_interval(*, median_days: float, relapses: int, level: float = 0.95) -> tuple[float, float]:
    """The interval of the median of a constant risk that rests on a number of relapses.

    The log of the rate has variance ``1 / relapses``: ``median * exp(-+ z / sqrt(relapses))``.

    Raises:
        ValueError: nobody relapsed, or the level does not lie between 0 and 1.
    """
    if relapses < 1:
        raise ValueError("a median that rests on no relapse has no interval")
    half = normal_quantile(0.5 + 0.5 * level) / math.sqrt(relapses)
    return median_days * math.exp(-half), median_days * math.exp(half)
