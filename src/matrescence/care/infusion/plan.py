"""What the pump, the pharmacy and the nurse do: rate steps, doses by mouth, and observations.

Every rate, bag and time follows from the regimen, the preparation and her weight, by arithmetic alone:

- ``rate_ml_per_h = rate_ug_per_kg_h * weight_kg / 1000 / concentration_mg_per_ml``;
- a concentration that no source gives is site policy: the pump rate is then ``None``, never a guess.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from matrescence.care.clock import asleep, clock_time, same_clock_h
from matrescence.care.drug import Observation, Preparation, RegimenPlan, Schedule
from matrescence.care.infusion.bags import Bag, Vials, hang_bags, vials_for
from matrescence.care.mother import SleepWindow
from matrescence.facts import Statement
from matrescence.pharmacology.regimen import Bolus, RateStep, Regimen

PUMP_RESOLUTION_ML_PER_H = 0.1  # what most infusion pumps can be set to; the exact rate is always shown beside it


@dataclass(frozen=True, slots=True)
class Session:
    """One stretch of treatment: an infusion, or a whole course by mouth."""

    number: int
    start_h: float
    end_h: float


@dataclass(frozen=True, slots=True)
class PumpStep:
    """One rate of the pump: exact in ug/kg/h and mL/h, and what the pump can be set to.

    ``lower_ug_per_kg_h`` is the lower rate that the regimen allows here when she does not tolerate this one.
    """

    session: int
    start_h: float
    end_h: float
    rate_ug_per_kg_h: float
    rate_ml_per_h: float | None
    rate_ml_per_h_set: float | None
    lower_ug_per_kg_h: float | None = None
    lower_ml_per_h: float | None = None
    lower_ml_per_h_set: float | None = None

    @property
    def volume_ml(self) -> float | None:
        """What this step infuses."""
        return None if self.rate_ml_per_h is None else self.rate_ml_per_h * (self.end_h - self.start_h)


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose by mouth."""

    at_h: float
    amount_mg: float


@dataclass(frozen=True, slots=True)
class Check:
    """Something to observe at ``at_h``, or from ``at_h`` to ``until_h`` without a break."""

    at_h: float
    until_h: float | None
    what: str
    kind: str
    statement: Statement


@dataclass(frozen=True, slots=True)
class Treatment:
    """The whole plan of what is given and observed; unknown preparation leaves volumes ``None`` and bags empty."""

    sessions: tuple[Session, ...]
    steps: tuple[PumpStep, ...]
    doses: tuple[Dose, ...]
    bags: tuple[Bag, ...]
    checks: tuple[Check, ...]
    total_dose_mg: float
    total_volume_ml: float | None
    set_dose_mg: float | None
    concentration_mg_per_ml: float | None
    vials: Vials | None

    @property
    def end_h(self) -> float:
        """When the last drug has gone in."""
        return self.sessions[-1].end_h


def plan_treatment(
    regimen: RegimenPlan,
    preparation: Preparation | None,
    observations: Sequence[Observation],
    *,
    weight_kg: float,
    start: datetime,
    sleep: Sequence[SleepWindow] = (),
) -> Treatment:
    """Lay one regimen out for one mother.

    Args:
        regimen: from the formulary; its ``schedule`` says what its numbers mean.
        preparation: ``None`` when the sources give no recipe.
        observations: what the drug's folder wants observed.
        weight_kg: the weight that rates are multiplied by.
        start: when the first drug goes in, with its time zone.
        sleep: planned sleep by the wall clock; checks that spare sleep are left out there.
    """
    sessions = tuple(_sessions(regimen, start))
    concentration = preparation.concentration_mg_per_ml.value if preparation else None
    steps = tuple(_steps(regimen, sessions, weight_kg=weight_kg, concentration_mg_per_ml=concentration))
    doses = tuple(_doses(regimen, start))
    bags = hang_bags(steps, preparation, weight_kg=weight_kg)
    infused_mg = sum(step.rate_ug_per_kg_h * (step.end_h - step.start_h) for step in steps) * weight_kg / 1000.0
    volumes = [step.volume_ml for step in steps if step.volume_ml is not None]
    return Treatment(
        sessions=sessions,
        steps=steps,
        doses=doses,
        bags=bags,
        checks=_checks(observations, sessions, start, sleep),
        total_dose_mg=infused_mg + sum(dose.amount_mg for dose in doses),
        total_volume_ml=sum(volumes) if volumes else None,
        set_dose_mg=_set_dose_mg(steps, concentration),
        concentration_mg_per_ml=concentration,
        vials=vials_for(bags, preparation),
    )


