"""Measured levels of many women against a model: likelihood, its exact derivatives, and the prior, as one problem.

Her parameters are ``typical * covariate factors * exp(deviation)``.  What differs between women and what is not known
about the typical woman act on her through their sum only, so the deviation has the sum of both covariances,
``deviation = L z`` with ``L L' = between_women + uncertainty`` and ``z`` standard normal.  A level is
``predicted * (1 + proportional * e1) + additive * e2``.

Derivatives are complex steps (``f(x + ih)`` has ``h f'(x)`` as its imaginary part) through the exact propagator: no
difference of two nearly equal numbers is ever taken.  Sources: Squire W, Trapp G, SIAM Rev 1998;40:110-112; Sheiner LB,
Beal S, Rosenberg B, Marathe VV, Clin Pharmacol Ther 1979;26:294-305 (Bayesian forecasting of levels).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrescence.pharmacology.compartments import (
    needed_states,
    quotient,
    rate_matrix,
    squarings_needed,
    transition,
)
from matrescence.pharmacology.map_fit import Indices, Look
from matrescence.pharmacology.model import Model, ResidualError, Spread
from matrescence.pharmacology.population import lower_triangle, typical_parameters
from matrescence.pharmacology.regimen import Regimen
from matrescence.pharmacology.schedule import lay_out
from matrescence.pharmacology.simulate import output_named

Floats = NDArray[np.float64]

_COMPLEX_STEP = 1e-30


@dataclass(frozen=True, slots=True)
class Level:
    """One measured level: which output of the model, hours since the start, and the value in that output's unit."""

    output: str
    at_h: float
    value: float


def deviation_spread(model: Model, *, uncertainty: bool = True) -> Spread:
    """How one woman's log parameters differ from the typical ones: between women, plus what is not known."""
    parts = [model.between_women, model.uncertainty] if uncertainty else [model.between_women]
    names = tuple(dict.fromkeys(name for part in parts for name in part.names))
    total = np.zeros((len(names), len(names)))
    for part in parts:
        rows = [names.index(name) for name in part.names]
        total[np.ix_(rows, rows)] += np.array(part.covariance, dtype=float).reshape(len(rows), len(rows))
    return Spread(names, tuple(tuple(row) for row in total.tolist()))


