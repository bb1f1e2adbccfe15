"""What is overdue and what comes next, over all stages: at the bedside, among the papers, and after she has left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from matrescence.care.enrolment.counting import State as Standing
from matrescence.care.enrolment.records import instant
from matrescence.care.enrolment.status import RequirementStatus
from matrescence.care.infusion.monitoring import Status as Pressing
from matrescence.care.infusion.monitoring import coming as coming_at_the_bedside
from matrescence.care.infusion.monitoring import due as due_at_the_bedside
from matrescence.care.journey.follow_up import follow_ups
from matrescence.care.journey.known import Known
from matrescence.care.journey.rules import RULE
from matrescence.care.journey.words import Ground


@dataclass(frozen=True, slots=True)
class Overdue:
    """One thing whose time has passed: what, since when (``None``: no date is known), by which rule, in which stage."""

    what: str
    since: datetime | None
    rule: str
    stage: str


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing whose time is now or comes: what, when, by which rule, in which stage."""

    what: str
    due_at: datetime
    rule: str
    stage: str


_FOLLOW_UP = RULE["journey.follow_up"].id
_LATE = {Standing.OVERDUE, Standing.DEADLINE_UNKNOWN}


def overdue_and_coming(
    known: Known, ground: Ground, at: datetime, papers: tuple[RequirementStatus, ...]
) -> tuple[tuple[Overdue, ...], tuple[Coming, ...]]:
    """What is overdue at ``at``, stage by stage, and what is due or comes, by time; ``papers`` as they stand then."""
    late = (*_overdue_bedside(known, at), *_overdue_papers(papers), *_overdue_visits(known, ground, at))
    found = [*_coming_bedside(known, at), *_coming_papers(papers), *_coming_visits(known, ground, at)]
    return late, tuple(sorted(found, key=lambda item: (instant(item.due_at), item.what)))


def _overdue_bedside(known: Known, at: datetime) -> Iterator[Overdue]:
    for item in due_at_the_bedside(known.state, at):
        if item.status is Pressing.OVERDUE:
            yield Overdue(item.what, item.due_at, item.rule, "infusion")


def _overdue_papers(papers: tuple[RequirementStatus, ...]) -> Iterator[Overdue]:
    for status in papers:
        if status.state in _LATE:
            yield Overdue(_paper(status), status.due, status.reasons[0].rule, "enrolment")


def _overdue_visits(known: Known, ground: Ground, at: datetime) -> Iterator[Overdue]:
    for item in follow_ups(known, ground):
        if item.is_overdue(at):
            yield Overdue("follow-up without a score", item.due_at, _FOLLOW_UP, "recovery")


def _coming_bedside(known: Known, at: datetime) -> Iterator[Coming]:
    now = [item for item in due_at_the_bedside(known.state, at) if item.status is Pressing.DUE]
    for item in (*now, *coming_at_the_bedside(known.state, at)):
        yield Coming(item.what, item.due_at, item.rule, "infusion")


def _coming_papers(papers: tuple[RequirementStatus, ...]) -> Iterator[Coming]:
    for status in papers:
        if status.state is Standing.PENDING and status.due is not None:
            yield Coming(_paper(status), status.due, status.reasons[0].rule, "enrolment")


def _coming_visits(known: Known, ground: Ground, at: datetime) -> Iterator[Coming]:
    for item in follow_ups(known, ground):
        if item.held_at is None and not item.is_overdue(at):
            yield Coming("follow-up: ask her and record the score", item.due_at, _FOLLOW_UP, "recovery")


def _paper(status: RequirementStatus) -> str:
    return f"{status.requirement.statement.text} ({status.requirement.id})"
