"""The published rows as the arrays that the likelihood compares with what is expected.

Only rows whose use is ``fit`` are here.  Mean changes are one line for each arm, padded to the longest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrescence.outcomes.trial import Result, Trial
from matrescence.trials.mood_arm import Rows, rows_of
from matrescence.trials.mood_data import ArmData, arms_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

COUNT_WEIGHT = 0.75
SPREAD_OF_SPREAD = 0.05
"""The published standard error comes from a mixed model, so that times root n it is not quite the arm's own spread."""
SUSTAINED_VISITS_H = (60.0, 168.0, 720.0)


@dataclass(frozen=True, slots=True)
class Data:
    """Everything the model is fitted to.

    ``change_*`` are (arms, visits) with ``change_there`` false in the padding; ``counts`` (visits, 3) are women in
    remission, with neither, and with response alone, already weighted; ``pooled_mix`` (rows, arms) mixes the sustained
    rates of single arms into a pooled one.
    """

    rows: Rows
    trial_effects: tuple[str, ...]
    trial_settings: tuple[str, ...]
    trial_severe: Floats
    change_rows: Ints
    change_there: Bools
    change_values: Floats
    change_se: Floats
    spread_rows: Ints
    spread_log: Floats
    spread_error: Floats
    count_rows: Ints
    count_split: Bools
    count_remission: Bools
    counts: Floats
    pooled_rows: Rows | None
    pooled_mix: Floats
    pooled_yes: Floats
    pooled_n: Floats
    week_one: tuple[float, float, float] | None


def data_of(trials: Sequence[Trial]) -> Data:
    """Lay the fitted rows of the trials out as arrays."""
    arms = tuple(arm for arm in arms_of(trials) if any(row.use == "fit" for row in arm.results))
    rows = rows_of(arms)
    # One arm of untreated women cannot tell its trial's deviation from its course.
    effects = {arm.trial: arm for arm in arms if arm.treatment != "untreated"}
    return Data(
        rows=rows,
        trial_effects=tuple(effects),
        trial_settings=tuple(arm.setting for arm in effects.values()),
        trial_severe=np.array([arm.severe for arm in effects.values()]),
        **_changes(arms, rows),
        **_spreads(arms, rows),
        **_counts(arms, rows),
        **_pooled(trials, arms),
        week_one=_week_one(trials),
    )


def _changes(arms: Sequence[ArmData], rows: Rows) -> dict[str, Any]:
    lines = [(index, arm.fitted("change")) for index, arm in enumerate(arms) if arm.fitted("change")]
    shape = (len(lines), max((len(found) for _, found in lines), default=1))
    where, there = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=bool)
    values, se = np.zeros(shape), np.ones(shape)
    for line, (index, found) in enumerate(lines):
        for place, row in enumerate(found):
            where[line, place], there[line, place] = rows.row(index, row.at_h), True
            values[line, place], se[line, place] = row.value, _known(row.se) * row.inflate
    return {"change_rows": where, "change_there": there, "change_values": values, "change_se": se}


def _spreads(arms: Sequence[ArmData], rows: Rows) -> dict[str, Any]:
    found = [
        (rows.row(index, row.at_h), np.log(_known(row.se) * np.sqrt(arm.n)), arm.n)
        for index, arm in enumerate(arms)
        for row in arm.fitted("change")
        if row.spread == "read"
    ]
    n = np.array([people for _, _, people in found], dtype=np.float64)
    return {
        "spread_rows": np.array([row for row, _, _ in found], dtype=np.int64),
        "spread_log": np.array([log for _, log, _ in found]),
        "spread_error": np.sqrt(0.5 / (n - 1.0) + SPREAD_OF_SPREAD**2),
    }


def _counts(arms: Sequence[ArmData], rows: Rows) -> dict[str, Any]:
    where, split, alone, cells = [], [], [], []
    for index, arm in enumerate(arms):
        found = (*arm.fitted("response"), *arm.fitted("remission"))
        hours = sorted({row.at_h for row in found})
        weight = COUNT_WEIGHT if arm.fitted("change") or len(hours) > 1 else 1.0
        for at_h in hours:
            here = {row.outcome: row for row in found if row.at_h == at_h}
            where.append(rows.row(index, at_h))
            split.append(len(here) == 2)
            alone.append("response" not in here)
            cells.append([weight * count for count in _cells(here, arm.n)])
    return {
        "count_rows": np.array(where, dtype=np.int64),
        "count_split": np.array(split, dtype=bool),
        "count_remission": np.array(alone, dtype=bool),
        "counts": np.array(cells).reshape(-1, 3),
    }


def _cells(here: dict[str, Result], n: int) -> list[float]:
    """Women in remission, with neither, with response alone; with one rate only, all that have it stand first."""
    row = next(iter(here.values()))
    people = float(row.n or n)
    if len(here) == 2:
        response, remission = here["response"].value / 100.0, here["remission"].value / 100.0
        return [people * remission, people * (1.0 - response), people * (response - remission)]
    return [people * row.value / 100.0, people * (1.0 - row.value / 100.0), 0.0]


def _pooled(trials: Sequence[Trial], arms: Sequence[ArmData]) -> dict[str, Any]:
    found = [
        ([arm for arm in arms if arm.trial in trial.pooled_from and arm.treatment == pool.treatment], row)
        for trial in trials
        for pool in trial.arms
        for row in pool.results
        if trial.pooled_from and row.use == "fit" and row.outcome == "sustained-remission"
    ]
    parts = [arm for group, _ in found for arm in group]
    mix = np.zeros((len(found), len(parts)))
    for line, (group, _) in enumerate(found):
        people = sum(arm.n for arm in group)
        for arm in group:
            mix[line, parts.index(arm)] = arm.n / people
    n = np.array([float(row.n or 0) for _, row in found])
    return {
        "pooled_rows": rows_of(parts, [SUSTAINED_VISITS_H] * len(parts)) if parts else None,
        "pooled_mix": mix,
        "pooled_yes": n * np.array([row.value / 100.0 for _, row in found]),
        "pooled_n": n,
    }


def _week_one(trials: Sequence[Trial]) -> tuple[float, float, float] | None:
    for trial in trials:
        for arm in trial.arms:
            for row in arm.results:
                if row.outcome == "share-of-six-week-effect" and row.use == "fit":
                    return row.at_h, row.value, _known(row.se)
    return None


def _known(number: float | None) -> float:
    if number is None:
        raise ValueError("a fitted row without a standard error was let through")
    return number
