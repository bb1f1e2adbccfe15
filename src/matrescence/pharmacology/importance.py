"""Women with weights: how many equal women they are worth, their quantiles, and a fair choice among them.

Sources: Kong A, Liu JS, Wong WH, J Am Stat Assoc 1994;89:278-288 (effective size of weighted draws); Kitagawa G,
J Comput Graph Stat 1996;5:1-25 (systematic choice).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def normalised(log_weights: Floats) -> Floats:
    """Weights (draws,) that sum to one, from their logarithms up to a constant.

    Raises:
        ValueError: no draw has a finite logarithm: nothing that was measured is possible in any of them.
    """
    highest = float(np.max(log_weights, initial=-np.inf, where=~np.isnan(log_weights)))
    if not np.isfinite(highest):
        raise ValueError("what was measured is impossible in every woman drawn")
    weights = np.exp(np.nan_to_num(log_weights, nan=-np.inf) - highest)
    shares: Floats = weights / weights.sum()
    return shares


def effective_size(weights: Floats) -> float:
    """``1 / sum(w**2)`` of weights that sum to one: the number of equal draws they are worth."""
    return float(1.0 / np.sum(weights**2))


def weighted_quantiles(values: Floats, weights: Floats, shares: Sequence[float]) -> Floats:
    """Quantiles (shares, times) of values (draws, times) or (draws,), by inverting the weighted distribution.

    Between draws it runs linearly through the middle of each draw's weight, so equal weights give the usual quantiles
    (type 5 of Hyndman RJ, Fan Y, Am Stat 1996;50:361-365).
    """
    columns = values.reshape(len(values), -1)
    order = np.argsort(columns, axis=0)
    ordered, heavy = np.take_along_axis(columns, order, axis=0), weights[order]
    reached = np.cumsum(heavy, axis=0) - 0.5 * heavy
    found = np.stack([np.interp(shares, reached[:, at], ordered[:, at]) for at in range(columns.shape[1])], axis=1)
    return found.reshape(len(shares), *values.shape[1:])


def chosen(weights: Floats, *, count: int) -> NDArray[np.intp]:
    """``count`` draws, each as often as its weight says to within one: systematic choice from the middle."""
    marks = (np.arange(count) + 0.5) / count
    reached = np.cumsum(weights)
    return np.minimum(np.searchsorted(reached / reached[-1], marks), weights.size - 1)


def moments(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Weighted mean (p,) and covariance (p, p) of draws (draws, p)."""
    mean = weights @ values
    away = values - mean
    return mean, (away * weights[:, None]).T @ away
