"""Which device belongs to which course, from when to when: said by a person, never guessed.

What no binding covers stays nobody's.  A device's message never brings its own patient along: a pump is often empty of
one, and a monitor may still hold the last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from matrescence.actions.bedside.report import DeviceReport
from matrescence.care.infusion.stamp import utc


@dataclass(frozen=True, slots=True)
class Binding:
    """One device at one course, from ``since`` up to but not at ``until`` (``None``: still bound).

    ``clock_ahead_s`` is how far the device's clock was ahead of ours when somebody compared them at the bedside
    (negative: behind).  ``by`` is that person.

    Raises:
        ValueError: an instant has no time zone, it ends before it begins, or a name is missing.
    """

    device: str
    course: str
    since: datetime
    until: datetime | None
    by: str
    clock_ahead_s: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "since", utc(self.since, "since"))
        if self.until is not None:
            object.__setattr__(self, "until", utc(self.until, "until"))
            if self.until < self.since:
                raise ValueError(f"binding of {self.device}: it ends before it begins")
        for name in ("device", "course", "by"):
            if not getattr(self, name).strip():
                raise ValueError(f"binding: {name} must be named")

    def holds(self, at: datetime) -> bool:
        """Whether the device belongs to the course at an instant of our clock."""
        return self.since <= at and (self.until is None or at < self.until)

    def own_time(self, report: DeviceReport) -> datetime:
        """When the device says it was, put right by what its clock was found to be off."""
        return report.observed_at - timedelta(seconds=self.clock_ahead_s)


class AlreadyBoundError(ValueError):
    """The device belongs to another course at that time; it is unbound there first."""


def bind(
    bindings: Iterable[Binding], device: str, course: str, *, at: datetime, by: str, clock_ahead_s: float = 0.0
) -> tuple[Binding, ...]:
    """The bindings with one more, open at its end.

    Binding a device anew to the course it is at closes the older binding: that is how a clock is put right.

    Raises:
        AlreadyBoundError: the device is bound to another course then, or will be.
    """
    new = Binding(device, course, at, None, by, clock_ahead_s)
    kept = []
    for old in bindings:
        if old.device == device and (old.until is None or old.until > new.since):
            if old.course != course or old.since > new.since:
                raise AlreadyBoundError(f"{device} is bound to {old.course} since {old.since.isoformat()}")
            old = replace(old, until=new.since)  # noqa: PLW2901 -- the same binding, closed
        kept.append(old)
    return (*kept, new)


def unbind(bindings: Iterable[Binding], device: str, *, at: datetime) -> tuple[Binding, ...]:
    """The bindings with that of a device closed; unchanged where none is open."""
    end = utc(at)
    return tuple(
        replace(old, until=max(end, old.since)) if old.device == device and old.until is None else old
        for old in bindings
    )


def route(bindings: Iterable[Binding], report: DeviceReport) -> Binding | None:
    """The binding a report falls under, or ``None``: it is nobody's and stays so until a person says whose.

    It must have been bound when the value was observed.  A value observed at one course and received while the device
    is at another is nobody's; received while it is at none, it is the first one's, for the chart alone.
    """
    mine = [binding for binding in bindings if binding.device == report.device]
    received = next((one for one in reversed(mine) if one.holds(report.received_at)), None)
    for binding in reversed(mine):
        observed_at = min(binding.own_time(report), report.received_at)
        if binding.holds(observed_at):
            return binding if received is None or received.course == binding.course else None
    return None
