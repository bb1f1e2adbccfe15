"""The tables a walk needs, built in compiled code for one block of women or for one woman.

Propagators are built for ``LANES`` women at once (last axis); powers and forced responses for the woman in one lane.
"""

# numba takes no keyword-only arguments and reads plain arrays fastest.
# ruff: noqa: PLR0917

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matrescence.pharmacology.numba_math import LANES, compiled, transition

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@compiled
def gather(table: Array, first: int, result: Array) -> None:
    """Copy one block of women (last axis) out of ``table``; the last woman fills lanes beyond the cohort."""
    last = table.shape[-1] - 1
    flat, into = table.reshape(-1, table.shape[-1]), result.reshape(-1, LANES)
    for row in range(flat.shape[0]):
        for lane in range(LANES):
            into[row, lane] = flat[row, min(first + lane, last)]


@compiled
def propagators(matrix: Array, entries: Index, dts: Array) -> tuple[Array, Array]:
    """``exp(K dt)`` (D, n, n, lanes) and its integral in the entry columns (D, n, m, lanes) of one block."""
    n, m = matrix.shape[0], entries.shape[0]
    work = np.empty((3 * n + 2 * m + 5, n, LANES))
    advance, admit = np.empty((dts.shape[0], n, n, LANES)), np.empty((dts.shape[0], n, m, LANES))
    for d in range(dts.shape[0]):
        transition(matrix, entries, dts[d], advance[d], admit[d], work)
    return advance, admit


@compiled
def fill_powers(advance: Array, lane: int, lengths: Index, powers: Array) -> None:
    """``powers[d, :, :, j] = advance[d]**j`` for ``j = 0 .. lengths[d]`` of the woman in ``lane``."""
    n = advance.shape[1]
    for d in range(advance.shape[0]):
        for i in range(n):
            for k in range(n):
                powers[d, i, k, 0] = 1.0 if i == k else 0.0
        for j in range(lengths[d]):
            for i in range(n):
                for k in range(n):
                    value = 0.0
                    for via in range(n):
                        value += advance[d, i, via, lane] * powers[d, via, k, j]
                    powers[d, i, k, j + 1] = value


@compiled
def fill_forced(
    advance: Array, admit: Array, lane: int, weight: float, pairs: Index, rates: Array, forced: Array
) -> None:
    """``forced[c, :, j]``: the states after ``j`` steps of pair ``c`` from empty compartments."""
    n, m = admit.shape[1], admit.shape[2]
    for c in range(pairs.shape[0]):
        d, r = pairs[c, 0], pairs[c, 1]
        for i in range(n):
            forced[c, i, 0] = 0.0
        for j in range(pairs[c, 2]):
            for i in range(n):
                value = 0.0
                for e in range(m):
                    value += admit[d, i, e, lane] * rates[r, e] * weight
                for k in range(n):
                    value += advance[d, i, k, lane] * forced[c, k, j]
                forced[c, i, j + 1] = value


@compiled
def fill_nodes(
    node_advance: Array,
    node_admit: Array,
    lane: int,
    weight: float,
    state: int,
    pairs: Index,
    rates: Array,
    lengths: Index,
    powers: Array,
    forced: Array,
    rows: Array,
    constants: Array,
) -> None:
    """The driving state at one node of every step of a stride, linear in the states at the stride's start."""
    n, m = node_admit.shape[1], node_admit.shape[2]
    for d in range(node_advance.shape[0]):
        for k in range(n):
            for j in range(lengths[d]):
                rows[d, k, j] = 0.0
            for i in range(n):
                share = node_advance[d, state, i, lane]
                for j in range(lengths[d]):
                    rows[d, k, j] += share * powers[d, i, k, j]
    for c in range(pairs.shape[0]):
        d, r = pairs[c, 0], pairs[c, 1]
        value = 0.0
        for e in range(m):
            value += node_admit[d, state, e, lane] * rates[r, e] * weight
        for j in range(pairs[c, 2]):
            constants[c, j] = value
        for i in range(n):
            share = node_advance[d, state, i, lane]
            for j in range(pairs[c, 2]):
                constants[c, j] += share * forced[c, i, j]


@compiled
def effect_weights(chain: Array, gain: Array, dts: Array, nodes: Array, weights: Array) -> tuple[Array, Array, Array]:
    """Of ``dz/dt = P z + (gain, 0) (1 + u)``: ``exp(P dt)``, what the constant 1 adds, the weight of u at each node."""
    entry = np.zeros(1, dtype=np.int64)
    advance, admit = propagators(chain, entry, dts)
    constant, shares = np.empty((dts.shape[0], 2, LANES)), np.empty((dts.shape[0], nodes.shape[0], 2, LANES))
    for q in range(nodes.shape[0]):
        later, _ = propagators(chain, entry, (1.0 - nodes[q]) * dts)
        for d in range(dts.shape[0]):
            shares[d, q] = weights[q] * dts[d] * later[d, :, 0] * gain
    for d in range(dts.shape[0]):
        constant[d] = admit[d, :, 0] * gain
    return advance, constant, shares
