"""Linear compartment systems, solved exactly under piecewise-constant input.

A compartment matrix ``K`` is a Metzler matrix: everything off its diagonal is a flow and not negative.  With a shift
``s = max(-diag K)`` the matrix ``K + s`` has no negative entry at all, so

    ``exp(K dt) = (exp(-s h) * T16((K + s) h)) ** (2 ** q)``,  ``h = dt / 2**q``,  ``T16`` = Taylor to degree 16,

is made of sums and products of non-negative numbers only.  Nothing cancels: every entry, the small ones too, keeps its
digits, and equal or nearly equal rate constants need no special case, because no eigenvalue is ever computed.  Inputs
and areas enter as further rows of the same matrix.

All arrays carry their trailing axes (women last) through, and the inner loop over states is written out in Python, so
the same lines run on NumPy and on JAX.

Sources: Xue J, Ye Q, Math Comp 2013;82:1577-1596 (entrywise accurate exponentials of essentially non-negative
matrices); Van Loan C, IEEE Trans Automat Contr 1978;23:395-404 (inputs by augmenting the matrix).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matrescence.pharmacology.model import Output, Rate, Structure

Array = Any
"""A NumPy or a JAX array; the functions below are told which by ``xp``."""

_DEGREE = 16
_BLOCK = 4  # powers of the matrix kept for the Taylor polynomial (Paterson-Stockmeyer): 6 products instead of 15
_LARGEST_SHIFTED_STEP = 0.5  # with degree 16 the first neglected term is below 1e-19 of the entry


@dataclass(frozen=True, slots=True)
class Transition:
    """One step in time: ``x(t + dt) = state @ x(t) + inputs @ rate`` with a rate that is constant over the step.

    ``state`` is (n, n, ...), ``inputs`` (n, number of inputs, ...), in ug per (ug/h).
    """

    state: Array
    inputs: Array


def quotient(rate: Rate, parameters: Mapping[str, Array], xp: Any = np) -> Array:
    """``product(numerator) / product(denominator)``; an empty product is 1.

    Raises:
        ValueError: a name is not among the parameters.
    """
    value = xp.ones(())
    for name in rate.numerator:
        value = value * _parameter(name, parameters)
    for name in rate.denominator:
        value = value / _parameter(name, parameters)
    return value


def rate_matrix(structure: Structure, parameters: Mapping[str, Array], xp: Any = np) -> Array:
    """The matrix ``K`` of ``dx/dt = K x`` in 1/h, shape (states, states, ...), women last.

    A flow adds ``+rate`` at (target, source) and ``-rate`` at (source, source); a link adds ``+rate*gain`` at
    (target, source) and ``-rate`` at (target, target).

    Raises:
        ValueError: an arrow names a state or a parameter that does not exist.
    """
    number = len(structure.states)
    at = {name: row for row, name in enumerate(structure.states)}
    entries: list[list[Array]] = [[xp.zeros(()) for _ in range(number)] for _ in range(number)]
    for flow in structure.flows:
        source, rate = _state(flow.source, at), quotient(flow.rate, parameters, xp)
        entries[source][source] = entries[source][source] - rate
        if flow.target is not None:
            target = _state(flow.target, at)
            entries[target][source] = entries[target][source] + rate
    for link in structure.links:
        source, target, rate = _state(link.source, at), _state(link.target, at), quotient(link.rate, parameters, xp)
        entries[target][source] = entries[target][source] + rate * quotient(link.gain, parameters, xp)
        entries[target][target] = entries[target][target] - rate
    return _stacked(entries, xp)


def augmented(K: Array, *, inputs: Sequence[int] = (), areas: Sequence[tuple[int, Array]] = (), xp: Any = np) -> Array:
    """``K`` with rows for areas and columns for inputs: states, then areas, then inputs.

    An area ``(state, scale)`` is ``d area/dt = scale * x[state]``; an input ``i`` is a constant added to
    ``dx[i]/dt``.  Both leave the matrix Metzler, so the exponential stays exact.
    """
    number, women = K.shape[0], K.shape[2:]
    size = number + len(areas) + len(inputs)
    zero = xp.zeros(women)
    entries: list[list[Array]] = [[zero for _ in range(size)] for _ in range(size)]
    for row in range(number):
        for column in range(number):
            entries[row][column] = K[row, column]
    for row, (state, scale) in enumerate(areas, start=number):
        entries[row][state] = zero + scale
    for column, state in enumerate(inputs, start=number + len(areas)):
        entries[state][column] = xp.ones(women)
    return _stacked(entries, xp)


def squarings_needed(K: Array, dt_h: Array) -> int:
    """How often the Taylor step must be squared: the smallest ``q`` with ``max(-diag K) * dt / 2**q <= 0.5``.

    The Taylor remainder of each entry is governed by the diagonal alone, because rescaling the states (which changes
    every off-diagonal entry) changes numerator and denominator of its relative error alike.

    Raises:
        ValueError: a rate or a time is negative, infinite or not a number.
    """
    K, dt = np.asarray(K), np.asarray(dt_h)
    fastest = max((float(np.max(-K[i, i])) for i in range(K.shape[0])), default=0.0)
    longest = float(np.max(dt))
    if not (math.isfinite(fastest) and math.isfinite(longest) and longest >= 0.0) or not np.isfinite(K).all():
        raise ValueError("rate constants and times must be finite numbers, and times not negative")
    shifted_step = fastest * longest
    return max(0, math.ceil(math.log2(shifted_step / _LARGEST_SHIFTED_STEP))) if shifted_step > 0.0 else 0


def exponential(K: Array, dt_h: Array, *, squarings: int | None = None, xp: Any = np) -> Array:
    """``exp(K dt)`` of a Metzler matrix, every entry accurate in itself.

    ``dt_h`` is a number, or an array that broadcasts against the trailing axes of ``K`` (leading axes are added, so
    ``dt_h`` of shape (steps, 1) and ``K`` of shape (n, n, women) give (n, n, steps, women)).  Rounding grows like
    ``max(-diag K) * dt`` units in the last place: 1e-12 relative after 1,000 half-lives of the fastest rate.
    ``squarings`` must be given when ``K`` is traced by JAX (see :func:`squarings_needed`).
    """
    dt = xp.asarray(dt_h)
    count = squarings_needed(K, dt_h) if squarings is None else squarings
    missing = max(0, dt.ndim - (K.ndim - 2))
    K = K.reshape(K.shape[:2] + (1,) * missing + K.shape[2:])
    number, h = K.shape[0], dt / 2.0**count
    shift = xp.max(xp.stack([-K[i, i] for i in range(number)]), axis=0)
    identity = xp.eye(number).reshape((number, number) + (1,) * (K.ndim - 2))
    result = _taylor((K + identity * shift) * h, identity, xp) * xp.exp(-shift * h)
    for _ in range(count):
        result = product(result, result)
    return result


def transition(
    K: Array, dt_h: Array, *, inputs: Sequence[int] = (), squarings: int | None = None, xp: Any = np
) -> Transition:
    """The exact propagator over ``dt_h``: see :class:`Transition`.  ``inputs`` lists the states that are infused."""
    number = K.shape[0]
    whole = exponential(augmented(K, inputs=inputs, xp=xp), dt_h, squarings=squarings, xp=xp)
    return Transition(whole[:number, :number], whole[:number, number:])


def product(left: Array, right: Array) -> Array:
    """Matrix product over the first two axes, written out over the inner state; trailing axes run along."""
    total = left[:, 0, None] * right[None, 0]
    for inner in range(1, left.shape[1]):
        total += left[:, inner, None] * right[None, inner]
    return total


def needed_states(structure: Structure, outputs: Sequence[Output]) -> tuple[int, ...]:
    """The rows a set of outputs depends on: their states and everything upstream of them.

    What lies only downstream (an effect site, milk, a metabolite) cannot change them and may be left out.
    """
    upstream: dict[str, set[str]] = {name: set() for name in structure.states}
    arrows = [(flow.source, flow.target) for flow in structure.flows if flow.target is not None]
    for source, target in arrows + [(link.source, link.target) for link in structure.links]:
        upstream[target].add(source)
    needed: set[str] = set()
    waiting = [output.state for output in outputs]
    while waiting:
        state = waiting.pop()
        if state not in needed:
            needed.add(state)
            waiting += upstream[state]
    return tuple(row for row, name in enumerate(structure.states) if name in needed)


def _taylor(A: Array, identity: Array, xp: Any) -> Array:
    # Paterson and Stockmeyer, SIAM J Comput 1973;2:60-66: sum over blocks of four powers, Horner in A**4.
    square = product(A, A)
    powers = [identity + xp.zeros_like(A), A, square, product(square, A)]
    fourth = product(square, square)
    total = fourth / math.factorial(_DEGREE)
    for first in range(_DEGREE - _BLOCK, -1, -_BLOCK):
        block = sum(powers[i] / math.factorial(first + i) for i in range(_BLOCK))
        total = total + block if first == _DEGREE - _BLOCK else product(fourth, total) + block
    return total


def _stacked(entries: list[list[Array]], xp: Any) -> Array:
    shape = np.broadcast_shapes(*(entry.shape for row in entries for entry in row))
    return xp.stack([xp.stack([xp.broadcast_to(entry, shape) for entry in row]) for row in entries])


def _parameter(name: str, parameters: Mapping[str, Array]) -> Array:
    try:
        return parameters[name]
    except KeyError:
        raise ValueError(f"the structure uses parameter {name!r}; the model has: {', '.join(parameters)}") from None


def _state(name: str, at: Mapping[str, int]) -> int:
    try:
        return at[name]
    except KeyError:
        raise ValueError(f"no state is called {name!r}; the structure has: {', '.join(at)}") from None
