"""The six stages, each in one line: not begun, waiting for something, done, or blocked and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from matrescence.care.assessment.consultation import review
from matrescence.care.eligibility.decide import Outcome
from matrescence.care.enrolment.counting import State as Standing
from matrescence.care.enrolment.status import RequirementStatus
from matrescence.care.infusion.alarms import Alarm
from matrescence.care.infusion.monitoring import DueItem, coming, due
from matrescence.care.infusion.rules import BY_ID
from matrescence.care.infusion.state import OVER, Phase
from matrescence.care.journey import words
from matrescence.care.journey.confirming import TOPIC, asked_for, told
from matrescence.care.journey.eligible import covered, eligibility, undecided
from matrescence.care.journey.follow_up import FollowUp, Trend, follow_ups
from matrescence.care.journey.known import Known
from matrescence.care.journey.leaving import leaving, unmet
from matrescence.care.journey.rules import reason
from matrescence.care.journey.tasks import not_asked
from matrescence.care.mother import Feeding
from matrescence.care.recovery.discharge import Leaving
from matrescence.care.verdict import Finding, Reason


class Status(Enum):
    """Where a stage is."""

    NOT_BEGUN = "not begun"
    WAITING = "waiting"
    BLOCKED = "blocked"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: where it is, a short line about her, and what it waits for or is blocked by, with every rule."""

    name: str
    status: Status
    line: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeless:
    """The stages that do not ask what time it is."""

    assessment: Stage
    eligibility: Stage
    lactation: Stage


def timeless(known: Known, ground: words.Ground) -> Timeless:
    """What her records alone decide."""
    return Timeless(assessment(known, ground), eligible(known, ground), lactation(known))


def stages(
    known: Known,
    ground: words.Ground,
    at: datetime,
    stand: Timeless,
    *,
    papers: tuple[RequirementStatus, ...],
    scores: tuple[Trend, ...],
) -> tuple[Stage, ...]:
    """All six, in the order of the journey; ``papers`` as they stand at ``at``, ``scores`` as they have gone."""
    return (
        stand.assessment,
        stand.eligibility,
        enrolment(known, ground, papers),
        infusion(known, ground, at),
        stand.lactation,
        recovery(known, ground, at, scores),
    )


def _needs(topic: str, text: str) -> tuple[Reason, ...]:
    return (reason(topic, text, Finding.ASKS),)


# ---- assessment -----------------------------------------------------------------------------------------------


def assessment(known: Known, ground: words.Ground) -> Stage:
    """Blocked by what is urgent; then waiting for what was not asked, and for the consultation."""
    name = "assessment"
    if known.open_tasks:
        found = tuple(task.path.reason for task in known.open_tasks)
        return Stage(name, Status.BLOCKED, f"urgent: {_count(len(found), 'open task')}", found)
    if known.assessment is None:
        text = "Ask her: record an assessment."
        return Stage(name, Status.NOT_BEGUN, "no questionnaire answered yet", _needs("assessment", text))
    unasked = not_asked(known)
    if unasked:
        return Stage(name, Status.WAITING, f"for {_count(len(unasked), 'answer')} that could be urgent", unasked)
    consulted = review(ground.questions, known.answers)
    if consulted.open:
        line = f"for the consultation: {_count(len(consulted.open), 'question')} open"
        opened = tuple(r for r in consulted.reasons if r.finding is Finding.UNKNOWN)
        return Stage(name, Status.WAITING, line, opened)
    steps = tuple(step.reason for step in consulted.needs_step)
    line = "answered" + (f"; {_count(len(steps), 'step')} to take before the first infusion" if steps else "")
    return Stage(name, Status.DONE, line, steps)


# ---- eligibility ----------------------------------------------------------------------------------------------


