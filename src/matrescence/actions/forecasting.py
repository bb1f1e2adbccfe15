"""What her levels may look like: virtual women with her covariates, through the exact solution, to percentiles.

A band is made of percentiles over women at each time, so no single woman follows its edge.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matrescence.care.drug import Drug
from matrescence.care.infusion.plan import Treatment, regimen_of
from matrescence.care.mother import Mother
from matrescence.facts import Fact, Grade, lowest_grade
from matrescence.pharmacology import exposure, milk
from matrescence.pharmacology.cohort import Cohort, draw
from matrescence.pharmacology.model import Model
from matrescence.pharmacology.regimen import Regimen
from matrescence.pharmacology.simulate import simulate
from matrescence.reading import InputError

Floats = NDArray[np.float64]

FEWEST_WOMEN = 100  # fewer leave not five beyond each edge of the band
HALF_LIVES_SHOWN = 6.0  # after six half-lives 1.6 % is left
SHORTEST_TAIL_H, LONGEST_TAIL_H, TAIL_STEP_H = 24.0, 240.0, 12.0
LONG_INFUSION_H = 6.0  # from here on hourly; a shorter one in twelfths of an hour
# Few distinct steps, because each costs a matrix exponential for every woman.
AFTER_SHORT_H = (*(n / 12.0 for n in range(1, 13)), 2.0, 3.0, 4.0, 5.0, 6.0)
AFTER_DOSE_H = (0.0, 2.0, 4.0, 6.0, 8.0, 12.0, 18.0)
LONG_COURSE_H = 72.0  # from here on the infant's worst day is looked for in steps of 12 h instead of 1 h
COVARIATES = ("weight_kg", "age_years", "height_cm", "egfr_ml_per_min_1_73m2", "days_since_birth", "gestation_weeks")


@dataclass(frozen=True, slots=True)
class Quantiles:
    """The 5th, 50th and 95th percentile over women."""

    p05: float
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Band:
    """Percentiles over women at each time, in ng/mL: arrays of shape (times,)."""

    time_h: Floats
    p05: Floats
    p50: Floats
    p95: Floats


@dataclass(frozen=True, slots=True)
class Milk:
    """What is expected in milk, and of it in an infant fed on breast milk alone from the start on, without a pause.

    ``infant_dose_ug_per_kg`` is all that such an infant takes in because of the course; the relative infant dose sets
    it against all the mother is given, both per kg of own weight.  ``upper`` is the same with the upper figure of milk
    intake; ``peak_day`` the worst 24 hours against the mother's mean day.
    """

    band: Band
    level_ng_per_ml: float | None
    below_level_after_end_h: Quantiles | None
    infant_dose_ug_per_kg: Quantiles
    relative_infant_dose_percent: Quantiles
    relative_infant_dose_upper_percent: Quantiles | None
    peak_day_relative_infant_dose_percent: Quantiles


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected in her.

    ``None`` is unknown: everything, where no usable model of the drug is known; the milk, where no source supports its
    level.  ``unknown`` says so in words.  ``facts`` are the numbers it rests on.
    """

    women: int
    seed: int
    grade: Grade
    model: Model | None = None
    facts: tuple[Fact, ...] = ()
    plasma: Band | None = None
    others: Mapping[str, Band] = field(default_factory=dict)
    cmax_ng_per_ml: Quantiles | None = None
    auc_ng_h_per_ml: Quantiles | None = None
    half_life_h: Quantiles | None = None
    milk: Milk | None = None
    unknown: tuple[str, ...] = ()


