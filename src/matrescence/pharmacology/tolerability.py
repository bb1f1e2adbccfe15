"""Side effects as counts: out of 100 women like those in the trial, with what the numbers can bear.

With ``x`` events in ``n`` people and Jeffreys' prior the rate is ``Beta(x + 1/2, n - x + 1/2)``; the interval is its
central part, with the end at 0 or 100 where nobody or everybody was affected.  Sources: Brown LD, Cai TT, DasGupta A,
Stat Sci 2001;16:101-133 (interval); Lentz WJ, Appl Opt 1976;15:668-671 (continued fraction).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_TINY = 1e-300
_TERMS = 10_000
_BISECTIONS = 200


@dataclass(frozen=True, slots=True)
class Rate:
    """Events per 100 people: the observed rate, its interval, and the counts it rests on."""

    per_100: float
    low: float
    high: float
    events: int
    people: int
    level: float


def rate_per_100(*, events: int, people: int, level: float = 0.95) -> Rate:
    """The observed rate with its Jeffreys interval (``level`` 0.95 or 0.90 as a rule).

    Raises:
        ValueError: nobody was observed, more events than people, a negative count, or a level outside (0, 1).
    """
    if people < 1 or not 0 <= events <= people:
        raise ValueError(f"{events} events in {people} people is not a count of affected people")
    if not 0.0 < level < 1.0:
        raise ValueError(f"the level of an interval lies between 0 and 1, not {level}")
    a, b, tail = events + 0.5, people - events + 0.5, (1.0 - level) / 2.0
    low = 0.0 if events == 0 else beta_quantile(tail, a=a, b=b)
    high = 1.0 if events == people else beta_quantile(1.0 - tail, a=a, b=b)
    return Rate(100.0 * events / people, 100.0 * low, 100.0 * high, events, people, level)


def beta_quantile(probability: float, *, a: float, b: float) -> float:
    """The ``x`` with ``I_x(a, b) = probability``, by bisection to the last digit."""
    low, high = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        if middle in {low, high}:
            break
        if incomplete_beta(middle, a=a, b=b) < probability:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def incomplete_beta(x: float, *, a: float, b: float) -> float:
    """The regularised incomplete beta function ``I_x(a, b)``.

    ``x**a (1-x)**b / (a B(a, b))`` times a continued fraction that converges fast for ``x < (a+1)/(a+b+2)``; on the
    other side ``I_x(a, b) = 1 - I_(1-x)(b, a)``.
    """
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - incomplete_beta(1.0 - x, a=b, b=a)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) / a / _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    # 1 + d1 x/(1 + d2 x/(1 + ...)) by the modified Lentz method.
    value, upper, lower = 1.0, 1.0, 0.0
    for term in range(1, _TERMS):
        m = term // 2
        if term % 2:
            d = -(a + m) * (a + b + m) / ((a + 2 * m) * (a + 2 * m + 1.0))
        else:
            d = m * (b - m) / ((a + 2 * m - 1.0) * (a + 2 * m))
        lower = 1.0 + d * x * lower
        lower = 1.0 / (lower if abs(lower) > _TINY else _TINY)
        upper = 1.0 + d * x / upper
        upper = upper if abs(upper) > _TINY else _TINY
        value *= upper * lower
        if abs(upper * lower - 1.0) < 1e-16:
            break
    return value
