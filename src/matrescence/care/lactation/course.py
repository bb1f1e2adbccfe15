"""A course as it was given: planned, paused, or stopped early.

What was not given is cut out of the plan of treatment; the rest is a plan of treatment again, so that whatever works
from one (the forecast, the feeding times, the calendar) works from a course that went another way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise

from matrescence.care.infusion.plan import Dose, PumpStep, Session, Treatment


class CourseError(ValueError):
    """A pause or a stop that cannot belong to this course; the message says what is allowed."""


class Happened(Enum):
    """How a course went, as far as it is told."""

    PLANNED = "as planned"
    PAUSED = "paused"
    STOPPED = "stopped early"


@dataclass(frozen=True, slots=True)
class Interval:
    """Hours from the start in which nothing was given."""

    start_h: float
    end_h: float


@dataclass(frozen=True, slots=True)
class Given:
    """A course: what of the treatment is given, its pauses, and when it was stopped for good (``None``: it was not)."""

    treatment: Treatment
    happened: Happened
    pauses: tuple[Interval, ...] = ()
    stopped_at_h: float | None = None

    @property
    def ends_h(self) -> tuple[float, ...]:
        """When the last drug of each session that was given goes in."""
        return tuple(session.end_h for session in self.treatment.sessions)


def as_given(treatment: Treatment, *, pauses: Sequence[Interval] = (), stopped_at_h: float | None = None) -> Given:
    """Cut the pauses, and everything from a stop on, out of a treatment.

    The clock runs on in a pause: nothing moves to a later time.  A stop ends the whole course, later sessions
    included.  A dose by mouth that falls in a pause (its end excluded) is not taken.

    Args:
        treatment: as planned.
        pauses: hours from the start; they may not overlap.
        stopped_at_h: hours from the start.

    Raises:
        CourseError: a pause or the stop lies outside the course, pauses overlap, or nothing would be left.
    """
    ordered = tuple(sorted(pauses, key=lambda pause: pause.start_h))
    _check(treatment, ordered, stopped_at_h)
    if not ordered and stopped_at_h is None:
        return Given(treatment, Happened.PLANNED)
    cuts = ordered if stopped_at_h is None else (*ordered, Interval(stopped_at_h, math.inf))
    steps = tuple(piece for step in treatment.steps for piece in _outside(step, cuts))
    doses = tuple(dose for dose in treatment.doses if not any(cut.start_h <= dose.at_h < cut.end_h for cut in cuts))
    happened = Happened.PAUSED if stopped_at_h is None else Happened.STOPPED
    return Given(only(treatment, steps, doses), happened, ordered, stopped_at_h)


def only(treatment: Treatment, steps: tuple[PumpStep, ...], doses: tuple[Dose, ...]) -> Treatment:
    """The treatment with these steps and doses alone; bags and checks are left to whoever runs the infusion.

    Raises:
        CourseError: nothing is left.
    """
    sessions = tuple(_sessions(treatment, steps, doses))
    if not sessions:
        raise CourseError("nothing of this course was given, so milk holds nothing of it")
    volumes = [step.volume_ml for step in steps if step.volume_ml is not None]
    planned_ug_per_kg = _ug_per_kg(treatment.steps)
    infused_mg = treatment.total_dose_mg * _ug_per_kg(steps) / planned_ug_per_kg if planned_ug_per_kg else 0.0
    return replace(
        treatment,
        sessions=sessions,
        steps=steps,
        doses=doses,
        bags=(),
        checks=(),
        total_dose_mg=infused_mg + sum(dose.amount_mg for dose in doses),
        total_volume_ml=sum(volumes) if volumes else None,
        set_dose_mg=None,
        vials=None,
    )


def _ug_per_kg(steps: Sequence[PumpStep]) -> float:
    return sum(step.rate_ug_per_kg_h * (step.end_h - step.start_h) for step in steps)


def _sessions(treatment: Treatment, steps: Sequence[PumpStep], doses: Sequence[Dose]) -> Iterator[Session]:
    for session in treatment.sessions:
        own = [step for step in steps if step.session == session.number]
        if own:
            yield Session(session.number, own[0].start_h, own[-1].end_h)
    if doses:
        yield Session(1, doses[0].at_h, doses[-1].at_h)


def _outside(step: PumpStep, cuts: Sequence[Interval]) -> Iterator[PumpStep]:
    from_h = step.start_h
    for cut in cuts:
        if from_h < min(cut.start_h, step.end_h):
            yield replace(step, start_h=from_h, end_h=min(cut.start_h, step.end_h))
        from_h = max(from_h, cut.end_h)
    if from_h < step.end_h:
        yield replace(step, start_h=from_h)


def _check(treatment: Treatment, pauses: Sequence[Interval], stopped_at_h: float | None) -> None:
    begin_h, end_h = treatment.sessions[0].start_h, treatment.end_h
    allowed = f"allowed: within the course, {begin_h:g} to {end_h:g} h"
    for pause in pauses:
        if not begin_h <= pause.start_h < pause.end_h < end_h:
            raise CourseError(
                f"pause {pause.start_h:g}-{pause.end_h:g} h: {allowed}, its start before its end; a pause that "
                "lasts to the end is a stop"
            )
    for earlier, later in pairwise(pauses):
        if later.start_h < earlier.end_h:
            raise CourseError(f"two pauses overlap at {later.start_h:g} h: write them as one")
    if stopped_at_h is None:
        return
    if not begin_h < stopped_at_h < end_h:
        raise CourseError(f"stopped at {stopped_at_h:g} h: {allowed}, its start and end excluded")
    if pauses and pauses[-1].end_h > stopped_at_h:
        raise CourseError(f"a pause ends after the stop at {stopped_at_h:g} h: leave out what lies after it")
