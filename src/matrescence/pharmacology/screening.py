"""Of a screening questionnaire with a cut-off: how many screen positive, and what that says of each of them.

Positive share ``P = sens p + (1 - spec)(1 - p)``; predictive value ``sens p / P``; and backwards ``p = (P + spec - 1) /
(sens + spec - 1)`` (Rogan WJ, Gladen B, Am J Epidemiol 1978;107:71-76).  Uncertainty of sensitivity, specificity and
``p`` is carried by first-order variance on the logit scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from matrescence.pharmacology.quantiles import normal_quantile


@dataclass(frozen=True, slots=True)
class Share:
    """A share between 0 and 1 with the standard error of it (0 where no interval is known)."""

    value: float
    error: float = 0.0

    def interval(self, *, level: float = 0.95) -> tuple[float, float]:
        """The interval, symmetrical on the logit scale so that it stays within 0 and 1."""
        if self.error == 0.0 or not 0.0 < self.value < 1.0:
            return self.value, self.value
        half = normal_quantile(0.5 + 0.5 * level) * self.error / (self.value * (1.0 - self.value))
        middle = logit(self.value)
        return from_logit(middle - half), from_logit(middle + half)


def logit(share: float) -> float:
    """``log(p / (1 - p))``."""
    return math.log(share) - math.log1p(-share)


def from_logit(value: float) -> float:
    """``1 / (1 + exp(-x))``, without overflow."""
    if value >= 0.0:
        return 1.0 / (1.0 + math.exp(-value))
    return math.exp(value) / (1.0 + math.exp(value))


def share_of(value: float, *, low: float | None, high: float | None, level: float = 0.95) -> Share:
    """A share from its published interval: ``error = p (1-p) (logit high - logit low) / 2z``.

    Raises:
        ValueError: a bound lies outside (0, 1) while the interval is given.
    """
    if low is None or high is None:
        return Share(value)
    if not 0.0 < low <= value <= high < 1.0:
        raise ValueError(f"a share of {value} cannot have the interval {low} to {high}")
    width = logit(high) - logit(low)
    return Share(value, value * (1.0 - value) * width / (2.0 * normal_quantile(0.5 + 0.5 * level)))


def positive_share(*, sensitivity: Share, specificity: Share, prevalence: Share) -> Share:
    """The share of all women who screen positive."""
    p, sens, spec = prevalence.value, sensitivity.value, specificity.value
    slope = sens + spec - 1.0
    variance = (p * sensitivity.error) ** 2 + ((1.0 - p) * specificity.error) ** 2 + (slope * prevalence.error) ** 2
    return Share(sens * p + (1.0 - spec) * (1.0 - p), math.sqrt(variance))


def predictive_value(*, sensitivity: float, specificity: float, prevalence: float) -> float | None:
    """The share of those who screen positive who have the condition; ``None`` when nobody screens positive."""
    positive = sensitivity * prevalence + (1.0 - specificity) * (1.0 - prevalence)
    return sensitivity * prevalence / positive if positive > 0.0 else None


def prevalence_behind(positive: float, *, sensitivity: float, specificity: float) -> float | None:
    """The prevalence that would give this share of positive screens; ``None`` when no prevalence in [0, 1] does."""
    slope = sensitivity + specificity - 1.0
    if slope == 0.0:
        return None
    found = (positive + specificity - 1.0) / slope
    return found if 0.0 <= found <= 1.0 else None
