"""A course as the log of its infusion tells it: the rates that were confirmed, their pauses, and the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from matrescence.care.clock import hours_between
from matrescence.care.infusion.plan import PumpStep, Treatment
from matrescence.care.infusion.state import OVER, Phase, State
from matrescence.care.lactation.course import CourseError, Given, Happened, Interval, only


def given_by_log(treatment: Treatment, state: State, *, now: datetime) -> Given:
    """What was given by the rates in a log; hours count from its first confirmed rate.

    While the infusion runs, the rest of the plan is taken to follow from ``now`` on, at no more than the ceiling of a
    resume.  While it is stopped nothing more is counted: if it runs again, this is asked again.

    Raises:
        CourseError: the plan has several sessions or none by pump, or the pump never ran.
    """
    if len(treatment.sessions) != 1 or not treatment.steps:
        raise CourseError("a log tells of one session by pump; name the regimen that it belongs to")
    if state.started_at is None:
        raise CourseError("the log holds no confirmed rate: nothing was given")
    now_h = hours_between(state.started_at, now)
    steps = tuple(_run(state, now_h))
    if state.phase not in OVER and state.rate_ug_per_kg_h > 0:
        steps += tuple(_rest(treatment.steps, state, now_h))
    left = only(treatment, steps, ())
    pauses = tuple(Interval(a.end_h, b.start_h) for a, b in pairwise(steps) if a.end_h < b.start_h)
    if state.ended is Phase.ENDED_EARLY or (state.phase not in OVER and state.rate_ug_per_kg_h == 0):
        return Given(left, Happened.STOPPED, pauses, left.end_h)
    return Given(left, Happened.PAUSED if pauses else Happened.PLANNED, pauses)


def given_by_logs(treatment: Treatment, states: Sequence[State], *, now: datetime) -> Given:
    """What was given over a series of sessions; hours count from the first confirmed rate of the first of them.

    Sessions that were not given yet follow as planned.  One whose planned time has passed is left out: nobody knows
    when it will be given, or whether.

    Args:
        treatment: the whole series, planned from the first confirmed rate on.
        states: the infusions that ran, oldest first: the first is session 1, the next session 2, and so on.
        now: what is known by then.

    Raises:
        CourseError: more infusions ran than the series has sessions.
    """
    if len(states) > len(treatment.sessions):
        raise CourseError(f"{len(states)} infusions ran, and the series has {len(treatment.sessions)} sessions")
    now_h = _hours(states[0], now)
    numbered = enumerate(states, start=1)
    begun = tuple(step for number, state in numbered for step in _session(treatment, states[0], state, number, now))
    coming = tuple(s for s in treatment.steps if s.session > len(states) and s.start_h > now_h)
    left = only(treatment, (*begun, *coming), ())
    pauses = tuple(
        Interval(a.end_h, b.start_h) for a, b in pairwise(begun) if a.session == b.session and a.end_h < b.start_h
    )
    if states[-1].ended is Phase.ENDED_EARLY and not coming:
        return Given(left, Happened.STOPPED, pauses, left.end_h)
    return Given(left, Happened.PAUSED if pauses else Happened.PLANNED, pauses)


def _session(treatment: Treatment, first: State, state: State, number: int, now: datetime) -> Iterator[PumpStep]:
    """One session as it ran, and what is left of it, in hours of the whole series."""
    assert state.started_at is not None  # checked by the caller
    begins_h, now_h = _hours(first, state.started_at), _hours(state, now)
    steps = [*_run(state, now_h)]
    if state.phase not in OVER and state.rate_ug_per_kg_h > 0:
        own = [step for step in treatment.steps if step.session == number]
        alone = tuple(replace(s, start_h=s.start_h - own[0].start_h, end_h=s.end_h - own[0].start_h) for s in own)
        steps += _rest(alone, state, now_h)
    for step in steps:
        yield replace(step, session=number, start_h=step.start_h + begins_h, end_h=step.end_h + begins_h)


def _run(state: State, now_h: float) -> Iterator[PumpStep]:
    starts_h = [_hours(state, point.at) for point in state.rates]
    last_h = now_h if state.ended_at is None else _hours(state, state.ended_at)
    for point, from_h, until_h in zip(state.rates, starts_h, [*starts_h[1:], last_h], strict=True):
        if point.rate_ug_per_kg_h > 0 and from_h < until_h:
            yield _step(from_h, until_h, point.rate_ug_per_kg_h)


def _rest(planned: Sequence[PumpStep], state: State, now_h: float) -> Iterator[PumpStep]:
    for step in planned:
        rate = min(step.rate_ug_per_kg_h, state.ceiling_ug_per_kg_h or step.rate_ug_per_kg_h)
        if step.end_h > now_h:
            yield _step(max(step.start_h, now_h), step.end_h, rate)


def _step(start_h: float, end_h: float, rate_ug_per_kg_h: float) -> PumpStep:
    return PumpStep(1, start_h, end_h, rate_ug_per_kg_h, None, None)


def _hours(state: State, at: datetime) -> float:
    assert state.started_at is not None  # checked by the caller
    return hours_between(state.started_at, at)
