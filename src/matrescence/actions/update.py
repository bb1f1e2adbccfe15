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
from matrescence.actions.plan_json import exact, iso, keys_used, mother_json, predicted
from matrescence.actions.planning import LARGEST_SEED
from matrescence.actions.update_due import next_session
from matrescence.actions.update_measured import LEVEL, Measured, Measurement
from matrescence.actions.update_mood import HAMD17, MADRS, SHARES, WOMEN, course_of, rounds_json
from matrescence.actions.update_words import due_words, level_words, mood_words
from matrescence.outcomes.options import option_of
from matrescence.pharmacology.cohort import draw
from matrescence.pharmacology.importance import weighted_quantiles
from matrescence.pharmacology.individualise import OwnWomen, own_women
from matrescence.pharmacology.level_fit import Level
from matrescence.pharmacology.simulate import simulate
from matrescence.reading import InputError

Floats = NDArray[np.float64]
Json = dict[str, Any]

NO_ADVICE = (
    "A forecast, not advice: it does not say to change a dose, to stop, or to give another. "
    "She and her clinician decide."
)


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
    unknown: list[str] = [*measured.notes]
    levels = _levels(measured, seed=seed)
    found = course_of(measured, option, unknown, seed=seed)
    mood, hers = (None, None) if found is None else found
    due = next_session(measured, option, relapse_risk_percent, hers, unknown)
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
        "plain": [*level_words(levels), *mood_words(mood), *due_words(due), NO_ADVICE],
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
        "rounds": rounds_json(own.rounds),
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


# ---- what is told ---------------------------------------------------------------------------------------------


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
    used = {LEVEL, *(() if mood is None else (MADRS if mood["scale"] == "MADRS" else HAMD17,))}
    names = dict.fromkeys(item.what for item in measured.measurements if item.what not in used)
    return [
        f"What the {name} scores mean for the forecast: this treatment has no model of that scale here; they are kept."
        for name in names
    ]


def _told(content: Json, measured: Measured, seed: int) -> Json:
    lines = {**{key: entry.line for key, entry in sources().items()}, **measured.drug.citations}
    keys = sorted(set(keys_used(content)))
    return {
        **content,
        "references": [{"key": key, "text": lines.get(key, key)} for key in keys],
        "made_with": {"program": "matrescence", "version": __version__, "seed": seed},
    }
