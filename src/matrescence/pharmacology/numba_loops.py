"""The two compiled walks: a cohort through a schedule, with and without an effect block.

A schedule is cut into strides: up to ``J`` equal steps under one constant input.  Within a stride every step is a
known linear function of the states at its start, ``x_j = exp(K j dt) x_0 + forced_j``, so all its times are computed
together, as vectors along time.  Propagators are built for ``LANES`` women at once; then each woman is walked alone,
so a result depends neither on the number of threads nor on who else is in the cohort.
"""

# numba takes no keyword-only arguments and reads plain arrays fastest.
# ruff: noqa: PLR0917

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from matrescence.pharmacology.numba_math import LANES, compiled, exp, log
from matrescence.pharmacology.numba_tables import (
    effect_weights,
    fill_forced,
    fill_nodes,
    fill_powers,
    gather,
    propagators,
)

F = TypeVar("F", bound=Callable[..., Any])
Array = NDArray[np.float64]
Index = NDArray[np.int64]

LINEAR, RESPONSE, LOGISTIC = 0, 1, 2
"""Where an output comes from: a compartment, a state of the effect block, a logistic of a compartment."""


def parallel(function: F) -> F:
    """Compile a loop over blocks of women, shared among threads; no fast-math."""
    return cast(F, numba.njit(cache=True, parallel=True, error_model="numpy")(function))


@compiled
def level_along(rows: Array, constant: Array, x: Array, scale: float, count: int, result: Array) -> None:
    """``result[j] = scale * (rows[:, j] . x + constant[j])`` along the times of a stride."""
    n = x.shape[0]
    for j in range(count):
        result[j] = scale * constant[j]
    for k in range(0, n - 1, 2):
        left, right, by_left, by_right = rows[k], rows[k + 1], scale * x[k], scale * x[k + 1]
        for j in range(count):
            result[j] += left[j] * by_left + right[j] * by_right
    if n % 2 == 1:
        last, by_last = rows[n - 1], scale * x[n - 1]
        for j in range(count):
            result[j] += last[j] * by_last


@compiled
def leap(powers: Array, forced: Array, count: int, x: Array, new: Array) -> None:
    """Carry the states to the end of a stride of ``count`` steps."""
    n = x.shape[0]
    for i in range(n):
        value = forced[i, count]
        for k in range(n):
            value += powers[i, k, count] * x[k]
        new[i] = value
    for i in range(n):
        x[i] = new[i]


@compiled
def store(values: Array, record_at: Index, output: int, out: Array) -> None:
    """Write the values of a stride to the rows asked for (-1: not asked for)."""
    for j in range(record_at.shape[0]):
        if record_at[j] >= 0:
            out[record_at[j], output] = values[j]


