"""Mood under ketamine sessions, on MADRS, borrowed from treatment-resistant depression.

With the forecast stands how fast the effect goes when sessions stop: of the women who respond, when half have lost it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrescence.actions.plan_json import exact, predicted
from matrescence.outcomes.posterior import SessionPosterior, session_posterior
from matrescence.pharmacology.philox import Stream, standard_normals
from matrescence.pharmacology.sessions import MADRS_REMISSION_AT_MOST, SessionParameters, madrs_course
from matrescence.reading import InputError

Json = dict[str, Any]
Floats = NDArray[np.float64]

WOMEN = 2000
SHOWN_H = (4.0, 24.0, 72.0, 168.0, 360.0, 720.0)
AFTER_DAYS = (1, 2, 3, 5, 7, 10, 14, 18, 21, 28)
FOLLOWED_DAYS = 90
NOT_PPD = (
    "No randomised trial has treated diagnosed PPD with ketamine: this curve is borrowed from treatment-resistant "
    "depression."
)


def session_mood(madrs: float | None, sessions_at_h: Sequence[float], *, seed: int) -> tuple[Json | None, str | None]:
    """The ``mood`` of a plan of ketamine sessions; ``madrs`` is her score before them, if it is known."""
    try:
        posterior = session_posterior()
    except InputError as error:
        return None, f"Unknown: the posterior of the trials cannot be used ({error})"
    baseline = round(float(posterior.draws["baseline"].mean()), 1) if madrs is None else madrs
    return _forecast(posterior, baseline, madrs is None, tuple(sessions_at_h), seed), None


def responders_lose_it(
    parameters: SessionParameters, *, baseline: float, sessions_at_h: Sequence[float], eta: Floats
) -> Floats:
    """Days from the last session until each responder's course is back above half her baseline; ``inf`` if never.

    A responder is a woman whose course is at most half her baseline one day after the last session; the others are
    left out.  Followed for 90 days.
    """
    days = np.arange(1.0, FOLLOWED_DAYS + 0.5, 0.5)
    times = sessions_at_h[-1] + 24.0 * days
    course = madrs_course(
        parameters, baseline=baseline, treatment="ketamine", sessions_at_h=sessions_at_h, times_h=times, eta=eta
    )
    back = course[course[:, 0] <= baseline / 2.0] > baseline / 2.0
    return np.where(back.any(axis=1), days[back.argmax(axis=1)], np.inf)


def _forecast(
    posterior: SessionPosterior, baseline: float, assumed: bool, sessions_at_h: tuple[float, ...], seed: int
) -> Json:
    rows = np.arange(WOMEN) % posterior.size
    parameters = posterior.parameters(rows)
    eta = standard_normals(seed=seed, women=np.arange(WOMEN), draws=1, stream=Stream.INDIVIDUAL)[0]
    times = _times(sessions_at_h)
    courses = {
        given: madrs_course(
            parameters, baseline=baseline, treatment=given, sessions_at_h=sessions_at_h, times_h=times, eta=eta
        )
        for given in ("ketamine", "saline")
    }
    return {
        "scale": "MADRS",
        "highest": 60,
        "baseline": exact(baseline),
        "assumed_baseline": assumed,
        "treatment": "ketamine",
        "sessions": len(sessions_at_h),
        "time_h": [exact(float(at_h)) for at_h in times],
        "drug": _band(courses["ketamine"]),
        "placebo": _band(courses["saline"]),
        "at": _at(posterior, baseline, sessions_at_h, seed),
        "plain": _plain(baseline, assumed),
        "relapse": _relapse(parameters, baseline, sessions_at_h, eta),
        "grade": posterior.grade,
        "fitted_to": list(posterior.provenance["trials"]),
        "sources": list(posterior.provenance["sources"]),
    }


def _times(sessions_at_h: Sequence[float]) -> Floats:
    last = sessions_at_h[-1]
    around = [at_h + after for at_h in sessions_at_h for after in (0.0, 2.0, 4.0, 12.0, 24.0)]
    return np.unique([*around, *(last + 24.0 * day for day in AFTER_DAYS)])


def _band(scores: Floats) -> Json:
    rows = np.percentile(scores, (5.0, 50.0, 95.0), axis=0)
    return {
        name: [predicted(float(value)) for value in row] for name, row in zip(("p05", "p50", "p95"), rows, strict=True)
    }


def _at(posterior: SessionPosterior, baseline: float, sessions_at_h: Sequence[float], seed: int) -> list[Json]:
    """Rates over women for each posterior draw; the ends are the 5th and 95th percentile over draws."""
    last_h = sessions_at_h[-1] + 24.0
    hours = sorted({*(at_h for at_h in SHOWN_H if at_h <= last_h + 720.0), last_h})
    draws, each = min(posterior.size, 200), 50
    picked = np.linspace(0, posterior.size - 1, draws).astype(np.int64)
    parameters = posterior.parameters(np.repeat(picked, each))
    women = np.arange(draws * each)
    # The same women for every draw, so that what differs between draws is the draw.
    normals = standard_normals(
        seed=seed, women=np.arange(each), draws=1 + len(hours), stream=Stream.INDIVIDUAL, part=3
    )[:, women % each]
    told: list[Json] = [{"at_h": at_h, "label": _label(at_h, last_h)} for at_h in hours]
    for given, before in (("ketamine", ""), ("saline", "placebo_")):
        scores = madrs_course(
            parameters, baseline=baseline, treatment=given, sessions_at_h=sessions_at_h,
            times_h=np.array(hours), eta=normals[0], residual=normals[1:].T,
        ).reshape(draws, each, -1)  # fmt: skip
        values = {
            "change": scores - baseline,
            "response": 100.0 * (np.round(scores) <= baseline / 2.0),
            "remission": 100.0 * (np.round(scores) <= MADRS_REMISSION_AT_MOST),
        }
        for name, found in values.items():
            means = found.mean(axis=1)
            for index, row in enumerate(told):
                low, high = np.percentile(means[:, index], (5.0, 95.0))
                row[before + name] = {
                    "p50": predicted(float(means[:, index].mean())),
                    "low": predicted(float(low)),
                    "high": predicted(float(high)),
                }
    return told


def _label(at_h: float, last_h: float) -> str:
    if at_h == last_h:
        return "a day after the last session"
    return f"hour {at_h:g}" if at_h < 72.0 else f"day {at_h / 24.0:g}"


def _relapse(parameters: SessionParameters, baseline: float, sessions_at_h: Sequence[float], eta: Floats) -> Json:
    days = responders_lose_it(parameters, baseline=baseline, sessions_at_h=sessions_at_h, eta=eta)
    quarter, half = (_day(float(np.quantile(days, q, method="lower"))) for q in (0.25, 0.5))
    return {
        "what": "Of women who respond, days after the last session until the score is back above half",
        "quarter_days": quarter,
        "median_days": half,
        "followed_days": FOLLOWED_DAYS,
        "published_median_days": 18.0,
        "source": "murrough_2013",
        "at": "six infusions, then none: 24 people with treatment-resistant depression",
        "grade": "C",
    }


def _day(days: float) -> float | None:
    return days if np.isfinite(days) else None


def _plain(baseline: float, assumed: bool) -> list[str]:
    return [
        NOT_PPD,
        f"Her MADRS is not known: {baseline:g} is assumed, what the model takes those trials to have started from."
        if assumed
        else f"She starts at {baseline:g} on the MADRS.",
        "The two steps (a fast gain that fades, a slower part that keeps it) are a description, not a measurement.",
        f"Remission is a MADRS of at most {MADRS_REMISSION_AT_MOST:g}, the project's own choice.",
    ]
