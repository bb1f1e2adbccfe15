"""Her MADRS scores so far -> weighted people of the session model whose courses fit them.

One person is one row of the posterior and a standard normal number of her own, ``eta``.  On the latent scale of
:mod:`sessions` her course is ``expected(t) + grown(t) * spread * eta`` with ``grown(t) = 1 - exp(-t / onset)``, and a
rating scatters around it by ``scatter * grown(t)``.  As in :mod:`mood_fit`, the people of the forecast are weighted
with the chance of her scores; where too few carry the weight, ``eta`` is drawn anew for each row from its normal
posterior given the rest of the row (exact but for the rounding of scores) and weighted with what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matrescence.pharmacology.individualise import Round
from matrescence.pharmacology.mood_fit import log_chance, weighed
from matrescence.pharmacology.philox import Stream, standard_normals
from matrescence.pharmacology.response import to_latent
from matrescence.pharmacology.sessions import HIGHEST_MADRS, SessionParameters, madrs_latent, session_rows

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SessionWomen:
    """Weighted people: ``parameters`` with one row each, ``eta`` and ``weights`` (women,); the weights sum to one."""

    baseline: float
    treatment: str
    sessions_at_h: tuple[float, ...]
    parameters: SessionParameters
    eta: Floats
    weights: Floats
    rounds: tuple[Round, ...]

    @property
    def effective(self) -> float:
        """How many equal people they are worth."""
        return self.rounds[-1].effective

    @property
    def highest(self) -> float:
        """The top of the scale."""
        return HIGHEST_MADRS

    def latent(self, times_h: Floats) -> Floats:
        """Their latent courses, (women, times), without the scatter of single visits."""
        expected, grown = self._expected(times_h)
        latent: Floats = expected + grown * (self.parameters.spread * self.eta)[:, None]
        return latent

    def scatter(self, times_h: Floats) -> Floats:
        """The standard deviation of one rating around the course, (women, times)."""
        scatter: Floats = self._expected(times_h)[1] * self.parameters.scatter[:, None]
        return scatter

    def _expected(self, times_h: Floats) -> tuple[Floats, Floats]:
        rows, times = session_rows(self.parameters), np.asarray(times_h, dtype=float)[None, :]
        middle = madrs_latent(
            rows,
            baseline=self.baseline,
            treatment=self.treatment,
            sessions_at_h=self.sessions_at_h,
            times_h=times,
        )
        grown = -np.expm1(-np.maximum(times, 0.0) / rows.onset_h)
        return np.broadcast_to(middle, grown.shape), grown


def session_women(
    parameters: SessionParameters,
    *,
    baseline: float,
    treatment: str,
    sessions_at_h: Sequence[float],
    women: int,
    seed: int,
) -> SessionWomen:
    """The people of the forecast, all of the same weight: rows of ``parameters`` in turn, ``eta`` drawn."""
    rows = np.arange(women) % parameters.spread.shape[0]
    chosen = SessionParameters(
        **{name: getattr(parameters, name)[rows] for name in SessionParameters.__dataclass_fields__}
    )
    eta = standard_normals(seed=seed, women=np.arange(women), draws=1, stream=Stream.INDIVIDUAL)[0]
    rounds = (Round("the women of the forecast", women, float(women)),)
    weights = np.full(women, 1.0 / women)
    return SessionWomen(baseline, treatment, tuple(sessions_at_h), chosen, eta, weights, rounds)


def after_session_scores(before: SessionWomen, *, times_h: Floats, scores: Floats, seed: int) -> SessionWomen:
    """The people of a forecast weighted by her scores at ``times_h`` (n,), after the start.

    Raises:
        ValueError: there is no score, one lies outside 0 to 60, or one was taken at or before the start.
    """
    times, seen = np.asarray(times_h, dtype=float), np.asarray(scores, dtype=float)
    if times.size == 0 or times.shape != seen.shape or not (times > 0.0).all():
        raise ValueError("scores that change a forecast are taken after the start, at least one")
    if not ((seen >= 0.0) & (seen <= HIGHEST_MADRS)).all():
        raise ValueError(f"a MADRS lies between 0 and {HIGHEST_MADRS:g}")
    women, scatter = before.eta.size, before.scatter(times)
    weights, size = weighed(log_chance(before.latent(times), seen, scatter, highest=HIGHEST_MADRS))
    first = Round("the women of the forecast", women, size)
    if first.enough:
        return replace(before, weights=weights, rounds=(first,))
    eta, correction = _eta_given(before, times, seen, seed=seed)
    anew = replace(before, eta=eta)
    weights, size = weighed(log_chance(anew.latent(times), seen, scatter, highest=HIGHEST_MADRS) + correction)
    return replace(anew, weights=weights, rounds=(first, Round("around her own most probable course", women, size)))


def _eta_given(before: SessionWomen, times: Floats, seen: Floats, *, seed: int) -> tuple[Floats, Floats]:
    """``eta`` drawn from its posterior given each row, as if scores were not rounded; log prior over log proposal."""
    expected, grown = before._expected(times)
    ratio = (before.parameters.spread / before.parameters.scatter) ** 2
    away = (to_latent(seen, highest=HIGHEST_MADRS)[None, :] - expected) / grown
    precision = 1.0 + ratio * times.size
    middle = ratio * away.sum(axis=1) / before.parameters.spread / precision
    normal = standard_normals(seed=seed, women=np.arange(before.eta.size), draws=1, stream=Stream.INDIVIDUAL, part=1)[0]
    eta = middle + normal / np.sqrt(precision)
    return eta, -0.5 * eta**2 + 0.5 * normal**2 - 0.5 * np.log(precision)
