"""Mood under ketamine sessions, on MADRS, borrowed from treatment-resistant depression.

With the forecast stands how fast the effect goes when sessions stop, and how many lose it when one a week goes on: a
responder is a woman whose course is at most half her baseline a day after the last session of the series, and she has
lost it when her course is above half again on any day, the one before the next session included.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrescence.actions.plan_json import exact, predicted, statement_json
from matrescence.outcomes.options import Option
from matrescence.outcomes.posterior import SessionPosterior, session_posterior
from matrescence.outcomes.relapse import RelapseArm, RelapseStudy, relapse_studies
from matrescence.pharmacology.chances import Chances, chances
from matrescence.pharmacology.philox import Stream, standard_normals
from matrescence.pharmacology.sessions import (
    HIGHEST_MADRS,
    MADRS_REMISSION_AT_MOST,
    SessionParameters,
    madrs_course,
    madrs_place,
)
from matrescence.reading import InputError

Json = dict[str, Any]
Floats = NDArray[np.float64]

WOMEN = 2000
SHOWN_H = (4.0, 24.0, 72.0, 168.0, 360.0, 720.0)
AFTER_DAYS = (1, 2, 3, 5, 7, 10, 14, 18, 21, 28)
CONTROL = "saline"
"""What stands beside ketamine: the arms of the trials carry the placebo part of saline."""
FOLLOWED_DAYS = 28
"""Weekly sessions were followed for four weeks; no number is told beyond them."""
POPULATION = "treatment-resistant depression"
NOT_PPD = (
    "No randomised trial has treated diagnosed PPD with ketamine: this curve is borrowed from treatment-resistant "
    "depression."
)


def session_mood(
    option: Option, madrs: float | None, sessions_at_h: Sequence[float], *, seed: int
) -> tuple[Json | None, str | None]:
    """The ``mood`` of a plan of ketamine sessions; ``madrs`` is her score before them, if it is known."""
    posterior, why = sessions_or_reason()
    if posterior is None:
        return None, why
    return _forecast(posterior, option, madrs, tuple(sessions_at_h), seed=seed), None


def sessions_or_reason() -> tuple[SessionPosterior | None, str]:
    """The shipped posterior of the sessions, or in words why there is none."""
    try:
        return session_posterior(), ""
    except InputError as error:
        return None, f"Unknown: the posterior of the trials cannot be used ({error})"


def assumed_madrs(posterior: SessionPosterior) -> float:
    """What the model takes the trials to have started from, where her own score is not known."""
    return round(float(posterior.draws["baseline"].mean()), 1)


def at_times(
    posterior: SessionPosterior, *, treatment: str, baseline: float, sessions_at_h: Sequence[float]
) -> list[Json]:
    """Change, response and remission at the hours that are shown, and a day after the last session, beside saline."""
    last_h = sessions_at_h[-1] + 24.0
    hours = sorted({*(at_h for at_h in SHOWN_H if at_h <= last_h + 720.0), last_h})

    def found(given: str) -> Chances:
        middle, spread = madrs_place(
            posterior.parameters(),
            baseline=baseline,
            treatment=given,
            sessions_at_h=sessions_at_h,
            times_h=np.array(hours),
        )
        return chances(
            middle, spread, baseline=baseline, remission_at_most=MADRS_REMISSION_AT_MOST, highest=HIGHEST_MADRS
        )

    named = [(at_h, _label(at_h, last_h if len(sessions_at_h) > 1 else None)) for at_h in hours]
    return rows_at(named, treated=found(treatment), control=found(CONTROL))


def rows_at(named: Sequence[tuple[float, str]], *, treated: Chances, control: Chances) -> list[Json]:
    """One row for each hour: the middle over what is not known with the range of nine in ten, beside the control."""
    told: list[Json] = [{"at_h": at_h, "label": label} for at_h, label in named]
    for chance, before in ((treated, ""), (control, "placebo_")):
        for name in Chances.__dataclass_fields__:
            values = getattr(chance, name)
            ends = np.percentile(values, (5.0, 95.0), axis=0)
            for index, row in enumerate(told):
                row[before + name] = _share(values[:, index].mean(), *ends[:, index])
    return told


def band(scores: Floats) -> Json:
    """The 5th, 50th and 95th percentile of scores (women, times) at each time."""
    rows = np.percentile(scores, (5.0, 50.0, 95.0), axis=0)
    return {
        name: [predicted(float(value)) for value in row] for name, row in zip(("p05", "p50", "p95"), rows, strict=True)
    }


def relapse(option: Option, posterior: SessionPosterior, *, baseline: float, sessions_at_h: Sequence[float]) -> Json:
    """When responders lose the effect, with no further session and with one a week; and what was seen elsewhere.

    Going on is told of a series only: nobody has followed people who went on after a single session.
    """
    weekly = tuple(sessions_at_h[-1] + 168.0 * week for week in range(1, FOLLOWED_DAYS // 7 + 1))
    given = {"treatment": option.sessions or "", "baseline": baseline, "sessions_at_h": tuple(sessions_at_h)}
    return {
        "what": "Of women who respond: the score is back above half of where she began",
        "stopped": _kept(posterior, given, further_at_h=()),
        "weekly": _kept(posterior, given, further_at_h=weekly) if option.maintenance else None,
        "by_days": FOLLOWED_DAYS,
        "published": [row for study in relapse_studies() if study.name in option.relapse for row in _seen(study)],
        "maintenance": [statement_json(said) for said in option.maintenance],
        "grade": "C",
    }


def days_until_lost(
    parameters: SessionParameters,
    *,
    treatment: str,
    baseline: float,
    sessions_at_h: Sequence[float],
    eta: Floats,
    further_at_h: Sequence[float] = (),
) -> Floats:
    """Days from the last session of the series until each woman's course is back above half; ``inf`` if later.

    NaN for a woman who does not respond.  ``further_at_h`` are the sessions that keep her; followed for 28 days.
    """
    days = np.arange(1.0, FOLLOWED_DAYS + 0.5, 0.5)
    course = madrs_course(
        parameters,
        baseline=baseline,
        treatment=treatment,
        sessions_at_h=(*sessions_at_h, *further_at_h),
        times_h=sessions_at_h[-1] + 24.0 * days,
        eta=eta,
    )
    back = course > baseline / 2.0
    lost = np.where(back.any(axis=1), days[back.argmax(axis=1)], np.inf)
    return np.where(back[:, 0], np.nan, lost)


# ---- one forecast ---------------------------------------------------------------------------------------------


def _forecast(
    posterior: SessionPosterior, option: Option, madrs: float | None, sessions_at_h: tuple[float, ...], *, seed: int
) -> Json:
    baseline = assumed_madrs(posterior) if madrs is None else madrs
    treatment = option.sessions or ""
    times = _times(sessions_at_h)
    parameters = posterior.parameters(np.arange(WOMEN) % posterior.size)
    eta = standard_normals(seed=seed, women=np.arange(WOMEN), draws=1, stream=Stream.INDIVIDUAL)[0]
    drug, control = (
        madrs_course(
            parameters, baseline=baseline, treatment=given, sessions_at_h=sessions_at_h, times_h=times, eta=eta
        )
        for given in (treatment, CONTROL)
    )
    return {
        "scale": "MADRS",
        "highest": 60,
        "baseline": exact(baseline),
        "assumed_baseline": madrs is None,
        "treatment": treatment,
        "against": CONTROL,
        "population": POPULATION,
        "sessions": len(sessions_at_h),
        "time_h": [exact(float(at_h)) for at_h in times],
        "drug": band(drug),
        "placebo": band(control),
        "at": at_times(posterior, treatment=treatment, baseline=baseline, sessions_at_h=sessions_at_h),
        "plain": _plain(baseline, assumed=madrs is None),
        "relapse": relapse(option, posterior, baseline=baseline, sessions_at_h=sessions_at_h),
        "grade": posterior.grade,
        "fitted_to": list(posterior.provenance["trials"]),
        "sources": list(posterior.provenance["sources"]),
    }


def _times(sessions_at_h: Sequence[float]) -> Floats:
    last = sessions_at_h[-1]
    around = [at_h + after for at_h in sessions_at_h for after in (0.0, 2.0, 4.0, 12.0, 24.0, 48.0)]
    return np.unique([*around, *(last + 24.0 * day for day in AFTER_DAYS)])


def _label(at_h: float, last_h: float | None) -> str:
    if at_h == last_h:
        return "a day after the last session"
    return f"hour {at_h:g}" if at_h < 72.0 else f"day {at_h / 24.0:g}"


def _plain(baseline: float, *, assumed: bool) -> list[str]:
    return [
        NOT_PPD,
        f"Her MADRS is not known: {baseline:g} is assumed, what the model takes those trials to have started from."
        if assumed
        else f"She starts at {baseline:g} on the MADRS.",
        "The two steps (a fast gain that fades, a slower part that keeps it) are a description, not a measurement.",
        f"Remission is a MADRS of at most {MADRS_REMISSION_AT_MOST:g}, the project's own choice.",
    ]


# ---- relapse --------------------------------------------------------------------------------------------------

_DRAWS, _EACH = 100, 101
"""Posterior draws behind the range, and women of each draw, at evenly spread places of the normal distribution."""


def _kept(posterior: SessionPosterior, given: dict[str, Any], *, further_at_h: tuple[float, ...]) -> Json:
    """The day on which half of the responders have lost it, and how many of 100 by the last day that was followed."""
    picked = np.linspace(0, posterior.size - 1, _DRAWS).astype(np.int64)
    lost = days_until_lost(
        posterior.parameters(np.repeat(picked, _EACH)),
        **given,
        eta=np.tile(_even_normals(_EACH), _DRAWS),
        further_at_h=further_at_h,
    ).reshape(_DRAWS, _EACH)
    responds = ~np.isnan(lost)
    by_then = 100.0 * (lost <= FOLLOWED_DAYS).sum(axis=1) / np.maximum(responds.sum(axis=1), 1)
    # With no responder at all there is nothing to lose; the day is then as unknown as one after the last.
    medians = np.array([_middle(row[known]) for row, known in zip(lost, responds, strict=True)])
    low, middle, high = (float(np.quantile(medians, share, method="lower")) for share in (0.05, 0.5, 0.95))
    return {
        "median_days": {"p50": predicted(middle), "low": predicted(low), "high": predicted(high)},
        "lost_by_then": _share(by_then.mean(), *np.percentile(by_then, (5.0, 95.0))),
    }


def _middle(days: Floats) -> float:
    return float(np.quantile(days, 0.5, method="lower")) if days.size else np.inf


def _even_normals(count: int) -> Floats:
    from statistics import NormalDist

    return np.array([NormalDist().inv_cdf((place + 0.5) / count) for place in range(count)])


def _seen(study: RelapseStudy) -> list[Json]:
    arms = [arm for arm in study.arms if not arm.maintained and arm.median is not None and arm.median.value is not None]
    return [_published(study, arm) for arm in arms]


def _published(study: RelapseStudy, arm: RelapseArm) -> Json:
    fact = arm.median
    assert fact is not None
    return {
        "study": study.short,
        "arm": arm.label,
        "population": study.population,
        "median_days": exact(fact.known),
        "source": fact.source,
        "at": fact.at,
        "grade": fact.grade,
    }


def _share(middle: float, low: float, high: float) -> Json:
    return {"p50": predicted(float(middle)), "low": predicted(float(low)), "high": predicted(float(high))}
