"""Walk a linear system along a schedule, many women and many moments at a time.

A propagator is computed once for each distinct step length.  Over a run of equal steps with equal input, its powers
``P, P**2, P**4, ...`` carry a growing block of moments forward at once: one woman with a thousand moments needs a few
dozen array operations, as two thousand women do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matrescence.pharmacology.cohort import Cohort
from matrescence.pharmacology.compartments import (
    augmented,
    exponential,
    needed_states,
    product,
    quotient,
    rate_matrix,
    squarings_needed,
)
from matrescence.pharmacology.model import Model, Output
from matrescence.pharmacology.regimen import Regimen
from matrescence.pharmacology.schedule import Run, Schedule, lay_out

Floats: TypeAlias = NDArray[np.float64]

_BLOCK_NUMBERS = 16384  # moments x women carried at once: long enough for array operations, short enough for the caches
_BATCH_NUMBERS = 200_000  # numbers in one batch of propagators


class Walk:
    """A model's linear system for one cohort, one regimen and the outputs that are wanted.

    Rows are the states those outputs depend on, then one area per output in ``areas``; input columns follow.
    """

    def __init__(
        self,
        *,
        model: Model,
        cohort: Cohort,
        regimen: Regimen,
        schedule: Schedule,
        outputs: Sequence[Output],
        areas: Sequence[Output] = (),
    ) -> None:
        structure = model.structure
        kept = needed_states(structure, (*outputs, *areas))
        self.states: dict[str, int] = {structure.states[row]: position for position, row in enumerate(kept)}
        self.rows = len(kept) + len(areas)
        self.schedule = schedule
        self.dose_scale = cohort.weight_kg if regimen.per_kg else np.ones(cohort.women)
        # Drug given into a state that no wanted output depends on needs no column.
        self._used = [column for column, name in enumerate(schedule.inputs) if name in self.states]
        self._input_rows = [self.states[schedule.inputs[column]] for column in self._used]
        K = rate_matrix(structure, cohort.parameters)[np.ix_(kept, kept)]
        scales = [(self.states[area.state], quotient(area.scale, cohort.parameters)) for area in areas]
        self.matrix: Floats = augmented(K, inputs=self._input_rows, areas=scales)
        self._links = _reachable(self.matrix[: self.rows, : self.rows])
        self._powers = self._propagators()

    def stations(self, keep: Sequence[int], *, start: Floats | None = None) -> Floats:
        """The rows ``keep`` at every station, shape (keep, stations, women); where a bolus falls, just after it.

        ``start`` (states, women) is what is in the body at the first station; empty when not given.
        """
        schedule, women = self.schedule, self.matrix.shape[2]
        rows = list(keep)
        kept = np.empty((len(rows), schedule.times_h.size, women))
        state = np.zeros((self.rows, women))
        if start is not None:
            state[: len(start)] = start
        self._give(state, station=0)
        _copy(state[:, None], rows, kept[:, :1])
        for run in schedule.runs:
            state = self._carry(run, state, rows, kept[:, run.first + 1 : run.last + 1])
            if schedule.boluses[run.last].any():
                self._give(state, station=run.last)
                _copy(state[:, None], rows, kept[:, run.last : run.last + 1])
        return kept

    def rates_after(self, stations: NDArray[np.intp], women: NDArray[np.intp]) -> Floats:
        """What flows into each of these women from her station to the next, (inputs, women), in ug/h."""
        rates: Floats = self.schedule.rates[stations][:, self._used].T * self.dose_scale[women]
        return rates

    def drive(self, row: int, women: slice) -> tuple[Floats, Floats, Floats]:
        """What the input adds to the slope of one row after each station, (stations - 1, women or 1), and by how much
        boluses lift that row and its slope at each station, (stations, women or 1)."""
        fed, jump, slope_jump = np.zeros((len(self.schedule.rates), 1)), *np.zeros((2, len(self.schedule.boluses), 1))
        scale = self.dose_scale[women]
        for column, target in zip(self._used, self._input_rows, strict=True):
            given = self.schedule.boluses[:, column, None]
            if target == row:
                fed = fed + self.schedule.rates[:, column, None] * scale
            if given.any():
                jump = jump + given * scale * (target == row)
                slope_jump = slope_jump + given * scale * self.matrix[row, target, women]
        return fed, jump, slope_jump

    def _propagators(self) -> list[list[Floats]]:
        # Steps are batched by their number of squarings: a short step must not be squared as often as a long one.
        powers: list[list[Floats]] = [[] for _ in self.schedule.steps_h]
        groups: dict[int, list[int]] = {}
        for step, length in enumerate(self.schedule.steps_h):
            groups.setdefault(squarings_needed(self.matrix, length), []).append(step)
        batch = max(1, _BATCH_NUMBERS // self.matrix.size)
        for squarings, steps in groups.items():
            for first in range(0, len(steps), batch):
                chosen = steps[first : first + batch]
                several = exponential(self.matrix, self.schedule.steps_h[chosen][:, None], squarings=squarings)
                for position, step in enumerate(chosen):
                    powers[step].append(np.ascontiguousarray(several[:, :, position]))
        return powers

    def _give(self, state: Floats, *, station: int) -> None:
        for column, row in zip(self._used, self._input_rows, strict=True):
            state[row] += self.schedule.boluses[station, column] * self.dose_scale

    def _carry(self, run: Run, state: Floats, rows: list[int], kept: Floats) -> Floats:
        powers, count = self._powers[run.step], run.last - run.first
        rate = self.schedule.rates[run.first, self._used][:, None] * self.dose_scale
        block = self._apply(powers[0], state[:, None], rate)
        _copy(block, rows, kept[:, :1])
        done, level = 1, 0
        while done < count:
            width = block.shape[1]
            fresh = self._apply(powers[level], block[:, : count - done], rate)
            _copy(fresh, rows, kept[:, done : done + fresh.shape[1]])
            done += fresh.shape[1]
            if count - done > width and 2 * width * state.shape[1] <= _BLOCK_NUMBERS:
                block, level = np.concatenate([block, fresh], axis=1), level + 1
                if level == len(powers):
                    powers.append(product(powers[-1], powers[-1]))
            else:
                block = fresh
        last: Floats = block[:, -1].copy()
        return last

    def _apply(self, power: Floats, block: Floats, rate: Floats) -> Floats:
        result, scratch = np.empty_like(block), np.empty(block.shape[1:])
        for row, columns in enumerate(self._links):
            first, *others = columns
            np.multiply(power[row, first], block[first], out=result[row])
            for column in others:
                result[row] += np.multiply(power[row, column], block[column], out=scratch)
            for column, given in enumerate(rate, start=self.rows):
                if given.any():
                    result[row] += power[row, column] * given
        return result


def state_at(model: Model, cohort: Cohort, regimen: Regimen, read: Output, *, at_h: float) -> Floats:
    """What is in the states an output depends on, just after ``at_h``, (states, women), in the order of a walk."""
    schedule = lay_out(regimen, at_h, states=model.structure.states)
    walk = Walk(model=model, cohort=cohort, regimen=regimen, schedule=schedule, outputs=[read])
    state: Floats = walk.stations(range(walk.rows))[:, -1]
    return state


def _copy(block: Floats, rows: list[int], kept: Floats) -> None:
    for position, row in enumerate(rows):
        kept[position] = block[row]


def _reachable(matrix: Floats) -> list[list[int]]:
    # Which columns of any power of the matrix can differ from zero, row by row.
    direct = (matrix != 0.0).any(axis=2) | np.eye(matrix.shape[0], dtype=bool)
    for _ in range(matrix.shape[0]):
        direct = direct @ direct
    return [np.flatnonzero(row).tolist() for row in direct]
