"""The most probable parameters of many women at once: Fisher scoring with Levenberg damping, then one exact Hessian.

Minimised is ``-log posterior`` in whitened deviations ``z``, whose prior is standard normal.  A step solves

    ``(F + damping * diag F) step = -gradient``,

with the expected (Fisher) information ``F``, which is positive definite where the exact Hessian need not be; a step
that does not go down is taken back and damped more.  At the optimum the Hessian is made of central differences of the
exact gradient.  Sources: Levenberg K, Q Appl Math 1944;2:164-168; Osborne MR, Int Stat Rev 1992;60:99-117 (Fisher
scoring); Tierney L, Kadane JB, J Am Stat Assoc 1986;81:82-86 (Laplace's approximation).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

MOST_STEPS = 200
CLOSE_ENOUGH = 1e-12
"""On half the squared Newton decrement: how much lower a quadratic would still go, in units of log posterior."""
_ROUNDING = 4.0 * np.finfo(float).eps
_FIRST_DAMPING, _LEAST_DAMPING, _MOST_DAMPING = 1e-3, 1e-12, 1e12
_GENTLER, _HARDER = 0.2, 8.0
_HESSIAN_STEP = 1e-5


@dataclass(frozen=True, slots=True)
class Look:
    """What is seen at one point for each of m women: ``objective`` (m,), ``gradient`` (m, p), ``fisher`` (m, p, p)."""

    objective: Floats
    gradient: Floats
    fisher: Floats

    def at(self, who: Indices) -> Look:
        """The same for some of the women."""
        return Look(self.objective[who], self.gradient[who], self.fisher[who])


class Problem(Protocol):
    """Something to be fitted to ``women`` women, each with ``size`` whitened deviations of her own."""

    @property
    def women(self) -> int:
        """How many women."""

    @property
    def size(self) -> int:
        """How many deviations each has."""

    def look(self, z: Floats, who: Indices) -> Look:
        """Objective, gradient and Fisher information of the women ``who`` (m,) at ``z`` (m, p)."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """The mode of each woman: ``z`` (women, p), its Laplace ``covariance`` (women, p, p), and how it was reached.

    ``converged`` says whether the mode was found; ``exact`` whether the covariance is the inverse of the exact Hessian
    (otherwise that was not positive definite, and the Fisher information stands in).
    """

    z: Floats
    covariance: Floats
    objective: Floats
    steps: Indices
    converged: NDArray[np.bool_]
    exact: NDArray[np.bool_]


def most_probable(problem: Problem, *, most_steps: int = MOST_STEPS) -> Optimum:
    """The mode of every woman, all started at the typical woman (``z = 0``), and the Laplace covariance around it."""
    women, size = problem.women, problem.size
    z, damping = np.zeros((women, size)), np.full(women, _FIRST_DAMPING)
    steps, converged = np.zeros(women, dtype=np.intp), np.zeros(women, dtype=bool)
    here = problem.look(z, np.arange(women))
    objective, gradient, fisher = here.objective.copy(), here.gradient.copy(), here.fisher.copy()
    for _ in range(most_steps):
        converged = _decrement(gradient, fisher) < CLOSE_ENOUGH
        going = np.flatnonzero(~converged & (damping < _MOST_DAMPING))
        if going.size == 0:
            break
        tried = z[going] + _step(gradient[going], fisher[going], damping[going])
        there = problem.look(tried, going)
        lower = there.objective <= objective[going] + _ROUNDING * (1.0 + np.abs(objective[going]))
        better, new = going[lower], there.at(np.flatnonzero(lower))
        z[better] = tried[lower]
        objective[better], gradient[better], fisher[better] = new.objective, new.gradient, new.fisher
        damping[going] *= np.where(lower, _GENTLER, _HARDER)
        damping = np.maximum(damping, _LEAST_DAMPING)
        steps[going] += 1
    converged = _decrement(gradient, fisher) < CLOSE_ENOUGH
    covariance, exact = _laplace(problem, z, fisher)
    return Optimum(z, covariance, objective, steps, converged, exact)


def exact_hessian(problem: Problem, z: Floats) -> Floats:
    """The Hessian of every woman's objective at ``z`` (women, p), by central differences of the exact gradient."""
    women, size = z.shape
    moves = _HESSIAN_STEP * np.concatenate([np.eye(size), -np.eye(size)])
    points = (z[:, None, :] + moves).reshape(-1, size)
    who = np.repeat(np.arange(women), 2 * size)
    slopes = problem.look(points, who).gradient.reshape(women, 2, size, size)
    found = (slopes[:, 0] - slopes[:, 1]) / (2.0 * _HESSIAN_STEP)
    symmetric: Floats = 0.5 * (found + found.transpose(0, 2, 1))
    return symmetric


def _laplace(problem: Problem, z: Floats, fisher: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    hessian = exact_hessian(problem, z)
    exact: NDArray[np.bool_] = np.asarray(np.isfinite(hessian).all(axis=(1, 2)))
    exact[exact] = np.linalg.eigvalsh(hessian[exact])[:, 0] > 0.0
    return np.linalg.inv(np.where(exact[:, None, None], hessian, fisher)), exact


def _step(gradient: Floats, fisher: Floats, damping: Floats) -> Floats:
    size = gradient.shape[1]
    diagonal = np.einsum("mii->mi", fisher)[:, :, None] * np.eye(size)
    solved: Floats = np.linalg.solve(fisher + damping[:, None, None] * diagonal, -gradient[:, :, None])[:, :, 0]
    return solved


def _decrement(gradient: Floats, fisher: Floats) -> Floats:
    solved = np.linalg.solve(fisher, gradient[:, :, None])[:, :, 0]
    half: Floats = 0.5 * np.einsum("mi,mi->m", gradient, solved)
    return half
