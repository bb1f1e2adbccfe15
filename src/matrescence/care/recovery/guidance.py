"""What a drug's folder tells about recovery: ``recovery.toml``.  No rule asks for a drug by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from matrescence.facts import Fact, Statement


class Criterion(Enum):
    """The closed list of what may have to be true before she leaves; the value is the topic of its rule."""

    OBSERVED = "observed"
    SEDATION = "sedation"
    READINESS = "readiness"
    BLOOD_PRESSURE = "blood_pressure"
    ACCOMPANIED = "accompanied"
    CHILD_CARE = "child_care"


@dataclass(frozen=True, slots=True)
class DischargeCriterion:
    """One criterion; ``threshold`` (hours, or mm Hg) is ``None`` in value where the site decides; ``scale`` a name."""

    kind: Criterion
    statement: Statement
    threshold: Fact | None = None
    scale: str | None = None


@dataclass(frozen=True, slots=True)
class Driving:
    """When she may drive: hours after the end or the last dose, or from the day after; both ``None``: no time named."""

    statement: Statement
    after_end_h: Fact | None = None
    next_day: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit, in days after the end of treatment, and what it is for."""

    name: str
    after_end_days: float
    statement: Statement


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Sessions after a series: for which regimens, how far apart, how many, and only for responders or for all."""

    after_regimens: tuple[str, ...]
    every_days: float
    times: int
    responders_only: bool
    statement: Statement


@dataclass(frozen=True, slots=True)
class NonResponse:
    """After how many sessions without a response a source found no later gain."""

    after_sessions: int
    statement: Statement


@dataclass(frozen=True, slots=True)
class Guidance:
    """Everything a drug's folder tells about recovery; what it leaves out is not known."""

    discharge: tuple[DischargeCriterion, ...] = ()
    driving: Driving | None = None
    visits: tuple[Visit, ...] = ()
    maintenance: Maintenance | None = None
    non_response: NonResponse | None = None
    citations: Mapping[str, str] = field(default_factory=dict)