def forecast(mother: Mother, drug: Drug, treatment: Treatment, *, women: int, seed: int) -> Forecast:
    """Simulate ``women`` virtual women with her covariates through the planned course, with the drug's default model.

    Percentiles are taken over women by sorting, with linear interpolation between ranks; the forecast is the level
    itself, without the error of an assay.

    Raises:
        InputError: the model cannot be used for her, because it needs a fact that her file does not hold.
    """
    if drug.default_model is None:
        return Forecast(women, seed, "U", unknown=(NO_MODEL, *_uncontrolled(drug)))
    model = drug.models[drug.default_model]
    try:
        cohort = draw(model, covariates=covariates_of(mother), women=women, seed=seed)
    except ValueError as error:
        raise InputError(f"{drug.name}: model {model.name} cannot be used for her: {error}.") from None
    regimen = regimen_of(treatment)
    half_life_h = exposure.terminal_half_life_h(model, cohort, into=_given_into(regimen))
    half_life = quantiles(half_life_h)
    course = simulate(model, cohort, regimen, times_shown(treatment, tail_h=tail_h(half_life.p50)))
    bands = {
        name: band(course.times_h, level) for name, level in course.values.items() if course.units[name] == "ng/mL"
    }
    infant = _milk(drug, _Course(model, cohort, regimen, treatment), bands.get("milk"))
    facts = (*model.typical.values(), *_milk_facts(drug, known=infant is not None))
    # The times shown hold every change of a rate, where the level under an infusion turns, and the last dose's day in
    # half hours, where the level of a course by mouth is highest: the peak is missed by less than 0.1 %.
    cmax = quantiles(course.values["plasma"].max(axis=1))
    return Forecast(
        women=women,
        seed=seed,
        grade=lowest_grade([model.grade, *(fact.grade for fact in facts)]),
        model=model,
        facts=facts,
        plasma=bands["plasma"],
        others=_products(bands),
        cmax_ng_per_ml=cmax,
        auc_ng_h_per_ml=quantiles(exposure.auc_to_infinity(model, cohort, regimen)),
        half_life_h=half_life,
        milk=infant,
        unknown=tuple(_unknown(drug, cmax, infant, women=women, products=_products(bands))),
    )


def _products(bands: Mapping[str, Band]) -> dict[str, Band]:
    """What the drug becomes: every level that is neither the drug's own in plasma nor in milk."""
    return {name: found for name, found in bands.items() if name not in ("plasma", "milk")}


def covariates_of(mother: Mother) -> dict[str, float]:
    """Her known numbers under the names that models use; what is not known is left out."""
    found = {name: getattr(mother, name) for name in COVARIATES}
    return {name: float(value) for name, value in found.items() if value is not None}


# ---- percentiles ----------------------------------------------------------------------------------------------


def quantiles(values: Floats) -> Quantiles:
    """Percentiles 5, 50, 95 of (women,)."""
    low, middle, high = _percentiles(values[None, :])
    return Quantiles(float(low[0]), float(middle[0]), float(high[0]))


def band(times_h: Floats, levels: Floats) -> Band:
    """Percentiles 5, 50, 95 over women of (women, times)."""
    return Band(times_h, *_percentiles(levels.T))


def _percentiles(rows: Floats) -> tuple[Floats, Floats, Floats]:
    """Percentiles of (rows, women): rank ``p * (women - 1)``, linear between neighbours (type 7 of Hyndman 1996)."""
    ordered = np.sort(rows, axis=1)
    last = ordered.shape[1] - 1
    found = []
    for share in (0.05, 0.50, 0.95):
        rank = share * last
        below = int(rank)
        above = min(below + 1, last)
        low, high = ordered[:, below], ordered[:, above]
        with np.errstate(invalid="ignore"):
            found.append(np.where(low == high, low, low + (rank - below) * (high - low)))
    return found[0], found[1], found[2]


# ---- times ----------------------------------------------------------------------------------------------------


def tail_h(half_life_h: float) -> float:
    """How long the fall after the end is shown: six half-lives, in whole half-days, within 1 to 10 days."""
    capped = min(max(HALF_LIVES_SHOWN * half_life_h, SHORTEST_TAIL_H), LONGEST_TAIL_H)
    return math.ceil(capped / TAIL_STEP_H) * TAIL_STEP_H


def times_shown(treatment: Treatment, *, tail_h: float) -> Floats:
    """The times of a band: every change of the input, a grid fit for the schedule, and the fall after the end."""
    end_h = treatment.end_h + tail_h
    found = {step.start_h for step in treatment.steps} | {step.end_h for step in treatment.steps}
    found |= {dose.at_h + after for dose in treatment.doses for after in AFTER_DOSE_H}
    starts = [session.start_h for session in treatment.sessions[1:]]
    if treatment.steps:
        for session, next_h in zip(treatment.sessions, [*starts, end_h], strict=True):
            found.update(at_h for at_h in _around(session.start_h, session.end_h, next_h) if at_h < next_h)
    if treatment.doses:
        found.update(_grid(treatment.end_h, treatment.end_h + 24.0, 0.5))
    found.update(_grid(treatment.end_h, end_h, 2.0))
    return np.array(sorted(at_h for at_h in _apart(found) if at_h <= end_h))


