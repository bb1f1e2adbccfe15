"""What was ordered for one course: stairs, bags, checks, limits, and what each finding does.

An order is made once, from the plan and the drug's own data, and is written into the log when the course is opened;
from then on the log can be read without the formulary.  Hours count from the first confirmed rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from matrescence.care.infusion.readings import Measure
from matrescence.care.infusion.stamp import utc
from matrescence.facts import Grade

OURS = "project-decision"
"""The source of what no drug's data say."""


class Action(Enum):
    """What a finding does to a running infusion."""

    STOP = "stop"
    PAUSE = "pause"
    ASK = "ask"


class ResumeRate(Enum):
    """The rate at which an interrupted infusion may go on."""

    SAME_OR_LOWER = "same-or-lower"
    LOWER = "lower"


HYPOXIA = "hypoxia"
"""The one finding that no order may let an infusion be resumed from."""


@dataclass(frozen=True, slots=True)
class Stair:
    """One planned rate, from ``start_h`` up to ``end_h``."""

    start_h: float
    end_h: float
    rate_ug_per_kg_h: float
    rate_ml_per_h: float | None = None


@dataclass(frozen=True, slots=True)
class Bag:
    """One planned bag: when it is hung, and when the next must hang in its place."""

    number: int
    hang_at_h: float
    change_by_h: float
    volume_ml: float | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Something to be observed: continuously, every so often, or at given hours; and for how long after the end.

    ``kind`` is fulfilled by a reading of that kind (see :data:`readings.SATISFIES`) or by the check said to be done.
    ``source`` and ``grade`` are those of the drug's own sentence that asks for it.  ``unrecorded_after_min`` belongs to
    a continuous one: after so long without a recorded reading nobody knows whether it goes on (``None``: no limit).
    """

    name: str
    kind: str
    continuous: bool = False
    every_h: float | None = None
    at_h: tuple[float, ...] = ()
    skipped_in_sleep: bool = False
    after_end_h: float = 0.0
    source: str = OURS
    grade: Grade = "C"
    unrecorded_after_min: float | None = None


@dataclass(frozen=True, slots=True)
class Interruption:
    """What one finding does, whether the infusion may ever run again, and what must be true before it does."""

    finding: str
    action: Action
    may_resume: bool
    resume_rate: ResumeRate | None
    needs: str
    source: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Limit:
    """The value at which a measured quantity becomes a finding.  ``None`` on both sides: nobody has set one.

    A saturation limit is ``below``, a pressure limit ``at_or_above``, a sedation limit is tied to its ``scale`` and
    counts in the direction in which that scale grows worse.
    """

    measure: Measure
    finding: str
    below: float | None = None
    at_or_below: float | None = None
    at_or_above: float | None = None
    scale: str | None = None
    source: str = "site-policy"

    @property
    def is_set(self) -> bool:
        """Whether anybody has set this limit."""
        return (self.below, self.at_or_below, self.at_or_above) != (None, None, None)

    def met_by(self, value: float) -> bool:
        """Whether ``value`` lies beyond this limit."""
        return (
            (self.below is not None and value < self.below)
            or (self.at_or_below is not None and value <= self.at_or_below)
            or (self.at_or_above is not None and value >= self.at_or_above)
        )


@dataclass(frozen=True, slots=True)
class SleepPeriod:
    """One planned sleep, from one instant up to another."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", utc(self.start, "start of sleep"))
        object.__setattr__(self, "end", utc(self.end, "end of sleep"))


@dataclass(frozen=True, slots=True)
class InfusionOrder:
    """One course as ordered, for one session of one mother under one risk programme.

    ``overdue_after_min`` is the site's own tolerance before a due thing is called overdue.  A start or a resume that
    is not confirmed within ``confirm_within_min`` lapses (our own choice of 15 min; a site may set its own).

    Raises:
        ValueError: there is no stair, or the stairs leave a gap, overlap, or do not start at hour 0; or hypoxia is to
            do anything else than stop it for ever, whatever a drug's data say.
    """

    drug: str
    regimen: str
    mother: str
    session: str
    programme: str
    weight_kg: float
    time_zone: str
    stairs: tuple[Stair, ...]
    bags: tuple[Bag, ...] = ()
    checks: tuple[Check, ...] = ()
    interruptions: tuple[Interruption, ...] = ()
    limits: tuple[Limit, ...] = ()
    sleep: tuple[SleepPeriod, ...] = ()
    overdue_after_min: float = 0.0
    confirm_within_min: float = 15.0

    def __post_init__(self) -> None:
        ends = (0.0, *(stair.end_h for stair in self.stairs))
        joined = all(stair.start_h == end for stair, end in zip(self.stairs, ends, strict=False))
        if not (self.stairs and joined and all(s.start_h < s.end_h and s.rate_ug_per_kg_h > 0 for s in self.stairs)):
            raise ValueError("stairs: they must start at hour 0 and follow each other, each with a rate above zero")
        hypoxia = self.interruption(HYPOXIA)
        if hypoxia is not None and (hypoxia.may_resume or hypoxia.action is not Action.STOP):
            raise ValueError("interruptions: hypoxia stops an infusion for ever; no order may say otherwise")

    @property
    def end_h(self) -> float:
        """The planned end, in hours from the first confirmed rate."""
        return self.stairs[-1].end_h

    @property
    def total_ug_per_kg(self) -> float:
        """The planned dose: the sum of rate x duration over the stairs."""
        return sum(stair.rate_ug_per_kg_h * (stair.end_h - stair.start_h) for stair in self.stairs)

    def interruption(self, finding: str) -> Interruption | None:
        """What this order says about a finding; ``None`` when it says nothing."""
        return next((rule for rule in self.interruptions if rule.finding == finding), None)
