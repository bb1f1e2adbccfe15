"""Her scores so far -> weighted women whose courses fit them, and how unexpected her last score is.

A virtual woman is one row of the posterior (what all trials together say), a deviation of her place from the trials'
(in size, pace and shape), and a number of her own.  On the latent scale of :mod:`response` her course is

    ``z(t) = expected(t) + grown(t) * own``,  ``own = spread * eta - place_size ~ N(0, spread^2 + trial_size_sd^2)``,

and a rater's whole number ``y`` is seen when ``z(t) + residual * e`` lies between the latent places of ``y - 1/2`` and
``y + 1/2``.  First the women of the forecast are weighted with that chance.  Where too few carry the weight, ``own`` is
drawn anew for each row from its normal posterior given the rest of the row, which is exact but for the rounding of
scores, and weighted with what is left.  Sources: Kong A, Liu JS, Wong WH, J Am Stat Assoc 1994;89:278-288; Gelman A,
Meng XL, Stern H, Stat Sinica 1996;6:733-760 (posterior predictive tail probability).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from matrescence.pharmacology.chances import score_edges, upper_tail
from matrescence.pharmacology.importance import effective_size, normalised
from matrescence.pharmacology.individualise import Round
from matrescence.pharmacology.philox import Stream, standard_normals
from matrescence.pharmacology.response import (
    HIGHEST_HAMD17,
    MoodParameters,
    TrialEffect,
    given_as,
    grown,
    hamd17_latent,
    spread_of,
    to_latent,
)

Floats = NDArray[np.float64]

_LEAST_CHANCE = 1e-250


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of one woman before a later score: her baseline, how severe it was, and what she is given.

    ``severe`` is 1 or 0 as in :func:`response.severe_from_baseline`; ``setting`` as in :func:`response.hamd17_course`.
    """

    baseline: float
    treatment: str
    severe: float
    setting: str | None = None


@dataclass(frozen=True, slots=True)
class MoodWomen:
    """Weighted virtual women: ``parameters`` with one row each, ``own`` and the parts of ``place`` (women,).

    The weights sum to one.  The size of a place is part of ``own``.
    """

    given: Given
    parameters: MoodParameters
    own: Floats
    place: TrialEffect
    weights: Floats
    rounds: tuple[Round, ...]

    @property
    def effective(self) -> float:
        """How many equal women they are worth."""
        return self.rounds[-1].effective

    @property
    def highest(self) -> float:
        """The top of the scale."""
        return HIGHEST_HAMD17

    def scatter(self, times_h: Floats) -> Floats:
        """The standard deviation of one rating around the course, (women, times)."""
        return np.broadcast_to(self.parameters.residual[:, None], (self.own.size, np.size(times_h)))

    def latent(self, times_h: Floats) -> Floats:
        """Their latent courses, (women, times), without the scatter of single visits."""
        expected, passed = _expected(self.parameters, self.given, self.place, times_h)
        return expected + passed * self.own[:, None]


def mood_women(parameters: MoodParameters, given: Given, *, women: int, seed: int) -> MoodWomen:
    """The women of the forecast, all of the same weight: rows of ``parameters`` in turn, everything else drawn."""
    rows = np.arange(women) % parameters.residual.shape[0]
    chosen = MoodParameters(**{name: getattr(parameters, name)[rows] for name in MoodParameters.__dataclass_fields__})
    normals = standard_normals(seed=seed, women=np.arange(women), draws=3, stream=Stream.INDIVIDUAL)
    place = TrialEffect(0.0, chosen.trial_time_sd * normals[1], chosen.trial_shape_sd * normals[2])
    own = _own_sd(chosen, given) * normals[0]
    weights = np.full(women, 1.0 / women)
    return MoodWomen(given, chosen, own, place, weights, (Round("the women of the forecast", women, float(women)),))


def given_setting(given: Given) -> str:
    """Where she is treated: what was said, or the setting of her treatment."""
    return given_as(given.treatment).setting if given.setting is None else given.setting


def place_of(women: MoodWomen, times_h: Floats, *, seed: int) -> tuple[Floats, Floats]:
    """Where women of one place lie at each visit: mean and standard deviation of the latent score, (rows, times).

    One row is one set of parameters with one deviation of her place; over women and visits the rest is normal.
    """
    rows = women.own.size
    normal = standard_normals(seed=seed, women=np.arange(rows), draws=1, stream=Stream.INDIVIDUAL, part=2)[0]
    moved = 0.0 if given_setting(women.given) == "untreated" else women.parameters.trial_size_sd * normal
    expected, passed = _expected(women.parameters, women.given, women.place, times_h)
    between, visit = (
        spread_of(women.parameters, given_setting(women.given))[:, None] * passed,
        women.parameters.residual[:, None],
    )
    return expected - passed * np.broadcast_to(moved, rows)[:, None], np.sqrt(between**2 + visit**2)


