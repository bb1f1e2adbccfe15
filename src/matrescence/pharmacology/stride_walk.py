"""The walk of a cohort along strides, written once over an array namespace: NumPy loops over it, JAX scans over it.

Linear part: ``x_j = exp(K j dt) x_0 + (integral) rate`` for all steps of a stride at once.

Effect block that is linear in itself: exponential quadrature at the three Gauss nodes (order 6),
``z(t + dt) = exp(P dt) z + sum_q w_q dt exp(P (1 - c_q) dt) b (1 + u(c_q dt))``, the constant 1 integrated exactly.

Effect block that feeds back: classical Runge-Kutta of order 4 on the effect states alone, with the driving level exact
at both ends and the middle of each step.

Source: Hochbruck M, Ostermann A, Acta Numerica 2010;19:209-286 (exponential quadrature).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matrescence.pharmacology.compartments import augmented, exponential, product
from matrescence.pharmacology.task import Task
from matrescence.pharmacology.turnover import EffectBlock, Numbers, chain, drive, numbers, slope, start

Array = Any
Scan = Callable[[Callable[[Array, Any], tuple[Array, Array]], Array, Any], tuple[Array, Array]]
"""``scan(body, carry, items) -> (carry, stacked results)``, as ``jax.lax.scan``."""

_HALF_WIDTH = 0.5 * (3.0 / 5.0) ** 0.5
GAUSS_NODES = (0.5 - _HALF_WIDTH, 0.5, 0.5 + _HALF_WIDTH)
GAUSS_WEIGHTS = (5.0 / 18.0, 8.0 / 18.0, 5.0 / 18.0)
_RUNGE_KUTTA_NODES = (0.0, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class EffectTables:
    """What the effect block needs for each distinct step (axis D), beside the block's numbers.

    ``nodes`` (3, N, D, women) rows that give the driving level at each node; and of a linear block ``doublings``
    (2, 2, D, women) each, ``powers`` (2, 2, D, J + 1, women), ``constant`` (2, D, women), ``shares`` (3, 2, D, women).
    """

    own: Numbers
    nodes: Array
    doublings: tuple[Array, ...] = ()
    powers: Array = None
    constant: Array = None
    shares: Array = None


@dataclass(frozen=True, slots=True)
class Walker:
    """One chunk of women, ready to be carried from stride to stride.

    ``powers`` (n, N, D, J + 1, women) advance states and inputs (N = n + inputs) by 0 .. J steps.
    """

    task: Task
    powers: Array
    dose_scale: Array
    effect: EffectTables | None
    scan: Scan
    xp: Any

    def walk(self) -> tuple[Array, Array]:
        """Every level's state (levels, times, women) and the effect states (2, times, women) at the output times."""
        task, xp, strides = self.task, self.xp, self.task.strides
        women = self.dose_scale.shape[0]
        states = xp.zeros((self.powers.shape[0], women))
        effects = start(self.effect.own, women, xp) if self.effect else xp.zeros((3, women))
        items = (strides.step, strides.count, _kept(strides.rates, task), _kept(strides.boluses, task))
        _, (levels, path) = self.scan(self._stride, (states, effects), items)
        return self._at_output_times(levels), self._at_output_times(path)

    def _at_output_times(self, recorded: Array) -> Array:
        # (strides, rows, J, women) -> (rows, times, women)
        flat = self.xp.moveaxis(recorded, 0, 1).reshape(recorded.shape[1], -1, recorded.shape[3])
        return flat[:, self.task.strides.places]

    def _stride(self, carry: tuple[Array, Array], item: Any) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        step, count, rates, bolus = item
        xp, task = self.xp, self.task
        states, effects = carry
        number = states.shape[0]
        entry = np.zeros((number, bolus.shape[0]))
        entry[[place for place in task.entries if place is not None], np.arange(bolus.shape[0])] = 1.0
        states = states + (xp.asarray(entry) @ bolus)[:, None] * self.dose_scale
        whole = xp.concatenate([states, rates[:, None] * self.dose_scale])
        table = self.powers[:, :, step]
        path = table[:, 0] * whole[0]
        for column in range(1, whole.shape[0]):
            path = path + table[:, column] * whole[column]
        if self.effect is None:
            reached = xp.zeros((3, 1, 1)) + xp.zeros_like(path[:1])
        else:
            drives = self._drives(path[:, :-1], whole[number:], step)
            integrate = self._quadrature if self.effect.powers is not None else self._runge_kutta
            reached = integrate(effects, drives, step)
        recorded = path[np.array(task.rows), :-1], reached[:2, :-1]
        return (path[:, count], reached[:, count]), recorded

    def _drives(self, path: Array, rate: Array, step: Any) -> list[Array]:
        assert self.effect is not None
        number, drives = path.shape[0], []
        for node in range(len(GAUSS_NODES)):
            row = self.effect.nodes[node, :, step]
            level = sum(row[i] * path[i] for i in range(number)) + sum(row[number + i] * r for i, r in enumerate(rate))
            drives.append(drive(level, self.effect.own, self.xp))
        return drives

    def _quadrature(self, effects: Array, drives: list[Array], step: Any) -> Array:
        effect, xp = self.effect, self.xp
        assert effect is not None
        added = effect.constant[:, step][:, None] + sum(
            effect.shares[node, :, step][:, None] * u for node, u in enumerate(drives)
        )
        # Sums along the stride by doubling: after k rounds every entry holds its last 2**k steps.
        for level, power in enumerate(effect.doublings):
            held = power[:, :, step]
            shifted = xp.stack([(held[row, 0] * added[0] + held[row, 1] * added[1]) for row in range(2)])
            gap = xp.zeros_like(added[:, : 1 << level])
            added = added + xp.concatenate([gap, shifted[:, : -(1 << level)]], axis=1)
        table = effect.powers[:, :, step]
        held = xp.stack([table[row, 0] * effects[0] + table[row, 1] * effects[1] for row in range(2)])
        reached = held + xp.concatenate([xp.zeros_like(added[:, :1]), added], axis=1)
        return xp.concatenate([reached, xp.zeros_like(reached[:1])])

    def _runge_kutta(self, effects: Array, drives: list[Array], step: Any) -> Array:
        effect, xp, block = self.effect, self.xp, self.task.block
        assert effect is not None and block is not None
        own, site, dt = effect.own, block.drive.site, xp.asarray(self.task.strides.steps_h)[step]

        def advance(z: Array, u: Any) -> tuple[Array, Array]:
            before, middle, after = u
            k1 = slope(z, before, own, site, xp)
            k2 = slope(z + 0.5 * dt * k1, middle, own, site, xp)
            k3 = slope(z + 0.5 * dt * k2, middle, own, site, xp)
            k4 = slope(z + dt * k3, after, own, site, xp)
            z = z + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
            return z, z

        _, steps = self.scan(advance, effects, tuple(drives))
        return xp.concatenate([effects[:, None], xp.moveaxis(steps, 0, 1)], axis=1)


