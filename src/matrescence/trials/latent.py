"""A bounded score through its latent logit: the fall and the spread that make a published mean change come out."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matrescence.pharmacology.response import to_latent, to_score
from matrescence.reading import InputError
from matrescence.trials.design import BaselineRange
from matrescence.trials.mood_data import baseline_weights

Floats: TypeAlias = NDArray[np.float64]

_POINTS, _RAW = np.polynomial.hermite_e.hermegauss(24)
_NODE_WEIGHTS = _RAW / _RAW.sum()


def latent_shift(baseline: BaselineRange, *, mean: float, spread: float, start: float, highest: float) -> float:
    """How far the latent score must fall for another mean change with the same latent spread.

    The mean change falls steadily with the shift; a drawn mean outside what the scale allows is held just inside.
    """
    scores, weights = baseline_table(baseline)
    origin = (to_latent(scores, highest=highest)[:, None] + spread * _POINTS).ravel()
    both, middle = np.outer(weights, _NODE_WEIGHTS).ravel(), float(scores @ weights)
    wanted = min(max(mean, -0.98 * middle), 0.98 * (highest - middle)) + middle
    shift = start
    for _ in range(60):
        share = to_score(origin - shift, highest=1.0)
        miss = highest * float(both @ share) - wanted
        step = miss / (highest * float(both @ (share * (1.0 - share))))
        shift += min(max(step, -1.0), 1.0)
        if abs(step) < 1e-10:
            break
    return shift


@lru_cache(maxsize=256)
def latent_change(baseline: BaselineRange, *, mean: float, sd: float, highest: float) -> tuple[float, float]:
    """How far the latent score must fall, and how much women must differ, for a mean change and its spread to come out.

    Women's latent scores are ``logit(baseline / highest) - shift + spread * N(0, 1)``, so that no score leaves the
    scale; ``shift`` and ``spread`` are found by Newton's method over the baselines and 24 Gauss-Hermite points.

    Raises:
        InputError: no such change is possible from these baselines.
    """
    scores, weights = baseline_table(baseline)
    start = to_latent(scores, highest=highest)[:, None]
    both = weights[:, None] * _NODE_WEIGHTS[None, :]
    shift, log_spread = 0.0, 0.0
    for _ in range(100):
        spread = math.exp(log_spread)
        share = to_score(start - shift + spread * _POINTS, highest=1.0)
        change = highest * share - scores[:, None]
        slope = highest * share * (1.0 - share)
        found = float((both * change).sum())
        found_sd = math.sqrt(float((both * (change - found) ** 2).sum()))
        by_shift, by_spread = -slope, slope * spread * _POINTS
        jacobian = np.array(
            [
                [(both * by_shift).sum(), (both * by_spread).sum()],
                [(both * (change - found) * part).sum() / found_sd for part in (by_shift, by_spread)],
            ]
        )
        miss = np.array([mean - found, sd - found_sd])
        if np.abs(miss).max() < 1e-9:
            return shift, spread
        try:
            step = np.linalg.solve(jacobian, miss)
        except np.linalg.LinAlgError:
            break
        step *= min(1.0, 1.0 / float(np.abs(step).max()))
        shift, log_spread = shift + float(step[0]), log_spread + float(step[1])
    raise InputError(
        f"a mean change of {mean:g} with a standard deviation of {sd:g} cannot come out of baselines with mean "
        f"{baseline.mean:g} on a scale of 0 to {highest:g}; write a smaller change or standard deviation."
    )


@lru_cache(maxsize=64)
def baseline_table(baseline: BaselineRange) -> tuple[Floats, Floats]:
    """The whole scores that are let in, and the share of women at each.

    Raises:
        ValueError: no distribution within the limits has this mean and standard deviation.
    """
    return baseline_weights(mean=baseline.mean, sd=baseline.sd, low=baseline.low, high=baseline.high)
