"""Of women whose latent scores are normal: how many respond, how many remit, and how far the mean score falls.

A score between 0 and ``highest`` lies at ``highest / (1 + exp(-z))`` for a latent ``z ~ N(middle, spread^2)``.  A rater
writes down whole numbers, so a score of at most ``s`` is a ``z`` below the latent place of ``s + 1/2``: rates are
normal distribution functions, and mean scores Gauss-Hermite sums.  No random numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matrescence.pharmacology.response import HIGHEST_HAMD17, to_latent, to_score

Floats = NDArray[np.float64]

_POINTS, _RAW = np.polynomial.hermite_e.hermegauss(12)
_WEIGHTS = _RAW / _RAW.sum()


@dataclass(frozen=True, slots=True)
class Chances:
    """Mean change in points, and women of 100 who respond and who remit, in the shape of the latent middle."""

    change: Floats
    response: Floats
    remission: Floats


def chances(
    middle: Floats, spread: Floats, *, baseline: float, remission_at_most: float, highest: float = HIGHEST_HAMD17
) -> Chances:
    """What is expected of women who start at ``baseline``; a response is a score of at most half of it.

    At the start, where ``spread`` is zero, everybody stands at the middle.
    """
    scores = to_score(middle[..., None] + spread[..., None] * _POINTS, highest=highest) @ _WEIGHTS
    response = chance_at_most(middle, spread, baseline / 2.0, highest=highest)
    remission = chance_at_most(middle, spread, remission_at_most, highest=highest)
    return Chances(scores - baseline, 100.0 * response, 100.0 * remission)


def chance_at_most(middle: Floats, spread: Floats, score: float, *, highest: float = HIGHEST_HAMD17) -> Floats:
    """How often a whole-number score of at most ``score`` is written down, of normal latent scores."""
    _, high = score_edges(np.array([math.floor(score)]), highest=highest)
    away = middle - high[0]
    beyond = np.where(away > 0.0, np.inf, -np.inf)
    return upper_tail(np.divide(away, spread, out=beyond, where=spread > 0.0))


def score_edges(scores: Floats, *, highest: float = HIGHEST_HAMD17) -> tuple[Floats, Floats]:
    """The latent places between which a whole-number score is written down; open at both ends of the scale."""
    inside_low, inside_high = np.maximum(scores - 0.5, 0.5), np.minimum(scores + 0.5, highest - 0.5)
    low = np.where(scores <= 0.0, -np.inf, to_latent(inside_low, highest=highest))
    return low, np.where(scores >= highest, np.inf, to_latent(inside_high, highest=highest))


def upper_tail(z: Floats) -> Floats:
    """The chance that a standard normal number is above ``z``, with its digits kept far out."""
    tail: Floats = 0.5 * _erfc(z / math.sqrt(2.0))
    return tail


_erfc = np.vectorize(math.erfc, otypes=[float])
