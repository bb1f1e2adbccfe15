"""A schedule cut into strides: up to ``longest`` equal steps under one constant input, to be computed together.

Within a stride every step is a known linear function of the states at its start, so a compiler gets vectors along time
instead of one short step after another.  A station belongs to the stride that begins at or before it and is read after
any bolus given there; the last station gets a stride of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matrescence.pharmacology.regimen import Regimen
from matrescence.pharmacology.schedule import Schedule, lay_out

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

_START_COST = 8
"""What beginning a stride costs, in steps; it weighs few long strides against the padding of short ones."""


@dataclass(frozen=True, slots=True)
class Strides:
    """The strides of one schedule, in order.

    ``longest`` steps at most in one; ``steps_h`` (D,) the distinct steps in h; ``step`` (S,) which of them each stride
    takes and ``count`` (S,) how often; ``rates`` and ``boluses`` (S, inputs) what is infused during it and given at
    its start (ug/h and ug, per kg in a regimen per kg); ``first_station`` (S,); ``output_at`` (outputs,) the station of
    each output time; ``stations`` their number.
    """

    longest: int
    inputs: tuple[str, ...]
    steps_h: Floats
    step: Indices
    count: Indices
    rates: Floats
    boluses: Floats
    first_station: Indices
    output_at: Indices
    stations: int

    @property
    def places(self) -> Indices:
        """For each output time its position in an array (S * longest,) of steps laid out stride by stride."""
        stride = np.searchsorted(self.first_station, self.output_at, side="right") - 1
        return stride * self.longest + (self.output_at - self.first_station[stride])


def refined(regimen: Regimen, times_h: ArrayLike, *, states: tuple[str, ...], longest_step_h: float) -> Schedule:
    """The schedule of a regimen with no step longer than ``longest_step_h``; output times stay as asked.

    Further stations lie on multiples of ``longest_step_h``, so they add at most a few distinct step lengths.

    Raises:
        ValueError: the step is not above zero, or as in :func:`schedule.lay_out`.
    """
    if not longest_step_h > 0.0:
        raise ValueError(f"longest_step_h must be above zero, not {longest_step_h}")
    times = np.atleast_1d(np.asarray(times_h, dtype=float))
    coarse = lay_out(regimen, times, states=states)
    edges = coarse.times_h
    wide = np.flatnonzero(np.diff(edges) > longest_step_h * (1.0 + 1e-9))
    if wide.size == 0:
        return coarse
    ladders = [_rungs(edges[i], edges[i + 1], longest_step_h) for i in wide]
    fine = lay_out(regimen, np.concatenate([times, *ladders]), states=states)
    return Schedule(
        fine.inputs, fine.times_h, fine.output_at[: times.size], fine.steps_h, fine.step_of, fine.rates, fine.boluses
    )


def cut(schedule: Schedule, *, longest: int | None = None) -> Strides:
    """Cut the runs of a schedule into strides of at most ``longest`` steps (chosen to suit the runs when ``None``)."""
    runs = [(run.first, run.last, run.step) for run in schedule.runs]
    most = longest or _suitable([last - first for first, last, _ in runs])
    pieces = [(first, min(most, end - first), step) for begin, end, step in runs for first in range(begin, end, most)]
    last = schedule.times_h.size - 1
    pieces.append((last, 1, 0))
    table = np.array(pieces, dtype=np.int64)
    rates = np.vstack([schedule.rates, np.zeros((1, len(schedule.inputs)))])
    steps = schedule.steps_h if schedule.steps_h.size else np.ones(1)
    return Strides(
        longest=most,
        inputs=schedule.inputs,
        steps_h=steps,
        step=table[:, 2],
        count=table[:, 1],
        rates=rates[table[:, 0]],
        boluses=schedule.boluses[table[:, 0]],
        first_station=table[:, 0],
        output_at=schedule.output_at.astype(np.int64),
        stations=schedule.times_h.size,
    )


def _rungs(low: float, high: float, spacing: float) -> Floats:
    rungs = np.arange(np.floor(low / spacing) + 1.0, np.ceil(high / spacing)) * spacing
    return rungs[(rungs > low) & (rungs < high)]


def _suitable(lengths: list[int]) -> int:
    def cost(longest: int) -> int:
        return sum(-(-length // longest) for length in lengths) * (longest + _START_COST)

    return min((1, 2, 4, 8, 16, 32, 64), key=cost) if lengths else 1
