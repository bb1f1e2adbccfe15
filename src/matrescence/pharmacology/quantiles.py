"""Quantiles and tails of the normal, Student, chi-square and Poisson distributions, without a numerical library.

Source: Abramowitz M, Stegun IA, Handbook of Mathematical Functions, 6.5.29 and 6.5.31 (incomplete gamma function),
26.4.19 (chi-square), 26.4.21 (Poisson) and 26.7.1 (Student's t through the incomplete beta function).
"""

from __future__ import annotations

import math
from statistics import NormalDist

from matrescence.pharmacology.tolerability import beta_quantile

_STANDARD = NormalDist()
_TERMS = 100_000


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


def chi2_tail(value: float, *, freedom: float) -> float:
    """``P(X > value) = Q(freedom/2, value/2)`` for chi-square.

    Raises:
        ValueError: there is no degree of freedom.
    """
    if freedom <= 0.0:
        raise ValueError(f"chi-square needs a positive number of degrees of freedom, not {freedom}")
    return gamma_shares(0.5 * freedom, max(0.5 * value, 0.0))[1]


def poisson_share(count: int, *, mean: float) -> float:
    """``P(N <= count) = Q(count + 1, mean)`` for a Poisson count.

    Raises:
        ValueError: the mean is negative or not finite.
    """
    if not 0.0 <= mean < math.inf:
        raise ValueError(f"the mean of a Poisson count is not negative, and finite, not {mean}")
    return 0.0 if count < 0 else gamma_shares(count + 1.0, mean)[1]


def poisson_quantile(probability: float, *, mean: float) -> int:
    """The smallest whole number ``c`` with ``P(N <= c) >= probability`` for a Poisson count, by bisection.

    Raises:
        ValueError: the probability does not lie in [0, 1), or the mean is negative or not finite.
    """
    if not 0.0 <= probability < 1.0:
        raise ValueError(f"a probability in [0, 1) has a Poisson quantile, {probability} has not")
    low, high = -1, int(mean) + 1
    while poisson_share(high, mean=mean) < probability:
        low, high = high, 2 * high + 1
    while high - low > 1:
        middle = (low + high) // 2
        if poisson_share(middle, mean=mean) < probability:
            low = middle
        else:
            high = middle
    return high


def gamma_shares(a: float, x: float) -> tuple[float, float]:
    """The regularised incomplete gamma functions ``P(a, x)`` and ``Q(a, x) = 1 - P(a, x)``.

    The series ``P = x**a exp(-x) / Gamma(a+1) (1 + x/(a+1) + x**2/((a+1)(a+2)) + ...)`` left of ``a + 1``, and on the
    right the continued fraction of ``Q``; each is the small one there, so neither loses digits.
    """
    if x <= 0.0:
        return 0.0, 1.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a + 1.0))
    if x < a + 1.0:
        lower = min(front * _series(a, x), 1.0)
        return lower, 1.0 - lower
    upper = min(front * a * _fraction(a, x), 1.0)
    return 1.0 - upper, upper


def _series(a: float, x: float) -> float:
    total = term = 1.0
    for n in range(1, _TERMS):
        term *= x / (a + n)
        total += term
        if term < 1e-17 * total:
            break
    return total


def _fraction(a: float, x: float) -> float:
    # 1/(x+1-a - 1(1-a)/(x+3-a - 2(2-a)/(x+5-a - ...))) by the modified Lentz method.
    b = x + 1.0 - a
    c, d = math.inf, 1.0 / b
    value = d
    for n in range(1, _TERMS):
        factor = -n * (n - a)
        b += 2.0
        d = 1.0 / (factor * d + b)
        c = b + factor / c
        value *= c * d
        if abs(c * d - 1.0) < 1e-16:
            break
    return value
