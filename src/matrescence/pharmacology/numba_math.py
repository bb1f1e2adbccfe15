"""Exponential, logarithm and propagators over lanes of women, in arithmetic a compiler can vectorise.

A call into the C library stops a loop over women from being vectorised; plain arithmetic does not.  ``exp`` and
``log`` reduce their argument exactly (Cody and Waite 1980) and sum a Taylor series whose remainder is below one
unit in the last place; both agree with the C library to 4 ulp.  This module needs numba: import it through
``numba_kernel``, which says how to install it.
"""

# numba takes no keyword-only arguments and reads plain arrays fastest.
# ruff: noqa: PLR0917

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])
Array = NDArray[np.float64]

LANES = 16
"""Women per block.  Every lane does the same arithmetic whatever its neighbours are."""

TAYLOR_DEGREE = 16
LARGEST_SHIFTED_STEP = 0.5
_LOG2_E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_ROUNDER = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to an integer and leaves that integer in the low bits
_SQRT_2 = 1.4142135623730951


def compiled(function: F) -> F:
    """Compile a loop body: no fast-math, division as in NumPy, kept on disk between runs."""
    return cast(F, numba.njit(cache=True, error_model="numpy")(function))


def inlined(function: F) -> F:
    """Compile a scalar formula into its caller."""
    return cast(F, numba.njit(cache=True, error_model="numpy", inline="always")(function))


@inlined
def exp(x: float) -> float:
    """``e**x`` for ``-700 <= x <= 700``; outside, the value at the nearer end."""
    x = -700.0 if x < -700.0 else x
    x = 700.0 if x > 700.0 else x
    shifted = x * _LOG2_E + _ROUNDER
    k = shifted - _ROUNDER
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    p = 1.0 / 6227020800.0
    p = p * r + 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    power = np.int64((np.float64(shifted).view(np.int64) + np.int64(1023)) << np.int64(52)).view(np.float64)
    return p * power


@inlined
def log(x: float) -> float:
    """Natural logarithm for ``x >= 1e-300``; below, the value at ``1e-300``."""
    x = 1e-300 if x < 1e-300 else x
    bits = np.float64(x).view(np.int64)
    e = np.int64((bits >> np.int64(52)) | np.int64(0x4330000000000000)).view(np.float64) - 4503599627371519.0
    m = np.int64((bits & np.int64(0x000FFFFFFFFFFFFF)) | np.int64(0x3FF0000000000000)).view(np.float64)
    above = m > _SQRT_2
    m = m * 0.5 if above else m
    e = e + 1.0 if above else e
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    p = 1.0 / 21.0
    p = p * z + 1.0 / 19.0
    p = p * z + 1.0 / 17.0
    p = p * z + 1.0 / 15.0
    p = p * z + 1.0 / 13.0
    p = p * z + 1.0 / 11.0
    p = p * z + 1.0 / 9.0
    p = p * z + 1.0 / 7.0
    p = p * z + 1.0 / 5.0
    p = p * z + 1.0 / 3.0
    return e * _LN2_HIGH + (e * _LN2_LOW + 2.0 * s * (1.0 + z * p))


@compiled
def transition(
    matrix: Array, entries: NDArray[np.int64], dt_h: float, advance: Array, admit: Array, work: Array
) -> None:
    """Exact propagators of ``dx/dt = K x + input`` over ``dt_h`` for one block of women.

    ``advance = exp(K t)`` (n, n, lanes) and ``admit = int_0^t exp(K s) ds`` in the columns ``entries`` (n, m, lanes).
    ``K`` has no negative off-diagonal, so ``K + sigma I`` has no negative entry at all: its Taylor series and its
    squarings add only non-negative numbers and nothing cancels, whether rates are near each other or equal.  Each
    lane is squared as often as its own diagonal asks, so a woman's result does not depend on who shares her block.
    ``work`` is scratch of shape (3 n + 2 m + 5, n, lanes).
    """
    n, m = matrix.shape[0], entries.shape[0]
    a, full, wide = work[0:n], work[n : 2 * n], work[2 * n : 3 * n]
    b, scratch = work[3 * n : 3 * n + m], work[3 * n + m : 3 * n + 2 * m]
    row = 3 * n + 2 * m
    sigma, scale, halvings, decay = work[row, 0], work[row + 1, 0], work[row + 2, 0], work[row + 3, 0]
    most = _choose_scale(matrix, dt_h, sigma, scale, halvings)
    for lane in range(LANES):
        decay[lane] = sigma[lane] * scale[lane]
    for i in range(n):
        for j in range(n):
            for lane in range(LANES):
                value = matrix[i, j, lane] + sigma[lane] if i == j else matrix[i, j, lane]
                a[i, j, lane] = value * scale[lane]
                full[i, j, lane] = 1.0 if i == j else 0.0
    b[:] = 0.0
    _taylor(a, full, b, entries, scale, decay, wide, scratch, work[row + 4, 0])
    for lane in range(LANES):
        damping = np.exp(-decay[lane])
        for i in range(n):
            for j in range(n):
                advance[i, j, lane] = full[i, j, lane] * damping
            for c in range(m):
                admit[i, c, lane] = b[c, i, lane] * damping
    for squaring in range(most):
        _square(advance, admit, halvings, float(squaring), wide, scratch)


