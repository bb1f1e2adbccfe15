"""Her own forecast: what was measured in her, laid over what was expected of women like her.

Levels and scores weight virtual women; the forecast before is of the same women without weights.  How unexpected her
last score was is a posterior predictive tail probability, said as such.  Nothing here says to change a dose.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrescence import __version__
from matrescence.actions.around import sources
from matrescence.actions.forecasting import covariates_of
from matrescence.actions.mood import posterior_or_reason
from matrescence.actions.plan_json import exact, iso, keys_used, mother_json, predicted
from matrescence.actions.planning import LARGEST_SEED
from matrescence.actions.relapse import NOT_PPD, readings
from matrescence.actions.update_file import LEVEL, Measured, Measurement
from matrescence.outcomes.options import Option, option_of
from matrescence.outcomes.posterior import MoodPosterior
from matrescence.outcomes.relapse import relapse_studies
from matrescence.pharmacology.chances import chance_at_most
from matrescence.pharmacology.cohort import draw
from matrescence.pharmacology.importance import chosen, weighted_quantiles
from matrescence.pharmacology.individualise import OwnWomen, Round, own_women
from matrescence.pharmacology.level_fit import Level
from matrescence.pharmacology.mood_fit import (
    Given,
    MoodWomen,
    after_scores,
    mood_women,
    surprise,
)
from matrescence.pharmacology.response import REMISSION_AT_MOST, severe_from_baseline, to_score
from matrescence.pharmacology.simulate import simulate
from matrescence.reading import InputError

Floats = NDArray[np.float64]
Json = dict[str, Any]

WOMEN = 2000
BAND_WOMEN = 300
MOOD = "hamd17"
SHARES = (0.05, 0.5, 0.95)
OFF_COURSE = 0.10
"""A score that fewer than one woman in ten would have, that far out on either side; the project's own line."""
MOOD_SHOWN = ((60.0, "hour 60"), (168.0, "day 7"), (360.0, "day 15"), (720.0, "day 30"))
MOOD_UNTIL_H = 720.0
NO_ADVICE = (
    "A forecast, not advice: it does not say to change a dose, to stop, or to give another. "
    "She and her clinician decide."
)
NO_COURSE = "Her course of mood: no trial of this treatment after birth allows a forecast of the HAM-D17."
NO_BASELINE = "Her course of mood: no HAM-D17 was taken before the start, and a course needs one to begin from."
NO_RISK = "When the next session is due: name the risk of relapse you accept, in percent, with --relapse-risk."
NOT_FOLLOWED = "When a next session is due: no study followed people who had responded to this treatment until relapse."


def update(measured: Measured, *, relapse_risk_percent: float | None = None, seed: int = 1) -> Json:
    """Her own forecast from what was measured; the same input gives the same data.

    Args:
        measured: her course as read.
        relapse_risk_percent: the risk of relapse that is accepted before the next session (1 to 95).
        seed: of the random numbers.

    Raises:
        InputError: a measurement cannot be used with the drug's model, or the risk or the seed is out of range.
    """
    if relapse_risk_percent is not None and not 1.0 <= relapse_risk_percent <= 95.0:
        raise InputError(f"--relapse-risk {relapse_risk_percent:g} cannot be used; allowed: 1 to 95 percent.")
    if not 0 <= seed <= LARGEST_SEED:
        raise InputError(f"seed = {seed} cannot be used; allowed: a whole number from 0 to {LARGEST_SEED}.")
    option = option_of(measured.drug.name, measured.regimen.name)
    unknown: list[str] = []
    levels = _levels(measured, seed=seed)
    mood = _mood(measured, option, unknown, seed=seed)
    due = _next_session(measured, option, relapse_risk_percent, unknown)
    unknown += _unused(measured, mood)
    content: Json = {
        "mother": mother_json(measured.mother),
        "drug": measured.drug.name,
        "drug_label": measured.drug.label,
        "regimen": measured.regimen.name,
        "regimen_label": measured.regimen.label,
        "start": measured.start.isoformat(),
        "given_as_recorded": measured.as_recorded,
        "measurements": [_measurement_json(item, measured) for item in measured.measurements],
        "levels": levels,
        "mood": mood,
        "next_session": due,
        "unknown": unknown,
        "plain": [*_level_words(levels), *_mood_words(mood), *_due_words(due), NO_ADVICE],
    }
    return _told(content, measured, seed)


# ---- levels ---------------------------------------------------------------------------------------------------