def walker(task: Task, parameters: Mapping[str, Array], weight_kg: Array, *, scan: Scan, xp: Any = np) -> Walker:
    """Propagators of every distinct step for one chunk of women; ``parameters`` and ``weight_kg`` are (women,)."""
    K = task.matrix(parameters, xp)
    number = K.shape[0]
    whole = augmented(K, inputs=[place for place in task.entries if place is not None], xp=xp)
    places: tuple[float, ...] = ()
    if task.block is not None:
        places = GAUSS_NODES if task.block.is_linear else _RUNGE_KUTTA_NODES
    one, *nodes = _after(whole, (1.0, *places), task, xp)
    powers, _ = _powers(one, task.strides.longest, xp)
    effect = None
    if task.block is not None:
        scale = task.scales(parameters, xp)[0]
        rows = xp.stack([node[task.rows[0]] * scale for node in nodes])
        effect = _effect_tables(task, task.block, rows, parameters, xp)
    dose_scale = weight_kg if task.per_kg else xp.ones_like(weight_kg)
    return Walker(task, powers[:number], dose_scale, effect, scan, xp)


def _after(matrix: Array, shares: tuple[float, ...], task: Task, xp: Any) -> list[Array]:
    """``exp(matrix * share * dt)`` for each share and every distinct step, (N, N, D, women) each; one exponential."""
    steps = task.strides.steps_h
    times = xp.asarray(np.concatenate([share * steps for share in shares])[:, None])
    every = exponential(matrix, times, squarings=task.squarings, xp=xp)
    return [every[:, :, i * steps.size : (i + 1) * steps.size] for i in range(len(shares))]


def _effect_tables(
    task: Task, block: EffectBlock, nodes: Array, parameters: Mapping[str, Array], xp: Any
) -> EffectTables:
    own = numbers(block, parameters, xp)
    if not block.is_linear:
        return EffectTables(own, nodes)
    P = chain(own, xp)
    P = xp.broadcast_to(P if P.ndim == 3 else P[:, :, None], (2, 2, nodes.shape[3]))
    one, *later = _after(augmented(P, inputs=(0,), xp=xp), (1.0, *(1.0 - c for c in GAUSS_NODES)), task, xp)
    inflow, steps = own.loss * own.baseline, xp.asarray(task.strides.steps_h)[:, None]
    shares = xp.stack([w * steps * inflow * node[:2, 0] for w, node in zip(GAUSS_WEIGHTS, later, strict=True)])
    powers, doublings = _powers(one[:2, :2], task.strides.longest, xp)
    return EffectTables(own, nodes, doublings, powers, one[:2, 2] * inflow, shares)


def _powers(one: Array, longest: int, xp: Any) -> tuple[Array, tuple[Array, ...]]:
    """``one**j`` for ``j = 0 .. longest`` on a new axis before the last, and ``one**(2**k)`` for ``2**k < longest``."""
    identity = np.eye(one.shape[0]).reshape(one.shape[0], one.shape[0], 1, 1, 1)
    power = one[:, :, :, None]
    powers, doublings, size = identity + xp.zeros_like(power), [], 1
    while size < longest + 1:
        if size < longest:
            doublings.append(power)
        powers = xp.concatenate([powers, product(power, powers)], axis=3)
        power, size = product(power, power), 2 * size
    return powers[:, :, :, : longest + 1], tuple(doublings)


def _kept(table: Array, task: Task) -> Array:
    return table[:, [column for column, place in enumerate(task.entries) if place is not None]]
