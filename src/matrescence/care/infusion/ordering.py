"""Make the order of one session from its plan, the drug's own data, and what the site has set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from matrescence.care import drug as data
from matrescence.care.clock import clock_time
from matrescence.care.enrolment.records import Session
from matrescence.care.infusion.order import (
    Action,
    Bag,
    Check,
    InfusionOrder,
    Interruption,
    Limit,
    ResumeRate,
    SleepPeriod,
    Stair,
)
from matrescence.care.infusion.plan import Treatment
from matrescence.care.mother import SleepWindow

NO_PROGRAMME = "local-protocol"
"""The shipped programme of a drug that no risk programme binds: the clinic's own checklist gates in its place."""


def order_from(
    drug: data.Drug,
    regimen_name: str,
    treatment: Treatment,
    *,
    session: Session,
    session_number: int = 1,
    weight_kg: float,
    start: datetime,
    sleep: Sequence[SleepWindow] = (),
    limits: Sequence[Limit] = (),
    overdue_after_min: float = 0.0,
    unrecorded_after_min: float | None = None,
) -> InfusionOrder:
    """The order of one infusion of a plan; hours count from the start of that session.

    ``unrecorded_after_min`` is the site's own limit for a continuous check of which nobody records a reading; left
    out, the drug's data set it.

    Raises:
        ValueError: the plan has no such infusion, or the drug's data name an action that is not known.
    """
    stretch = next((s for s in treatment.sessions if s.number == session_number), None)
    if stretch is None or not treatment.steps:
        raise ValueError(f"the plan of {drug.name} {regimen_name} has no infusion number {session_number}")
    begins_h, ends_h = stretch.start_h, stretch.end_h
    begins_at = clock_time(start, begins_h)
    return InfusionOrder(
        drug=drug.name,
        regimen=regimen_name,
        mother=session.mother,
        session=session.session,
        programme=drug.programme or NO_PROGRAMME,
        weight_kg=weight_kg,
        time_zone=str(start.tzinfo),
        stairs=tuple(
            Stair(step.start_h - begins_h, step.end_h - begins_h, step.rate_ug_per_kg_h, step.rate_ml_per_h)
            for step in treatment.steps
            if step.session == session_number
        ),
        bags=_bags(treatment, begins_h, ends_h),
        checks=tuple(_check(item, unrecorded_after_min) for item in drug.observations),
        interruptions=tuple(_interruption(item) for item in drug.interruptions),
        limits=tuple(limits),
        sleep=sleep_periods(begins_at, sleep, hours=ends_h - begins_h + 24.0),
        overdue_after_min=overdue_after_min,
    )


def _bags(treatment: Treatment, begins_h: float, ends_h: float) -> tuple[Bag, ...]:
    mine = [bag for bag in treatment.bags if begins_h <= bag.hang_at_h < ends_h]
    return tuple(
        Bag(number, bag.hang_at_h - begins_h, bag.change_by_h - begins_h, bag.volume_ml)
        for number, bag in enumerate(mine, start=1)
    )


def _check(item: data.Observation, site_min: float | None) -> Check:
    drug_min = None if item.unrecorded_after_min is None else item.unrecorded_after_min.value
    return Check(
        name=item.name,
        kind=item.kind,
        continuous=item.continuous,
        every_h=item.every_h,
        at_h=item.at_h,
        skipped_in_sleep=item.skipped_in_sleep,
        after_end_h=item.after_end_h,
        source=item.statement.source,
        grade=item.statement.grade,
        unrecorded_after_min=(drug_min if site_min is None else site_min) if item.continuous else None,
    )


def _interruption(item: data.Interruption) -> Interruption:
    return Interruption(
        finding=item.finding,
        action=Action(item.action),
        may_resume=item.may_resume,
        resume_rate=None if item.resume_rate is None else ResumeRate(item.resume_rate),
        needs=item.needs,
        source=item.statement.source,
        grade=item.statement.grade,
    )


def sleep_periods(start: datetime, windows: Sequence[SleepWindow], *, hours: float) -> tuple[SleepPeriod, ...]:
    """The planned sleeps as instants, from the night before ``start`` to ``hours`` after it.

    Sleep is planned by the wall clock of the zone of ``start``, so a night in which the clocks change holds an hour
    more or less.
    """
    until = start + timedelta(hours=hours)
    days = [start.date() + timedelta(days=day) for day in range(-1, int(hours // 24.0) + 3)]
    periods = [
        SleepPeriod(
            datetime.combine(day, window.start, start.tzinfo).astimezone(UTC),
            datetime.combine(
                day if window.start < window.end else day + timedelta(days=1), window.end, start.tzinfo
            ).astimezone(UTC),
        )
        for day in days
        for window in windows
    ]
    return tuple(sorted((p for p in periods if p.end > start and p.start < until), key=lambda period: period.start))
