"""What can go wrong in the room: a closed list.  Each fault is injected at a time, for a duration.

A fault is an event that somebody planned.  None of them follows from a level: no source says how saturation or pulse
answer to a concentration of these drugs, so nothing here pretends to know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from matrescence.care.infusion.stamp import utc


class Fault(Enum):
    """Everything that can go wrong."""

    SEDATION = "sedation"
    HYPOXIA = "hypoxia"
    PROBE_OFF = "probe-off"
    SILENCE = "silence"
    DEMO = "demo"
    CLOCK_SKEW = "clock-skew"
    OCCLUSION = "occlusion"
    PUMP_KEEPS_RUNNING = "pump-keeps-running"
    WRONG_RATE = "wrong-rate"
    DUPLICATES = "duplicates"
    REORDER = "reorder"
    BACKFILL = "backfill"


class Where(Enum):
    """What a fault happens to."""

    WOMAN = "woman"
    OXIMETER = "oximeter"
    PUMP = "pump"


@dataclass(frozen=True, slots=True)
class About:
    """What a fault does, what it can happen to, and what its size means (``None``: it has none)."""

    does: str
    happens_to: tuple[Where, ...]
    size: str = ""
    usual_size: float | None = None


_DEVICES = (Where.OXIMETER, Where.PUMP)

ABOUT: Mapping[Fault, About] = {
    Fault.SEDATION: About(
        "She is hard to rouse. Only a person can see it; the pulse falls by a few beats.", (Where.WOMAN,)
    ),
    Fault.HYPOXIA: About(
        "Her saturation falls within a minute or two and comes back as fast when it is over. It is an injected event, "
        "not an effect of the level.",
        (Where.WOMAN,),
        "the saturation it falls to, in percent",
        84.0,
    ),
    Fault.PROBE_OFF: About("The probe is off her finger: the oximeter sends -100 and no pulse.", (Where.OXIMETER,)),
    Fault.SILENCE: About("The device sends nothing, and nothing is made up for it afterwards.", _DEVICES),
    Fault.DEMO: About("The device shows its demonstration and says so in every message.", (Where.OXIMETER,)),
    Fault.CLOCK_SKEW: About("The device's clock is off.", _DEVICES, "seconds ahead of ours; below zero: behind", 90.0),
    Fault.OCCLUSION: About(
        "The line is blocked: the pump alarms and stands still, until somebody starts it after the block is gone.",
        (Where.PUMP,),
    ),
    Fault.PUMP_KEEPS_RUNNING: About(
        "The pump does not obey the stop key, and does not end with its programme.", (Where.PUMP,)
    ),
    Fault.WRONG_RATE: About(
        "The pump gives another rate than it is programmed to, and says so.", (Where.PUMP,), "times the rate", 1.5
    ),
    Fault.DUPLICATES: About("Every message arrives twice, the second time half a second later.", _DEVICES),
    Fault.REORDER: About("Messages overtake each other by up to two seconds.", _DEVICES),
    Fault.BACKFILL: About("Nothing arrives; when it is over, everything arrives at once.", _DEVICES),
}
"""What each fault is."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One fault from ``start`` up to but not at ``end``.

    Raises:
        ValueError: an instant has no time zone, it ends before it begins, it cannot happen there, or its size is
            missing or makes no sense.
    """

    fault: Fault
    start: datetime
    end: datetime
    where: Where | None = None
    size: float | None = None

    def __post_init__(self) -> None:
        about = ABOUT[self.fault]
        object.__setattr__(self, "start", utc(self.start, "start"))
        object.__setattr__(self, "end", utc(self.end, "end"))
        object.__setattr__(self, "where", self.where or about.happens_to[0])
        object.__setattr__(self, "size", about.usual_size if self.size is None else self.size)
        name = f"fault {self.fault.value}"
        if self.end <= self.start:
            raise ValueError(f"{name}: it must last longer than no time")
        if self.where not in about.happens_to:
            allowed = ", ".join(place.value for place in about.happens_to)
            raise ValueError(f"{name}: it does not happen to {self.where and self.where.value}; allowed: {allowed}")
        if about.usual_size is None and self.size is not None:
            raise ValueError(f"{name}: it has no size")
        _check_size(self.fault, self.size)

    def active(self, at: datetime) -> bool:
        """Whether it goes on at an instant."""
        return self.start <= at < self.end


def lasting(
    fault: Fault, start: datetime, *, seconds: float, where: Where | None = None, size: float | None = None
) -> Planned:
    """A fault that begins at an instant and lasts so many seconds (errors as in :class:`Planned`)."""
    return Planned(fault, start, utc(start) + timedelta(seconds=seconds), where, size)


def active(faults: Iterable[Planned], fault: Fault, where: Where, at: datetime) -> Planned | None:
    """The fault of this kind that goes on there at an instant, the newest if there are several."""
    found = [one for one in faults if one.fault is fault and one.where is where and one.active(at)]
    return max(found, key=lambda one: one.start, default=None)


def _check_size(fault: Fault, size: float | None) -> None:
    if size is None:
        return
    bounds = {Fault.HYPOXIA: (30.0, 99.0), Fault.WRONG_RATE: (0.1, 10.0), Fault.CLOCK_SKEW: (-86400.0, 86400.0)}
    low, high = bounds[fault]
    if not low <= size <= high:
        raise ValueError(f"fault {fault.value}: size {size:g} lies outside {low:g} to {high:g} ({ABOUT[fault].size})")