@parallel
def walk_linear(
    matrix: Array,
    entries: Index,
    multiplier: Array,
    dts: Array,
    lengths: Index,
    pairs: Index,
    rates: Array,
    strides: Index,
    jumps: Array,
    record_at: Index,
    states: Index,
    scales: Array,
    out: Array,
) -> None:
    """Fill ``out`` (women, times, outputs) with ``scale * state`` at the recorded times.

    ``matrix`` (n, n, women); ``entries`` (m,) the states that receive input; ``multiplier`` (women,) the weight, for a
    regimen per kg; ``dts``, ``lengths`` (D,) distinct steps and their longest stride; ``pairs`` (C, 3) distinct (step,
    input) and their longest stride; ``rates`` (R, m); ``strides`` (S, 4) row of ``jumps`` or -1, pair, count,
    first station; ``record_at`` (stations,) the row of the result that a station fills, or -1.
    """
    n, women, longest = matrix.shape[0], matrix.shape[2], lengths.max()
    for block in numba.prange((women + LANES - 1) // LANES):
        first = block * LANES
        own = np.empty((n, n, LANES))
        gather(matrix, first, own)
        advance, admit = propagators(own, entries, dts)
        powers = np.empty((dts.shape[0], n, n, longest + 1))
        forced = np.empty((pairs.shape[0], n, longest + 1))
        x, new, values = np.empty(n), np.empty(n), np.empty(longest)
        for woman in range(first, min(first + LANES, women)):
            fill_powers(advance, woman - first, lengths, powers)
            fill_forced(advance, admit, woman - first, multiplier[woman], pairs, rates, forced)
            x[:] = 0.0
            for s in range(strides.shape[0]):
                if strides[s, 0] >= 0:
                    for i in range(n):
                        x[i] += jumps[strides[s, 0], i] * multiplier[woman]
                pair, count, begin = strides[s, 1], strides[s, 2], strides[s, 3]
                power, force = powers[pairs[pair, 0]], forced[pair]
                for o in range(states.shape[0]):
                    i = states[o]
                    level_along(power[i], force[i], x, scales[o, woman], count, values)
                    store(values, record_at[begin : begin + count], o, out[woman])
                leap(power, force, count, x, new)


@compiled
def hill(values: Array, count: int, capacity: float, log_potency: float, exponent: float) -> None:
    """In place ``c -> capacity * c^h / (c50^h + c^h) = capacity / (1 + exp(h (log c50 - log c)))``."""
    for i in range(count):
        values[i] = capacity / (1.0 + exp(exponent * (log_potency - log(values[i]))))


@compiled
def logistic(values: Array, count: int, curve: Array) -> None:
    """In place ``v -> floor + (ceiling - floor) / (1 + exp(-slope (v - midpoint)))``; ``curve[0]`` is the scale."""
    slope, midpoint, floor, height = curve[1], curve[2], curve[3], curve[4] - curve[3]
    for i in range(count):
        values[i] = floor + height / (1.0 + exp(slope * (midpoint - values[i])))


@compiled
def scan_effect(
    advance: Array, constant: Array, shares: Array, u: Array, count: int, z: Array, path: Array, drift: Array
) -> None:
    """Walk the two effect states: ``z <- exp(P dt) z + constant + sum_q shares_q u_q`` along a stride.

    ``path`` (2, J) receives both states before every step; ``drift`` (2, J) is scratch.
    """
    early, middle, late = u[0], u[1], u[2]
    for i in range(2):
        along, at, a, b, c = drift[i], constant[i], shares[0, i], shares[1, i], shares[2, i]
        for j in range(count):
            along[j] = at + a * early[j] + b * middle[j] + c * late[j]
    a, b, c, d = advance[0, 0], advance[0, 1], advance[1, 0], advance[1, 1]
    first, second = z[0], z[1]
    for j in range(count):
        path[0, j], path[1, j] = first, second
        first, second = a * first + (b * second + drift[0, j]), d * second + (c * first + drift[1, j])
    z[0], z[1] = first, second


@compiled
def read_outputs(
    kinds: Index, indices: Index, curves: Array, powers: Array, forced: Array, x: Array, path: Array,
    values: Array, record_at: Index, out: Array,
) -> None:  # fmt: skip
    """Compute and store every output along one stride."""
    count = record_at.shape[0]
    for o in range(kinds.shape[0]):
        if kinds[o] == RESPONSE:
            for j in range(count):
                values[j] = path[indices[o], j]
        else:
            level_along(powers[indices[o]], forced[indices[o]], x, curves[o, 0], count, values)
        if kinds[o] == LOGISTIC:
            logistic(values, count, curves[o])
        store(values, record_at, o, out)


@parallel
def walk_effect(
    matrix: Array,
    entries: Index,
    multiplier: Array,
    dts: Array,
    lengths: Index,
    pairs: Index,
    rates: Array,
    strides: Index,
    jumps: Array,
    record_at: Index,
    chain: Array,
    start: Array,
    gains: Array,
    drives: Array,
    driver: int,
    nodes: Array,
    weights: Array,
    kinds: Index,
    indices: Index,
    curves: Array,
    out: Array,
) -> None:
    """As :func:`walk_linear`, with ``dz/dt = P z + (gain, 0) (1 + u)`` by Gauss quadrature of the known driver.

    ``chain`` (2, 2, women) is P; ``start`` (2, women) is z at time 0; ``gains`` (women,); ``drives`` (4, women) scale
    of the driving state, signed capacity, log potency, Hill exponent; ``nodes``, ``weights`` on (0, 1); ``kinds``,
    ``indices`` (outputs,) and ``curves`` (outputs, 5, women) say what is read: scale, slope, midpoint, floor, ceiling.
    """
    n, women, longest, q_count = matrix.shape[0], matrix.shape[2], lengths.max(), nodes.shape[0]
    for block in numba.prange((women + LANES - 1) // LANES):
        first = block * LANES
        own, own_chain, gain = np.empty((n, n, LANES)), np.empty((2, 2, LANES)), np.empty(LANES)
        gather(matrix, first, own)
        gather(chain, first, own_chain)
        gather(gains, first, gain)
        advance, admit = propagators(own, entries, dts)
        node_advance = np.empty((q_count, dts.shape[0], n, n, LANES))
        node_admit = np.empty((q_count, dts.shape[0], n, entries.shape[0], LANES))
        for q in range(q_count):
            node_advance[q], node_admit[q] = propagators(own, entries, nodes[q] * dts)
        own_advance, constant, shares = effect_weights(own_chain, gain, dts, nodes, weights)
        powers = np.empty((dts.shape[0], n, n, longest + 1))
        forced = np.empty((pairs.shape[0], n, longest + 1))
        rows = np.empty((q_count, dts.shape[0], n, longest))
        constants = np.empty((q_count, pairs.shape[0], longest))
        x, new, z, values = np.empty(n), np.empty(n), np.empty(2), np.empty(longest)
        u, path, drift = np.empty((q_count, longest)), np.empty((2, longest)), np.empty((2, longest))
        for woman in range(first, min(first + LANES, women)):
            lane = woman - first
            fill_powers(advance, lane, lengths, powers)
            fill_forced(advance, admit, lane, multiplier[woman], pairs, rates, forced)
            for q in range(q_count):
                fill_nodes(
                    node_advance[q], node_admit[q], lane, multiplier[woman], driver,
                    pairs, rates, lengths, powers, forced, rows[q], constants[q],
                )  # fmt: skip
            x[:] = 0.0
            z[0], z[1] = start[0, woman], start[1, woman]
            for s in range(strides.shape[0]):
                if strides[s, 0] >= 0:
                    for i in range(n):
                        x[i] += jumps[strides[s, 0], i] * multiplier[woman]
                pair, count, begin = strides[s, 1], strides[s, 2], strides[s, 3]
                d = pairs[pair, 0]
                power, force = powers[d], forced[pair]
                for q in range(q_count):
                    level_along(rows[q, d], constants[q, pair], x, drives[0, woman], count, u[q])
                    hill(u[q], count, drives[1, woman], drives[2, woman], drives[3, woman])
                scan_effect(
                    own_advance[d, :, :, lane], constant[d, :, lane], shares[d, :, :, lane], u, count, z, path, drift
                )
                stations = record_at[begin : begin + count]
                read_outputs(kinds, indices, curves[:, :, woman], power, force, x, path, values, stations, out[woman])
                leap(power, force, count, x, new)
