"""What is to be simulated, laid out on the host before any woman is looked at: kept states, outputs, strides.

The compiled back-ends (NumPy with an effect block, JAX, numba) all start from the same :class:`Task`, so they differ in
arithmetic only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matrescence.pharmacology.cohort import Cohort
from matrescence.pharmacology.compartments import needed_states, quotient, rate_matrix, squarings_needed
from matrescence.pharmacology.model import Model, Output
from matrescence.pharmacology.regimen import Regimen
from matrescence.pharmacology.schedule import lay_out
from matrescence.pharmacology.simulate import Course
from matrescence.pharmacology.strides import Strides, cut, refined
from matrescence.pharmacology.turnover import EffectBlock, chain, numbers, read_out

Array = Any

LONGEST_STEP_H = 0.5
"""Step of the effect block unless asked otherwise; :func:`effects.step_doubling_error` tells what it costs."""


@dataclass(frozen=True, slots=True)
class Task:
    """A model, its effect block, and the strides of a regimen.

    ``kept`` are the rows of the structure that matter; ``levels`` the linear outputs that are computed, with the row
    of each among the kept; the driving output comes first when there is a block.  ``wanted`` names the results;
    ``squarings`` is how often the longest step's propagator is squared.
    """

    model: Model
    block: EffectBlock | None
    times_h: NDArray[np.float64]
    strides: Strides
    kept: tuple[int, ...]
    entries: tuple[int | None, ...]
    levels: tuple[Output, ...]
    rows: tuple[int, ...]
    wanted: tuple[str, ...]
    per_kg: bool
    squarings: int

    @property
    def units(self) -> dict[str, str]:
        """The unit of every result."""
        known = {output.name: output.unit for output in self.levels} | (self.block.units if self.block else {})
        return {name: known[name] for name in self.wanted}

    def matrix(self, parameters: Mapping[str, Array], xp: Any = np) -> Array:
        """``K`` of the kept states, (n, n, women), in 1/h."""
        kept = np.array(self.kept)
        return rate_matrix(self.model.structure, parameters, xp)[kept][:, kept]

    def scales(self, parameters: Mapping[str, Array], xp: Any = np) -> list[Array]:
        """What each level multiplies its state by."""
        return [quotient(output.scale, parameters, xp) for output in self.levels]

    def results(
        self, levels: Mapping[str, Array], effects: Array, parameters: Mapping[str, Array], xp: Any = np
    ) -> dict[str, Array]:
        """The wanted results from the levels (..., women) and the effect states (2, ..., women)."""
        known = dict(levels)
        if self.block is not None:
            known[self.block.response] = effects[0]
            if self.block.score is not None:
                known[self.block.score.name] = effects[1]
            for readout in self.block.readouts:
                if readout.name in self.wanted:
                    known[readout.name] = read_out(readout, levels[readout.output], parameters, xp)
        return {name: known[name] for name in self.wanted}

    def course(self, values: dict[str, NDArray[np.float64]], cohort: Cohort) -> Course:
        """Results (women, times) with their names, units and origin."""
        return Course(self.times_h, values, self.units, self.model.name, cohort.seed, cohort.first_woman)


def lay_out_task(
    model: Model,
    cohort: Cohort,
    regimen: Regimen,
    times_h: ArrayLike,
    *,
    block: EffectBlock | None = None,
    outputs: Sequence[str] | None = None,
    longest_step_h: float = LONGEST_STEP_H,
) -> Task:
    """Choose states, outputs and strides; ``outputs=None`` asks for every output of the model and of the block.

    Raises:
        ValueError: an output or state does not exist, or a time or amount is impossible.
    """
    structure = model.structure
    own = {output.name: output for output in structure.outputs}
    added = block.units if block else {}
    wanted = tuple(outputs) if outputs is not None else (*own, *added)
    for name in wanted:
        if name not in own and name not in added:
            raise ValueError(f"{model.name} has no output {name!r}; it has: {', '.join((*own, *added))}")
    reads = block.reads(structure) if block else ()
    levels = tuple(own[name] for name in dict.fromkeys([*reads, *(name for name in wanted if name in own)]))
    kept = needed_states(structure, levels)
    places = {structure.states[row]: place for place, row in enumerate(kept)}
    times = np.atleast_1d(np.asarray(times_h, dtype=float))
    if block is None:
        schedule = lay_out(regimen, times, states=structure.states)
    else:
        schedule = refined(regimen, times, states=structure.states, longest_step_h=longest_step_h)
    strides = cut(schedule)
    return Task(
        model=model,
        block=block,
        times_h=times,
        strides=strides,
        kept=kept,
        entries=tuple(places.get(name) for name in strides.inputs),
        levels=levels,
        rows=tuple(places[output.state] for output in levels),
        wanted=wanted,
        per_kg=regimen.per_kg,
        squarings=_squarings(model, block, cohort, float(strides.steps_h.max())),
    )


def _squarings(model: Model, block: EffectBlock | None, cohort: Cohort, longest_h: float) -> int:
    most = squarings_needed(rate_matrix(model.structure, cohort.parameters), longest_h)
    if block is None or not block.is_linear:
        return most
    P = chain(numbers(block, cohort.parameters))
    return max(most, squarings_needed(P.reshape(2, 2, -1), longest_h))
