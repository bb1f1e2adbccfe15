"""What is timed: each engine as ``prepare(women, full, threads) -> call``, ``call() -> (outputs, women, times)``.

Everything outside ``call`` (compiling, laying out buffers, drawing women) is outside the clock, for every engine alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from workload import BLOCK, FULL, MODEL, PLASMA, REGIMEN, STAIRCASE, TIMES_H, cohort, slopes, solve

Result = list[NDArray[np.float64]]
Call = Callable[[], Result]


def fill(women: int, *, full: bool, threads: int) -> Call:
    """The limit: write the result's bytes and compute nothing (one thread, warm memory)."""
    out = np.zeros((women, TIMES_H.size, len(FULL if full else PLASMA)))

    def call() -> Result:
        out.fill(1.0)
        return []

    return call


def numba(women: int, *, full: bool, threads: int) -> Call:
    from matrescence.pharmacology import numba_kernel

    own, names = cohort(women), FULL if full else PLASMA
    out = np.zeros((women, TIMES_H.size, len(names)))

    def call() -> Result:
        course = numba_kernel.simulate(
            MODEL, own, REGIMEN, TIMES_H, block=BLOCK if full else None, outputs=names, threads=threads, out=out
        )
        return [course.values[name] for name in names]

    return call


def numpy(women: int, *, full: bool, threads: int) -> Call:
    from matrescence.pharmacology.effects import simulate_effect
    from matrescence.pharmacology.simulate import simulate

    own, names = cohort(women), FULL if full else PLASMA

    def call() -> Result:
        if full:
            course = simulate_effect(MODEL, BLOCK, own, REGIMEN, TIMES_H, outputs=names)
        else:
            course = simulate(MODEL, own, REGIMEN, TIMES_H, outputs=names)
        return [course.values[name] for name in names]

    return call


def jax(women: int, *, full: bool, threads: int) -> Call:
    import jax

    from matrescence.pharmacology import jax_simulate

    own, names = cohort(women), FULL if full else PLASMA
    function = jax_simulate.course_function(MODEL, own, REGIMEN, TIMES_H, block=BLOCK if full else None, outputs=names)
    compiled = jax.jit(function)

    def call() -> Result:
        with jax_simulate.double_precision():
            values = jax.block_until_ready(compiled(own.parameters, own.weight_kg))
        return [np.asarray(values[name]) for name in names]

    return call


def lsoda(women: int, *, full: bool, threads: int) -> Call:
    """SciPy ``solve_ivp`` LSODA, rtol 1e-8, atol 1e-10, restarted at every change of rate."""
    own = cohort(women)

    def call() -> Result:
        each = [solve(woman, full=full, women=own, method="LSODA", rtol=1e-8, atol=1e-10) for woman in range(women)]
        return list(np.stack(each, axis=1))

    return call


def diffrax(women: int, *, full: bool, threads: int) -> Call:
    """diffrax Tsit5, rtol 1e-8, atol 1e-10, batched over women, steps clipped at every change of rate."""
    import diffrax
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    own = cohort(women)
    edges, rates = jnp.array([step[1] for step in STAIRCASE]), jnp.array([*(step[2] for step in STAIRCASE), 0.0])

    def field(t: Any, y: Any, p: Any) -> Any:
        rate = rates[jnp.searchsorted(edges, t, side="right")] * p["weight_kg"]
        return jnp.stack(slopes(p, rate, y, full=full))

    controller = diffrax.ClipStepSizeController(diffrax.PIDController(rtol=1e-8, atol=1e-10), jump_ts=edges)

    def one(p: Any) -> Any:
        start = [0.0, 0.0, 0.0, 0.0, p["baseline"], p["points"] * p["baseline"]] if full else [0.0, 0.0]
        states = diffrax.diffeqsolve(
            diffrax.ODETerm(field), diffrax.Tsit5(), 0.0, float(TIMES_H[-1]), 0.01,
            jnp.stack([jnp.asarray(value) for value in start]), args=p, max_steps=100_000,
            saveat=diffrax.SaveAt(ts=jnp.asarray(TIMES_H)), stepsize_controller=controller,
        ).ys  # fmt: skip
        plasma = states[:, 0] / p["v1"]
        if not full:
            return plasma[None]
        sedation = 1.0 / (1.0 + jnp.exp(-p["slope"] * (states[:, 3] - p["midpoint"])))
        return jnp.stack([plasma, states[:, 2], states[:, 3], states[:, 4], states[:, 5], sedation])

    compiled = jax.jit(jax.vmap(one))
    arguments = {**own.parameters, "weight_kg": own.weight_kg}

    def call() -> Result:
        values = jax.block_until_ready(compiled(arguments))
        return list(np.moveaxis(np.asarray(values), 0, 1))

    return call