def _levels(measured: Measured, *, seed: int) -> Json | None:
    found = measured.of(LEVEL)
    drug = measured.drug
    if not found:
        return None
    if drug.default_model is None:
        raise InputError(
            f"{drug.name}: no source gives a model of its levels, so a level cannot be used; leave it out."
        )
    model, covariates = drug.models[drug.default_model], covariates_of(measured.mother)
    seen = [Level(item.of, item.at_h, item.value) for item in found]
    try:
        own = own_women(model, covariates=covariates, regimen=measured.given, levels=seen, women=WOMEN, seed=seed)
    except ValueError as error:
        raise InputError(f"{drug.name}: a level cannot be used: {error}.") from None
    before = draw(model, covariates=covariates, women=WOMEN, seed=seed)
    times = _times(measured, found)
    outputs = [
        output.name for output in model.structure.outputs if output.name in {"plasma", "milk", *(i.of for i in found)}
    ]
    equal = np.full(WOMEN, 1.0 / WOMEN)
    expected = simulate(model, before, measured.given, times, outputs=outputs).values
    hers = simulate(model, own.cohort, measured.given, times, outputs=outputs).values
    return {
        "model": model.name,
        "model_label": model.label,
        "grade": model.grade,
        "sources": list(model.sources),
        "outputs": {
            name: {"before": _band(times, expected[name], equal), "after": _band(times, hers[name], own.weights)}
            for name in outputs
        },
        "parameters": _parameters(own),
        "rounds": _rounds(own.rounds),
    }


def _times(measured: Measured, found: Sequence[Measurement]) -> Floats:
    end_h = max(measured.given.end_h, *(item.at_h for item in found))
    edges = {step.start_h for step in measured.given.steps} | {step.end_h for step in measured.given.steps}
    grid = np.linspace(0.0, end_h + 48.0, 46)
    return np.unique(np.round([*grid, *edges, *(item.at_h for item in found)], 9))


def _band(times: Floats, values: Floats, weights: Floats) -> Json:
    low, middle, high = weighted_quantiles(values, weights, SHARES)
    rows = {"p05": low, "p50": middle, "p95": high}
    told: Json = {"time_h": [exact(float(at_h)) for at_h in times]}
    return told | {name: [predicted(float(value)) for value in row] for name, row in rows.items()}


def _parameters(own: OwnWomen) -> list[Json]:
    """Her most probable parameters against the typical woman's: Laplace's 90 % interval, and that of her women."""
    fit = own.fit
    half = 1.6448536269514722 * np.sqrt(np.diag(fit.covariance))
    ends = {name: weighted_quantiles(own.cohort.parameters[name], own.weights, SHARES) for name in fit.names}
    return [
        {
            "name": name,
            "typical": predicted(fit.typical[name]),
            "hers": predicted(fit.parameters[name]),
            "low": predicted(fit.typical[name] * float(np.exp(fit.deviation[row] - half[row]))),
            "high": predicted(fit.typical[name] * float(np.exp(fit.deviation[row] + half[row]))),
            "weighted": [predicted(float(value)) for value in ends[name]],
        }
        for row, name in enumerate(fit.names)
    ]


def _rounds(rounds: Sequence[Round]) -> list[Json]:
    return [
        {"drawn": item.drawn, "women": item.women, "worth": predicted(item.effective), "enough": item.enough}
        for item in rounds
    ]


# ---- mood -----------------------------------------------------------------------------------------------------


def _mood(measured: Measured, option: Option | None, unknown: list[str], *, seed: int) -> Json | None:
    scores = measured.of(MOOD)
    first = next((item for item in reversed(scores) if item.at_h <= 0.0), None)
    later = tuple(item for item in scores if item.at_h > 0.0)
    posterior, why = posterior_or_reason()
    if option is None or option.forecast is None:
        unknown.append(NO_COURSE)
    elif first is None:
        unknown.append(NO_BASELINE)
    elif posterior is None:
        unknown.append(f"Her course of mood: {why}")
    else:
        return _course(posterior, option.forecast, first.value, later, seed=seed)
    return None


