"""The trials' HAM-D17 rows as arrays, ready for the likelihood and for prediction.

An arm's baseline becomes a weighted list of scores (``nodes``), so that women are summed over and never drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matrescence.outcomes.trial import Arm, Result, Trial

Floats = NDArray[np.float64]

UNKNOWN_BASELINE_SD = 4.0
"""Between-woman standard deviation of a baseline that was not published, in points; a project decision."""
SEVERE_SHARE = {"severe": 1.0, "moderate": 0.0, "mixed": 0.5}
"""How far a trial counts as severe; half where its entry and baselines were not published."""
NODES = 16
"""Baseline scores kept for an arm; what lies beyond them is less than one woman in two thousand."""


@dataclass(frozen=True, slots=True)
class ArmData:
    """One arm.  ``nodes`` (K,) are baseline scores with ``weights``; for an unknown baseline, distances from its mean.

    ``half_cut`` (K,) is what is added to half a baseline to stand between the last whole score that is a response and
    the next one.
    """

    trial: str
    name: str
    treatment: str
    setting: str
    severe: float
    n: int
    baseline_known: bool
    nodes: Floats
    weights: Floats
    half_cut: Floats
    results: tuple[Result, ...]

    def fitted(self, outcome: str) -> tuple[Result, ...]:
        """The rows of one outcome that the model is fitted to."""
        return tuple(row for row in self.results if row.outcome == outcome and row.use == "fit")

    @property
    def visits_h(self) -> tuple[float, ...]:
        """The distinct hours at which anything is reported."""
        return tuple(sorted({row.at_h for row in self.results}))


def arms_of(trials: Sequence[Trial]) -> tuple[ArmData, ...]:
    """Every arm of the given trials that reports changes or rates of its own."""
    return tuple(_arm(trial, arm) for trial in trials if not trial.pooled_from for arm in trial.arms if _has_rows(arm))


def without(trials: Sequence[Trial], left_out: str) -> tuple[Trial, ...]:
    """The same trials with one of them predicted instead of fitted (also out of every pool that it is part of)."""
    return tuple(_predicted(trial) if left_out in (trial.name, *trial.pooled_from) else trial for trial in trials)


def baseline_weights(*, mean: float, sd: float, low: int, high: int) -> tuple[Floats, Floats]:
    """A distribution over whole scores ``low`` to ``high`` with a given mean and standard deviation.

    It is the one of greatest entropy, ``weight(x) ~ exp(a x + b x^2)``: a normal cut off at the entry limits, whose two
    numbers are found by Newton's method so that mean and standard deviation after cutting are the published ones.

    Raises:
        ValueError: no such distribution exists within the limits.
    """
    scores = np.arange(low, high + 1, dtype=np.float64)
    z = (scores - mean) / sd
    moments = np.stack([z, z**2])
    target = np.array([0.0, 1.0])
    theta = np.array([0.0, -0.5])
    for _ in range(200):
        logits = theta @ moments
        weights = np.exp(logits - logits.max())
        weights /= weights.sum()
        found = moments @ weights
        if np.abs(target - found).max() < 1e-10:
            return scores, weights
        covariance = (moments * weights) @ moments.T - np.outer(found, found)
        step = np.linalg.solve(covariance + 1e-12 * np.eye(2), target - found)
        theta = theta + step * min(1.0, 2.0 / float(np.abs(step).max()))
    raise ValueError(f"no baseline from {low} to {high} has mean {mean} and standard deviation {sd}")


def _has_rows(arm: Arm) -> bool:
    return any(row.outcome in ("change", "response", "remission") for row in arm.results)


def _predicted(trial: Trial) -> Trial:
    arms = tuple(
        replace(arm, results=tuple(replace(row, use="predict") if row.use == "fit" else row for row in arm.results))
        for arm in trial.arms
    )
    return replace(trial, use="predict", arms=arms)


def _arm(trial: Trial, arm: Arm) -> ArmData:
    nodes, weights, half_cut = _nodes(trial, arm)
    return ArmData(
        trial=trial.name,
        name=arm.name,
        treatment=arm.treatment,
        setting=trial.setting,
        severe=SEVERE_SHARE[trial.severity],
        n=arm.n,
        baseline_known=arm.baseline is not None,
        nodes=nodes,
        weights=weights,
        half_cut=half_cut,
        results=arm.results,
    )


def _nodes(trial: Trial, arm: Arm) -> tuple[Floats, Floats, Floats]:
    low, high = trial.entry
    if arm.baseline is None or low is None:
        points, weights = np.polynomial.hermite_e.hermegauss(7)
        mean, sd = (0.0, UNKNOWN_BASELINE_SD) if arm.baseline is None else (arm.baseline.mean, arm.baseline.sd)
        # Between an even and an odd baseline the cut lies a quarter of a point above half, on average.
        return _padded(mean + sd * points, weights, np.full(7, 0.25))
    top = 52 if high is None else int(high)
    scores, weights = baseline_weights(mean=arm.baseline.mean, sd=arm.baseline.sd, low=int(low), high=top)
    scores, weights = scores[:NODES], weights[:NODES]
    return _padded(scores, weights, np.where(scores % 2 == 0, 0.5, 0.0))


def _padded(nodes: Floats, weights: Floats, half_cut: Floats) -> tuple[Floats, Floats, Floats]:
    missing = NODES - nodes.size
    return (
        np.pad(nodes, (0, missing), mode="edge"),
        np.pad(weights / weights.sum(), (0, missing)),
        np.pad(half_cut, (0, missing), mode="edge"),
    )
