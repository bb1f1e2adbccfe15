"""Many courses at one instant, the most pressing first: one row for each, and one plain sentence in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from matrescence.care.assessment.urgent import Urgency
from matrescence.care.enrolment.records import instant
from matrescence.care.infusion.alarms import Alarm, Priority
from matrescence.care.infusion.rules import RANK
from matrescence.care.infusion.state import Phase
from matrescence.care.journey.known import Known, Task
from matrescence.care.journey.rules import RULE
from matrescence.care.journey.stages import Status
from matrescence.care.journey.view import IN_ORDER, Journey

SOON = timedelta(hours=24)
"""How far ahead a due thing is shown, unless somebody asks for another time (our own choice)."""


class Press(Enum):
    """How much a course presses, from the most to the least."""

    URGENT = "urgent"
    ALARM = "alarm"
    UNGATED = "started past the rules"
    OVERDUE = "overdue"
    RELAPSE = "response lost"
    SOON = "due soon"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Listed:
    """One course to list: the key it is known by, what is known of it, and where she is at the instant asked about."""

    course: str
    known: Known
    journey: Journey


@dataclass(frozen=True, slots=True)
class Row:
    """One course in the list: how much it presses and why, in one sentence; since when, or for when; and where to go.

    ``stage`` is the stage the sentence leads to.  ``more`` counts what else presses in this course.  ``phase`` is that
    of an infusion that is open, else ``None``.
    """

    course: str
    name: str
    press: Press
    sentence: str
    since: datetime | None
    due_at: datetime | None
    stage: str
    rule: str
    more: int
    phase: Phase | None


@dataclass(frozen=True, slots=True)
class _Found:
    """One thing in one course; ``rank`` orders what presses alike."""

    press: Press
    rank: int
    sentence: str
    stage: str
    rule: str
    since: datetime | None = None
    due_at: datetime | None = None

    @property
    def place(self) -> tuple[int, int, bool, datetime, str]:
        at = self.due_at if self.since is None else self.since
        return _PRESSES.index(self.press), self.rank, at is None, _LATE if at is None else instant(at), self.sentence


_PRESSES, _URGENCIES = list(Press), list(Urgency)
_LATE = datetime.max.replace(tzinfo=UTC)
_NEXT = RULE["journey.next"].id


def worklist(courses: Iterable[Listed], *, soon: timedelta = SOON) -> tuple[Row, ...]:
    """One row for each course: what presses most first, what has waited longest first among the like.

    The order is total: where everything else is alike, name and key decide, so the same courses give the same list.

    Raises:
        ValueError: the courses are not all seen at the same instant.
    """
    listed = list(courses)
    if len({instant(item.journey.at) for item in listed}) > 1:
        raise ValueError("journeys: a worklist shows all its courses at one instant")
    ranked = [(_first(item, soon), item) for item in listed]
    ranked.sort(key=lambda pair: (pair[0][0].place[:4], _name(pair[1]).casefold(), pair[1].course))
    return tuple(_row(item, found, more) for (found, more), item in ranked)


def _first(item: Listed, soon: timedelta) -> tuple[_Found, int]:
    """What presses most in one course, and how much else there is."""
    found = sorted(_everything(item, soon), key=lambda one: one.place)
    return (found[0], len(found) - 1) if found else (_resting(item), 0)


def _row(item: Listed, found: _Found, more: int) -> Row:
    state = item.known.state
    return Row(
        course=item.course,
        name=_name(item),
        press=found.press,
        sentence=found.sentence,
        since=found.since,
        due_at=found.due_at,
        stage=found.stage,
        rule=found.rule,
        more=more,
        phase=None if item.known.between_infusions else state.phase,
    )


def _name(item: Listed) -> str:
    return "" if item.known.mother is None else item.known.mother.name


# ---- what presses -----------------------------------------------------------------------------------------------


def _everything(item: Listed, soon: timedelta) -> Iterator[_Found]:
    journey = item.journey
    late = {(one.rule, one.since) for one in journey.overdue}
    high = {(one.rule, one.since) for one in journey.alarms if one.priority is Priority.HIGH}
    yield from (_urgent(task) for task in journey.urgent)
    for alarm in journey.alarms:
        if alarm.priority is Priority.HIGH or (alarm.rule, alarm.since) not in late:
            yield _alarm(alarm)
    yield from _ungated(item)
    for one in journey.overdue:
        if (one.rule, one.since) not in high:  # it is there as an alarm already
            yield _Found(Press.OVERDUE, 0, f"Overdue: {one.what}", one.stage, one.rule, since=one.since)
    yield from _lost(item)
    for due in journey.coming:
        if instant(due.due_at) <= instant(journey.at) + soon:
            yield _Found(Press.SOON, 0, f"Due: {due.what}", due.stage, due.rule, due_at=due.due_at)


def _urgent(task: Task) -> _Found:
    reason, rank = task.path.reason, _URGENCIES.index(task.path.urgency)
    tried = f" Attempts that did not reach her: {task.attempts}." if task.attempts else ""
    return _Found(Press.URGENT, rank, f"{reason.text}{tried}", "assessment", reason.rule, since=task.since)


def _alarm(alarm: Alarm) -> _Found:
    """High: somebody acts now.  Medium stands with what is overdue, low with what is due soon."""
    press = {Priority.HIGH: Press.ALARM, Priority.MEDIUM: Press.OVERDUE, Priority.LOW: Press.SOON}[alarm.priority]
    rank = RANK[alarm.rule] if press is Press.ALARM else 0
    return _Found(press, rank, alarm.text, "infusion", alarm.rule, since=alarm.since)


def _ungated(item: Listed) -> Iterator[_Found]:
    for reason, position in zip(item.journey.ungated, item.known.ungated, strict=True):
        written = item.known.entries[position].recorded_at
        yield _Found(Press.UNGATED, 0, reason.text, "infusion", reason.rule, since=written)


def _lost(item: Listed) -> Iterator[_Found]:
    for trend in item.journey.trends:
        if trend.lost is not None:
            since = [point.at for point in trend.points if point.total is not None][-1]
            yield _Found(Press.RELAPSE, 0, trend.lost.text, "recovery", trend.lost.rule, since=since)


def _resting(item: Listed) -> _Found:
    """Nothing presses: what the first open stage waits for, or that nothing is open."""
    journey, since = item.journey, item.known.recorded_at
    status = {stage.name: stage.status for stage in journey.stages}
    open_stages = [name for name in IN_ORDER if status[name] is not Status.DONE]
    if journey.next_step is None or not open_stages:
        return _Found(Press.DONE, 0, "Nothing is open.", IN_ORDER[-1], _NEXT, since=since)
    rests = "infusion" if _is_given(item) else open_stages[0]
    return _Found(Press.WAITING, 0, journey.next_step.text, rests, journey.next_step.rule, since=since)


def _is_given(item: Listed) -> bool:
    """Whether an infusion is under way or waits for her to leave: then the next step is the infusion's."""
    return item.known.state.phase not in {Phase.NEW, Phase.OPENED, Phase.DISCHARGED}
