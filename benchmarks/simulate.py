"""Time the engines on the common workload beside named alternatives; every engine in a process of its own.

    python benchmarks/simulate.py [--quick] [--json] [--write docs/reference/benchmarks.md]

A process of its own makes the peak memory honest and pins the number of CPUs for everyone alike.  The clock is warm:
each engine runs once before it is timed.  LSODA and diffrax are timed on fewer women and scaled; the table says so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from page import put
from rich.console import Console
from rich.table import Table
from workload import FULL, PLASMA, TIMES_H, WOMEN, cohort, solve

REFERENCE_WOMEN = 4
ENGINES = ("fill", "numba", "jax", "numpy", "lsoda", "diffrax")
LABELS = {
    "fill": "memory limit (plain fill)", "numba": "matrescence, numba", "jax": "matrescence, JAX",
    "numpy": "matrescence, NumPy", "lsoda": "SciPy LSODA 1e-8", "diffrax": "diffrax Tsit5 1e-8",
}  # fmt: skip
SAMPLES = {"lsoda": 8, "diffrax": 200}
REPEATS = {"fill": 15, "numba": 15, "jax": 5, "numpy": 3, "lsoda": 2, "diffrax": 3}
SINGLE_THREADED = ("fill", "numpy", "lsoda")


def work(task: dict[str, Any]) -> dict[str, Any]:
    """Run one engine in this process: seconds of each repeat, largest error, peak memory."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: task["threads"]])
    import engines

    call = getattr(engines, task["engine"])(task["women"], full=task["full"], threads=task["threads"])
    call()
    result: list[np.ndarray] = []
    seconds, cpu_seconds = [], []
    for _ in range(task["repeats"]):
        result = []  # the last result goes before the next comes, or memory would count both
        began, cpu_began = time.perf_counter(), time.process_time()
        result = call()
        seconds.append(time.perf_counter() - began)
        cpu_seconds.append(time.process_time() - cpu_began)
    peak_gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    error = _error(result, Path(task["reference"]))
    return {**task, "seconds": seconds, "cpu_seconds": cpu_seconds, "peak_gib": peak_gib, "error": error}


def _error(result: list[np.ndarray], path: Path) -> float | None:
    if not result:
        return None
    reference = np.load(path)
    count = min(REFERENCE_WOMEN, result[0].shape[0])
    return max(
        float(np.max(np.abs(got[:count] - true[:count])) / np.max(np.abs(true[:count])))
        for got, true in zip(result, reference, strict=True)
    )


