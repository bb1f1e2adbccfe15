"""What one record of a course can tell, as immutable values.

Answers are kept as they were given; scores, verdicts and stages are derived from them each time they are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from matrescence.care.assessment.consultation import Answer, Question
from matrescence.care.assessment.help_lines import HelpLines
from matrescence.care.assessment.history import History
from matrescence.care.assessment.scales import Scale
from matrescence.care.assessment.scoring import Answers
from matrescence.care.drug import Drug
from matrescence.care.eligibility.facts import HealthFacts
from matrescence.care.enrolment.programme import Programme
from matrescence.care.enrolment.records import Record, Revocation, Session
from matrescence.care.infusion.events import Event
from matrescence.care.infusion.order import Limit
from matrescence.care.mother import Mother
from matrescence.care.recovery.discharge import Observed, SiteLimits
from matrescence.care.recovery.guidance import Guidance
from matrescence.care.recovery.outcome import Definitions


@dataclass(frozen=True, slots=True)
class Ground:
    """What a course stands on besides its own records.

    The drug, its risk programme, the questions of the consultation, whom to call, what the drug's folder tells of
    leaving and coming back, the scales of readiness to leave, and what counts as response and relapse.
    """

    drug: Drug
    programme: Programme
    questions: tuple[Question, ...]
    lines: HelpLines
    guidance: Guidance
    scales: Mapping[str, Scale]
    definitions: Definitions

    @property
    def infused(self) -> bool:
        """Whether the drug is given by pump; one by mouth has no infusion and asks no gate."""
        return self.drug.preparation is not None


class Outcome(Enum):
    """What became of an urgent task."""

    ASSESSED = "assessed"  # assessed in person; what is needed is agreed and arranged
    HANDED_OVER = "handed-over"  # handed over in person to mental-health care
    ADMITTED = "admitted"
    EMERGENCY = "emergency-services"
    NOT_REACHED = "not-reached"  # an attempt: the task stays open

    @property
    def closes(self) -> bool:
        """Whether the task is done with."""
        return self is not Outcome.NOT_REACHED


@dataclass(frozen=True, slots=True)
class MotherKnown:
    """Who she is, as known from this record on."""

    mother: Mother


@dataclass(frozen=True, slots=True)
class Assessed:
    """She answered questionnaires; ``follow_up`` when this is a later score and not a whole assessment.

    ``name`` is whose answers they are said to be; ``None`` where only the course itself says so.
    """

    forms: tuple[Answers, ...]
    history: History
    name: str | None = None
    follow_up: bool = False
    consultation: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Disposed:
    """Somebody acted on urgent tasks."""

    tasks: tuple[str, ...]
    outcome: Outcome
    done: str


@dataclass(frozen=True, slots=True)
class Consulted:
    """Answers of the consultation; later answers add to and replace earlier ones."""

    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class HealthKnown:
    """Her health facts, all together."""

    facts: HealthFacts


@dataclass(frozen=True, slots=True)
class ClinicianDecided:
    """A clinician has looked at what eligibility left open, and decided."""

    go_on: bool
    why: str


@dataclass(frozen=True, slots=True)
class Filed:
    """Records of the risk programme, and from here on the session they are for."""

    session: Session
    items: tuple[Record | Revocation, ...]


@dataclass(frozen=True, slots=True)
class PlanChosen:
    """Which regimen, which of its sessions, and what the site has set.

    ``two_person``: nothing starts before two people have confirmed the dose plan and the programme of the pump.
    ``unrecorded_after_min``: the site's own limit for a continuous check of which nobody records a reading.
    """

    regimen: str
    session_number: int = 1
    limits: tuple[Limit, ...] = ()
    overdue_after_min: float = 0.0
    leaving: SiteLimits = field(default_factory=SiteLimits)
    two_person: bool = False
    unrecorded_after_min: float | None = None


class Confirmable(Enum):
    """What two people confirm before a start."""

    DOSE_PLAN = "dose-plan"
    PUMP_PROGRAMME = "pump-programme"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Somebody has checked this; ``digest`` is the fingerprint of exactly what was checked."""

    what: Confirmable
    digest: str


@dataclass(frozen=True, slots=True)
class Infused:
    """What one command to the infusion led to: events that ``decide`` gave."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class FeedingChosen:
    """Whose feeding plan she follows; ``None``: she does not breastfeed."""

    follows: str | None


@dataclass(frozen=True, slots=True)
class LeavingChecked:
    """The checklist before she leaves, as somebody filled it; the time since the end is worked out."""

    observed: Observed


@dataclass(frozen=True, slots=True)
class Decided:
    """A clinician takes it on that she leaves although the checklist is not met, or leaves it open: who, and why."""

    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Left:
    """She has left: with whom, and which follow-ups were agreed; ``events`` is what the infusion's rules gave.

    ``decided`` is there where it was not the checklist that let her go.
    """

    left_with: str
    follow_ups: tuple[datetime, ...]
    events: tuple[Event, ...] = ()
    decided: Decided | None = None


Plain = MotherKnown | Assessed | Disposed | Consulted | HealthKnown | ClinicianDecided | Filed | PlanChosen
Told = Plain | Confirmed | Infused | FeedingChosen | LeavingChecked | Left

CORRECTABLE = (MotherKnown, Assessed, Consulted, HealthKnown, FeedingChosen, LeavingChecked)
"""What a correction may replace."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """The record at position ``of`` was wrong; ``told`` is right.  The old record stays where it is."""

    of: int
    told: Told


What = Told | Corrected


@dataclass(frozen=True, slots=True)
class Entry:
    """One record: its place in the log, its idempotency key, when it happened and was written down, and by whom.

    ``clock_at`` is what the clock said, where it stood behind the record before and ``recorded_at`` is that one's.
    """

    position: int
    id: str
    happened_at: datetime
    recorded_at: datetime
    by: str
    what: What
    clock_at: datetime | None = None
