"""How long a plan takes: the command from a cold shell, and ``actions.planning.plan`` in a warm process.

python benchmarks/plan_latency.py [--mother examples/mothers/ana.toml] [--drug brexanolone] [--women 2000] [--json]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from page import circumstances, put

ROOT = Path(__file__).resolve().parent.parent
COLD_RUNS, WARM_RUNS = 5, 9


def seconds(call: Callable[[], Any], *, times: int) -> list[float]:
    found = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        found.append(time.perf_counter() - began)
    return found


def cold(mother: Path, drug: str, women: int) -> list[float]:
    """The whole process, Python's start included, writing every file of the plan."""
    with tempfile.TemporaryDirectory() as folder:
        program = "from matrescence.cli.main import main; main()"
        command = [
            sys.executable, "-c", program, "plan", str(mother), "--drug", drug, "--women", str(women), "--out", folder,
        ]  # fmt: skip
        return seconds(lambda: subprocess.run(command, check=True, capture_output=True), times=COLD_RUNS)


def warm(mother: Path, drug: str, women: int) -> list[float]:
    """``plan`` alone, after one call that filled the caches."""
    from matrescence.actions.mother_file import read_mother
    from matrescence.actions.planning import plan
    from matrescence.formulary.library import load

    who, what = read_mother(mother), load(drug)

    def call() -> None:
        plan(who, what, women=women, seed=1)

    call()
    return seconds(call, times=WARM_RUNS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mother", type=Path, default=ROOT / "examples" / "mothers" / "ana.toml")
    parser.add_argument("--drug", default="brexanolone")
    parser.add_argument("--women", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", type=Path, help="keep the table in this Markdown page")
    given = parser.parse_args()
    found = {
        "cold command": cold(given.mother, given.drug, given.women),
        "warm plan()": warm(given.mother, given.drug, given.women),
    }
    if given.json:
        print(json.dumps(found))
        return
    print(f"One plan, {given.drug}, {given.women:,} women:")
    for name, values in found.items():
        print(f"  {name:<13} min {min(values):.3f} s   median {statistics.median(values):.3f} s   of {len(values)}")
    if given.write:
        rows = [f"| {name} | {min(v):.3f} | {statistics.median(v):.3f} | {len(v)} |" for name, v in found.items()]
        words = f"{given.drug}, {given.women:,} virtual women, levels and mood. {circumstances()}"
        put(given.write, "One plan", [words, "", "| what | s (min) | s (median) | runs |", "|---|---|---|---|", *rows])


if __name__ == "__main__":
    main()
