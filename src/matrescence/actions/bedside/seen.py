"""What the port remembers between two messages, and what it answers to one.

Nothing here is a record.  It can be lost with the computer: then a sample may be written once more in its minute, and
a device counts as heard from the moment it is watched again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from matrescence.actions.bedside.charting import Chart
from matrescence.actions.bedside.record import Record

RECENT_KEPT = 256  # messages of one device by which a resend is known; older ones are told by their times


@dataclass(frozen=True, slots=True)
class Live:
    """One value for the live tile.  ``value`` is ``None`` where the device gives no reading; ``why`` says so."""

    measure: str
    value: float | bool | str | None
    device: str
    observed_at: datetime
    received_at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a device that a person should know: a code, a sentence, and since when."""

    code: str
    device: str
    text: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What was last written because of a pump, so that it is not written with every message."""

    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """What is remembered of one device."""

    newest_at: datetime | None = None
    recent: tuple[str, ...] = ()
    chart: Chart = field(default_factory=Chart)
    told: Mapping[str, Told] = field(default_factory=dict)
    problems: Mapping[str, Problem] = field(default_factory=dict)

    def remember(self, message: str) -> Heard:
        """The same with one more message that is known."""
        return replace(self, recent=(*self.recent, message)[-RECENT_KEPT:])


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered for one course: its devices, the live values, and when each kind of device was last heard."""

    devices: Mapping[str, Heard] = field(default_factory=dict)
    live: Mapping[str, Live] = field(default_factory=dict)
    heard_at: Mapping[str, datetime] = field(default_factory=dict)
    silent: Mapping[str, datetime] = field(default_factory=dict)

    def of(self, device: str) -> Heard:
        """What is remembered of a device; nothing yet for a new one."""
        return self.devices.get(device, Heard())

    def having(self, device: str, heard: Heard) -> Seen:
        """The same with a device as remembered now."""
        return replace(self, devices={**self.devices, device: heard})

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem that stands now, the oldest first."""
        found = [problem for heard in self.devices.values() for problem in heard.problems.values()]
        return tuple(sorted(found, key=lambda problem: (problem.since, problem.device, problem.code)))


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer: what is remembered from now on, live values that changed, records to write, and new problems."""

    seen: Seen
    live: tuple[Live, ...] = ()
    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()
