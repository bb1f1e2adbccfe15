"""The same equations on JAX in float64: gradients, batches, and whatever device JAX finds.

Nothing here changes JAX's settings when it is imported.  JAX computes in 32 bits unless told otherwise;
:func:`simulate` switches 64 bits on for its own computation only.  Code that differentiates :func:`course_function`
must do so itself, inside ``with double_precision():``.

Women are taken in chunks (``lax.map``), strides one after another (``lax.scan``); both lengths are fixed when traced,
so the program is one loop without branches on a CPU and on a GPU alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike

from matrescence.pharmacology.cohort import Cohort
from matrescence.pharmacology.model import Model
from matrescence.pharmacology.regimen import Regimen
from matrescence.pharmacology.simulate import Course
from matrescence.pharmacology.stride_walk import walker
from matrescence.pharmacology.task import LONGEST_STEP_H, Task, lay_out_task
from matrescence.pharmacology.turnover import EffectBlock

Array = Any
Function = Callable[[Mapping[str, Array], Array], dict[str, Array]]

WOMEN_PER_CHUNK = {"cpu": 250}
"""A chunk that stays in the caches of a CPU.  Other devices take the whole cohort, up to ``_MOST_WOMEN`` at once."""

_MOST_WOMEN = 16384
_MARGIN_SQUARINGS = 3  # parameters may move to rates eight times as fast before the propagators lose a digit


class JaxMissingError(ImportError):
    """The JAX engine was asked for where JAX is not installed."""


def double_precision() -> AbstractContextManager[Any]:
    """A context in which JAX computes in float64; outside it nothing changes."""
    return cast(AbstractContextManager[Any], _jax().enable_x64(True))


def course_function(
    model: Model,
    cohort: Cohort,
    regimen: Regimen,
    times_h: ArrayLike,
    *,
    block: EffectBlock | None = None,
    outputs: Sequence[str] | None = None,
    longest_step_h: float = LONGEST_STEP_H,
    women_per_chunk: int | None = None,
) -> Function:
    """A pure function ``(parameters, weight_kg) -> {output: (women, times)}`` to differentiate, batch or compile.

    ``parameters`` maps names to arrays (women,).  ``cohort`` says how many women and how fast their rates are; rates up
    to eight times as fast keep full accuracy.  Call it inside :func:`double_precision`.

    Raises:
        JaxMissingError: JAX is not installed.
        ValueError: as in :func:`task.lay_out_task`; and when called while JAX computes in 32 bits.
    """
    jax = _jax()
    task = lay_out_task(model, cohort, regimen, times_h, block=block, outputs=outputs, longest_step_h=longest_step_h)
    size = women_per_chunk or WOMEN_PER_CHUNK.get(jax.default_backend(), _MOST_WOMEN)
    faster = replace(task, squarings=task.squarings + _MARGIN_SQUARINGS)
    return _Course(faster, min(size, cohort.women))


def simulate(
    model: Model,
    cohort: Cohort,
    regimen: Regimen,
    times_h: ArrayLike,
    *,
    block: EffectBlock | None = None,
    outputs: Sequence[str] | None = None,
    longest_step_h: float = LONGEST_STEP_H,
    women_per_chunk: int | None = None,
) -> Course:
    """Predict outputs at ``times_h`` (T,).  Each call traces and compiles anew, for about a second.

    To answer the same question for many cohorts keep ``jax.jit(course_function(...))`` and call that.

    Raises:
        JaxMissingError: JAX is not installed.
        ValueError: as in :func:`task.lay_out_task`.
    """
    jax = _jax()
    function = course_function(
        model, cohort, regimen, times_h, block=block, outputs=outputs, longest_step_h=longest_step_h,
        women_per_chunk=women_per_chunk,
    )  # fmt: skip
    with double_precision():
        values = jax.jit(function)(cohort.parameters, cohort.weight_kg)
        held = {name: np.asarray(value) for name, value in values.items()}
    return cast(_Course, function).task.course(held, cohort)


@dataclass(frozen=True, eq=False)
class _Course:
    task: Task
    size: int

    def __call__(self, parameters: Mapping[str, Array], weight_kg: Array) -> dict[str, Array]:
        jax = _jax()
        xp = jax.numpy
        if not jax.config.jax_enable_x64:
            raise ValueError("JAX computes in 32 bits here: call inside  with jax_simulate.double_precision():")
        weight = xp.asarray(weight_kg, dtype=float)
        women = weight.shape[0]
        every = {name: xp.broadcast_to(xp.asarray(value, dtype=float), (women,)) for name, value in parameters.items()}
        chunks = -(-women // self.size)

        def padded(value: Array) -> Array:
            # The last woman fills the last chunk, so that every lane holds a possible body.
            return xp.pad(value, (0, chunks * self.size - women), mode="edge").reshape(chunks, self.size)

        stacked = {name: padded(value) for name, value in every.items()}
        results = jax.lax.map(lambda chunk: self._chunk(*chunk), (stacked, padded(weight)))
        return {name: value.reshape(chunks * self.size, -1)[:women] for name, value in results.items()}

    def _chunk(self, parameters: Mapping[str, Array], weight_kg: Array) -> dict[str, Array]:
        jax = _jax()
        xp, task = jax.numpy, self.task
        states, effects = walker(task, parameters, weight_kg, scan=jax.lax.scan, xp=xp).walk()
        scales = task.scales(parameters, xp)
        levels = {output.name: state * scale for output, state, scale in zip(task.levels, states, scales, strict=True)}
        results = task.results(levels, effects, parameters, xp)
        return {name: value.T for name, value in results.items()}


def _jax() -> Any:
    try:
        import jax
    except ImportError as error:
        raise JaxMissingError(
            "this engine needs JAX: install it with  pip install 'matrescence[jax]'  "
            "(plain NumPy answers the same questions: see simulate.simulate and effects.simulate_effect)"
        ) from error
    return jax
