"""What is known of one mother after her records, folded into one value.  Nothing here is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from matrescence.care.assessment.consultation import Answer
from matrescence.care.assessment.urgent import Urgency, UrgentPath
from matrescence.care.eligibility.facts import HealthFacts
from matrescence.care.enrolment.records import Record, Revocation, Session
from matrescence.care.infusion.state import Phase, State
from matrescence.care.journey import words
from matrescence.care.mother import Mother

_T = TypeVar("_T")
_PRESSING = list(Urgency)


@dataclass(frozen=True, slots=True)
class Task:
    """Something urgent: ``id`` is the position of its record and its place there; ``attempts`` did not reach her."""

    id: str
    since: datetime
    path: UrgentPath
    attempts: int = 0
    closed_by: words.Outcome | None = None


@dataclass(frozen=True, slots=True)
class Sitting:
    """Questionnaires answered at one time, as they stand after any correction."""

    at: datetime
    assessed: words.Assessed


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
    """One infusion: its state, the session it was opened for, and the position of the record that opened it."""

    state: State
    session: Session | None
    opened: int


@dataclass(frozen=True, slots=True)
class Known:
    """Everything the records say together.

    ``entries`` holds every record by position as it stands: where one was corrected, with what is right.  ``told`` are
    those of them that are no step at the bedside: a long infusion has thousands of steps, and only a few of these.
    ``set_back`` names the records before which the clock had been set back.
    """

    entries: Mapping[int, words.Entry] = field(default_factory=dict)
    told: Mapping[int, words.Entry] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    decision: Decision | None = None
    session: Session | None = None
    filings: tuple[Filing, ...] = ()
    infusions: tuple[Infusion, ...] = ()
    ungated: tuple[int, ...] = ()
    recorded_at: datetime | None = None
    set_back: tuple[int, ...] = ()

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """The urgent tasks nobody has closed, the most pressing first."""
        found = [task for task in self.tasks if task.closed_by is None]
        return tuple(sorted(found, key=lambda task: (_PRESSING.index(task.path.urgency), task.since)))

    @property
    def mother(self) -> Mother | None:
        """Who she is, as last told."""
        found = self._newest(words.MotherKnown)
        return None if found is None else found.mother

    @property
    def health(self) -> HealthFacts | None:
        """Her health facts, as last told."""
        found = self._newest(words.HealthKnown)
        return None if found is None else found.facts

    @property
    def plan(self) -> words.PlanChosen | None:
        """The newest plan."""
        return self._newest(words.PlanChosen)

    @property
    def feeding(self) -> words.FeedingChosen | None:
        """Her newest choice of a feeding plan."""
        return self._newest(words.FeedingChosen)

    @property
    def sittings(self) -> tuple[Sitting, ...]:
        """Every sitting, by the time she answered."""
        found = [Sitting(e.happened_at, e.what) for e in self.told.values() if isinstance(e.what, words.Assessed)]
        return tuple(sorted(found, key=lambda sitting: sitting.at))

    @property
    def assessment(self) -> Sitting | None:
        """The newest whole assessment."""
        return next((sitting for sitting in reversed(self.sittings) if not sitting.assessed.follow_up), None)

    @property
    def answers(self) -> dict[str, Answer]:
        """The consultation as it stands: of each question the newest answer."""
        given = [_consultation(entry.what) for _, entry in sorted(self.told.items())]
        return {key: answer for answers in given for key, answer in answers.items()}

    @property
    def departure(self) -> tuple[datetime, words.Left] | None:
        """When she last left, and how."""
        found = [(e.happened_at, e.what) for _, e in sorted(self.told.items()) if isinstance(e.what, words.Left)]
        return found[-1] if found else None

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

    def _newest(self, kind: type[_T]) -> _T | None:
        found = [entry.what for _, entry in sorted(self.told.items()) if isinstance(entry.what, kind)]
        return found[-1] if found else None


def _consultation(what: words.What) -> Mapping[str, Answer]:
    if isinstance(what, words.Consulted):
        return what.answers
    return what.consultation if isinstance(what, words.Assessed) else {}