class LevelProblem:
    """Levels of ``women`` women at the same moments of the same regimen, each with her own covariates.

    ``at`` lists ``(output, hour)`` of each measurement, and ``observed`` is (women, measurements).

    Raises:
        ValueError: an output or a covariate does not exist, the model states no error for an output or no spread
            between women, a level is not a finite number above zero, or nothing is in the body at its hour.
    """

    def __init__(
        self,
        model: Model,
        *,
        covariates: Mapping[str, Floats],
        regimen: Regimen,
        at: Sequence[tuple[str, float]],
        observed: Floats,
        uncertainty: bool = True,
    ) -> None:
        self._spread = deviation_spread(model, uncertainty=uncertainty)
        lower = lower_triangle(self._spread)
        self.lower: Floats = lower[:, lower.any(axis=0)]
        if self.lower.shape[1] == 0:
            raise ValueError(f"{model.name} states no spread between women, so a level cannot tell one from another")
        self._outputs = [output_named(model, name) for name, _ in at]
        self._errors = [_error(model, name) for name, _ in at]
        self.typical = typical_parameters(model, covariates)
        self._observed = np.asarray(observed, dtype=float)
        if not (np.isfinite(self._observed).all() and (self._observed > 0.0).all()):
            raise ValueError("a measured level must be a finite number above zero")
        self._kept = needed_states(model.structure, self._outputs)
        self._model, self._weight = model, covariates["weight_kg"] if regimen.per_kg else np.ones(self.women)
        self._schedule = lay_out(regimen, [hour for _, hour in at], states=model.structure.states)
        if not (self._predicted(self.typical, np.arange(self.women), 1)[:, 0] > 0.0).all():
            raise ValueError("at the hour of a measurement nothing has been given yet")

    @property
    def women(self) -> int:
        """How many women."""
        return int(self._observed.shape[0])

    @property
    def size(self) -> int:
        """How many whitened deviations each woman has."""
        return int(self.lower.shape[1])

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that deviate, in the order of the rows of ``lower``."""
        return self._spread.names

    def parameters(self, z: Floats, who: Indices) -> dict[str, Any]:
        """All parameters at ``z`` (m, p) for the women ``who`` (m,): (m,) each; complex where ``z`` is."""
        logs = z @ self.lower.T
        found: dict[str, Any] = {name: values[who] for name, values in self.typical.items()}
        for column, name in enumerate(self.names):
            found[name] = found[name] * np.exp(logs[..., column])
        return found

    def log_likelihood(self, parameters: Mapping[str, Any], who: Indices) -> Floats:
        """Of the measured levels of the women ``who`` (m,) if their parameters, each (m,), were these; (m,)."""
        predicted = self._predicted(parameters, who, 1)[:, 0]
        variance, _ = self._variance(predicted)
        scaled = (self._observed[who].T - predicted) ** 2 / variance
        total: Floats = -0.5 * (scaled + np.log(2.0 * np.pi * variance)).sum(axis=0)
        return total

    def log_prior(self, z: Floats) -> Floats:
        """Of whitened deviations (m, p), (m,): standard normal."""
        total: Floats = -0.5 * (z**2 + np.log(2.0 * np.pi)).sum(axis=1)
        return total

    def look(self, z: Floats, who: Indices) -> Look:
        """``-log posterior`` with its exact gradient and its expected information, for the women ``who`` at ``z``."""
        moved = z[None] + 1j * _COMPLEX_STEP * np.eye(self.size)[:, None, :]
        both = self._predicted(self.parameters(moved, who), who, self.size)
        predicted, slope = both[:, 0].real, both.imag / _COMPLEX_STEP
        variance, variance_by_level = self._variance(predicted)
        miss = self._observed[who].T - predicted
        by_level = -miss / variance + 0.5 * variance_by_level * (1.0 / variance - miss**2 / variance**2)
        expected = 1.0 / variance + 0.5 * variance_by_level**2 / variance**2
        gradient = np.einsum("tm,tpm->mp", by_level, slope) + z
        fisher = np.einsum("tm,tpm,tqm->mpq", expected, slope, slope) + np.eye(self.size)
        objective = 0.5 * (miss**2 / variance + np.log(variance)).sum(axis=0) + 0.5 * (z**2).sum(axis=1)
        return Look(objective, gradient, fisher)

    def _variance(self, predicted: Any) -> tuple[Any, Any]:
        proportional = np.array([error.proportional for error in self._errors])[:, None] ** 2
        additive = np.array([error.additive for error in self._errors])[:, None] ** 2
        return proportional * predicted**2 + additive, 2.0 * proportional * predicted

    def _predicted(self, parameters: Mapping[str, Any], who: Indices, directions: int) -> Any:
        """The levels at the moments of measurement, (measurements, directions, m)."""
        schedule, states = self._schedule, self._model.structure.states
        K = rate_matrix(self._model.structure, parameters)[np.ix_(self._kept, self._kept)]
        K = np.broadcast_to(K.reshape((*K.shape[:2], -1, who.size)), (*K.shape[:2], directions, who.size))
        place = {states[row]: position for position, row in enumerate(self._kept)}
        used = [column for column, name in enumerate(schedule.inputs) if name in place]
        rows = [place[schedule.inputs[column]] for column in used]
        count = squarings_needed(K.real, float(schedule.steps_h.max(initial=0.0)))
        moves = transition(K, schedule.steps_h[:, None, None], inputs=rows, squarings=count)
        state = np.zeros((len(self._kept), directions, who.size), dtype=K.dtype)
        passed = []
        for station in range(schedule.times_h.size):
            if station:
                step = schedule.step_of[station - 1]
                rates = schedule.rates[station - 1, used][:, None, None] * self._weight[who]
                fed = np.einsum(
                    "ijdm,jdm->idm", moves.inputs[:, :, step], np.broadcast_to(rates, (len(used), 1, who.size))
                )
                state = np.einsum("ijdm,jdm->idm", moves.state[:, :, step], state) + fed
            for column, row in zip(used, rows, strict=True):
                state[row] += schedule.boluses[station, column] * self._weight[who]
            passed.append(state.copy())
        read = zip(self._outputs, schedule.output_at, strict=True)
        return np.stack([passed[at][place[o.state]] * quotient(o.scale, parameters) for o, at in read])


def _error(model: Model, output: str) -> ResidualError:
    if output not in model.residual:
        known = ", ".join(model.residual) or "none"
        raise ValueError(
            f"{model.name} states no residual error for {output!r}, so such a level cannot be weighed; "
            f"it does for: {known}"
        )
    return model.residual[output]
