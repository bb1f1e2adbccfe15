"""Where she is at one instant: what is urgent, what is next, what is overdue, and the six stages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matrescence.care.infusion.alarms import Alarm, Priority, alarms
from matrescence.care.infusion.monitoring import DueItem
from matrescence.care.infusion.state import Phase
from matrescence.care.journey.confirming import Confirmation, asked_for
from matrescence.care.journey.due import Coming, Overdue, overdue_and_coming
from matrescence.care.journey.follow_up import Trend, trends
from matrescence.care.journey.gating import papers_at
from matrescence.care.journey.known import Known, Task
from matrescence.care.journey.leaving import leaving
from matrescence.care.journey.rules import reason
from matrescence.care.journey.stages import Stage, Status, Timeless, bedside_reason, next_check, stages, timeless
from matrescence.care.journey.words import Ground
from matrescence.care.journey.written import told_of_the_clock
from matrescence.care.recovery.discharge import Discharge
from matrescence.care.verdict import Finding, Reason


@dataclass(frozen=True, slots=True)
class Journey:
    """The view.  ``urgent`` and ``ungated`` stand above everything; ``next_step`` is one plain sentence.

    ``confirmations`` is what two people confirm, where the newest plan asks for that; ``coming`` is what is due now or
    next in any stage, by time; ``clock`` says which times are doubtful because a clock was wrong.
    """

    at: datetime
    urgent: tuple[Task, ...]
    ungated: tuple[Reason, ...]
    next_step: Reason | None
    stages: tuple[Stage, ...]
    overdue: tuple[Overdue, ...]
    trends: tuple[Trend, ...]
    alarms: tuple[Alarm, ...]
    next_check: DueItem | None
    leaving: Discharge | None
    confirmations: tuple[Confirmation, ...] = ()
    coming: tuple[Coming, ...] = ()
    clock: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The part of the view that her records alone decide: it is the same at every instant until one is added."""

    stages: Timeless
    trends: tuple[Trend, ...]
    confirmations: tuple[Confirmation, ...]


def standing(known: Known, ground: Ground) -> Standing:
    """What holds whatever the time is."""
    return Standing(timeless(known, ground), trends(known, ground), asked_for(known, ground))


def look(known: Known, ground: Ground, at: datetime, stands: Standing | None = None) -> Journey:
    """Where she is at ``at``; the same records and the same instant give the same view.

    ``stands`` is the :func:`standing` of these records, where it was worked out before.
    """
    stands = stands or standing(known, ground)
    papers = papers_at(known, ground, at)
    found = stages(known, ground, at, stands.stages, papers=papers, scores=stands.trends)
    wrong = alarms(known.state, at)
    ungated = tuple(_ungated(position) for position in known.ungated)
    late, ahead = overdue_and_coming(known, ground, at, papers)
    return Journey(
        at=at,
        urgent=known.open_tasks,
        ungated=ungated,
        next_step=_next(known, found, wrong, ungated),
        stages=found,
        overdue=late,
        trends=stands.trends,
        alarms=wrong,
        next_check=next_check(known, at),
        leaving=leaving(known, ground, at),
        confirmations=stands.confirmations,
        coming=ahead,
        clock=told_of_the_clock(known, at),
    )


def _ungated(position: int) -> Reason:
    text = f"Record {position} holds a step to a start that the rules, asked again of this log, would have refused."
    return reason("ungated_start", text)


IN_ORDER = ("assessment", "eligibility", "lactation", "enrolment", "infusion", "recovery")
"""The order in which stages ask: feeding is chosen before an infusion begins, while milk can be stored."""


def _next(
    known: Known, found: tuple[Stage, ...], wrong: tuple[Alarm, ...], ungated: tuple[Reason, ...]
) -> Reason | None:
    """One thing: what is urgent, then what is wrong at the bedside, then the first stage that waits."""
    if known.open_tasks:
        path = known.open_tasks[0].path
        return Reason(path.reason.rule, Finding.ASKS, path.next_step, path.reason.source, path.reason.grade)
    if ungated:
        return ungated[0]
    if wrong and wrong[0].priority is Priority.HIGH:
        return bedside_reason(wrong[0], f"{wrong[0].text}.")
    at_work = {stage.name: stage for stage in found}
    if known.state.phase not in {Phase.NEW, Phase.OPENED, Phase.DISCHARGED}:
        return at_work["infusion"].reasons[0]
    waiting = (at_work[name] for name in IN_ORDER if at_work[name].status is not Status.DONE)
    first = next(waiting, None)
    return None if first is None else first.reasons[0]
