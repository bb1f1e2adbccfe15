"""How fast the time of a course runs, and the port's numbers at that pace.

Freshness and silence are about people who look at a page: they are counted in seconds of the real clock.  The port
counts in the time of the course; where that is simulated and runs faster, its limits are stretched by the same factor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from matrescence.actions.bedside.policy import POLICY, Policy
from matrescence.clinic.clockwork.clock import now, simulated_clock
from matrescence.clinic.clockwork.models import SimulatedClock

_STRETCHED = ("late_after_s", "ahead_after_s", "oximetry_silent_after_s", "pump_silent_after_s", "step_tolerance_s")
SETTLE_AT_MOST_S = 60.0
CHART_AT_MOST_S = 300.0


@dataclass(frozen=True, slots=True)
class Pace:
    """``real`` is the clock on the wall, ``at`` the time of the course, ``speed`` how much faster it runs."""

    real: datetime
    at: datetime
    speed: float
    simulated: bool

    @property
    def policy(self) -> Policy:
        """The port's numbers for a course of this pace; the ordinary ones for a real course."""
        factor = max(self.speed, 1.0)
        if factor == 1.0:
            return POLICY
        stretched = {name: getattr(POLICY, name) * factor for name in _STRETCHED}
        return replace(
            POLICY,
            **stretched,
            settle_s=min(POLICY.settle_s * factor, SETTLE_AT_MOST_S),
            chart_every_s=min(max(POLICY.chart_every_s, factor), CHART_AT_MOST_S),
        )

    def fresh_from(self, observed_at: datetime, received_at: datetime, stored_at: datetime) -> datetime:
        """The real instant from which the age of a value counts: the earlier of its observation and its receipt.

        For a simulated course, it is when the value was stored, less what lay between observation and receipt.
        """
        if not self.simulated:
            return min(observed_at, received_at)
        waited = max(received_at - observed_at, timedelta(0)) / max(self.speed, 1.0)
        return stored_at - waited


def pace_of(course_id: str) -> Pace:
    """The clocks of a course now."""
    return pace_from(simulated_clock(course_id), now())


def pace_from(clock: SimulatedClock | None, real: datetime) -> Pace:
    """The clocks of a course at a real instant."""
    if clock is None:
        return Pace(real, real, 1.0, simulated=False)
    return Pace(real, clock.at(real), clock.speed, simulated=True)