def measure(*, women: int, quick: bool) -> list[dict[str, Any]]:
    """Every engine, both models, one and two threads, each in a fresh process."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for full in (False, True):
            reference = Path(folder) / f"{full}.npy"
            np.save(reference, _reference(full=full))
            for engine in ENGINES:
                for threads in (1,) if engine in SINGLE_THREADED else (1, 2):
                    sample = min(women, SAMPLES[engine] // (4 if quick else 1)) if engine in SAMPLES else women
                    task = {
                        "engine": engine, "full": full, "threads": threads, "women": sample, "scaled_to": women,
                        "repeats": 2 if quick else REPEATS[engine], "reference": str(reference),
                    }  # fmt: skip
                    if engine == "numba":
                        _in_a_process({**task, "repeats": 0, "women": 32})  # compiles to disk
                    rows.append(_in_a_process(task))
                    print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return [_with_rates(row, rows) for row in rows]


def _reference(*, full: bool) -> np.ndarray:
    women = cohort(REFERENCE_WOMEN)
    each = [solve(i, full=full, women=women, method="DOP853", rtol=1e-12, atol=1e-14) for i in range(REFERENCE_WOMEN)]
    return np.stack(each, axis=1)


def _in_a_process(task: dict[str, Any]) -> dict[str, Any]:
    environment = os.environ | {
        "NUMBA_NUM_THREADS": str(task["threads"]), "OMP_NUM_THREADS": str(task["threads"]), "JAX_PLATFORMS": "cpu",
    }  # fmt: skip
    command = [sys.executable, __file__, "--work", json.dumps(task)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{task['engine']} failed:\n{done.stderr}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _with_rates(row: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    def scaled(other: dict[str, Any], choose: Any) -> float:
        return float(choose(other["seconds"])) * other["scaled_to"] / other["women"]

    def against(engine: str) -> float | None:
        peers = [other for other in rows if other["engine"] == engine and other["full"] == row["full"]]
        return min(scaled(peer, min) for peer in peers) / scaled(row, min)

    best = scaled(row, min)
    cpu = min(row["cpu_seconds"]) * row["scaled_to"] / row["women"]
    return {
        "cpu_seconds_min": cpu,
        "engine": row["engine"], "model": "full PK/PD" if row["full"] else "PK only", "threads": row["threads"],
        "women_timed": row["women"], "women": row["scaled_to"], "seconds_min": best,
        "seconds_median": scaled(row, np.median), "woman_times_per_s": row["scaled_to"] * TIMES_H.size / best,
        "times_faster_than_lsoda": against("lsoda"), "times_faster_than_diffrax": against("diffrax"),
        "share_of_memory_limit": against("fill"), "error_of_peak": row["error"], "peak_gib": row["peak_gib"],
        "outputs": len(FULL if row["full"] else PLASMA),
    }  # fmt: skip


COLUMNS = (
    "model", "engine", "threads", "s (min)", "s (median)", "CPU s", "woman-times/s", "x LSODA", "x diffrax",
    "of memory limit", "error / peak", "peak GiB",
)  # fmt: skip


def cells(row: dict[str, Any]) -> list[str]:
    """One line of the table."""
    star = "*" if row["women_timed"] < row["women"] else ""
    error = "" if row["error_of_peak"] is None else f"{row['error_of_peak']:.1e}"
    return [
        row["model"], LABELS[row["engine"]], str(row["threads"]), f"{row['seconds_min']:.3g}{star}",
        f"{row['seconds_median']:.3g}{star}", f"{row['cpu_seconds_min']:.3g}{star}",
        f"{row['woman_times_per_s']:.2g}",
        f"{row['times_faster_than_lsoda']:.3g}", f"{row['times_faster_than_diffrax']:.3g}",
        f"{100 * row['share_of_memory_limit']:.2g} %", error, f"{row['peak_gib']:.2f}",
    ]  # fmt: skip


def notes(rows: list[dict[str, Any]]) -> list[str]:
    """What a reader must know to judge the table."""
    scaled = {LABELS[row["engine"]]: row["women_timed"] for row in rows if row["women_timed"] < row["women"]}
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "jax", "scipy", "diffrax"))
    return [
        f"{rows[0]['women']:,} women x {TIMES_H.size:,} times; PK only: plasma; full PK/PD: {len(FULL)} outputs.",
        "Warm: each engine ran once before it was timed, in a process of its own; numba fills an array it is given.",
        "* timed on fewer women and scaled: " + ", ".join(f"{name} on {count}" for name, count in scaled.items()) + ".",
        f"Error: largest over all outputs and times of {REFERENCE_WOMEN} women, relative to the output's peak, against "
        "DOP853 (rtol 1e-12, atol 1e-14) restarted at every change of rate, whose own error is about 1e-11.",
        "x LSODA, x diffrax: their best time over this best time. Of memory limit: seconds to fill that array once.",
        "CPU s: processor seconds of all threads together, which other programs on the machine disturb less.",
        f"The machine's load at the end of the run was {os.getloadavg()[0]:.1f} (1 or 2 when nothing else runs).",
        f"{_cpu()}, {len(os.sched_getaffinity(0))} CPUs, Python {platform.python_version()}, {packages}.",
    ]


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def markdown(rows: list[dict[str, Any]]) -> list[str]:
    """The same table as a section of the page in the docs."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    lines += ["| " + " | ".join(cells(row)) + " |" for row in rows]
    return [*lines, "", *(f"- {note}" for note in notes(rows))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="500 women and few repeats: seconds instead of minutes")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    parser.add_argument("--write", type=Path, help="also write the table to this Markdown file")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        print(json.dumps(work(json.loads(given.work))))
        return
    rows = measure(women=500 if given.quick else WOMEN, quick=given.quick)
    if given.json:
        print(json.dumps(rows, indent=2))
    else:
        table = Table(*COLUMNS, title="Simulation")
        for row in rows:
            table.add_row(*cells(row), end_section=row["engine"] == ENGINES[-1] and row["threads"] == 2)
        console = Console(width=None if sys.stdout.isatty() else 170)
        console.print(table)
        console.print("\n".join(notes(rows)), highlight=False)
    if given.write:
        put(given.write, "Simulation", markdown(rows))


if __name__ == "__main__":
    main()