def after_scores(before: MoodWomen, *, times_h: Floats, scores: Floats, seed: int) -> MoodWomen:
    """The women of a forecast weighted by her scores at ``times_h`` (n,), after the start.

    Raises:
        ValueError: there is no score, one lies outside 0 to 52, or one was taken at or before the start.
    """
    times, seen = np.asarray(times_h, dtype=float), np.asarray(scores, dtype=float)
    if times.size == 0 or times.shape != seen.shape or not (times > 0.0).all():
        raise ValueError("scores that change a forecast are taken after the start, at least one")
    if not ((seen >= 0.0) & (seen <= HIGHEST_HAMD17)).all():
        raise ValueError(f"a HAM-D17 lies between 0 and {HIGHEST_HAMD17:g}")
    women = before.own.size
    scatter = before.parameters.residual[:, None]
    weights, size = weighed(log_chance(before.latent(times), seen, scatter))
    rounds = [Round("the women of the forecast", women, size)]
    own = before.own
    if not rounds[-1].enough:
        own, correction = _own_given(before, times, seen, seed=seed)
        latent = MoodWomen(before.given, before.parameters, own, before.place, weights, ()).latent(times)
        weights, size = weighed(log_chance(latent, seen, scatter) + correction)
        rounds.append(Round("around her own most probable course", women, size))
    return MoodWomen(before.given, before.parameters, own, before.place, weights, tuple(rounds))


@dataclass(frozen=True, slots=True)
class Surprise:
    """Posterior predictive tails of one score: ``as_high`` is the chance of that score or a higher one."""

    as_high: float
    as_low: float

    @property
    def as_far(self) -> float:
        """The chance of a score at least as far out, on either side: twice the smaller tail."""
        return min(1.0, 2.0 * min(self.as_high, self.as_low))


class Scored(Protocol):
    """Weighted women of any scale."""

    weights: Floats

    @property
    def highest(self) -> float:
        """The top of the scale."""

    def latent(self, times_h: Floats) -> Floats:
        """Latent courses, (women, times)."""

    def scatter(self, times_h: Floats) -> Floats:
        """Standard deviation of one rating, (women, times)."""


def surprise(women: Scored, *, at_h: float, score: float) -> Surprise:
    """How often these women would score as high, and as low, as ``score`` at ``at_h``; exact over each one's visit."""
    latent, scatter = (part(np.array([at_h]))[:, 0] for part in (women.latent, women.scatter))
    low, high = score_edges(np.array([score]), highest=women.highest)
    above = float(women.weights @ upper_tail((low[0] - latent) / scatter))
    below = float(women.weights @ upper_tail((latent - high[0]) / scatter))
    return Surprise(above, below)


def _expected(parameters: MoodParameters, given: Given, place: TrialEffect, times_h: Floats) -> tuple[Floats, Floats]:
    columns, setting, times = _columns(parameters), given_setting(given), times_h[None, :]
    trial = TrialEffect(0.0, place.time[:, None], place.shape[:, None])
    latent = hamd17_latent(
        columns,
        baseline=given.baseline,
        treatment=given.treatment,
        severe=given.severe,
        times_h=times,
        setting=setting,
        trial=trial,
    )
    return np.asarray(latent), np.asarray(grown(columns, setting=setting, times_h=times, trial=trial))


def _columns(parameters: MoodParameters) -> MoodParameters:
    def column(name: str) -> Any:
        value = getattr(parameters, name)
        return value[:, None, :] if name in ("drug_size", "onset_h") else value[:, None]

    return MoodParameters(**{name: column(name) for name in MoodParameters.__dataclass_fields__})


def _own_sd(parameters: MoodParameters, given: Given) -> Floats:
    place = 0.0 if given_setting(given) == "untreated" else parameters.trial_size_sd**2
    sd: Floats = np.sqrt(spread_of(parameters, given_setting(given)) ** 2 + place)
    return sd


def _own_given(before: MoodWomen, times: Floats, seen: Floats, *, seed: int) -> tuple[Floats, Floats]:
    """``own`` drawn from its posterior given each row, as if scores were not rounded; log prior over log proposal."""
    expected, passed = _expected(before.parameters, before.given, before.place, times)
    sd, scatter = _own_sd(before.parameters, before.given), before.parameters.residual
    away = to_latent(seen)[None, :] - expected
    precision = 1.0 / sd**2 + (passed**2).sum(axis=1) / scatter**2
    middle = (passed * away).sum(axis=1) / scatter**2 / precision
    normal = standard_normals(seed=seed, women=np.arange(before.own.size), draws=1, stream=Stream.INDIVIDUAL, part=1)[0]
    own = middle + normal / np.sqrt(precision)
    log_ratio = -0.5 * (own / sd) ** 2 - np.log(sd) + 0.5 * normal**2 - 0.5 * np.log(precision)
    return own, log_ratio


def log_chance(latent: Floats, scores: Floats, scatter: Floats, *, highest: float = HIGHEST_HAMD17) -> Floats:
    """The logarithm of the chance of whole scores (n,) given courses and scatter (women, n), over all scores."""
    low, high = score_edges(scores, highest=highest)
    below, above = (low - latent) / scatter, (high - latent) / scatter
    # The tail that is further out is the one that keeps its digits.
    turned = below + above < 0.0
    near, far = np.where(turned, -above, below), np.where(turned, -below, above)
    chance = upper_tail(near) - upper_tail(far)
    total: Floats = np.log(np.maximum(chance, _LEAST_CHANCE)).sum(axis=1)
    return total


def weighed(log_weights: Floats) -> tuple[Floats, float]:
    """Weights that sum to one, and how many equal women they are worth."""
    weights = normalised(log_weights)
    return weights, effective_size(weights)
