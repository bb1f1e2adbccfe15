"""How long virtual trials take: 1,000 replicates of 202B with one and two workers, and beside statsmodels.

python benchmarks/trials.py [--trial 202B] [--replicates 1000] [--json] [--write PAGE]
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from page import circumstances, put

from matrescence.trials.analysis import Engine
from matrescence.trials.read_design import load_design
from matrescence.trials.run import Replicates, run

BY_PACKAGES = 20
"""Replicates that statsmodels is timed on: it takes a second for a few."""


def seconds(call: Callable[[], Replicates]) -> tuple[dict[str, float], Replicates]:
    """Wall-clock seconds, and processor seconds of this process and of its workers."""
    began, busy = time.perf_counter(), sum(os.times()[:4])
    found = call()
    return {"seconds": time.perf_counter() - began, "cpu_seconds": sum(os.times()[:4]) - busy}, found


def measured(trial: str, replicates: int) -> list[dict[str, Any]]:
    design = load_design(trial)
    run(design, replicates=5, seed=1, workers=1)
    rows = []
    alone, first = seconds(lambda: run(design, replicates=replicates, seed=1, workers=1))
    rows.append({"workers": 1, "engine": "exact", "replicates": replicates, **alone})
    for workers in sorted({2, os.cpu_count() or 1} - {1}):
        took, found = seconds(lambda n=workers: run(design, replicates=replicates, seed=1, workers=n))
        same = found.values.tobytes() == first.values.tobytes()
        rows.append({"workers": workers, "engine": "exact", "replicates": replicates, **took, "same_bytes": same})
    took, _ = seconds(lambda: run(design, replicates=BY_PACKAGES, seed=1, workers=1, engine=Engine.PACKAGES))
    rows.append({"workers": 1, "engine": "packages", "replicates": BY_PACKAGES, **took})
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trial", default="202B")
    parser.add_argument("--replicates", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", type=Path, help="keep the table in this Markdown page")
    given = parser.parse_args()
    rows = measured(given.trial, given.replicates)
    if given.json:
        print(json.dumps(rows, indent=2))
        return
    lines = list(table(rows))
    print(f"{given.trial}, on {os.cpu_count()} cores; warm; a pool's start is part of its time\n")
    print("\n".join(lines))
    if given.write:
        words = f"{given.trial} repeated; warm, and a pool's start is part of its time. {circumstances()}"
        put(given.write, "Virtual trials", [words, "", *lines])


def table(rows: list[dict[str, Any]]) -> Iterator[str]:
    """The rows as a Markdown table."""
    yield "| workers | engine | replicates | seconds | ms each | CPU ms each | same bytes |"
    yield "|---|---|---|---|---|---|---|"
    for row in rows:
        each, busy = (1000.0 * row[key] / row["replicates"] for key in ("seconds", "cpu_seconds"))
        same = {True: "yes", False: "NO"}.get(row.get("same_bytes"), "")
        counted = f"{row['workers']} | {row['engine']} | {row['replicates']}"
        yield f"| {counted} | {row['seconds']:.2f} | {each:.2f} | {busy:.2f} | {same} |"


if __name__ == "__main__":
    main()
