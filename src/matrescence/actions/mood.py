"""How a mother's mood may go under one treatment, beside placebo: what answers "how soon?", in a plan and side by side.

What can be forecast is written in ``outcomes/options.toml``: on HAM-D17 with the posterior of all trials after birth,
or on MADRS with the session model, which is borrowed.  Bands are percentiles over virtual women: what is not known of
the parameters, of her place and of her are in them; the scatter of a single rating is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrescence.actions.mood_sessions import band, rows_at, session_mood
from matrescence.actions.plan_json import exact
from matrescence.care.infusion.plan import Treatment
from matrescence.care.mother import Mother
from matrescence.outcomes.library import load_trial
from matrescence.outcomes.options import Option, option_of
from matrescence.outcomes.posterior import MoodPosterior, mood_posterior
from matrescence.pharmacology.chances import Chances, chances
from matrescence.pharmacology.mood_fit import Given, mood_women, place_of
from matrescence.pharmacology.response import REMISSION_AT_MOST, given_as, severe_from_baseline, to_score
from matrescence.reading import InputError

Json = dict[str, Any]

WOMEN = 2000
"""Virtual women of the band; two for each posterior draw."""
ROWS = 2000
"""Rows of what is not known (a posterior draw with a deviation of her place) behind the range of a chance."""
SEED_OF_ROWS = 20_260_101
"""The range belongs to the trials and not to her plan, so its rows are the same for every seed."""
ASSUMED_FROM = "brexanolone-202b"
SHOWN = ((24.0, "hour 24"), (60.0, "hour 60"), (168.0, "day 7"), (360.0, "day 15"), (720.0, "day 30"))
FIRST_DAYS_H = (0.0, 2.0, 4.0, 8.0, 12.0, 18.0, 24.0, 36.0, 48.0, 60.0, 72.0, 96.0, 120.0, 144.0, 168.0)
LATER_DAYS = (9, 11, 13, 15, 18, 21, 24, 27, 30, 35, 40, 45, 50, 55, 60)


def mood(mother: Mother, treatment: Treatment, *, drug: str, regimen: str, seed: int) -> tuple[Json | None, str | None]:
    """The ``mood`` of a plan and ``None``; or ``None`` and why no trial allows one."""
    option = option_of(drug, regimen)
    if option is not None and option.sessions is not None:
        starts = tuple(session.start_h for session in treatment.sessions)
        return session_mood(option, mother.madrs, starts, seed=seed)
    if option is None or option.forecast is None:
        return None, f"No trial that was read measured the course of mood after this use of {drug}."
    posterior, why = posterior_or_reason()
    if posterior is None:
        return None, why
    return _forecast(posterior, option, option.forecast, mother.hamd17, seed), None


def posterior_or_reason() -> tuple[MoodPosterior | None, str]:
    """The shipped posterior, or in words why there is none."""
    try:
        return mood_posterior(), ""
    except InputError as error:
        return None, f"Unknown: the posterior of the trials cannot be used ({error})"


def assumed_baseline() -> float:
    """The mean HAM-D17 before treatment in the trial of severe depression, over its arms."""
    known = [(arm.baseline.mean, arm.n) for arm in load_trial(ASSUMED_FROM).arms if arm.baseline is not None]
    return round(sum(mean * n for mean, n in known) / sum(n for _, n in known), 1)


def at_times(posterior: MoodPosterior, *, treatment: str, baseline: float) -> list[Json]:
    """Change, response and remission of women who start at ``baseline`` at the hours that are shown, beside placebo."""
    hours = [at_h for at_h, _ in SHOWN]
    setting = given_as(treatment).setting
    control = "untreated" if setting == "untreated" else "placebo"
    found = [_chances(posterior, _given(name, baseline, setting), hours) for name in (treatment, control)]
    return rows_at(SHOWN, treated=found[0], control=found[1])


def _given(treatment: str, baseline: float, setting: str) -> Given:
    return Given(baseline, treatment, float(severe_from_baseline(baseline)), setting)


def _chances(posterior: MoodPosterior, given: Given, hours: Sequence[float]) -> Chances:
    times = np.asarray(hours)
    women = mood_women(posterior.parameters(), given, women=ROWS, seed=SEED_OF_ROWS)
    middle, spread = place_of(women, times, seed=SEED_OF_ROWS)
    return chances(middle, spread, baseline=given.baseline, remission_at_most=REMISSION_AT_MOST)


def _forecast(posterior: MoodPosterior, option: Option, name: str, hamd17: float | None, seed: int) -> Json:
    baseline = assumed_baseline() if hamd17 is None else hamd17
    setting = given_as(name).setting
    times = _times(option)
    treated, placebo = (
        _scores(posterior, _given(given, baseline, setting), times, seed) for given in (name, "placebo")
    )
    return {
        "scale": "HAM-D17",
        "highest": 52,
        "baseline": exact(baseline),
        "assumed_baseline": hamd17 is None,
        "treatment": name,
        "against": "placebo",
        "population": "depression after birth",
        "sessions": None,
        "time_h": [exact(float(at_h)) for at_h in times],
        "drug": band(treated),
        "placebo": band(placebo),
        "at": at_times(posterior, treatment=name, baseline=baseline),
        "plain": _plain(option, baseline, assumed=hamd17 is None),
        "relapse": None,
        "grade": posterior.grade,
        "fitted_to": list(posterior.provenance["trials"]),
        "sources": list(posterior.provenance["sources"]),
    }


def _times(option: Option) -> NDArray[np.float64]:
    """The hours of the curve, to the last visit of the trials."""
    until_h = 24.0 * (option.last_seen_day or SHOWN[-1][0] / 24.0)
    return np.array([at_h for at_h in (*FIRST_DAYS_H, *(24.0 * day for day in LATER_DAYS)) if at_h <= until_h])


def _scores(posterior: MoodPosterior, her: Given, times: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    women = mood_women(posterior.parameters(), her, women=WOMEN, seed=seed)
    return np.asarray(to_score(women.latent(times)))


def _plain(option: Option, baseline: float, *, assumed: bool) -> list[str]:
    lines = [
        f"Her score is not known: {baseline:g} is assumed, the mean of the trial in severe depression."
        if assumed
        else f"She starts at {baseline:g} on the HAM-D17.",
        "Most women improve on placebo too: the drug's own part is the distance between the two curves.",
        f"Women were followed to day {option.last_seen_day}; nothing is known after it.",
        "Trials of different drugs were never run against each other: forecasts of two drugs are no contest.",
    ]
    if option.moderate is not None and not severe_from_baseline(baseline):
        lines.append(option.moderate.text)
    return lines
