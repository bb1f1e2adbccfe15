"""Her expected level over the course: what was confirmed so far, then the plan; no prediction is asked by any rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import numpy as np

from matrescence.actions.forecasting import Band, band, covariates_of
from matrescence.care.drug import Drug
from matrescence.care.infusion.state import OVER, PUMP_MAY_RUN, State, allowed_rate_at
from matrescence.care.mother import Mother
from matrescence.pharmacology.cohort import draw
from matrescence.pharmacology.regimen import RateStep, Regimen
from matrescence.pharmacology.simulate import simulate

WOMEN = 200
SEED = 1
AFTER_END_H = 12.0
POINTS = 61

Steps = tuple[tuple[float, float, float], ...]
"""Start (h), end (h) and rate (ug/kg/h) of each stretch."""


@dataclass(frozen=True, slots=True)
class Level:
    """The band over the course in ng/mL, with the model it comes from and how far to trust it."""

    band: Band
    model: str
    label: str
    grade: str

    def at(self, hour: float) -> tuple[float, float, float]:
        """The 5th, 50th and 95th percentile at an hour, between the points by a straight line."""
        found = (float(np.interp(hour, self.band.time_h, edge)) for edge in (
            self.band.p05, self.band.p50, self.band.p95))  # fmt: skip
        low, middle, high = found
        return low, middle, high

    def shown_at(self, hour: float) -> tuple[float, float, float] | None:
        """The same; ``None`` after the last hour that was worked out."""
        return self.at(hour) if hour <= float(self.band.time_h[-1]) else None


def level_of(state: State, mother: Mother, drug: Drug) -> Level | None:
    """The level by what is confirmed and what is still planned; ``None`` where no model of the drug is known."""
    if drug.default_model is None or state.order is None:
        return None
    return _level(drug.name, tuple(sorted(covariates_of(mother).items())), steps_of(state), state.order.end_h)


def steps_of(state: State) -> Steps:
    """What ran by the record, and from the newest record on what the plan allows; nothing more once it is over."""
    return tuple(_planned(state)) if state.started_at is None else tuple(_given(state))


def _planned(state: State) -> Iterator[tuple[float, float, float]]:
    for stair in state.ordered.stairs:
        yield stair.start_h, stair.end_h, stair.rate_ug_per_kg_h


def _given(state: State) -> Iterator[tuple[float, float, float]]:
    zero, end_h = state.started_at, state.ordered.end_h
    assert zero is not None  # asked only of an infusion that has started
    hours = [(point.at - zero) / timedelta(hours=1) for point in state.rates]
    for place, point in enumerate(state.rates[:-1]):
        if point.rate_ug_per_kg_h > 0 and hours[place] < hours[place + 1]:
            yield round(hours[place], 4), round(hours[place + 1], 4), point.rate_ug_per_kg_h
    last, from_h = state.rates[-1], round(hours[-1], 4)
    if last.rate_ug_per_kg_h <= 0 or state.phase in OVER or state.phase not in PUMP_MAY_RUN:
        return
    for stair in state.ordered.stairs:
        begins = max(stair.start_h, from_h)
        if begins >= stair.end_h:
            continue
        ahead = allowed_rate_at(state, zero + timedelta(hours=begins))
        yield begins, stair.end_h, last.rate_ug_per_kg_h if stair.start_h <= from_h else ahead
    if from_h >= end_h:
        yield from_h, from_h + 0.01, last.rate_ug_per_kg_h


@lru_cache(maxsize=64)
def _level(drug_name: str, covariates: tuple[tuple[str, float], ...], steps: Steps, end_h: float) -> Level | None:
    from matrescence.formulary import library

    drug = library.load(drug_name)
    model = drug.models[str(drug.default_model)]
    try:
        cohort = draw(model, covariates=dict(covariates), women=WOMEN, seed=SEED)
    except ValueError:  # the model needs a fact that is not known of her
        return None
    regimen = Regimen(steps=tuple(RateStep(*step) for step in steps), per_kg=True)
    last_h = max(end_h, *(step[1] for step in steps), 0.0) if steps else end_h
    times = np.unique(np.round([*np.linspace(0.0, last_h + after_h(end_h), POINTS), *_edges(steps)], 4))
    course = simulate(model, cohort, regimen, times, outputs=["plasma"])
    return Level(band(course.times_h, course.values["plasma"]), model.name, model.label, str(model.grade))


def after_h(end_h: float) -> float:
    """How long after the end is shown: a fifth of the course, at least an hour and a half."""
    return min(max(end_h / 5.0, 1.5), AFTER_END_H)


def _edges(steps: Steps) -> list[float]:
    return [hour for step in steps for hour in step[:2]]
