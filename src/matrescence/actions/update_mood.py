"""Her course of mood from her scores so far: on HAM-D17 after birth, on MADRS around ketamine sessions.

The forecast before is of the women whom the trials describe; the forecast now is of the same women, weighted by how
well their courses fit her scores.  How unexpected her last score was is a posterior predictive tail probability.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrescence.actions.mood import posterior_or_reason
from matrescence.actions.mood_sessions import CONTROL, POPULATION, sessions_or_reason
from matrescence.actions.plan_json import exact, predicted
from matrescence.actions.update_measured import Measured, Measurement
from matrescence.outcomes.options import Option
from matrescence.outcomes.posterior import MoodPosterior, SessionPosterior
from matrescence.pharmacology.chances import chance_at_most
from matrescence.pharmacology.importance import chosen, weighted_quantiles
from matrescence.pharmacology.individualise import Round
from matrescence.pharmacology.mood_fit import Given, MoodWomen, after_scores, mood_women, surprise
from matrescence.pharmacology.response import REMISSION_AT_MOST, severe_from_baseline, to_score
from matrescence.pharmacology.session_fit import SessionWomen, after_session_scores, session_women
from matrescence.pharmacology.sessions import MADRS_REMISSION_AT_MOST

Floats = NDArray[np.float64]
Json = dict[str, Any]
Women = MoodWomen | SessionWomen

WOMEN = 2000
BAND_WOMEN = 300
HAMD17, MADRS = "hamd17", "madrs"
SHARES = (0.05, 0.5, 0.95)
OFF_COURSE = 0.10
"""A score that fewer than one woman in ten would have, that far out on either side; the project's own line."""
SHOWN = ((60.0, "hour 60"), (168.0, "day 7"), (360.0, "day 15"), (720.0, "day 30"))
UNTIL_H = 720.0
AFTER_LAST_DAYS = (1, 7, 14, 28)
NO_COURSE = "Her course of mood: no trial of this treatment after birth allows a forecast of the HAM-D17."
NO_BASELINE = "Her course of mood: no {scale} was taken before the start, and a course needs one to begin from."


@dataclass(frozen=True, slots=True)
class Course:
    """What the forecast of one scale needs: the women before her scores, how they are weighted, and what is shown."""

    scale: str
    baseline: float
    remission_at_most: float
    before: Women
    weigh: Callable[[Sequence[Measurement]], Women]
    shown: tuple[tuple[float, str], ...]
    until_h: float
    about: Json
    jumps_h: tuple[float, ...] = ()
    """Hours at which the course turns sharply, so that the curve is drawn through them."""


def course_of(measured: Measured, option: Option | None, unknown: list[str], *, seed: int) -> tuple[Json, Women] | None:
    """Her course, told and as her own weighted women; ``None``, with the reason in ``unknown``, where there is none."""
    on_madrs = option is not None and option.sessions is not None
    scores = measured.of(MADRS if on_madrs else HAMD17)
    first = next((item for item in reversed(scores) if item.at_h <= 0.0), None)
    if option is None or (option.forecast is None and option.sessions is None):
        unknown.append(NO_COURSE)
        return None
    if first is None:
        unknown.append(NO_BASELINE.format(scale="MADRS" if on_madrs else "HAM-D17"))
        return None
    made = _sessions(measured, option, first.value, seed) if on_madrs else _hamd17(option, first.value, seed)
    if isinstance(made, str):
        unknown.append(f"Her course of mood: {made}")
        return None
    return _told(made, tuple(item for item in scores if item.at_h > 0.0))


def _hamd17(option: Option, baseline: float, seed: int) -> Course | str:
    posterior, why = posterior_or_reason()
    if posterior is None:
        return why
    given = Given(baseline, option.forecast or "", float(severe_from_baseline(baseline)))
    before = mood_women(posterior.parameters(), given, women=WOMEN, seed=seed)

    def weigh(later: Sequence[Measurement]) -> Women:
        return after_scores(before, times_h=_hours(later), scores=_totals(later), seed=seed)

    about = _about(posterior, option.forecast or "", in_whom=None)
    return Course("HAM-D17", baseline, REMISSION_AT_MOST, before, weigh, SHOWN, UNTIL_H, about)


def _sessions(measured: Measured, option: Option, baseline: float, seed: int) -> Course | str:
    posterior, why = sessions_or_reason()
    if posterior is None:
        return why
    starts = tuple(measured.sessions_at_h)
    before = session_women(
        posterior.parameters(),
        baseline=baseline,
        treatment=option.sessions or CONTROL,
        sessions_at_h=starts,
        women=WOMEN,
        seed=seed,
    )

    def weigh(later: Sequence[Measurement]) -> Women:
        return after_session_scores(before, times_h=_hours(later), scores=_totals(later), seed=seed)

    shown = tuple((starts[-1] + 24.0 * days, _after_last(days)) for days in AFTER_LAST_DAYS)
    about = _about(posterior, option.sessions or CONTROL, in_whom=POPULATION)
    jumps_h = tuple(start + after for start in starts for after in (0.0, 2.0, 4.0, 12.0, 24.0))
    return Course("MADRS", baseline, MADRS_REMISSION_AT_MOST, before, weigh, shown, shown[-1][0], about, jumps_h)