def _around(start_h: float, end_h: float, next_h: float) -> Iterator[float]:
    if end_h - start_h >= LONG_INFUSION_H:
        yield from _grid(start_h, min(end_h + 24.0, next_h), 1.0)
        return
    yield from _grid(start_h, end_h, 1.0 / 12.0)
    yield from (end_h + after for after in AFTER_SHORT_H)
    yield from _grid(end_h + AFTER_SHORT_H[-1], next_h, 6.0)


def _grid(start_h: float, end_h: float, step_h: float) -> Iterator[float]:
    yield from (start_h + index * step_h for index in range(int((end_h - start_h) / step_h + 1e-9) + 1))


def _apart(moments_h: set[float]) -> Iterator[float]:
    # Sums of the same hours in another order differ in the last digit; a moment is listed once.
    yield from {round(at_h, 9): at_h for at_h in sorted(moments_h, reverse=True)}.values()


def _given_into(regimen: Regimen) -> str:
    return regimen.steps[0].into if regimen.steps else regimen.boluses[0].into


# ---- milk -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Course:
    model: Model
    cohort: Cohort
    regimen: Regimen
    treatment: Treatment


def _milk(drug: Drug, course: _Course, found: Band | None) -> Milk | None:
    intake = drug.lactation.intake_ml_per_kg_day.value
    if found is None or intake is None:
        return None
    system = (course.model, course.cohort, course.regimen)
    relative = milk.relative_infant_dose_percent(*system, intake_ml_per_kg_day=intake)
    look_every_h = 1.0 if course.treatment.end_h <= LONG_COURSE_H else 12.0
    peak_day = milk.peak_day_relative_infant_dose_percent(
        *system, intake_ml_per_kg_day=intake, look_every_h=look_every_h
    )
    given_ug_per_kg = course.treatment.total_dose_mg * 1000.0 / course.cohort.weight_kg
    level, upper = drug.lactation.published_level_ng_per_ml, drug.lactation.intake_upper_ml_per_kg_day.value
    known_level = None if level is None else level.value
    return Milk(
        band=found,
        level_ng_per_ml=known_level,
        below_level_after_end_h=None if known_level is None else _below(course, known_level),
        infant_dose_ug_per_kg=quantiles(relative / 100.0 * given_ug_per_kg),
        relative_infant_dose_percent=quantiles(relative),
        relative_infant_dose_upper_percent=None if upper is None else quantiles(relative * upper / intake),
        peak_day_relative_infant_dose_percent=quantiles(peak_day),
    )


def _below(course: _Course, level: float) -> Quantiles:
    end_h = course.treatment.end_h
    return quantiles(
        exposure.time_to_fall_below_h(
            course.model, course.cohort, course.regimen, output="milk", level=level, after_h=end_h
        )
    )


def _milk_facts(drug: Drug, *, known: bool) -> Iterator[Fact]:
    if known:
        yield drug.lactation.intake_ml_per_kg_day
        if drug.lactation.published_level_ng_per_ml is not None:
            yield drug.lactation.published_level_ng_per_ml


# ---- what is unknown ------------------------------------------------------------------------------------------

NO_MODEL = (
    "Levels in plasma and milk, and the infant's dose: no source gives a model of this drug that can be simulated."
)


def _unknown(
    drug: Drug, cmax: Quantiles, infant: Milk | None, *, women: int, products: Mapping[str, Band]
) -> Iterator[str]:
    if women < FEWEST_WOMEN:
        yield f"How much levels differ between women: {women} virtual women are too few to place the edges of a band."
    elif cmax.p05 == cmax.p95:
        yield "How much levels differ between women: the model used gives no spread, so its band is one line."
    if infant is None:
        yield "The level in milk and the infant's dose: no source gives what the model used would need."
    elif products:
        named = ", ".join(name.replace("_", " ") for name in products)
        yield f"How much {named} the infant gets: the infant's dose counts {drug.name} alone."
    if infant is not None and infant.level_ng_per_ml is None:
        yield "When milk is below a published level: no source names such a level."
    yield from _uncontrolled(drug)


def _uncontrolled(drug: Drug) -> Iterator[str]:
    names = dict.fromkeys(effect.name for effect in drug.side_effects if effect.control_events is None)
    if names:
        yield f"How often this happens without the drug (no control group): {'; '.join(names)}."