def regimen_of(treatment: Treatment, *, oral_state: str = "gut") -> Regimen:
    """The same course as the pharmacology wants it: per kilogram for infusions, in micrograms by mouth.

    The exact rates are simulated, not the ones rounded for the pump.
    """
    if treatment.doses:
        return Regimen(boluses=tuple(Bolus(dose.at_h, dose.amount_mg * 1000.0, oral_state) for dose in treatment.doses))
    steps = tuple(RateStep(step.start_h, step.end_h, step.rate_ug_per_kg_h) for step in treatment.steps)
    return Regimen(steps=steps, per_kg=True)


# ---- what is given --------------------------------------------------------------------------------------------


def _sessions(regimen: RegimenPlan, start: datetime) -> Iterator[Session]:
    if regimen.schedule is Schedule.STAIRCASE:
        yield Session(1, regimen.staircase[0].start_h, regimen.staircase[-1].end_h)
    elif regimen.schedule is Schedule.SESSIONS:
        for number, day in enumerate(regimen.session_days or (0.0,), start=1):
            begins_h = same_clock_h(start, day)
            yield Session(number, begins_h, begins_h + (regimen.duration_min or 0.0) / 60.0)
    else:
        doses = tuple(_doses(regimen, start))
        yield Session(1, doses[0].at_h, doses[-1].at_h)


def _steps(
    regimen: RegimenPlan, sessions: Sequence[Session], *, weight_kg: float, concentration_mg_per_ml: float | None
) -> Iterator[PumpStep]:
    def ml_per_h(rate_ug_per_kg_h: float | None) -> float | None:
        if rate_ug_per_kg_h is None or not concentration_mg_per_ml:
            return None
        return rate_ug_per_kg_h * weight_kg / 1000.0 / concentration_mg_per_ml

    def step(session: Session, start_h: float, end_h: float, rate: float, lower: float | None = None) -> PumpStep:
        exact, less = ml_per_h(rate), ml_per_h(lower)
        return PumpStep(session.number, start_h, end_h, rate, exact, settable(exact), lower, less, settable(less))

    for session in sessions:
        for stair in regimen.staircase:
            yield step(session, stair.start_h, stair.end_h, stair.rate_ug_per_kg_h, stair.lower_ug_per_kg_h)
        if regimen.dose_mg_per_kg is not None and regimen.duration_min:
            rate = regimen.dose_mg_per_kg * 1000.0 / (regimen.duration_min / 60.0)
            yield step(session, session.start_h, session.end_h, rate)


def settable(rate_ml_per_h: float | None) -> float | None:
    """The nearest rate that the pump can be set to; a half goes up, as when a person rounds."""
    if rate_ml_per_h is None:
        return None
    ticks = math.floor(rate_ml_per_h / PUMP_RESOLUTION_ML_PER_H + 0.5 + 1e-9)
    return round(ticks * PUMP_RESOLUTION_ML_PER_H, 6)


def _doses(regimen: RegimenPlan, start: datetime) -> Iterator[Dose]:
    if regimen.schedule is not Schedule.ORAL or regimen.dose_mg is None:
        return
    for index in range(regimen.doses or 1):
        yield Dose(same_clock_h(start, index * (regimen.every_h or 24.0) / 24.0), regimen.dose_mg)


def _set_dose_mg(steps: Sequence[PumpStep], concentration_mg_per_ml: float | None) -> float | None:
    """What she receives when the pump runs at the rounded rates."""
    if concentration_mg_per_ml is None or not steps:
        return None
    return concentration_mg_per_ml * sum((s.rate_ml_per_h_set or 0.0) * (s.end_h - s.start_h) for s in steps)


# ---- what is observed -----------------------------------------------------------------------------------------


def _checks(
    observations: Sequence[Observation], sessions: Sequence[Session], start: datetime, sleep: Sequence[SleepWindow]
) -> tuple[Check, ...]:
    found = [check for item in observations for session in sessions for check in _observe(item, session, start, sleep)]
    return tuple(sorted(found, key=lambda check: (check.at_h, check.kind, check.what)))


def _observe(item: Observation, session: Session, start: datetime, sleep: Sequence[SleepWindow]) -> Iterator[Check]:
    last_h = session.end_h + item.after_end_h
    if item.continuous:
        yield Check(session.start_h, last_h, item.name, item.kind, item.statement)
        return
    for at_h in _times(item, session, last_h):
        if not (item.skipped_in_sleep and asleep(clock_time(start, at_h), sleep)):
            yield Check(at_h, None, item.name, item.kind, item.statement)


def _times(item: Observation, session: Session, last_h: float) -> Iterator[float]:
    """Given times, counted from the session's start; else the interval's grid; else once, when watching ends."""
    if item.at_h:
        yield from (session.start_h + at_h for at_h in item.at_h)
    elif item.every_h:
        count = int((last_h - session.start_h) / item.every_h + 1e-9)
        yield from (session.start_h + index * item.every_h for index in range(1, count + 1))
    else:
        yield last_h