def _about(posterior: MoodPosterior | SessionPosterior, treatment: str, *, in_whom: str | None) -> Json:
    trials = posterior.trials if isinstance(posterior, MoodPosterior) else posterior.provenance["trials"]
    return {"treatment": treatment, "in_whom": in_whom, "grade": posterior.grade, "fitted_to": list(trials)}


def _after_last(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'} after the last session"


def _hours(later: Sequence[Measurement]) -> Floats:
    return np.array([item.at_h for item in later])


def _totals(later: Sequence[Measurement]) -> Floats:
    return np.array([item.value for item in later])


def _told(course: Course, later: Sequence[Measurement]) -> tuple[Json, Women]:
    after = course.weigh(later) if later else course.before
    seen_until_h = max((item.at_h for item in later), default=0.0)
    last_h = max(course.until_h, seen_until_h)
    grid = [*np.linspace(0.0, min(last_h, 96.0), 33), *np.linspace(96.0, last_h, 53)]
    times = np.unique([*grid, *course.jumps_h, *_hours(later)])
    told: Json = {
        "scale": course.scale,
        "baseline": course.baseline,
        "remission_at_most": course.remission_at_most,
        **course.about,
        "scores": [{"at_h": item.at_h, "total": item.value} for item in later],
        "before": _score_band(course.before, times, course.baseline),
        "after": _score_band(after, times, course.baseline),
        "at": [_chances(label, at_h, course, after) for at_h, label in course.shown if at_h > seen_until_h],
        "off_course": _off_course(course, later),
        "rounds": rounds_json(after.rounds),
    }
    return told, after


def _score_band(women: Women, times: Floats, baseline: float) -> Json:
    """Where a rater's next score would lie: her course with the scatter of one visit, at five points within each."""
    points, raw = np.polynomial.hermite_e.hermegauss(5)
    rows = chosen(women.weights, count=BAND_WOMEN)
    scatter = women.scatter(times)[rows, None, :] * points[None, :, None]
    visits = (women.latent(times)[rows, None, :] + scatter).reshape(-1, times.size)
    quantiles = weighted_quantiles(visits, np.tile(raw / raw.sum() / BAND_WOMEN, BAND_WOMEN), SHARES)
    scores = to_score(quantiles, highest=women.highest)
    scores[:, times <= 0.0] = baseline
    told: Json = {"time_h": [exact(float(at_h)) for at_h in times]}
    return told | {
        name: [predicted(float(value)) for value in row]
        for name, row in zip(("p05", "p50", "p95"), scores, strict=True)
    }


def _chances(label: str, at_h: float, course: Course, after: Women) -> Json:
    def percent(women: Women, score: float) -> float | None:
        latent, scatter = (part(np.array([at_h]))[:, 0] for part in (women.latent, women.scatter))
        chance = chance_at_most(latent, scatter, score, highest=women.highest)
        return predicted(100.0 * float(women.weights @ chance))

    found: Json = {"label": label, "at_h": at_h}
    for name, score in (("response", course.baseline / 2.0), ("remission", course.remission_at_most)):
        found[name] = {"before": percent(course.before, score), "after": percent(after, score)}
    return found


def _off_course(course: Course, later: Sequence[Measurement]) -> Json | None:
    """How often women who scored as she did until then would score as she did last; ``null`` without a later score."""
    if not later:
        return None
    *earlier, last = later
    women = course.weigh(earlier) if earlier else course.before
    at_first = surprise(course.before, at_h=last.at_h, score=last.value)
    found = surprise(women, at_h=last.at_h, score=last.value)
    return {
        "at_h": last.at_h,
        "total": last.value,
        "as_high": predicted(found.as_high),
        "as_low": predicted(found.as_low),
        "as_far": predicted(found.as_far),
        "as_far_before_any_score": predicted(at_first.as_far),
        "off": found.as_far < OFF_COURSE,
        "side": "higher" if found.as_high < found.as_low else "lower",
        "line": OFF_COURSE,
        "given_earlier_scores": len(earlier),
        "worth": predicted(women.effective),
    }


def rounds_json(rounds: Sequence[Round]) -> list[Json]:
    """Each round of weighted women: where they were drawn, how many, and how many equal women they are worth."""
    return [
        {"drawn": item.drawn, "women": item.women, "worth": predicted(item.effective), "enough": item.enough}
        for item in rounds
    ]
