"""What a drug folder must tell.

One :class:`Drug` is one folder of ``formulary/``.  Rules read thresholds, steps and permissions from here; no rule
anywhere asks for a drug by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from matrescence.facts import Fact, Grade, Statement
from matrescence.pharmacology.model import Model
from matrescence.pharmacology.regimen import Bolus, RateStep, Regimen


class Schedule(Enum):
    """The shape of a regimen: what its steps mean."""

    STAIRCASE = "staircase"  # rate steps in ug/kg/h over hours, one long infusion
    SESSIONS = "sessions"  # the same short infusion, a dose in mg/kg over minutes, on several days
    ORAL = "oral"  # a dose in mg by mouth at a fixed interval


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether it can be had at all, since when, and who says so.  Shown wherever the drug is offered."""

    status: str  # "withdrawn", "approved", "off-label"
    as_of: date
    statement: Statement
    checked_on: date


@dataclass(frozen=True, slots=True)
class RateInterval:
    """One stair: this rate from ``start_h`` to ``end_h``; ``lower_ug_per_kg_h`` if a lower rate is allowed."""

    start_h: float
    end_h: float
    rate_ug_per_kg_h: float
    lower_ug_per_kg_h: float | None = None


@dataclass(frozen=True, slots=True)
class RegimenPlan:
    """A regimen as the formulary gives it, before anybody's weight is known."""

    name: str
    label: str
    schedule: Schedule
    source: str
    at: str
    grade: Grade
    use: str  # what it is for: "treatment", "prevention"
    staircase: tuple[RateInterval, ...] = ()
    dose_mg_per_kg: float | None = None
    duration_min: float | None = None
    session_days: tuple[float, ...] = ()
    dose_mg: float | None = None
    every_h: float | None = None
    doses: int | None = None
    evening: bool = False  # every dose is taken in the evening
    notes: tuple[Statement, ...] = ()

    def as_input(self) -> Regimen:
        """The same regimen as input to a model: ug/kg and ug/kg/h for infusions, ug into ``gut`` for oral doses."""
        match self.schedule:
            case Schedule.STAIRCASE:
                stairs = tuple(RateStep(s.start_h, s.end_h, s.rate_ug_per_kg_h) for s in self.staircase)
                return Regimen(steps=stairs, per_kg=True)
            case Schedule.SESSIONS:
                assert self.dose_mg_per_kg is not None and self.duration_min is not None
                hours, dose_ug_per_kg = self.duration_min / 60.0, self.dose_mg_per_kg * 1e3
                starts = tuple(day * 24.0 for day in self.session_days)
                sessions = tuple(RateStep(start, start + hours, dose_ug_per_kg / hours) for start in starts)
                return Regimen(steps=sessions, per_kg=True)
            case Schedule.ORAL:
                assert self.dose_mg is not None and self.every_h is not None and self.doses is not None
                times = (number * self.every_h for number in range(self.doses))
                return Regimen(boluses=tuple(Bolus(at, self.dose_mg * 1e3, into="gut") for at in times))


@dataclass(frozen=True, slots=True)
class Preparation:
    """Vial, dilution and bag: what the pharmacy makes."""

    vial_mg: Fact
    vial_ml: Fact
    concentration_mg_per_ml: Fact
    bag_ml: Fact
    hang_h: Fact  # one bag may hang this long
    refrigerated_h: Fact
    extra_bag_from_kg: Fact | None = None  # from this weight on, plan at least one bag more
    recipe: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """Something that must be observed: continuously (``every_h`` is ``None``), at an interval, or at given times."""

    name: str  # e.g. "pulse oximetry with alarm", "excessive sedation check"
    kind: str  # "oximetry", "sedation", "blood-pressure", "dissociation", "readiness"
    continuous: bool
    every_h: float | None
    at_h: tuple[float, ...]
    skipped_in_sleep: bool
    after_end_h: float
    statement: Statement
    unrecorded_after_min: Fact | None = None  # continuous: how long nobody may have recorded a reading


@dataclass(frozen=True, slots=True)
class Interruption:
    """What a finding does to a running infusion, and whether it may ever run again."""

    finding: str  # "excessive-sedation", "hypoxia", "loss-of-consciousness", "severe-hypertension", ...
    action: str  # "stop", "pause", "ask"
    may_resume: bool
    resume_rate: str | None  # "same-or-lower" where resuming is allowed
    needs: str  # what must be true before resuming
    statement: Statement


@dataclass(frozen=True, slots=True)
class Criterion:
    """One eligibility criterion by the name of its function, with this drug's threshold.

    ``finding`` is what it means when met: "forbids", "asks" or "warns".
    """

    name: str
    finding: str
    statement: Statement
    threshold: Fact | None = None
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SideEffect:
    """A count from a trial arm: ``events`` of ``people``, beside the same in its control arm."""

    name: str
    regimen: str  # name of the regimen the arm had, or "any"
    events: int
    people: int
    control_events: int | None
    control_people: int | None
    control: str
    source: str
    at: str
    basis: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class LactationAdvice:
    """What one source says about feeding: ``wait_h`` after the end (0: go on, ``None``: it names no time)."""

    who: str
    advice: str
    statement: Statement
    wait_h: float | None = None
    whole_treatment: bool = False
    store_before_h: float | None = None


@dataclass(frozen=True, slots=True)
class Lactation:
    """Milk facts: the ratio and its spread, the published safe level, intake, and each source's advice."""

    milk_to_plasma: Fact | None
    published_level_ng_per_ml: Fact | None
    oral_bioavailability_percent: Fact | None
    intake_ml_per_kg_day: Fact
    intake_upper_ml_per_kg_day: Fact
    advice: tuple[LactationAdvice, ...]
    watch_infant_for: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Drug:
    """Everything the formulary knows of one drug.

    ``default_model`` is ``None`` when no usable model is known: its forecast is then unknown, and is said to be.
    """

    name: str
    label: str
    route: str
    mechanism: Statement
    availability: Availability
    regimens: Mapping[str, RegimenPlan]
    default_regimen: str
    models: Mapping[str, Model]
    default_model: str | None
    lactation: Lactation
    preparation: Preparation | None = None
    observations: tuple[Observation, ...] = ()
    interruptions: tuple[Interruption, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    side_effects: tuple[SideEffect, ...] = ()
    programme: str | None = None  # name of a risk programme in formulary/programmes
    limits: Mapping[str, Fact] = field(default_factory=dict)
    notes: tuple[Statement, ...] = ()
    citations: Mapping[str, str] = field(default_factory=dict)  # key -> one readable line