def _course(
    posterior: MoodPosterior, treatment: str, baseline: float, later: Sequence[Measurement], *, seed: int
) -> Json:
    given = Given(baseline, treatment, float(severe_from_baseline(baseline)))
    before = mood_women(posterior.parameters(), given, women=WOMEN, seed=seed)
    hours = np.array([item.at_h for item in later])
    totals = np.array([item.value for item in later])
    after = after_scores(before, times_h=hours, scores=totals, seed=seed) if later else before
    last_h = max(MOOD_UNTIL_H, float(hours.max(initial=0.0)))
    times = np.unique([*np.linspace(0.0, min(last_h, 96.0), 33), *np.linspace(96.0, last_h, 53), *hours])
    return {
        "scale": "HAM-D17",
        "treatment": treatment,
        "baseline": baseline,
        "grade": posterior.grade,
        "scores": [{"at_h": item.at_h, "total": item.value} for item in later],
        "before": _score_band(before, times),
        "after": _score_band(after, times),
        "at": [
            _chances(label, at_h, before, after, baseline)
            for at_h, label in MOOD_SHOWN
            if at_h > float(hours.max(initial=0.0))
        ],
        "fitted_to": list(posterior.trials),
        "off_course": _off_course(before, later, seed=seed),
        "rounds": _rounds(after.rounds),
    }


def _score_band(women: MoodWomen, times: Floats) -> Json:
    """Where a rater's next score would lie: her course with the scatter of one visit, at five points within each."""
    points, raw = np.polynomial.hermite_e.hermegauss(5)
    rows = chosen(women.weights, count=BAND_WOMEN)
    scatter = women.parameters.residual[rows, None, None] * points[None, :, None]
    visits = (women.latent(times)[rows, None, :] + scatter).reshape(-1, times.size)
    scores = to_score(weighted_quantiles(visits, np.tile(raw / raw.sum() / BAND_WOMEN, BAND_WOMEN), SHARES))
    scores[:, times <= 0.0] = women.given.baseline
    told: Json = {"time_h": [exact(float(at_h)) for at_h in times]}
    return told | {
        name: [predicted(float(value)) for value in row]
        for name, row in zip(("p05", "p50", "p95"), scores, strict=True)
    }


def _chances(label: str, at_h: float, before: MoodWomen, after: MoodWomen, baseline: float) -> Json:
    def percent(women: MoodWomen, score: float) -> float | None:
        middle = women.latent(np.array([at_h]))[:, 0]
        return predicted(100.0 * float(women.weights @ chance_at_most(middle, women.parameters.residual, score)))

    found: Json = {"label": label, "at_h": at_h}
    for name, score in (("response", baseline / 2.0), ("remission", REMISSION_AT_MOST)):
        found[name] = {"before": percent(before, score), "after": percent(after, score)}
    return found


def _off_course(before: MoodWomen, later: Sequence[Measurement], *, seed: int) -> Json | None:
    """How often women who scored as she did until then would score as she did last; ``null`` without a later score."""
    if not later:
        return None
    *earlier, last = later
    women = before
    if earlier:
        hours, totals = np.array([i.at_h for i in earlier]), np.array([i.value for i in earlier])
        women = after_scores(before, times_h=hours, scores=totals, seed=seed)
    at_first = surprise(before, at_h=last.at_h, score=last.value)
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


# ---- the next session -----------------------------------------------------------------------------------------


def _next_session(measured: Measured, option: Option | None, risk: float | None, unknown: list[str]) -> Json | None:
    names = () if option is None else option.relapse
    if not names:
        unknown.append(NOT_FOLLOWED)
        return None
    if risk is None:
        unknown.append(NO_RISK)
        return None
    last_h = max(measured.sessions_at_h)
    rows = [
        {**row, "due": iso(measured.start, last_h + 24.0 * row["days"])} for row in _due_by_study(names, risk / 100.0)
    ]
    return {
        "risk_percent": risk,
        "last_session_at_h": exact(last_h),
        "last_session": iso(measured.start, last_h),
        "responded": _responded(measured),
        "by_study": rows,
        "in_whom": NOT_PPD,
        "grade": "C",
    }


def _due_by_study(names: Sequence[str], risk: float) -> list[Json]:
    found: list[Json] = []
    for study in (study for study in relapse_studies() if study.name in names):
        for arm in (arm for arm in study.arms if not arm.maintained):
            found += [
                {
                    "study": study.short,
                    "population": study.population,
                    "after": study.label,
                    "arm": arm.label,
                    "how": reading.how,
                    "days": predicted(reading.curve.day_of(risk)),
                    "low_days": None if reading.worst is None else predicted(reading.worst.day_of(risk)),
                    "high_days": None if reading.best is None else predicted(reading.best.day_of(risk)),
                    "source": study.source,
                    "grade": "C",
                }
                for reading in readings(study, arm)
                if reading.fits
            ]
    return found


