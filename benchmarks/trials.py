"""How long virtual trials take: 1,000 replicates of 202B with one and two workers, and beside statsmodels.

python benchmarks/trials.py [--trial 202B] [--replicates 1000] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from typing import Any

from matrescence.trials.analysis import Engine
from matrescence.trials.read_design import load_design
from matrescence.trials.run import Replicates, run

BY_PACKAGES = 20
"""Replicates that statsmodels is timed on: it takes a second for a few."""


def seconds(call: Callable[[], Replicates]) -> tuple[float, Replicates]:
    began = time.perf_counter()
    found = call()
    return time.perf_counter() - began, found


def measured(trial: str, replicates: int) -> list[dict[str, Any]]:
    design = load_design(trial)
    run(design, replicates=5, seed=1, workers=1)
    rows = []
    alone, first = seconds(lambda: run(design, replicates=replicates, seed=1, workers=1))
    rows.append({"workers": 1, "engine": "exact", "replicates": replicates, "seconds": alone})
    for workers in sorted({2, os.cpu_count() or 1} - {1}):
        took, found = seconds(lambda n=workers: run(design, replicates=replicates, seed=1, workers=n))
        same = found.values.tobytes() == first.values.tobytes()
        rows.append(
            {"workers": workers, "engine": "exact", "replicates": replicates, "seconds": took, "same_bytes": same}
        )
    took, _ = seconds(lambda: run(design, replicates=BY_PACKAGES, seed=1, workers=1, engine=Engine.PACKAGES))
    rows.append({"workers": 1, "engine": "packages", "replicates": BY_PACKAGES, "seconds": took})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trial", default="202B")
    parser.add_argument("--replicates", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    rows = measured(given.trial, given.replicates)
    if given.json:
        print(json.dumps(rows, indent=2))
        return
    print(f"{given.trial}, on {os.cpu_count()} cores; warm; a pool's start is part of its time\n")
    print("| workers | engine | replicates | seconds | ms each | same bytes |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        each = 1000.0 * row["seconds"] / row["replicates"]
        same = {True: "yes", False: "NO"}.get(row.get("same_bytes"), "")
        print(
            f"| {row['workers']} | {row['engine']} | {row['replicates']} | {row['seconds']:.2f} | {each:.2f} | {same} |"
        )


if __name__ == "__main__":
    main()
