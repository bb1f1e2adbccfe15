"""What is known of one mother after her records, folded into one value.  Nothing here is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from matrescence.care.assessment.consultation import Answer
from matrescence.care.assessment.urgent import UrgentPath
from matrescence.care.eligibility.facts import HealthFacts
from matrescence.care.enrolment.records import Record, Revocation, Session
from matrescence.care.infusion.state import Phase, State
from matrescence.care.journey.words import Assessed, Entry, FeedingChosen, Left, Outcome, PlanChosen
from matrescence.care.mother import Mother


@dataclass(frozen=True, slots=True)
class Task:
    """Something urgent: ``id`` is the position of its record and its place there; ``attempts`` did not reach her."""

    id: str
    since: datetime
    path: UrgentPath
    of: int
    attempts: int = 0
    closed_by: Outcome | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has closed it."""
        return self.closed_by is None


@dataclass(frozen=True, slots=True)
class Sitting:
    """Questionnaires answered at one time, as they stand after any correction."""

    position: int
    at: datetime
    assessed: Assessed


@dataclass(frozen=True, slots=True)
class Filing:
    """One record of the risk programme, and when it was written into this log."""

    item: Record | Revocation
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """A clinician's decision, and the open reasons it was made about."""

    go_on: bool
    why: str
    by: str
    about: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Infusion:
    """One infusion: its state and the session it was opened for."""

    state: State
    session: Session | None
    opened_at_position: int


@dataclass(frozen=True, slots=True)
class Known:
    """Everything the records say together."""

    mother: Mother | None = None
    sittings: tuple[Sitting, ...] = ()
    tasks: tuple[Task, ...] = ()
    consultation: Mapping[int, Mapping[str, Answer]] = field(default_factory=dict)
    health: HealthFacts | None = None
    decision: Decision | None = None
    session: Session | None = None
    filings: tuple[Filing, ...] = ()
    plan: PlanChosen | None = None
    infusions: tuple[Infusion, ...] = ()
    ungated: tuple[int, ...] = ()
    feeding: FeedingChosen | None = None
    left: Left | None = None
    left_at: datetime | None = None
    entries: Mapping[int, Entry] = field(default_factory=dict)
    recorded_at: datetime | None = None

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """The urgent tasks nobody has closed, the most pressing first."""
        order = list(type(self.tasks[0].path.urgency)) if self.tasks else []
        return tuple(sorted((t for t in self.tasks if t.is_open), key=lambda t: (order.index(t.path.urgency), t.since)))

    @property
    def answers(self) -> dict[str, Answer]:
        """The consultation as it stands: of each question the newest answer."""
        return {key: answer for position in sorted(self.consultation) for key, answer in self.consultation[position].items()}

    @property
    def assessment(self) -> Sitting | None:
        """The newest whole assessment."""
        return next((sitting for sitting in reversed(self.sittings) if not sitting.assessed.follow_up), None)

    @property
    def infusion(self) -> Infusion | None:
        """The newest infusion."""
        return self.infusions[-1] if self.infusions else None

    @property
    def state(self) -> State:
        """The newest infusion's state; a new one when there is none."""
        return self.infusions[-1].state if self.infusions else State()

    @property
    def between_infusions(self) -> bool:
        """Whether no infusion is open: none was, or the newest has been discharged."""
        return self.state.phase in {Phase.NEW, Phase.DISCHARGED}
