"""Nonlinear effects of a cohort on plain NumPy: the readable reference for one woman or a few hundred.

The linear part is exact; the error of the effect block is that of its steps: :func:`step_doubling_error` measures it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from matrescence.pharmacology.cohort import Cohort
from matrescence.pharmacology.model import Model
from matrescence.pharmacology.regimen import Regimen
from matrescence.pharmacology.simulate import Course
from matrescence.pharmacology.stride_walk import walker
from matrescence.pharmacology.task import LONGEST_STEP_H, Task, lay_out_task
from matrescence.pharmacology.turnover import EffectBlock

_NUMBERS_AT_ONCE = 4096  # women x steps of a stride: such arrays stay in the first caches


def simulate_effect(
    model: Model,
    block: EffectBlock,
    cohort: Cohort,
    regimen: Regimen,
    times_h: ArrayLike,
    *,
    outputs: Sequence[str] | None = None,
    longest_step_h: float = LONGEST_STEP_H,
) -> Course:
    """Predict the model's outputs and the block's (all when ``None``) at ``times_h`` (T,); values are (women, T).

    ``longest_step_h`` bounds the step of the effect block only; the linear part has no step error.

    Raises:
        ValueError: an output, state or parameter does not exist, or a time or amount is impossible.
    """
    task = lay_out_task(model, cohort, regimen, times_h, block=block, outputs=outputs, longest_step_h=longest_step_h)
    size = max(1, _NUMBERS_AT_ONCE // task.strides.longest)
    values = {name: np.empty((cohort.women, task.times_h.size)) for name in task.wanted}
    for first in range(0, cohort.women, size):
        women = slice(first, first + size)
        for name, value in _chunk(task, cohort, women).items():
            values[name][women] = value.T
    return task.course(values, cohort)


def step_doubling_error(
    model: Model,
    block: EffectBlock,
    cohort: Cohort,
    regimen: Regimen,
    times_h: ArrayLike,
    *,
    longest_step_h: float = LONGEST_STEP_H,
) -> dict[str, float]:
    """The estimated largest error of each of the block's outputs at ``longest_step_h``, relative to its peak.

    The course is computed again with half the step; the difference, times ``2**p / (2**p - 1)`` for a method of order
    ``p`` (6 for the quadrature, 4 for Runge-Kutta), estimates the error of the coarser (Richardson).  Output times that
    are already finer than half a step leave nothing to halve, and the estimate is then zero.
    """
    names = tuple(block.units)
    coarse, fine = (
        simulate_effect(model, block, cohort, regimen, times_h, outputs=names, longest_step_h=step).values
        for step in (longest_step_h, 0.5 * longest_step_h)
    )
    order = 6 if block.is_linear else 4
    grown = 2.0**order / (2.0**order - 1.0)
    return {
        name: grown * float(np.max(np.abs(coarse[name] - fine[name])) / max(np.max(np.abs(fine[name])), 1e-300))
        for name in names
    }


def _chunk(task: Task, cohort: Cohort, women: slice) -> dict[str, Any]:
    parameters = {name: value[women] for name, value in cohort.parameters.items()}
    states, effects = walker(task, parameters, cohort.weight_kg[women], scan=_loop).walk()
    scales = task.scales(parameters)
    levels = {output.name: state * scale for output, state, scale in zip(task.levels, states, scales, strict=True)}
    return task.results(levels, effects, parameters)


def _loop(body: Callable[[Any, Any], tuple[Any, Any]], carry: Any, items: tuple[Any, ...]) -> tuple[Any, Any]:
    """``jax.lax.scan`` spelled out for NumPy."""
    rows = []
    for item in zip(*items, strict=True):
        carry, row = body(carry, item)
        rows.append(row)
    if isinstance(rows[0], tuple):
        return carry, tuple(np.stack(column) for column in zip(*rows, strict=True))
    return carry, np.stack(rows)
