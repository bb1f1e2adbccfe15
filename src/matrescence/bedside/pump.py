"""The pump: it follows its programme, and only a hand on it starts or stops it.

The programme's clock begins with the first start and does not wait for a pause (rule ``infusion.clock-runs-on``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from matrescence.bedside.faults import Fault, Planned, Where, active

OCCLUDED, COMPLETE = "occlusion downstream", "infusion complete"


@dataclass(frozen=True, slots=True)
class Step:
    """One rate of the programme, in hours from the first start."""

    start_h: float
    end_h: float
    rate_ml_per_h: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """Up to ``until`` the pump gave this rate."""

    until: datetime
    rate_ml_per_h: float


@dataclass(frozen=True, slots=True)
class Face:
    """What the pump shows at an instant."""

    running: bool
    rate_ml_per_h: float
    programmed_ml_per_h: float
    volume_ml: float
    alarm: str


class Pump:
    """One pump with its programme.  Time moves by :meth:`run` alone."""

    def __init__(self, programme: Sequence[Step], *, at: datetime) -> None:
        self.programme = tuple(programme)
        self.at = at
        self.started_at: datetime | None = None
        self.running = False
        self.at_most_ml_per_h: float | None = None
        self.volume_ml = 0.0
        self.alarm = ""

    # ---- a hand on it

    def start(self, *, at_most_ml_per_h: float | None = None) -> None:
        """Start it now, or start it again; ``at_most_ml_per_h`` holds it below its programme until the next start."""
        self.started_at = self.started_at or self.at
        self.running, self.alarm = True, ""
        self.at_most_ml_per_h = at_most_ml_per_h

    def stop(self, faults: Sequence[Planned]) -> bool:
        """Press the stop key now.  Whether it obeyed."""
        if active(faults, Fault.PUMP_KEEPS_RUNNING, Where.PUMP, self.at) is not None:
            return False
        self.running, self.alarm = False, ""
        return True

    # ---- time

    def run(self, to: datetime, faults: Sequence[Planned]) -> Iterator[Stretch]:
        """Let time pass up to ``to``: every stretch of constant rate in turn, with the volume counted along."""
        for edge in self._edges(to, faults):
            self._settle(faults)
            rate = self._rate(faults)
            self.volume_ml += rate * ((edge - self.at) / timedelta(hours=1))
            self.at = edge
            yield Stretch(edge, rate)
        self._settle(faults)

    def changes(self, after: datetime, until: datetime) -> list[datetime]:
        """When it goes to another step by its own programme, or to its end; ``until`` is among them."""
        if self.started_at is None:
            return []
        ends = (self.started_at + timedelta(hours=step.end_h) for step in self.programme)
        return [end for end in ends if after < end <= until]

    def face(self, faults: Sequence[Planned]) -> Face:
        """What it shows now."""
        rate = self._rate(faults)
        return Face(self.running, rate, self._programmed(faults), self.volume_ml, self.alarm)

    def _edges(self, to: datetime, faults: Sequence[Planned]) -> list[datetime]:
        edges = {to}
        if self.started_at is not None:
            edges |= {self.started_at + timedelta(hours=step.end_h) for step in self.programme}
        edges |= {edge for one in faults if one.where is Where.PUMP for edge in (one.start, one.end)}
        return sorted(edge for edge in edges if self.at < edge <= to)

    def _settle(self, faults: Sequence[Planned]) -> None:
        """What the pump does by itself: it stands still when the line is blocked, or the programme is over."""
        if not self.running:
            return
        if active(faults, Fault.OCCLUSION, Where.PUMP, self.at) is not None:
            self.running, self.alarm = False, OCCLUDED
        elif self._step() is None and active(faults, Fault.PUMP_KEEPS_RUNNING, Where.PUMP, self.at) is None:
            self.running, self.alarm = False, COMPLETE

    def _step(self) -> Step | None:
        if self.started_at is None:
            return self.programme[0]
        at_h = (self.at - self.started_at) / timedelta(hours=1)
        return next((step for step in self.programme if at_h < step.end_h - 1e-9), None)

    def _programmed(self, faults: Sequence[Planned]) -> float:
        step = self._step()
        if step is None and active(faults, Fault.PUMP_KEEPS_RUNNING, Where.PUMP, self.at) is not None:
            step = self.programme[-1]
        rate = 0.0 if step is None else step.rate_ml_per_h
        return rate if self.at_most_ml_per_h is None else min(rate, self.at_most_ml_per_h)

    def _rate(self, faults: Sequence[Planned]) -> float:
        if not self.running:
            return 0.0
        wrong = active(faults, Fault.WRONG_RATE, Where.PUMP, self.at)
        return self._programmed(faults) * (1.0 if wrong is None or wrong.size is None else wrong.size)
