"""Trials pooled: log odds ratios and log risk ratios, random effects between trials, and how much they differ.

The model is ``y_i = mu + u_i + e_i`` with ``u_i ~ N(0, tau2)`` and ``e_i ~ N(0, v_i)``; ``mu`` is the mean of the
``y_i`` weighted by ``1 / (v_i + tau2)``.  Sources: DerSimonian R, Laird N, Control Clin Trials 1986;7:177-188 (the
moment estimate of ``tau2``); Viechtbauer W, J Educ Behav Stat 2005;30:261-293 (REML by scoring); Hartung J, Knapp G,
Stat Med 2001;20:3875-3889 (the interval for few trials); Higgins JPT, Thompson SG, Spiegelhalter DJ, J R Stat Soc A
2009;172:137-159 (prediction interval); Higgins JPT, Thompson SG, Stat Med 2002;21:1539-1558 (I2).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from matrescence.pharmacology.quantiles import chi2_tail, normal_quantile, t_quantile

CONTINUITY = 0.5
"""Added to each of the four cells when one of them is empty (Haldane, Anscombe)."""
_STEPS = 200
_EXACT = 1e-12


class Measure(Enum):
    """What is compared between two arms."""

    ODDS_RATIO = "odds ratio"
    RISK_RATIO = "risk ratio"


class Between(Enum):
    """How the variance between trials is found."""

    NONE = "none"
    DERSIMONIAN_LAIRD = "DerSimonian-Laird"
    REML = "REML"


@dataclass(frozen=True, slots=True)
class TwoArms:
    """Events among people in the treated and in the control arm of one trial."""

    events: int
    people: int
    control_events: int
    control_people: int

    def __post_init__(self) -> None:
        for events, people in ((self.events, self.people), (self.control_events, self.control_people)):
            if people < 1 or not 0 <= events <= people:
                raise ValueError(f"{events} events in {people} people is not a count of affected people")

    @property
    def informative(self) -> bool:
        """Whether a ratio can be told: not when nobody, or everybody, had the event in both arms."""
        total = self.events + self.control_events
        return 0 < total < self.people + self.control_people

    @property
    def cells(self) -> tuple[float, float, float, float]:
        """Events and non-events, treated and control, with :data:`CONTINUITY` added when one of them is 0."""
        cells = (
            float(self.events),
            float(self.people - self.events),
            float(self.control_events),
            float(self.control_people - self.control_events),
        )
        add = CONTINUITY if 0.0 in cells else 0.0
        return cells[0] + add, cells[1] + add, cells[2] + add, cells[3] + add


@dataclass(frozen=True, slots=True)
class Effect:
    """One trial on the log scale: its estimate and the variance of it."""

    estimate: float
    variance: float

    def interval(self, *, level: float = 0.95) -> tuple[float, float]:
        """``estimate -+ z sqrt(variance)``, on the log scale."""
        half = normal_quantile(0.5 + 0.5 * level) * math.sqrt(self.variance)
        return self.estimate - half, self.estimate + half


@dataclass(frozen=True, slots=True)
class Pooled:
    """What several trials say together, on the log scale.

    ``low``, ``high`` is the plain interval (normal quantile), ``hk_low``, ``hk_high`` that of Hartung and Knapp
    (Student's t, one degree of freedom less than trials), ``prediction_low``, ``prediction_high`` where the effect in
    a further trial is expected (Student's t, two less).  ``None`` where there are too few trials.  ``weights`` add up
    to 1.  ``q_tail`` is the chance of a ``q`` this large when the trials do not differ.
    """

    estimate: float
    standard_error: float
    low: float
    high: float
    hk_low: float | None
    hk_high: float | None
    prediction_low: float | None
    prediction_high: float | None
    tau2: float
    q: float
    q_tail: float | None
    i2_percent: float | None
    weights: tuple[float, ...]
    between: Between
    level: float

    @property
    def cautious(self) -> tuple[float, float]:
        """The wider of the plain interval and Hartung and Knapp's.

        The latter is the shorter one where trials agree better than chance (Jackson D et al., Stat Med
        2017;36:3923-3934).
        """
        if self.hk_low is None or self.hk_high is None or self.hk_high < self.high:
            return self.low, self.high
        return self.hk_low, self.hk_high


def log_ratio(arms: TwoArms, measure: Measure) -> Effect:
    """The log odds ratio, ``log(ad/bc)`` with variance ``1/a + 1/b + 1/c + 1/d``, or the log risk ratio,
    ``log((a/n1)/(c/n2))`` with variance ``1/a - 1/n1 + 1/c - 1/n2``.

    Raises:
        ValueError: both arms had no event, or both had nothing but events: such a trial tells nothing about a ratio.
    """
    if not arms.informative:
        raise ValueError("a trial without events, or without anything else, in both arms tells nothing about a ratio")
    a, b, c, d = arms.cells
    if measure is Measure.ODDS_RATIO:
        return Effect(math.log(a * d / (b * c)), 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d)
    treated, control = a + b, c + d
    return Effect(math.log(a * control / (c * treated)), 1.0 / a - 1.0 / treated + 1.0 / c - 1.0 / control)


def pool(effects: Sequence[Effect], *, between: Between = Between.REML, level: float = 0.95) -> Pooled:
    """Pool effects on the log scale.

    Raises:
        ValueError: no effect was given, a variance is not positive, or the level does not lie between 0 and 1.
    """
    if not effects or not all(effect.variance > 0.0 for effect in effects):
        raise ValueError("pooling needs at least one effect, and every variance above 0")
    if not 0.0 < level < 1.0:
        raise ValueError(f"the level of an interval lies between 0 and 1, not {level}")
    tau2 = between_variance(effects, between=between)
    weights = [1.0 / (effect.variance + tau2) for effect in effects]
    total = math.fsum(weights)
    mean = _mean(effects, weights)
    error = math.sqrt(1.0 / total)
    q = cochran_q(effects)
    freedom, tail = len(effects) - 1, 0.5 + 0.5 * level
    half = normal_quantile(tail) * error
    known = _few_trials(effects, weights, mean, tail) if freedom else None
    ahead = t_quantile(tail, freedom=freedom - 1) * math.sqrt(tau2 + error**2) if freedom > 1 else None
    return Pooled(
        estimate=mean,
        standard_error=error,
        low=mean - half,
        high=mean + half,
        hk_low=None if known is None else mean - known,
        hk_high=None if known is None else mean + known,
        prediction_low=None if ahead is None else mean - ahead,
        prediction_high=None if ahead is None else mean + ahead,
        tau2=tau2,
        q=q,
        q_tail=chi2_tail(q, freedom=freedom) if freedom else None,
        i2_percent=(100.0 * max(0.0, (q - freedom) / q) if q > 0.0 else 0.0) if freedom else None,
        weights=tuple(weight / total for weight in weights),
        between=between,
        level=level,
    )


def cochran_q(effects: Sequence[Effect]) -> float:
    """``sum w (y - mean)**2`` with ``w = 1 / v``: how far the trials lie apart, by their own precision."""
    weights = [1.0 / effect.variance for effect in effects]
    mean = _mean(effects, weights)
    return math.fsum(w * (e.estimate - mean) ** 2 for w, e in zip(weights, effects, strict=True))


def between_variance(effects: Sequence[Effect], *, between: Between) -> float:
    """``tau2``: 0 for one trial or without random effects, else by the method asked for; never below 0."""
    if len(effects) < 2 or between is Between.NONE:
        return 0.0
    moment = _dersimonian_laird(effects)
    return moment if between is Between.DERSIMONIAN_LAIRD else _reml(effects, start=moment)


def leave_one_out(effects: Sequence[Effect], *, between: Between = Between.REML) -> tuple[Pooled, ...]:
    """Pool all but each one in turn; empty for a single trial."""
    if len(effects) < 2:
        return ()
    return tuple(pool([*effects[:index], *effects[index + 1 :]], between=between) for index in range(len(effects)))


def _dersimonian_laird(effects: Sequence[Effect]) -> float:
    weights = [1.0 / effect.variance for effect in effects]
    total = math.fsum(weights)
    spare = total - math.fsum(weight**2 for weight in weights) / total
    return max(0.0, (cochran_q(effects) - (len(effects) - 1)) / spare)


def _reml(effects: Sequence[Effect], *, start: float) -> float:
    """The ``tau2`` at which the slope of the restricted likelihood is 0, by bisection; 0 when it falls from there."""
    if _slope(effects, 0.0) <= 0.0:
        return 0.0
    high = max([start, *(effect.variance for effect in effects)])
    while _slope(effects, high) > 0.0:
        high *= 2.0
    low = 0.0
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        if _slope(effects, middle) > 0.0:
            low = middle
        else:
            high = middle
        if high - low <= _EXACT * high:
            break
    return 0.5 * (low + high)


def _slope(effects: Sequence[Effect], tau2: float) -> float:
    """Twice the derivative of the restricted log-likelihood by ``tau2``."""
    weights = [1.0 / (effect.variance + tau2) for effect in effects]
    mean = _mean(effects, weights)
    squares = math.fsum(weight**2 for weight in weights)
    away = math.fsum((w * (e.estimate - mean)) ** 2 for w, e in zip(weights, effects, strict=True))
    return away - math.fsum(weights) + squares / math.fsum(weights)


def _few_trials(effects: Sequence[Effect], weights: Sequence[float], mean: float, tail: float) -> float:
    """Half the width of Hartung and Knapp's interval."""
    freedom = len(effects) - 1
    away = math.fsum(w * (e.estimate - mean) ** 2 for w, e in zip(weights, effects, strict=True))
    return t_quantile(tail, freedom=freedom) * math.sqrt(away / freedom / math.fsum(weights))


def _mean(effects: Sequence[Effect], weights: Sequence[float]) -> float:
    return math.fsum(w * e.estimate for w, e in zip(weights, effects, strict=True)) / math.fsum(weights)
