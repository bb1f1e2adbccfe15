"""How long her own forecast takes: one mother in a warm process, and 1,000 women at once.

python benchmarks/update.py [--women 1000] [--runs 7] [--json] [--write PAGE]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from page import circumstances, put

ROOT = Path(__file__).resolve().parent.parent
HOURS = (4.0, 24.0, 52.0, 66.0)


def seconds(call: Callable[[], Any], *, times: int) -> dict[str, float]:
    """Wall-clock and processor seconds, warm; the second are what other programs on the machine disturb less."""
    call()
    found, busy = [], []
    for _ in range(times):
        began, busy_began = time.perf_counter(), time.process_time()
        call()
        found.append(time.perf_counter() - began)
        busy.append(time.process_time() - busy_began)
    return {"min_s": min(found), "median_s": statistics.median(found), "cpu_s": min(busy)}


def whole_update(runs: int) -> dict[str, float]:
    """``actions.update`` with two levels and three scores: rounds, bands and words (the file already read)."""
    from matrescence.actions.update import update
    from matrescence.actions.update_file import read_measured

    measured = read_measured(ROOT / "examples" / "updates" / "ana_levels_and_scores.toml")
    return seconds(lambda: update(measured), times=runs)


def levels(women: int, runs: int) -> dict[str, dict[str, float]]:
    """The most probable parameters from four levels: one woman, her weighted women, and many women in one batch."""
    from matrescence.formulary import library
    from matrescence.pharmacology.cohort import draw
    from matrescence.pharmacology.individualise import fit_levels, own_women
    from matrescence.pharmacology.level_fit import Level, LevelProblem
    from matrescence.pharmacology.map_fit import most_probable
    from matrescence.pharmacology.simulate import observe, simulate

    drug = library.load("brexanolone")
    model, regimen = drug.models[drug.default_model or ""], drug.regimens["label-90"].as_input()
    cohort = draw(model, covariates={"weight_kg": 70.0}, women=women, seed=3)
    course = simulate(model, cohort, regimen, HOURS, outputs=["plasma"])
    observed = np.maximum(observe(model, course).values["plasma"], 0.05 * course.values["plasma"])
    hers = [Level("plasma", hour, float(value)) for hour, value in zip(HOURS, observed[0], strict=True)]
    asked: dict[str, Any] = {"covariates": {"weight_kg": 70.0}, "regimen": regimen, "levels": hers}
    at = [("plasma", hour) for hour in HOURS]

    def batch() -> None:
        weights = {"weight_kg": np.full(women, 70.0)}
        most_probable(LevelProblem(model, covariates=weights, regimen=regimen, at=at, observed=observed))

    return {
        "one woman, most probable parameters": seconds(lambda: fit_levels(model, **asked), times=runs),
        "one woman, 2,000 weighted women": seconds(lambda: own_women(model, **asked, women=2000, seed=1), times=runs),
        f"{women:,} women, most probable parameters, one batch": seconds(batch, times=max(2, runs // 3)),
    }


def scores(runs: int, women: int) -> dict[str, dict[str, float]]:
    """Three scores of one woman, and of many, one after another, with the shipped posterior."""
    from matrescence.outcomes.posterior import mood_posterior
    from matrescence.pharmacology.mood_fit import Given, after_scores, mood_women

    given, hours = Given(28.0, "brexanolone-90", 1.0), np.array([24.0, 60.0, 168.0])
    before = mood_women(mood_posterior().parameters(), given, women=2000, seed=1)
    totals = np.random.default_rng(1).integers(5, 28, size=(women, 3)).astype(float)

    def many() -> None:
        for row in totals:
            after_scores(before, times_h=hours, scores=row, seed=1)

    return {
        "one woman, three scores": seconds(
            lambda: after_scores(before, times_h=hours, scores=totals[0], seed=1), times=runs
        ),
        f"{women:,} women, three scores each": seconds(many, times=2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--women", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", type=Path, help="keep the table in this Markdown page")
    asked = parser.parse_args()
    found = levels(asked.women, asked.runs)
    try:
        found |= scores(asked.runs, asked.women)
        found["one woman, the whole update, warm"] = whole_update(asked.runs)
    except ValueError as error:
        print(f"not measured: {error}")
    if asked.json:
        print(json.dumps(found, indent=2))
        return
    for name, row in found.items():
        wall = f"{1e3 * row['min_s']:.1f} ms at best, {1e3 * row['median_s']:.1f} ms in the middle"
        print(f"{name}: {wall}, {1e3 * row['cpu_s']:.1f} ms of processor")
    if asked.write:
        keys = ("min_s", "median_s", "cpu_s")
        rows = [f"| {name} | {' | '.join(f'{1e3 * row[key]:.1f}' for key in keys)} |" for name, row in found.items()]
        words = f"Her own forecast from levels and scores, warm, one process. {circumstances()}"
        put(
            asked.write,
            "Updates",
            [words, "", "| what | ms (min) | ms (median) | CPU ms (min) |", "|---|---|---|---|", *rows],
        )


if __name__ == "__main__":
    main()
