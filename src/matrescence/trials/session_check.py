"""The MADRS model of ketamine sessions beside every published number it can be compared with.

The tolerance is the published range where a row holds one; else three points for a change and eight for a rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrescence.outcomes.posterior import SESSION_PARAMETERS, SessionPosterior
from matrescence.outcomes.trial import Arm, Result, Trial
from matrescence.pharmacology.response import is_response
from matrescence.pharmacology.sessions import SessionParameters, madrs_course
from matrescence.trials.check import MUST_TRIALS, CheckRow

Floats = NDArray[np.float64]

POINTS, RATE_POINTS = 3.0, 8.0
WOMEN = 2000
FOLLOWED_DAYS = 120
BASELINE_SD = 5.0
"""As in the fit: between-person standard deviation of the baselines that were not read."""


def check_sessions(trials: Sequence[Trial], posterior: SessionPosterior, *, seed: int) -> tuple[CheckRow, ...]:
    """Every published number of the MADRS trials that the model can predict, in the order of the files."""
    rows = []
    for trial in trials:
        for arm in trial.arms:
            for result in arm.results:
                found = predicted(posterior, arm, result, seed=seed)
                if found is not None:
                    rows.append(_row(trial, arm, result, found))
    return tuple(rows)


def predicted(posterior: SessionPosterior, arm: Arm, row: Result, *, seed: int) -> Floats | None:
    """The prediction for each posterior draw, in the row's own unit; ``None`` where the model has none."""
    if row.outcome == "sessions-to-response":
        return _sessions_to_response(posterior, arm, seed)
    if row.outcome == "median-days-to-relapse":
        return _days_to_relapse(posterior, arm, seed)
    if row.outcome in ("relapse", "sustained-response", "sustained-remission", "share-of-six-week-effect"):
        return None
    import jax

    from matrescence.trials.session_model import predictions

    def one(draw: dict[str, Any]) -> Any:
        return predictions(SessionParameters(**draw), [(arm, row)])[0]

    with jax.enable_x64(True):
        return np.asarray(jax.vmap(one)({name: posterior.draws[name] for name in SESSION_PARAMETERS}))


def _sessions_to_response(posterior: SessionPosterior, arm: Arm, seed: int) -> Floats:
    """After how many sessions half of those who ever respond have done so, a day after each."""
    sessions = arm.sessions_at_h[:6]
    times = np.array(sessions) + 24.0
    scores, baseline = _people(posterior, sessions, times, seed)
    responds = is_response(scores, baseline[:, None])
    first = np.where(responds.any(axis=1), responds.argmax(axis=1) + 1.0, np.nan)
    return np.full(1, float(np.nanmedian(first)))


def _days_to_relapse(posterior: SessionPosterior, arm: Arm, seed: int) -> Floats:
    """Days from the last session until half of the responders' courses are back above half their baseline."""
    days = np.arange(1.0, FOLLOWED_DAYS + 1.0)
    scores, baseline = _people(posterior, arm.sessions_at_h, arm.sessions_at_h[-1] + 24.0 * days, seed, scatter=False)
    responders = scores[:, 0] <= baseline / 2.0
    back = scores[responders] > baseline[responders, None] / 2.0
    return np.full(1, float(np.median(np.where(back.any(axis=1), days[back.argmax(axis=1)], FOLLOWED_DAYS))))


def _people(
    posterior: SessionPosterior, sessions: Sequence[float], times: Floats, seed: int, *, scatter: bool = True
) -> tuple[Floats, Floats]:
    generator = np.random.default_rng(seed)
    parameters = posterior.parameters(np.arange(WOMEN) % posterior.size)
    baseline = np.clip(parameters.baseline + BASELINE_SD * generator.standard_normal(WOMEN), 15.0, 59.0)
    scores = madrs_course(
        parameters,
        baseline=baseline,
        treatment="ketamine",
        sessions_at_h=sessions,
        times_h=times,
        eta=generator.standard_normal(WOMEN),
        residual=generator.standard_normal((WOMEN, times.size)) if scatter else 0.0,
    )
    return np.asarray(scores), baseline


def _row(trial: Trial, arm: Arm, result: Result, found: Floats) -> CheckRow:
    low, high = (float(end) for end in np.quantile(found, (0.025, 0.975)))
    accept, rule = _tolerance(result)
    # A row that is compared with its published range is judged like a fitted one: by where the prediction lies.
    use = "show" if result.use == "show" else "fit"
    return CheckRow(
        trial.name, arm.name, arm.treatment, result.outcome, result.at_h, result.value, float(found.mean()), low, high,
        accept, rule, use, result.grade, must=trial.name in MUST_TRIALS,
    )  # fmt: skip


def _tolerance(row: Result) -> tuple[tuple[float, float], str]:
    if row.low is not None and row.high is not None:
        return (row.low, row.high), "published range"
    if row.outcome == "standardised-difference":
        half = 2.0 * (row.se or 0.0)
        return (row.value - half, row.value + half), "published +/- 2 SE"
    half = {"change": POINTS, "difference": 2.0}.get(row.outcome, RATE_POINTS)
    return (row.value - half, row.value + half), f"published +/- {half:g}"