def _responded(measured: Measured) -> bool | None:
    """Whether her last score of any one scale has fallen by half since before the start; ``None``: not known."""
    scales = dict.fromkeys(item.what for item in measured.measurements if item.what in (MOOD, "madrs"))
    for scale in scales:
        rows = measured.of(scale)
        first = [item.value for item in rows if item.at_h <= 0.0]
        later = [item.value for item in rows if item.at_h > 0.0]
        if first and later and first[-1] > 0:
            return later[-1] <= first[-1] / 2.0
    return None


# ---- words ----------------------------------------------------------------------------------------------------


def _measurement_json(item: Measurement, measured: Measured) -> Json:
    return {
        "at_h": exact(item.at_h),
        "at": iso(measured.start, item.at_h),
        "what": item.what,
        "of": item.of if item.what == LEVEL else None,
        "value": exact(item.value),
        "unit": "ng/mL" if item.what == LEVEL else "{score}",
    }


def _unused(measured: Measured, mood: Json | None) -> list[str]:
    used = {LEVEL, *((MOOD,) if mood else ())}
    names = dict.fromkeys(item.what for item in measured.measurements if item.what not in used)
    return [
        f"What the {name} scores mean for the forecast: there is no model of this scale here; they are kept."
        for name in names
    ]


def _level_words(levels: Json | None) -> list[str]:
    if levels is None:
        return []
    said = []
    for name, pair in levels["outputs"].items():
        before, after = (_width(pair[key]) for key in ("before", "after"))
        said.append(f"Her levels in {name}: the band is {round(100.0 * after / before)} % as wide as before.")
    return said + _worth_words("levels", levels["rounds"])


def _width(band: Json) -> float:
    wide = [high - low for low, high in zip(band["p05"], band["p95"], strict=True)]
    return float(np.mean(wide)) or 1e-12


def _mood_words(mood: Json | None) -> list[str]:
    if mood is None:
        return []
    if mood["off_course"] is None:
        return ["No score after the start has been recorded, so the forecast is still that of women like her."]
    told = mood["off_course"]
    many = _of_100(told["as_far"])
    how = "as she did before" if told["given_earlier_scores"] else "at the start as she did"
    line = (
        f"Of 100 women who scored {how}, {many} would have a score as far out as her last one "
        f"({told['total']:g} at {_when(told['at_h'])})."
    )
    verdict = (
        f"That is unusual: it is {told['side']} than expected. Measure again, and look for a reason."
        if told["off"]
        else "That is within what is expected."
    )
    meaning = "This says how surprising the score is. It is not the chance that the treatment has failed."
    return [line, verdict, meaning, *_worth_words("scores", mood["rounds"])]


def _worth_words(what: str, rounds: Sequence[Json]) -> list[str]:
    last = rounds[-1]
    if last["enough"]:
        return []
    return [
        f"Her {what} are unlike those of the virtual women: {last['women']} of them are worth only "
        f"{last['worth']:.0f}. Read this forecast with care."
    ]


def _of_100(share: float) -> str:
    return "fewer than 1" if share < 0.01 else f"about {round(100.0 * share)}"


def _when(at_h: float) -> str:
    return f"hour {at_h:g}" if at_h <= 72.0 else f"day {at_h / 24.0:.3g}"


def _due_words(due: Json | None) -> list[str]:
    if due is None:
        return []
    days = [row["days"] for row in due["by_study"]]
    spread = (
        f"{round(min(days))} to {round(max(days))}" if round(min(days)) != round(max(days)) else f"{round(days[0])}"
    )
    lines = [
        f"In studies of other people who had responded, {due['risk_percent']:g} of 100 had relapsed {spread} days "
        "after the last session. None of those people had depression after birth."
    ]
    if due["responded"] is not True:
        who = "she has not responded" if due["responded"] is False else "whether she has responded is not known"
        lines.append(f"Those studies followed responders only; {who}.")
    return lines


def _told(content: Json, measured: Measured, seed: int) -> Json:
    lines = {**{key: entry.line for key, entry in sources().items()}, **measured.drug.citations}
    keys = sorted(set(keys_used(content)))
    return {
        **content,
        "references": [{"key": key, "text": lines.get(key, key)} for key in keys],
        "made_with": {"program": "matrescence", "version": __version__, "seed": seed},
    }
