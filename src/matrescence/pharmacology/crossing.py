"""When does a level cross a threshold?  Found on the exact solution, for all women at once.

Over one stretch of constant input the state is ``exp(M t) z`` and a level is ``read @ z``.  A stretch is halved with
exact propagators until it is shorter than half the fastest time constant; there the solution is a polynomial times an
exponential, whose coefficients are found once and whose crossing is bisected to the last digit.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matrescence.pharmacology.compartments import exponential, product

Floats: TypeAlias = NDArray[np.float64]

_SHORT = 0.5  # stretch x fastest rate below which the polynomial is exact to rounding
_DEGREE = 16
_BISECTIONS = 48
_LONGEST_H = 1e7  # a level that has not fallen after a thousand years does not fall


def crossing_within(M: Floats, z: Floats, *, read: Floats, threshold: Floats, width_h: Floats) -> tuple[Floats, Floats]:
    """Time in [0, width_h] at which ``read @ exp(M t) z`` falls below ``threshold``, and the state then.

    ``M`` (rows, rows, women), ``z`` and ``read`` (rows, women), ``threshold`` and ``width_h`` (women,).  The level must
    be at or above the threshold at 0 and below it at ``width_h``.  With several crossings one of them is returned.
    """
    width, passed = width_h.copy(), np.zeros_like(width_h)
    fastest = np.max([-M[i, i] for i in range(M.shape[0])], axis=0)
    while (fastest * width > _SHORT).any():
        width = width / 2.0
        z, above = _further(exponential(M, width), z, read=read, threshold=threshold)
        passed += np.where(above, width, 0.0)
    coefficients, states = _series(M, z, fastest, read)
    low, high = np.zeros_like(width), width
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        above = _polynomial(coefficients, middle) * np.exp(-fastest * middle) >= threshold
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    at = 0.5 * (low + high)
    return passed + at, np.stack([_polynomial(row, at) for row in states]) * np.exp(-fastest * at)


def falls_for_good(K: Floats, z: Floats, *, read: Floats, threshold: Floats) -> Floats:
    """Time after which ``read @ exp(K t) z`` stays below ``threshold`` when nothing more is given, (women,).

    0 where it is below already, infinite where it never falls.  The tail is looked at after 1, 2, 4, 8, ... short
    steps until every level is below and falling; one that rises above and is below again between two of these looks
    is not seen.
    """
    step = _SHORT / max(float(np.max([-K[i, i] for i in range(K.shape[0])])), 1.0 / _LONGEST_H)
    powers = [exponential(K, step)]
    left, ever_above = z, _level(read, z) >= threshold
    slope = (read[:, None] * K).sum(axis=0)
    passed, below = np.zeros(z.shape[1]), np.zeros(z.shape[1], dtype=bool)
    looked = z
    while not (below & (_level(slope, looked) <= 0.0)).all() and step * 2.0 ** len(powers) < _LONGEST_H:
        looked = _times(powers[-1], z)
        below = _level(read, looked) < threshold
        left, ever_above = np.where(below, left, looked), ever_above | ~below
        passed = np.where(below, passed, step * 2.0 ** (len(powers) - 1))
        powers.append(product(powers[-1], powers[-1]))
    for exponent in range(len(powers) - 1, -1, -1):
        left, above = _further(powers[exponent], left, read=read, threshold=threshold)
        passed += np.where(above, step * 2.0**exponent, 0.0)
    rest, _ = crossing_within(K, left, read=read, threshold=threshold, width_h=np.full_like(passed, step))
    return np.where(below, np.where(ever_above, passed + rest, 0.0), np.inf)


def _further(P: Floats, z: Floats, *, read: Floats, threshold: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    # The state one step on where the level is then still at or above the threshold, else the state as it was.
    further = _times(P, z)
    above = _level(read, further) >= threshold
    return np.where(above, further, z), above


def _series(M: Floats, z: Floats, shift: Floats, read: Floats) -> tuple[list[Floats], list[list[Floats]]]:
    # exp(M t) z = exp(-shift t) * sum_k t**k (M + shift)**k z / k!
    term, terms = z, [z]
    for k in range(1, _DEGREE + 1):
        term = (_times(M, term) + shift * term) / k
        terms.append(term)
    return [_level(read, v) for v in terms], [[v[row] for v in terms] for row in range(z.shape[0])]


def _polynomial(coefficients: list[Floats], t: Floats) -> Floats:
    total = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        total = total * t + coefficient
    return total


def _times(M: Floats, z: Floats) -> Floats:
    result: Floats = (M * z).sum(axis=1)
    return result


def _level(read: Floats, z: Floats) -> Floats:
    result: Floats = (read * z).sum(axis=0)
    return result
