"""The same simulation through JAX on whatever device JAX finds: woman-times per second, share of memory bandwidth.

    python benchmarks/gpu.py [--device cpu|gpu] [--women 10000] [--chunk N] [--json]

The bandwidth is measured in the same run, by reading and writing a large array on the device.  The share counts only
the bytes of the result, written once: the least any engine must move.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

REPEATS = 7


def shortest_s(call: Callable[[], Any]) -> tuple[float, float]:
    """Seconds of the first call (with compiling) and of the fastest of the following ones."""
    seconds = []
    for _ in range(REPEATS + 1):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return seconds[0], min(seconds[1:])


def bandwidth_gb_per_s(megabytes: int) -> float:
    """Bytes read and written per second by ``x + 1`` on a large array on the device, in the memory it already has."""
    import jax

    held = [jax.numpy.zeros(megabytes * 2**20 // 8)]
    add = jax.jit(lambda x: x + 1.0, donate_argnums=0)

    def call() -> None:
        held[0] = jax.block_until_ready(add(held[0]))

    _, best = shortest_s(call)
    return 2.0 * held[0].nbytes / best / 1e9


def measure(*, women: int, chunk: int | None, copied_mb: int) -> dict[str, Any]:
    """Both models on the default device."""
    import jax
    from workload import BLOCK, FULL, MODEL, PLASMA, REGIMEN, TIMES_H, cohort

    from matrescence.pharmacology import jax_simulate

    device = jax.devices()[0]
    with jax_simulate.double_precision():
        limit = bandwidth_gb_per_s(copied_mb)
        own = cohort(women)
        parameters, weight = jax.device_put((own.parameters, own.weight_kg), device)
        models = {}
        for name, block, outputs in (("PK only", None, PLASMA), ("full PK/PD", BLOCK, FULL)):
            function = jax_simulate.course_function(
                MODEL, own, REGIMEN, TIMES_H, block=block, outputs=outputs, women_per_chunk=chunk
            )
            compiled = jax.jit(function)
            first, best = shortest_s(lambda run=compiled: jax.block_until_ready(run(parameters, weight)))
            written = women * TIMES_H.size * len(outputs) * 8
            models[name] = {
                "first_call_s": first, "seconds": best, "woman_times_per_s": women * TIMES_H.size / best,
                "result_gb_per_s": written / best / 1e9, "share_of_bandwidth": written / best / 1e9 / limit,
            }  # fmt: skip
    return {
        "device": device.device_kind, "platform": device.platform, "jax": jax.__version__, "women": women,
        "times": TIMES_H.size, "bandwidth_gb_per_s": limit, "models": models,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", choices=("cpu", "gpu"), help="fail unless JAX runs on this kind of device")
    parser.add_argument("--women", type=int, default=10_000)
    parser.add_argument("--chunk", type=int, help="women per chunk (250 on a CPU, up to 16,384 elsewhere)")
    parser.add_argument("--copied-mb", type=int, default=256, help="size of the array that measures bandwidth")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if given.device:
        os.environ["JAX_PLATFORMS"] = {"cpu": "cpu", "gpu": "cuda"}[given.device]
    try:
        found = measure(women=given.women, chunk=given.chunk, copied_mb=given.copied_mb)
    except (RuntimeError, AssertionError):  # what JAX raises depends on which of its plugins is missing
        sys.exit(f"JAX finds no {given.device or 'device'} on this machine.")
    if given.json:
        print(json.dumps(found, indent=2))
        return
    print(f"{found['device']} ({found['platform']}), JAX {found['jax']}")
    print(f"{found['women']:,} women x {found['times']:,} times")
    print(f"memory bandwidth, reading and writing {given.copied_mb} MB: {found['bandwidth_gb_per_s']:.1f} GB/s")
    for name, row in found["models"].items():
        print(
            f"{name:<11} {row['seconds']:.4f} s   {row['woman_times_per_s']:.3g} woman-times/s   "
            f"{row['result_gb_per_s']:.2f} GB/s of result = {100 * row['share_of_bandwidth']:.1f} % of bandwidth   "
            f"(first call {row['first_call_s']:.1f} s)"
        )


if __name__ == "__main__":
    main()
