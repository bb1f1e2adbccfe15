"""When is the peak, and when has a level been left behind?

Both are moments on the exact solution: a coarse look finds the stretch, :mod:`crossing` finds the moment in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matrescence.pharmacology.cohort import Cohort
from matrescence.pharmacology.compartments import quotient
from matrescence.pharmacology.crossing import crossing_within, falls_for_good
from matrescence.pharmacology.model import Model
from matrescence.pharmacology.regimen import Regimen
from matrescence.pharmacology.schedule import lay_out
from matrescence.pharmacology.simulate import output_named
from matrescence.pharmacology.walk import Walk, state_at

Floats: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.intp]

_FINEST_H = 0.25
_AFTER_AN_EVENT_H = tuple(2.0**power for power in range(-6, 5))  # 1/64 h (56 s), 1/32, ... 16 h
_LATTICE_POINTS = 240
_CHUNK = 256  # women looked at together where a whole cohort would leave the caches
_ROUNDING = 1e-12  # a peak at a change of input is not moved off it by the last digit


@dataclass(frozen=True, slots=True)
class Peak:
    """The highest level of each woman and when it is reached: both (women,)."""

    level: Floats
    at_h: Floats


def peak(
    model: Model, cohort: Cohort, regimen: Regimen, *, output: str = "plasma", until_h: float | None = None
) -> Peak:
    """The highest level between the first event and ``until_h`` (default: 48 h after the last drug went in).

    Looked at after every change of the input, at delays of 1/64 to 16 h after each, and on an even grid of at
    most 240 moments.  Between two looks where the level turns from rising to falling, its maximum is found exactly.  A
    level that falls, rises and falls again between two looks is not followed there.
    """
    read = output_named(model, output)
    last = regimen.end_h + 48.0 if until_h is None else until_h
    schedule = lay_out(regimen, _looks(regimen, last), states=model.structure.states)
    walk = Walk(model=model, cohort=cohort, regimen=regimen, schedule=schedule, outputs=[read])
    states = walk.stations(range(walk.rows))
    row, women = walk.states[read.state], np.arange(cohort.women)
    best = np.argmax(states[row], axis=0)
    level, at = states[row, best, women], schedule.times_h[best]
    for left, chosen, bound in _turns(walk, states, row):
        hopeful = bound > level[chosen] * (1.0 + _ROUNDING)
        stretches, who = left[hopeful], chosen[hopeful]
        if who.size:
            found, when = _summit(walk, states, stretches, who, row)
            higher = found > level[who] * (1.0 + _ROUNDING)
            level[who] = np.where(higher, found, level[who])
            at[who] = np.where(higher, when, at[who])
    return Peak(level * quotient(read.scale, cohort.parameters), at)


def cmax(
    model: Model, cohort: Cohort, regimen: Regimen, *, output: str = "plasma", until_h: float | None = None
) -> Floats:
    """Highest level of each woman, (women,): see :func:`peak`."""
    return peak(model, cohort, regimen, output=output, until_h=until_h).level


def tmax(
    model: Model, cohort: Cohort, regimen: Regimen, *, output: str = "plasma", until_h: float | None = None
) -> Floats:
    """When the highest level of each woman is reached, hours since start, (women,): see :func:`peak`."""
    return peak(model, cohort, regimen, output=output, until_h=until_h).at_h


def time_to_fall_below_h(
    model: Model, cohort: Cohort, regimen: Regimen, *, output: str = "plasma", level: ArrayLike, after_h: float
) -> Floats:
    """Hours after ``after_h`` until the output is below ``level`` and stays there, (women,).

    0 where it is below from ``after_h`` on, infinite where it never falls.  What is still given after ``after_h``
    counts: a level that a later dose lifts above the threshold again has not been left behind.

    Raises:
        ValueError: the level is not above zero (a level that decays reaches zero never).
    """
    threshold = np.broadcast_to(np.asarray(level, dtype=float), (cohort.women,))
    if not (threshold > 0.0).all():
        raise ValueError(f"a level to fall below must lie above zero, not {level!r}")
    read = output_named(model, output)
    rest = regimen.remaining_after(after_h)
    looks = _looks(rest, max(rest.end_h, after_h), from_h=after_h)
    schedule = lay_out(rest, looks, states=model.structure.states)
    walk = Walk(model=model, cohort=cohort, regimen=rest, schedule=schedule, outputs=[read])
    states = walk.stations(range(walk.rows), start=state_at(model, cohort, regimen, read, at_h=after_h))
    reading = np.zeros((walk.matrix.shape[0], cohort.women))
    reading[walk.states[read.state]] = quotient(read.scale, cohort.parameters)
    K = walk.matrix[: walk.rows, : walk.rows]
    tail = falls_for_good(K, states[:, -1], read=reading[: walk.rows], threshold=threshold)
    hours = np.where(tail > 0.0, tail + (schedule.times_h[-1] - after_h), 0.0)
    above = np.einsum("rw,rsw->sw", reading[: walk.rows], states) >= threshold
    early = np.flatnonzero((tail == 0.0) & above.any(axis=0))
    if early.size:
        left = schedule.times_h.size - 1 - np.argmax(above[::-1, early], axis=0)
        M, z, width = _stretch(walk, states, left, early)
        passed, _ = crossing_within(M, z, read=reading[:, early], threshold=threshold[early], width_h=width)
        hours[early] = schedule.times_h[left] + passed - after_h
    return hours


def _looks(regimen: Regimen, last_h: float, *, from_h: float | None = None) -> Floats:
    changes = [step.start_h for step in regimen.steps] + [step.end_h for step in regimen.steps]
    changes += [bolus.at_h for bolus in regimen.boluses]
    first = min([0.0, *changes]) if from_h is None else from_h
    step = _FINEST_H * 2.0 ** max(0, math.ceil(math.log2(max(last_h - first, _FINEST_H) / _FINEST_H / _LATTICE_POINTS)))
    lattice = first + step * np.arange(math.floor((last_h - first) / step) + 1) if last_h > first else np.array([first])
    delayed = np.add.outer(changes, (0.0, *_AFTER_AN_EVENT_H)).ravel() if changes else np.zeros(0)
    looks = np.concatenate([lattice, delayed, [last_h]])
    return looks[(looks >= first) & (looks <= last_h)]


def _turns(walk: Walk, states: Floats, row: int) -> Iterator[tuple[Indices, Indices, Floats]]:
    # Stretches in which the level turns from rising to falling, and how high it can get there at most (tangents):
    # first the most promising stretch of each woman, then her second, and so on.
    count = states.shape[2]
    parts = [_turns_of(walk, states, row, slice(low, low + _CHUNK)) for low in range(0, count, _CHUNK)]
    left, woman, bound = (np.concatenate([part[i] for part in parts]) for i in range(3))
    order = np.lexsort((-bound, woman))
    rank = np.arange(order.size) - np.searchsorted(woman[order], woman[order])
    for place in range(int(rank.max(initial=-1)) + 1):
        chosen = order[rank == place]
        yield left[chosen], woman[chosen], bound[chosen]


def _turns_of(walk: Walk, states: Floats, row: int, women: slice) -> tuple[Indices, Indices, Floats]:
    levels, widths = states[row, :, women], np.diff(walk.schedule.times_h)[:, None]
    own = np.einsum("rw,rsw->sw", walk.matrix[row, : walk.rows, women], states[:, :, women])
    fed, jump, slope_jump = walk.drive(row, women)
    rising, falling = own[:-1] + fed, slope_jump[1:] - own[1:] - fed
    left, woman = np.nonzero((rising >= 0.0) & (falling > 0.0))
    bound = np.maximum(levels[:-1], levels[1:] - jump[1:]) + widths * np.maximum(rising, falling)
    return left, woman + women.start, bound[left, woman]


def _summit(walk: Walk, states: Floats, left: Indices, women: Indices, row: int) -> tuple[Floats, Floats]:
    M, z, width = _stretch(walk, states, left, women)
    passed, top = crossing_within(M, z, read=M[row], threshold=np.zeros(women.size), width_h=width)
    return top[row], walk.schedule.times_h[left] + passed


def _stretch(walk: Walk, states: Floats, left: Indices, women: Indices) -> tuple[Floats, Floats, Floats]:
    z = np.concatenate([states[:, left, women], walk.rates_after(left, women)])
    return walk.matrix[:, :, women], z, walk.schedule.times_h[left + 1] - walk.schedule.times_h[left]
