"""Each trial predicted by a model that never saw it: the honest test of what a forecast for a new place is worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from matrescence.outcomes.library import fingerprint
from matrescence.outcomes.trial import Trial
from matrescence.trials.check import CheckRow, check
from matrescence.trials.fit import Settings, fit
from matrescence.trials.mood_data import arms_of, without

SETTINGS = Settings(seed=11, warmup=400, draws=400, target_accept=0.93)


def trials_to_leave_out(trials: Sequence[Trial]) -> tuple[str, ...]:
    """The trials whose arms are fitted and that other trials can predict (an only trial of its kind they cannot)."""
    arms = arms_of(trials)
    fitted = dict.fromkeys(arm.trial for arm in arms if any(row.use == "fit" for row in arm.results))
    return tuple(name for name in fitted if _others_know(name, trials))


def leave_one_out(
    trials: Sequence[Trial], *, settings: Settings = SETTINGS, tell: Callable[[str], None] = lambda name: None
) -> dict[str, Any]:
    """For each trial: fit without it, predict it, lay both side by side.  ``tell`` hears each name as it begins."""
    rows: list[CheckRow] = []
    diagnostics: dict[str, Any] = {}
    for name in trials_to_leave_out(trials):
        tell(name)
        rest = without(trials, name)
        found = fit(rest, settings)
        diagnostics[name] = found.diagnostics.as_dict()
        every = check(rest, found.thinned(), found.trial_effects, seed=settings.seed)
        rows += [row for row in every if row.trial == name and row.use == "predict"]
    inside = [row.agrees for row in rows]
    return {
        "trials_sha256": fingerprint(trials),
        "rows": [row.as_dict() for row in rows],
        "inside": int(np.sum(inside)),
        "of": len(rows),
        "diagnostics": diagnostics,
    }


def _others_know(name: str, trials: Sequence[Trial]) -> bool:
    kept = arms_of(without(trials, name))
    known = {arm.treatment for arm in kept if any(row.use == "fit" for row in arm.results)}
    # Brexanolone at one dose informs the other through their common prior; so does zuranolone.
    classes = {treatment.split("-")[0] for treatment in known}
    return all(arm.treatment.split("-")[0] in classes for arm in kept if arm.trial == name)
