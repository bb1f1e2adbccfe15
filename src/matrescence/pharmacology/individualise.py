"""What has been measured in her -> her own women: virtual mothers with weights, each as probable as the data allow.

Levels first reweight the women of the forecast: each gets the likelihood of her measured levels as a weight.  Where
too few of them carry the weight, they are drawn anew around the most probable parameters (:mod:`map_fit`), from a
Student t with the Laplace covariance, and weighted with posterior over proposal; if need be once more, with the
moments of that round.  The effective size of every round is told.  Mood scores go the same way in :mod:`mood_fit`.

Sources: Sheiner LB and others, Clin Pharmacol Ther 1979;26:294-305; Geweke J, Econometrica 1989;57:1317-1339
(importance sampling around the mode).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrescence.pharmacology.cohort import Cohort, draw
from matrescence.pharmacology.importance import effective_size, moments, normalised
from matrescence.pharmacology.level_fit import Level, LevelProblem
from matrescence.pharmacology.map_fit import Optimum, most_probable
from matrescence.pharmacology.model import Model
from matrescence.pharmacology.philox import Stream, standard_normals
from matrescence.pharmacology.regimen import Regimen

Floats = NDArray[np.float64]

ENOUGH = 400.0
"""Effective women below which another round is drawn: a median is then known to 0.06 posterior SD; a project choice."""
_FREEDOM = 7
"""Degrees of freedom of the proposal: heavier in the tails than the posterior, so that no weight runs away."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round of weighted women: where they were drawn, how many, and how many equal women they are worth."""

    drawn: str
    women: int
    effective: float

    @property
    def enough(self) -> bool:
        """Whether they are worth as many women as a forecast needs."""
        return self.effective >= ENOUGH


@dataclass(frozen=True, slots=True)
class LevelFit:
    """The most probable parameters of one woman, and Laplace's approximation around them.

    ``deviation`` (k,) and ``covariance`` (k, k) are of the log parameters ``names`` against the typical woman's.
    """

    names: tuple[str, ...]
    deviation: Floats
    covariance: Floats
    parameters: Mapping[str, float]
    typical: Mapping[str, float]
    steps: int
    converged: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class OwnWomen:
    """Her own women: a cohort, their weights (sum one), the rounds that led to them, and the fit they are around."""

    cohort: Cohort
    weights: Floats
    rounds: tuple[Round, ...]
    fit: LevelFit

    @property
    def effective(self) -> float:
        """How many equal women they are worth."""
        return self.rounds[-1].effective


def level_problem(
    model: Model,
    *,
    covariates: Mapping[str, float],
    regimen: Regimen,
    levels: Sequence[Level],
    uncertainty: bool = True,
) -> LevelProblem:
    """The problem of one woman's levels.

    Raises:
        ValueError: there is no level, or one cannot be used (see :class:`LevelProblem`).
    """
    if not levels:
        raise ValueError("without a measured level there is nothing to fit")
    return LevelProblem(
        model,
        covariates={name: np.array([float(value)]) for name, value in covariates.items()},
        regimen=regimen,
        at=[(level.output, level.at_h) for level in levels],
        observed=np.array([[level.value for level in levels]]),
        uncertainty=uncertainty,
    )


def fit_levels(
    model: Model,
    *,
    covariates: Mapping[str, float],
    regimen: Regimen,
    levels: Sequence[Level],
    uncertainty: bool = True,
) -> LevelFit:
    """Her most probable parameters from her measured levels (errors as in :func:`level_problem`)."""
    problem = level_problem(model, covariates=covariates, regimen=regimen, levels=levels, uncertainty=uncertainty)
    return _fit_of(problem, most_probable(problem))


def own_women(
    model: Model,
    *,
    covariates: Mapping[str, float],
    regimen: Regimen,
    levels: Sequence[Level],
    women: int,
    seed: int,
    uncertainty: bool = True,
) -> OwnWomen:
    """Her own virtual women from her measured levels.

    The first round are the very women of ``draw(model, women=women, seed=seed)``, so a forecast before and after the
    measurement can be laid side by side (errors as in :func:`level_problem`).
    """
    problem = level_problem(model, covariates=covariates, regimen=regimen, levels=levels, uncertainty=uncertainty)
    best = most_probable(problem)
    fit = _fit_of(problem, best)
    cohort = draw(model, covariates=covariates, women=women, seed=seed, uncertainty=uncertainty)
    nobody_else = np.zeros(women, dtype=np.intp)
    weights, size = _weighed(problem.log_likelihood(cohort.parameters, nobody_else))
    rounds = [Round("the women of the forecast", women, size)]
    centre, spread = best.z[0], best.covariance[0]
    for drawn in ("around her most probable parameters", "around the mean of that round"):
        if rounds[-1].enough:
            break
        z, log_proposal = _student(centre, spread, women=women, seed=seed, part=len(rounds))
        parameters = problem.parameters(z, nobody_else)
        posterior = problem.log_likelihood(parameters, nobody_else) + problem.log_prior(z)
        weights, size = _weighed(posterior - log_proposal)
        cohort = Cohort(women, seed, cohort.weight_kg, _spread_out(parameters, women), cohort.covariates)
        rounds.append(Round(drawn, women, size))
        centre, spread = moments(z, weights)
    return OwnWomen(cohort, weights, tuple(rounds), fit)


def _fit_of(problem: LevelProblem, best: Optimum) -> LevelFit:
    found = problem.parameters(best.z, np.zeros(1, dtype=np.intp))
    return LevelFit(
        names=problem.names,
        deviation=problem.lower @ best.z[0],
        covariance=problem.lower @ best.covariance[0] @ problem.lower.T,
        parameters={name: float(value[0]) for name, value in found.items()},
        typical={name: float(value[0]) for name, value in problem.typical.items()},
        steps=int(best.steps[0]),
        converged=bool(best.converged[0]),
        exact=bool(best.exact[0]),
    )


def _weighed(log_weights: Floats) -> tuple[Floats, float]:
    if not np.isfinite(log_weights).any():
        return np.full(log_weights.size, 1.0 / log_weights.size), 0.0
    weights = normalised(log_weights)
    return weights, effective_size(weights)


def _spread_out(parameters: Mapping[str, Any], women: int) -> dict[str, Floats]:
    return {name: np.broadcast_to(value, (women,)).astype(float) for name, value in parameters.items()}


def _student(centre: Floats, spread: Floats, *, women: int, seed: int, part: int) -> tuple[Floats, Floats]:
    """Draws (women, p) of a multivariate Student t, and the logarithm of their density (women,)."""
    size = centre.size
    lower = np.linalg.cholesky(spread)
    normals = standard_normals(
        seed=seed, women=np.arange(women), draws=size + _FREEDOM, stream=Stream.INDIVIDUAL, part=part
    )
    scale = (normals[size:] ** 2).sum(axis=0) / _FREEDOM
    away = normals[:size] / np.sqrt(scale)
    constant = (
        math.lgamma(0.5 * (_FREEDOM + size))
        - math.lgamma(0.5 * _FREEDOM)
        - 0.5 * size * math.log(_FREEDOM * math.pi)
        - float(np.log(np.diag(lower)).sum())
    )
    density = constant - 0.5 * (_FREEDOM + size) * np.log1p((away**2).sum(axis=0) / _FREEDOM)
    return centre + away.T @ lower.T, density
