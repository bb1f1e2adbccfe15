"""Quantiles and tails of the normal, Student, chi-square and Poisson distributions, without a numerical library.

Sources: Abramowitz M, Stegun IA, Handbook of Mathematical Functions, 26.4.21 (chi-square by its recursion in the
degrees of freedom) and 26.7.1 (Student's t through the incomplete beta function).
"""

from __future__ import annotations

import math
from statistics import NormalDist

from matrescence.pharmacology.tolerability import beta_quantile

_STANDARD = NormalDist()


def normal_quantile(probability: float) -> float:
    """The ``z`` with ``P(Z <= z) = probability``.

    Raises:
        ValueError: the probability does not lie between 0 and 1.
    """
    if not 0.0 < probability < 1.0:
        raise ValueError(f"a probability between 0 and 1 has a quantile, {probability} has not")
    return _STANDARD.inv_cdf(probability)


def normal_share(z: float) -> float:
    """``P(Z <= z)``."""
    return _STANDARD.cdf(z)


def t_quantile(probability: float, *, freedom: float) -> float:
    """The ``t`` with ``P(T <= t) = probability`` for Student's t with ``freedom`` degrees of freedom.

    ``P(|T| > t) = I_x(freedom/2, 1/2)`` at ``x = freedom / (freedom + t**2)``.

    Raises:
        ValueError: the probability does not lie between 0 and 1, or there is no degree of freedom.
    """
    if freedom <= 0.0:
        raise ValueError(f"Student's t needs a positive number of degrees of freedom, not {freedom}")
    if not 0.0 < probability < 1.0:
        raise ValueError(f"a probability between 0 and 1 has a quantile, {probability} has not")
    if probability == 0.5:
        return 0.0
    x = beta_quantile(2.0 * min(probability, 1.0 - probability), a=0.5 * freedom, b=0.5)
    return math.copysign(math.sqrt(freedom * (1.0 - x) / x), probability - 0.5)


def chi2_tail(value: float, *, freedom: int) -> float:
    """``P(X > value)`` for chi-square with a whole number of degrees of freedom.

    ``Q(x, n + 2) = Q(x, n) + (x/2)**(n/2) exp(-x/2) / Gamma(n/2 + 1)``, from ``Q(x, 1) = erfc(sqrt(x/2))`` or
    ``Q(x, 2) = exp(-x/2)``.

    Raises:
        ValueError: there is no degree of freedom.
    """
    if freedom < 1:
        raise ValueError(f"chi-square needs at least one degree of freedom, not {freedom}")
    if value <= 0.0:
        return 1.0
    half = 0.5 * value
    order = 1 if freedom % 2 else 2
    tail = math.erfc(math.sqrt(half)) if order == 1 else math.exp(-half)
    while order < freedom:
        tail += math.exp(0.5 * order * math.log(half) - half - math.lgamma(0.5 * order + 1.0))
        order += 2
    return min(tail, 1.0)


def poisson_quantile(probability: float, *, mean: float) -> int:
    """The smallest whole number ``c`` with ``P(N <= c) >= probability`` for a Poisson count.

    Raises:
        ValueError: the probability does not lie in [0, 1), or the mean is negative or not finite.
    """
    if not 0.0 <= probability < 1.0 or not 0.0 <= mean < math.inf:
        raise ValueError(f"no Poisson quantile at {probability} with mean {mean}")
    if mean > 700.0:
        return _large_poisson_quantile(probability, mean)
    count, term = 0, math.exp(-mean)
    total = term
    while total < probability and term > 0.0:
        count += 1
        term *= mean / count
        total += term
    return count


def poisson_share(count: int, *, mean: float) -> float:
    """``P(N <= count)`` for a Poisson count, summed from the largest term down so that nothing underflows."""
    if count < 0:
        return 0.0
    if mean == 0.0:
        return 1.0
    top = min(count, int(mean))
    peak = math.exp(top * math.log(mean) - mean - math.lgamma(top + 1.0))
    below, term = peak, peak
    for index in range(top, 0, -1):
        term *= index / mean
        below += term
        if term < 1e-18 * below:
            break
    term = peak
    for index in range(top + 1, count + 1):
        term *= mean / index
        below += term
        if term < 1e-18 * below:
            break
    return min(below, 1.0)


def _large_poisson_quantile(probability: float, mean: float) -> int:
    """By bisection between bounds twelve standard deviations off, where ``exp(-mean)`` would underflow."""
    spread = 12.0 * math.sqrt(mean)
    low, high = int(max(0.0, mean - spread)) - 1, int(mean + spread) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if poisson_share(middle, mean=mean) < probability:
            low = middle
        else:
            high = middle
    return high