@compiled
def _choose_scale(matrix: Array, dt_h: float, sigma: Array, scale: Array, halvings: Array) -> int:
    """The shift and the scaled step of every lane; returns the largest number of squarings among the lanes."""
    most = 0
    for lane in range(LANES):
        sigma[lane], scale[lane], halvings[lane] = 0.0, dt_h, 0.0
        for i in range(matrix.shape[0]):
            sigma[lane] = max(sigma[lane], -matrix[i, i, lane])
        while sigma[lane] * scale[lane] > LARGEST_SHIFTED_STEP:
            scale[lane] *= 0.5
            halvings[lane] += 1.0
        most = max(most, int(halvings[lane]))
    return most


@compiled
def _taylor(
    a: Array, full: Array, b: Array, entries: NDArray[np.int64], scale: Array, decay: Array,
    wide: Array, scratch: Array, tail: Array,
) -> None:  # fmt: skip
    """Horner's scheme for the block matrix of states and inputs; ``tail`` is its scalar lower right block."""
    n = a.shape[0]
    tail[:] = 1.0
    for step in range(TAYLOR_DEGREE):
        share = 1.0 / (TAYLOR_DEGREE - step)
        _horner_input(a, b, entries, scale, tail, share, scratch)
        _product(a, full, wide)
        for i in range(n):
            for j in range(n):
                one = 1.0 if i == j else 0.0
                for lane in range(LANES):
                    full[i, j, lane] = one + wide[i, j, lane] * share
        for lane in range(LANES):
            tail[lane] = 1.0 + decay[lane] * tail[lane] * share


@compiled
def _product(left: Array, right: Array, result: Array) -> None:
    n = left.shape[0]
    for i in range(n):
        for j in range(n):
            for lane in range(LANES):
                result[i, j, lane] = left[i, 0, lane] * right[0, j, lane]
            for k in range(1, n):
                for lane in range(LANES):
                    result[i, j, lane] += left[i, k, lane] * right[k, j, lane]


@compiled
def _horner_input(
    a: Array, b: Array, entries: NDArray[np.int64], scale: Array, tail: Array, share: float, scratch: Array
) -> None:
    n, m = a.shape[0], entries.shape[0]
    for c in range(m):
        for i in range(n):
            unit = 1.0 if i == entries[c] else 0.0
            for lane in range(LANES):
                scratch[c, i, lane] = unit * scale[lane] * tail[lane]
            for k in range(n):
                for lane in range(LANES):
                    scratch[c, i, lane] += a[i, k, lane] * b[c, k, lane]
        for i in range(n):
            for lane in range(LANES):
                b[c, i, lane] = scratch[c, i, lane] * share


@compiled
def _square(advance: Array, admit: Array, halvings: Array, done: float, wide: Array, scratch: Array) -> None:
    n, m = admit.shape[0], admit.shape[1]
    for c in range(m):
        for i in range(n):
            for lane in range(LANES):
                scratch[c, i, lane] = admit[i, c, lane]
            for k in range(n):
                for lane in range(LANES):
                    scratch[c, i, lane] += advance[i, k, lane] * admit[k, c, lane]
    _product(advance, advance, wide)
    for i in range(n):
        for lane in range(LANES):
            for j in range(n):
                advance[i, j, lane] = wide[i, j, lane] if halvings[lane] > done else advance[i, j, lane]
            for c in range(m):
                admit[i, c, lane] = scratch[c, i, lane] if halvings[lane] > done else admit[i, c, lane]