def eligible(known: Known, ground: words.Ground) -> Stage:
    """Blocked when something forbids or a clinician said no; waiting when a clinician has to decide."""
    name, found = "eligibility", eligibility(known, ground)
    if found is None:
        text = "Record her health facts; what is left out is not known."
        return Stage(name, Status.NOT_BEGUN, "health facts not recorded", _needs("eligibility", text))
    if found.outcome is Outcome.NOT_ELIGIBLE:
        forbids = tuple(item.reason for item in found.judged if item.reason.finding is Finding.FORBIDS)
        return Stage(name, Status.BLOCKED, f"not eligible for {found.drug}", forbids)
    decision, asks = known.decision, tuple(item.reason for item in undecided(found))
    if decision is not None and not decision.go_on:
        text = f"{decision.by} decided against it: {decision.why}"
        return Stage(name, Status.BLOCKED, text, _needs("start_eligible", text))
    if not asks:
        return Stage(name, Status.DONE, f"eligible for {found.drug}")
    if decision is not None and covered(known, ground):
        return Stage(name, Status.DONE, f"{decision.by} decided to go on: {decision.why}", asks)
    return Stage(name, Status.WAITING, f"for a clinician to decide on {_count(len(asks), 'point')}", asks)


# ---- enrolment ------------------------------------------------------------------------------------------------

_NOT_YET = frozenset({Standing.MISSING, Standing.UNNAMED, Standing.NOT_YET, Standing.DEADLINE_UNKNOWN})


def enrolment(known: Known, ground: words.Ground, papers: tuple[RequirementStatus, ...]) -> Stage:
    """Waiting for what is missing, blocked by what went wrong; after an infusion, waiting for its papers."""
    name = "enrolment"
    if not ground.infused:
        return Stage(name, Status.DONE, "taken by mouth: no programme gates it here")
    if known.session is None:
        text = f"File the records of {ground.programme.label}."
        return Stage(name, Status.NOT_BEGUN, f"nothing filed for {ground.programme.label}", _needs("gate", text))
    if known.state.authorised_at is not None and _same_session(known):
        return _papers(papers)
    closing = [status for status in papers if status.closes]
    reasons = tuple(r for status in closing for r in status.reasons)
    if not closing:
        return Stage(name, Status.DONE, f"every requirement met for session {known.session.session}")
    wrong = [status for status in closing if status.state not in _NOT_YET]
    line = f"{len(closing)} of {len(papers)} requirements not met for session {known.session.session}"
    return Stage(name, Status.BLOCKED if wrong else Status.WAITING, line, reasons)


def _same_session(known: Known) -> bool:
    return known.infusion is not None and known.infusion.session == known.session


def _papers(found: tuple[RequirementStatus, ...]) -> Stage:
    """After the start the gate has been passed; what has become due since remains."""
    states = {Standing.PENDING, Standing.OVERDUE, Standing.DEADLINE_UNKNOWN}
    open_papers = [status for status in found if status.state in states]
    reasons = tuple(r for status in open_papers for r in status.reasons)
    if open_papers:
        line = f"met at the start; {_count(len(open_papers), 'paper')} due since"
        return Stage("enrolment", Status.WAITING, line, reasons)
    return Stage("enrolment", Status.DONE, "met at the start")


# ---- infusion -------------------------------------------------------------------------------------------------


def infusion(known: Known, ground: words.Ground, at: datetime) -> Stage:
    """What the pump does, by the infusion's own log."""
    name, state = "infusion", known.state
    if not ground.infused:
        return Stage(name, Status.DONE, "taken by mouth: there is no infusion")
    if known.plan is None:
        text = "Choose the regimen and the session."
        return Stage(name, Status.NOT_BEGUN, "no plan chosen", _needs("plan", text))
    if state.phase in {Phase.NEW, Phase.OPENED}:
        opened = state.phase is Phase.OPENED
        ask = "" if opened else "Open the infusion, then start it. "
        text = f"{ask}It starts when the gate is open."
        line = f"{known.plan.regimen}, " + ("opened, not started" if opened else "not opened")
        people = tuple(item for item in asked_for(known, ground) if item.missing and item.digest)
        line += f"; {_count(len(people), 'confirmation')} by two people open" if people else ""
        reasons = (*(reason(TOPIC[item.what], told(item), Finding.ASKS) for item in people), *_needs("gate", text))
        return Stage(name, Status.WAITING if opened else Status.NOT_BEGUN, line, reasons)
    if state.phase is Phase.DISCHARGED:
        return Stage(name, Status.DONE, f"{_ended(known)}; discharged{_by_whom(known)}")
    return _after_the_end(known, ground, at) if state.phase in OVER else _at_the_bedside(known, at)


