"""The population kernel on a CPU: one compiled loop over women, shared among threads.

numba is optional.  The first call compiles for some seconds and keeps the machine code on disk.  Results do not depend
on the number of threads, and agree with NumPy and JAX to rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matrescence.pharmacology.cohort import Cohort
from matrescence.pharmacology.model import Model
from matrescence.pharmacology.regimen import Regimen
from matrescence.pharmacology.simulate import Course
from matrescence.pharmacology.stride_walk import GAUSS_NODES, GAUSS_WEIGHTS
from matrescence.pharmacology.strides import Strides
from matrescence.pharmacology.task import LONGEST_STEP_H, Task, lay_out_task
from matrescence.pharmacology.turnover import EffectBlock, chain, numbers, start

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


class NumbaMissingError(ImportError):
    """The population kernel was asked for where numba is not installed."""


def simulate(
    model: Model,
    cohort: Cohort,
    regimen: Regimen,
    times_h: ArrayLike,
    *,
    block: EffectBlock | None = None,
    outputs: Sequence[str] | None = None,
    longest_step_h: float = LONGEST_STEP_H,
    threads: int | None = None,
    out: Floats | None = None,
) -> Course:
    """Predict outputs at ``times_h`` (T,) for every woman; the values of the course are views (women, T) into ``out``.

    ``out`` (women, T, outputs) in float64 is filled when given, so that a caller who simulates again and again pays for
    fresh memory once.  ``threads`` at most as many as numba was started with (all of them when ``None``).

    Raises:
        NumbaMissingError: numba is not installed.
        ValueError: ``out`` has the wrong shape, the block feeds back (use :func:`effects.simulate_effect`), or as in
            :func:`task.lay_out_task`.
    """
    loops = _loops()
    if block is not None and not block.is_linear:
        raise ValueError(
            "the numba kernel takes blocks that only read the linear part; one with feedback or a drive on loss runs "
            "in effects.simulate_effect or jax_simulate.simulate"
        )
    task = lay_out_task(model, cohort, regimen, times_h, block=block, outputs=outputs, longest_step_h=longest_step_h)
    shape = (cohort.women, task.times_h.size, len(task.wanted))
    result = _buffer(out, shape)
    places, repeats = _record_at(task.strides)
    with _on_threads(threads):
        if block is None:
            loops.walk_linear(*_linear_tables(task, cohort), places, *_linear_outputs(task, cohort), result)
        else:
            loops.walk_effect(
                *_linear_tables(task, cohort), places, *_effect_tables(task, block, cohort),
                *_effect_outputs(task, block, cohort, loops), result,
            )  # fmt: skip
    for copy, original in repeats:
        result[:, copy] = result[:, original]
    return task.course({name: result[:, :, o] for o, name in enumerate(task.wanted)}, cohort)


@contextmanager
def _on_threads(wanted: int | None) -> Iterator[None]:
    import numba

    before = numba.get_num_threads()
    numba.set_num_threads(wanted or before)
    try:
        yield
    finally:
        numba.set_num_threads(before)


def _loops() -> ModuleType:
    try:
        from matrescence.pharmacology import numba_loops
    except ImportError as error:
        raise NumbaMissingError(
            "the population kernel needs numba: install it with  pip install 'matrescence[fast]'  "
            "(everything else runs without it: see simulate.simulate and effects.simulate_effect)"
        ) from error
    return numba_loops


def _buffer(out: Floats | None, shape: tuple[int, ...]) -> Floats:
    if out is None:
        return np.empty(shape)
    if out.shape != shape or out.dtype != np.float64 or not out.flags.c_contiguous:
        raise ValueError(f"out must be a C-contiguous float64 array of shape {shape}, not {out.dtype} {out.shape}")
    return out


def _record_at(strides: Strides) -> tuple[Indices, list[tuple[int, int]]]:
    """The row of the result each station fills, or -1; and (row, earlier row) of times that were asked for twice."""
    at, repeats = np.full(strides.stations, -1, dtype=np.int64), []
    for row, station in enumerate(strides.output_at.tolist()):
        if at[station] < 0:
            at[station] = row
        else:
            repeats.append((row, int(at[station])))
    return at, repeats


def _linear_tables(task: Task, cohort: Cohort) -> tuple[Floats | Indices, ...]:
    strides, number = task.strides, len(task.kept)
    used = [column for column, place in enumerate(task.entries) if place is not None]
    entries = np.array([task.entries[column] for column in used], dtype=np.int64)
    rates, rate_of = np.unique(strides.rates[:, used], axis=0, return_inverse=True)
    pairs, pair_of = np.unique(np.stack([strides.step, rate_of.reshape(-1)], axis=1), axis=0, return_inverse=True)
    pair_of = pair_of.reshape(-1)
    lengths, pair_lengths = np.zeros(strides.steps_h.size, dtype=np.int64), np.zeros(len(pairs), dtype=np.int64)
    np.maximum.at(lengths, strides.step, strides.count)
    np.maximum.at(pair_lengths, pair_of, strides.count)
    jumps = np.zeros((len(strides.step), number))
    jumps[:, entries] = strides.boluses[:, used]
    jump_at = np.where(jumps.any(axis=1), np.arange(len(jumps)), -1)
    table = np.stack([jump_at, pair_of, strides.count, strides.first_station], axis=1)
    weight = cohort.weight_kg if task.per_kg else np.ones(cohort.women)
    matrix = np.ascontiguousarray(np.broadcast_to(task.matrix(cohort.parameters), (number, number, cohort.women)))
    triples = np.column_stack([pairs, pair_lengths])
    return matrix, entries, weight, strides.steps_h, lengths, triples, rates, table, jumps


def _linear_outputs(task: Task, cohort: Cohort) -> tuple[Indices, Floats]:
    names = [output.name for output in task.levels]
    chosen = [names.index(name) for name in task.wanted]
    scales = task.scales(cohort.parameters)
    return np.array([task.rows[i] for i in chosen], dtype=np.int64), _women([scales[i] for i in chosen], cohort.women)


def _effect_tables(task: Task, block: EffectBlock, cohort: Cohort) -> tuple[Floats | int, ...]:
    own = numbers(block, cohort.parameters)
    P = chain(own)
    full = np.ascontiguousarray(np.broadcast_to(P if P.ndim == 3 else P[:, :, None], (2, 2, cohort.women)))
    drives = _women([task.scales(cohort.parameters)[0], own.capacity, own.log_potency, own.hill], cohort.women)
    gains = _women([own.loss * own.baseline], cohort.women)[0]
    before = np.ascontiguousarray(start(own, cohort.women)[:2])
    return full, before, gains, drives, task.rows[0], np.array(GAUSS_NODES), np.array(GAUSS_WEIGHTS)


def _effect_outputs(
    task: Task, block: EffectBlock, cohort: Cohort, loops: ModuleType
) -> tuple[Indices, Indices, Floats]:
    scales, parameters = task.scales(cohort.parameters), cohort.parameters
    levels = {output.name: (row, scale) for output, row, scale in zip(task.levels, task.rows, scales, strict=True)}
    effects = {block.response: 0} | ({block.score.name: 1} if block.score else {})
    readouts = {readout.name: readout for readout in block.readouts}
    kinds: list[int] = []
    indices: list[int] = []
    curves: list[list[ArrayLike]] = []
    for name in task.wanted:
        if name in effects:
            kinds.append(loops.RESPONSE)
            indices.append(effects[name])
            curves.append([1.0, 0.0, 0.0, 0.0, 0.0])
        elif name in readouts:
            curve = readouts[name]
            row, scale = levels[curve.output]
            kinds.append(loops.LOGISTIC)
            indices.append(row)
            curves.append([scale, parameters[curve.slope], parameters[curve.midpoint], curve.floor, curve.ceiling])
        else:
            row, scale = levels[name]
            kinds.append(loops.LINEAR)
            indices.append(row)
            curves.append([scale, 0.0, 0.0, 0.0, 0.0])
    table = np.stack([_women(curve, cohort.women) for curve in curves])
    return np.array(kinds, dtype=np.int64), np.array(indices, dtype=np.int64), table


def _women(rows: Sequence[ArrayLike], women: int) -> Floats:
    return np.stack([np.broadcast_to(np.asarray(row, dtype=float), (women,)) for row in rows])
