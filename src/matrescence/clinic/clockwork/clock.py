"""The one place where the clinic reads a clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from matrescence.clinic.clockwork.models import SimulatedClock


def now() -> datetime:
    """The real time, in UTC."""
    return datetime.now(UTC)


def course_now(course_id: str) -> datetime:
    """The time in which a course runs: the real one, unless it is simulated."""
    clock = simulated_clock(course_id)
    return now() if clock is None else clock.at(now())


def simulated_clock(course_id: str) -> SimulatedClock | None:
    """The clock of a simulated course; ``None`` for a real one."""
    return SimulatedClock.objects.filter(pk=course_id).first()


def simulated_clocks() -> dict[str, SimulatedClock]:
    """The clock of every simulated course, by its name."""
    return {clock.pk: clock for clock in SimulatedClock.objects.all()}


def set_clock(course_id: str, *, course_time: datetime, speed: float) -> SimulatedClock:
    """Make a course a simulation whose time is now ``course_time`` and runs ``speed`` times as fast.

    Raises:
        ValueError: the speed is not above zero, or the time would run backwards.
    """
    before = simulated_clock(course_id)
    if not speed > 0:
        raise ValueError(f"speed {speed:g}: must be above 0")
    if before is not None and course_time < before.at(now()) - timedelta(seconds=1):
        raise ValueError("a course's time does not run backwards")
    clock = SimulatedClock(stream=course_id, real_anchor=now(), course_anchor=course_time, speed=speed)
    clock.save()
    return clock