def _after_the_end(known: Known, ground: words.Ground, at: datetime) -> Stage:
    """Watched until she may leave; what the checklist still asks for is named."""
    found = leaving(known, ground, at)
    if found is None:
        text = "It was never given: record how she leaves."
        return Stage("infusion", Status.WAITING, f"{_ended(known)}; waiting for her discharge", _needs("leaving", text))
    text = f"Leaving: {found.leaving.value}. "
    text += "Watch her as ordered, fill the checklist, then record how she leaves."
    if found.leaving is Leaving.MAY_LEAVE:
        text = "Leaving: the checklist is met. Record how she leaves."
    reasons = (*_needs("leaving", text), *unmet(found))
    return Stage("infusion", Status.WAITING, f"{_ended(known)}; leaving: {found.leaving.value}", reasons)


def _by_whom(known: Known) -> str:
    decided = None if known.departure is None else known.departure[1].decided
    return "" if decided is None else f" by the word of {decided.by}, not by the checklist: {decided.why}"


def _at_the_bedside(known: Known, at: datetime) -> Stage:
    state, item = known.state, next_check(known, at)
    line = f"{state.phase.value}, {state.rate_ug_per_kg_h:g} ug/kg/h"
    first = BY_ID["infusion.not-confirmed"].reason(Finding.ASKS) if item is None else bedside_reason(item, _told(item))
    return Stage("infusion", Status.BLOCKED if state.barred else Status.WAITING, line, (first,))


def _ended(known: Known) -> str:
    return "given to the end" if known.state.ended is Phase.COMPLETED else "ended early"


def _told(item: DueItem) -> str:
    return f"{item.status.value.capitalize()}: {item.what}."


def bedside_reason(found: Alarm | DueItem, text: str) -> Reason:
    """What is wrong or due at the bedside, as a reason about her, with the source that the order gives."""
    return Reason(found.rule, Finding.ASKS, text, found.source, found.grade)


def next_check(known: Known, at: datetime) -> DueItem | None:
    """What is due first at the bedside, or comes next."""
    return next(iter((*due(known.state, at), *coming(known.state, at))), None)


# ---- lactation and recovery -----------------------------------------------------------------------------------


def lactation(known: Known) -> Stage:
    """Waiting for her choice; an infant on formula needs none."""
    name, mother, choice = "lactation", known.mother, known.feeding
    if choice is not None:
        line = "she does not breastfeed" if choice.follows is None else f"she follows: {choice.follows}"
        return Stage(name, Status.DONE, line)
    if mother is not None and mother.feeding is Feeding.FORMULA:
        return Stage(name, Status.DONE, "fed on formula: none of the drug reaches the baby through milk")
    text = "Go through the sources with her and record her choice."
    return Stage(name, Status.NOT_BEGUN, "feeding plan not chosen", _needs("feeding", text))


def recovery(known: Known, ground: words.Ground, at: datetime, scores: tuple[Trend, ...]) -> Stage:
    """After she has left: waiting for the follow-ups, and for her to be better again."""
    name, departure = "recovery", known.departure
    if departure is None:
        return Stage(name, Status.NOT_BEGUN, "she has not left yet", _needs("discharge", "Record how she leaves."))
    found = follow_ups(known, ground)
    waiting = [item for item in found if item.held_at is None]
    line, reasons = f"{_count(len(found), 'follow-up')} held", tuple(trend.lost for trend in scores if trend.lost)
    if not found:
        text = "No follow-up was agreed: agree one, and record a score then."
        line, reasons = "for a follow-up to be agreed", (*reasons, *_needs("follow_up", text))
    elif waiting:
        line = f"for {_visit(waiting[0], at)}"
        reasons = (*reasons, *_needs("follow_up", _visit_text(waiting[0])))
    elif reasons:
        line = f"{line}; the response was lost"
    return Stage(name, Status.WAITING if reasons else Status.DONE, line, reasons)


def _visit(item: FollowUp, at: datetime) -> str:
    return f"the follow-up of {item.due_at:%d %b %Y}" + (", overdue" if item.is_overdue(at) else "")


def _visit_text(item: FollowUp) -> str:
    return f"Follow-up on {item.due_at:%d %b %Y, %H:%M}: ask her and record the score."


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")
