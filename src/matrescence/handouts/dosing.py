"""What a plan says is given and when, in the form the handouts need: steps, sessions, doses, and forecast curves."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from matrescence.handouts.clock import Clock

_NEW_SESSION_AFTER_H = 6.0
_CURVES = ("p05", "p50", "p95")


@dataclass(frozen=True, slots=True)
class Dosing:
    """Pump steps ``(start_h, end_h, rate_ug_per_kg_h)``, doses by mouth ``(at_h, amount_mg)``, and sessions."""

    steps: tuple[tuple[float, float, float], ...]
    doses: tuple[tuple[float, float], ...]
    sessions: tuple[tuple[float, float], ...]

    @classmethod
    def of(cls, plan: Mapping[str, Any]) -> Dosing:
        """Read the dosing of a plan; steps with more than six hours between them are separate sessions."""
        steps = tuple((s["start_h"], s["end_h"], s["rate_ug_per_kg_h"]) for s in plan["pump_steps"])
        doses = tuple((d["at_h"], d["amount_mg"]) for d in plan.get("doses") or ())
        return cls(steps, doses, _sessions(steps))

    @property
    def end_h(self) -> float:
        """When the last drug has gone in."""
        return max([end for _, end, _ in self.steps] + [at for at, _ in self.doses], default=0.0)

    @property
    def last_start_h(self) -> float:
        """When the last session begins; 0 for one infusion and for tablets."""
        return self.sessions[-1][0] if len(self.sessions) > 1 else 0.0


@dataclass(frozen=True, slots=True)
class Curves:
    """The 5th, 50th and 95th percentile of a level over time (h, ng/mL), cut to a window."""

    at_h: tuple[float, ...]
    low: tuple[float, ...]
    middle: tuple[float, ...]
    high: tuple[float, ...]

    @classmethod
    def of(cls, forecast: Mapping[str, Any] | None) -> Curves | None:
        """Read one forecast; ``None`` when the plan says it is unknown."""
        if not forecast or not forecast.get("time_h"):
            return None
        return cls(tuple(forecast["time_h"]), *(tuple(forecast[key]) for key in _CURVES))

    def within(self, low_h: float, high_h: float) -> Curves:
        """The part inside a window, with points on its two edges."""
        first, last = bisect_right(self.at_h, low_h), bisect_left(self.at_h, high_h)
        times = [low_h, *self.at_h[first:last], high_h] if self.at_h[-1] > high_h else [low_h, *self.at_h[first:]]
        kept = tuple(t for t in times if t >= self.at_h[0])
        return Curves(kept, *(tuple(self._at(t, curve) for t in kept) for curve in (self.low, self.middle, self.high)))

    def at(self, at_h: float) -> tuple[float, float, float]:
        """The three values at one time, between the points of the plan by straight lines."""
        return self._at(at_h, self.low), self._at(at_h, self.middle), self._at(at_h, self.high)

    def peak(self) -> int:
        """Where the middle curve last stands within 2 % of its highest value."""
        top = max(self.middle)
        return max(index for index, value in enumerate(self.middle) if value >= 0.98 * top)

    def _at(self, at_h: float, curve: Sequence[float]) -> float:
        right = min(max(bisect_left(self.at_h, at_h), 1), len(self.at_h) - 1)
        t0, t1 = self.at_h[right - 1], self.at_h[right]
        share = min(max((at_h - t0) / (t1 - t0), 0.0), 1.0)
        return curve[right - 1] + share * (curve[right] - curve[right - 1])


def sleep_windows(plan: Mapping[str, Any], clock: Clock, low_h: float, high_h: float) -> list[tuple[float, float]]:
    """The planned sleep of the mother inside a window, in hours from the start, across midnight where it goes on."""
    found: list[tuple[float, float]] = []
    for start, end in _sleep_times(plan["mother"]):
        day = clock.at(low_h).date() - timedelta(days=1)
        while clock.hours(datetime.combine(day, start, clock.zone)) < high_h:
            wakes = day + timedelta(days=1 if end <= start else 0)
            asleep_h = clock.hours(datetime.combine(day, start, clock.zone))
            awake_h = clock.hours(datetime.combine(wakes, end, clock.zone))
            if awake_h > low_h:
                found.append((max(asleep_h, low_h), min(awake_h, high_h)))
            day += timedelta(days=1)
    return sorted(found)


def _sleep_times(mother: Mapping[str, Any]) -> list[tuple[time, time]]:
    pairs = []
    for window in mother.get("planned_sleep") or mother.get("sleep") or ():
        start, end = (window["start"], window["end"]) if isinstance(window, Mapping) else str(window).split("-")
        pairs.append((time.fromisoformat(str(start).strip()), time.fromisoformat(str(end).strip())))
    return pairs


def _sessions(steps: Sequence[tuple[float, float, float]]) -> tuple[tuple[float, float], ...]:
    sessions: list[tuple[float, float]] = []
    for start, end, _ in steps:
        if sessions and start - sessions[-1][1] <= _NEW_SESSION_AFTER_H:
            sessions[-1] = (sessions[-1][0], end)
        else:
            sessions.append((start, end))
    return tuple(sessions)
