"""One list of moments for a simulation: when something is read, and when the input changes.

Output times and event times are merged into *stations*.  Between two stations the input is constant, so one exact step
leads from each to the next, and steps of the same length share one propagator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matrescence.pharmacology.regimen import Regimen

_SAME_MOMENT_H = 1e-12


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive steps of equal length and equal input: stations ``first`` to ``last``, a bolus only at ``first``."""

    first: int
    last: int
    step: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """The walk laid out on the host, before any woman is looked at.

    ``inputs`` names the states that receive drug; ``times_h`` (stations,); ``output_at`` (outputs,) gives the station
    of each output time; ``steps_h`` the distinct step lengths; ``step_of`` (stations - 1,) which of them follows each
    station; ``rates`` (stations - 1, inputs) in ug/h; ``boluses`` (stations, inputs) in ug; both per kg in a regimen
    per kg.
    """

    inputs: tuple[str, ...]
    times_h: NDArray[np.float64]
    output_at: NDArray[np.intp]
    steps_h: NDArray[np.float64]
    step_of: NDArray[np.intp]
    rates: NDArray[np.float64]
    boluses: NDArray[np.float64]

    @property
    def runs(self) -> tuple[Run, ...]:
        """Stretches over which nothing changes: same step, same rates, no bolus on the way."""
        if self.step_of.size == 0:
            return ()
        changed = (self.step_of[1:] != self.step_of[:-1]) | (self.rates[1:] != self.rates[:-1]).any(axis=1)
        changed |= self.boluses[1:-1].any(axis=1)
        edges = [0, *(np.flatnonzero(changed) + 1).tolist(), self.step_of.size]
        return tuple(Run(first, last, int(self.step_of[first])) for first, last in pairwise(edges))


def lay_out(regimen: Regimen, times_h: ArrayLike, *, states: Sequence[str]) -> Schedule:
    """Merge output times and events.  Moments closer than 1e-12 h (plus rounding) count as one.

    Output times need not be sorted.  What is given after the last output time is left out.

    Raises:
        ValueError: a time, rate or amount is not a finite number or is negative, a step ends before it starts, drug
            enters a state the model does not have, or no output time was asked for.
    """
    times = np.atleast_1d(np.asarray(times_h, dtype=float))
    _check(regimen, times, states)
    inputs = tuple(dict.fromkeys(_destinations(regimen)))
    last = float(times.max())
    events = [step.start_h for step in regimen.steps] + [step.end_h for step in regimen.steps]
    events += [bolus.at_h for bolus in regimen.boluses]
    wanted = np.unique(np.concatenate([times, np.array([at for at in events if at < last])]))
    tolerance = _SAME_MOMENT_H + 4.0 * np.finfo(float).eps * float(np.abs(wanted).max())
    stations = wanted[np.concatenate([[True], np.diff(wanted) > tolerance])]
    rates = np.zeros((stations.size - 1, len(inputs)))
    boluses = np.zeros((stations.size, len(inputs)))
    for step in regimen.steps:
        first, end = _station(stations, np.array([step.start_h, step.end_h]))
        rates[first:end, inputs.index(step.into)] += step.rate_ug_per_h
    for bolus in regimen.boluses:
        if bolus.at_h <= last:
            at = _station(stations, np.array([bolus.at_h]))[0]
            boluses[at, inputs.index(bolus.into)] += bolus.amount_ug
    steps_h, step_of = _distinct(np.diff(stations), tolerance)
    return Schedule(inputs, stations, _station(stations, times), steps_h, step_of, rates, boluses)


def _station(stations: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.intp]:
    # A moment that was merged away lies just after the station it was merged into.
    return np.searchsorted(stations, times, side="right") - 1


def _distinct(steps: NDArray[np.float64], tolerance: float) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    # A cluster is represented by its mean, so that the rounding of many equal steps averages out instead of adding up.
    order = np.argsort(steps, kind="stable")
    cluster = np.zeros(steps.size, dtype=np.intp)
    cluster[order] = np.concatenate([[0], np.cumsum(np.diff(steps[order]) > tolerance)]) if steps.size else []
    counts = np.bincount(cluster)
    return (np.bincount(cluster, weights=steps) / counts if steps.size else np.zeros(0)), cluster


def _check(regimen: Regimen, times: NDArray[np.float64], states: Sequence[str]) -> None:
    if times.size == 0 or not np.isfinite(times).all():
        raise ValueError("output times must be finite numbers of hours, at least one")
    for step in regimen.steps:
        if not np.isfinite([step.start_h, step.end_h, step.rate_ug_per_h]).all() or step.rate_ug_per_h < 0.0:
            raise ValueError(f"a rate step must have finite times and a rate that is not negative: {step}")
        if step.end_h < step.start_h:
            raise ValueError(f"a rate step ends before it starts: {step}")
    for bolus in regimen.boluses:
        if not np.isfinite([bolus.at_h, bolus.amount_ug]).all() or bolus.amount_ug < 0.0:
            raise ValueError(f"a bolus must have a finite time and an amount that is not negative: {bolus}")
    for into in _destinations(regimen):
        if into not in states:
            raise ValueError(f"drug enters {into!r}, but the model has only: {', '.join(states)}")


def _destinations(regimen: Regimen) -> list[str]:
    return [step.into for step in regimen.steps] + [bolus.into for bolus in regimen.boluses]
