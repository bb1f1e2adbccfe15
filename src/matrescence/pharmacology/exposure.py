"""How much, how long: area, average, peak, half-life, and when a level has been left behind.

All of it is read from the exact solution: areas are states of the augmented system or solutions of ``K x = -dose``;
peaks and times (:mod:`moments`) are bisected on the solution itself.  ``output`` names one of the model's outputs.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matrescence.pharmacology.cohort import Cohort
from matrescence.pharmacology.compartments import needed_states, quotient, rate_matrix
from matrescence.pharmacology.model import Model, Output
from matrescence.pharmacology.moments import Peak, cmax, peak, time_to_fall_below_h, tmax
from matrescence.pharmacology.regimen import Regimen
from matrescence.pharmacology.schedule import lay_out
from matrescence.pharmacology.simulate import output_named
from matrescence.pharmacology.walk import Walk, state_at

Floats: TypeAlias = NDArray[np.float64]

__all__ = [
    "Peak",
    "auc",
    "auc_to_infinity",
    "average",
    "cmax",
    "cumulative_auc",
    "peak",
    "share_to_come",
    "terminal_half_life_h",
    "time_to_fall_below_h",
    "tmax",
]


def auc(
    model: Model, cohort: Cohort, regimen: Regimen, *, output: str = "plasma", from_h: float = 0.0, until_h: float
) -> Floats:
    """``integral of output dt`` from ``from_h`` to ``until_h``, (women,), as an area state: exact.

    The area starts at zero at ``from_h``; a late window loses no digits to what came before.

    Raises:
        ValueError: the window ends before it starts (other errors as in ``simulate``).
    """
    if not until_h >= from_h:
        raise ValueError(f"an area needs a window that ends after it starts, not {from_h} to {until_h} h")
    read = output_named(model, output)
    start = state_at(model, cohort, regimen, read, at_h=from_h)
    rest = regimen.remaining_after(from_h)
    schedule = lay_out(rest, [from_h, until_h], states=model.structure.states)
    walk = Walk(model=model, cohort=cohort, regimen=rest, schedule=schedule, outputs=[read], areas=[read])
    area: Floats = walk.stations([walk.rows - 1], start=start)[0, -1]
    return area


def cumulative_auc(
    model: Model, cohort: Cohort, regimen: Regimen, times_h: ArrayLike, *, output: str = "plasma"
) -> Floats:
    """``integral of output dt`` from the first event (or the first time) to each of ``times_h``, (women, times)."""
    read = output_named(model, output)
    schedule = lay_out(regimen, times_h, states=model.structure.states)
    walk = Walk(model=model, cohort=cohort, regimen=regimen, schedule=schedule, outputs=[read], areas=[read])
    areas: Floats = walk.stations([walk.rows - 1])[0, schedule.output_at].T
    return areas


def average(
    model: Model, cohort: Cohort, regimen: Regimen, *, output: str = "plasma", from_h: float = 0.0, until_h: float
) -> Floats:
    """``AUC / (until_h - from_h)`` over a window, (women,)."""
    area = auc(model, cohort, regimen, output=output, from_h=from_h, until_h=until_h)
    if until_h == from_h:
        raise ValueError(f"an average needs a window longer than zero, not {from_h} to {until_h} h")
    return area / (until_h - from_h)


def auc_to_infinity(model: Model, cohort: Cohort, regimen: Regimen, *, output: str = "plasma") -> Floats:
    """``integral of output dt`` over all time, (women,): ``scale * (-K**-1 total dose)``, whenever it was given.

    Raises:
        ValueError: something that is given never leaves the body, so the area is infinite.
    """
    read = output_named(model, output)
    kept = needed_states(model.structure, [read])
    return _area_of(model, cohort, read, _given(model, cohort, regimen, kept))


def share_to_come(model: Model, cohort: Cohort, regimen: Regimen, *, output: str = "plasma", at_h: float) -> Floats:
    """Share of the whole area of an output that still lies after ``at_h``, between 0 and 1, (women,)."""
    read = output_named(model, output)
    kept = needed_states(model.structure, [read])
    inside = state_at(model, cohort, regimen, read, at_h=at_h)
    later = _area_of(model, cohort, read, inside + _given(model, cohort, regimen.remaining_after(at_h), kept))
    whole = _area_of(model, cohort, read, _given(model, cohort, regimen, kept))
    return np.divide(later, whole, out=np.zeros_like(later), where=whole > 0.0)


def terminal_half_life_h(model: Model, cohort: Cohort, *, output: str = "plasma", into: str | None = None) -> Floats:
    """``ln 2 / slowest rate`` at which the output decays in the end, (women,).

    The slowest eigenvalue of the part of ``K`` that the output depends on.  With ``into`` only states that drug given
    there can reach are counted: an absorption site is left out when the drug is infused.  Infinite without elimination.
    """
    read = output_named(model, output)
    kept = list(needed_states(model.structure, [read]))
    K = _per_woman(rate_matrix(model.structure, cohort.parameters), cohort.women)
    if into is not None:
        if into not in model.structure.states:
            raise ValueError(f"drug enters {into!r}, but the model has only: {', '.join(model.structure.states)}")
        reached = _reached(K, model.structure.states.index(into))
        kept = [state for state in kept if reached[state]]
    slowest = -np.linalg.eigvals(np.moveaxis(K[np.ix_(kept, kept)], 2, 0)).real.max(axis=1)
    with np.errstate(divide="ignore"):
        return np.where(slowest > 0.0, math.log(2.0) / np.maximum(slowest, 0.0), np.inf)


def _given(model: Model, cohort: Cohort, regimen: Regimen, kept: tuple[int, ...]) -> Floats:
    amounts = dict.fromkeys(model.structure.states, 0.0)
    for step in regimen.steps:
        amounts[step.into] += step.rate_ug_per_h * (step.end_h - step.start_h)
    for bolus in regimen.boluses:
        amounts[bolus.into] += bolus.amount_ug
    scale = cohort.weight_kg if regimen.per_kg else np.ones(cohort.women)
    return np.stack([amounts[model.structure.states[row]] * scale for row in kept])


def _area_of(model: Model, cohort: Cohort, read: Output, amounts: Floats) -> Floats:
    kept = needed_states(model.structure, [read])
    K = _per_woman(rate_matrix(model.structure, cohort.parameters)[np.ix_(kept, kept)], cohort.women)
    row = kept.index(model.structure.states.index(read.state))
    try:
        total = np.linalg.solve(-np.moveaxis(K, 2, 0), amounts.T[:, :, None])[:, row, 0]
    except np.linalg.LinAlgError:
        raise ValueError(f"{model.name}: something given never leaves the body; its whole area is infinite") from None
    area: Floats = total * quotient(read.scale, cohort.parameters)
    return area


def _per_woman(K: Floats, women: int) -> Floats:
    return np.broadcast_to(K.reshape((*K.shape[:2], -1)), (*K.shape[:2], women))


def _reached(K: Floats, start: int) -> NDArray[np.bool_]:
    reached = np.zeros(K.shape[0], dtype=bool)
    reached[start] = True
    leads = (K != 0.0).any(axis=2)
    for _ in range(K.shape[0]):
        reached = reached | (leads & reached[None, :]).any(axis=1)
    return reached
