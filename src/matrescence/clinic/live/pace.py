"""How fast the time of a course runs, and the port's numbers at that pace.

Freshness is about people who look at a page: it is counted in seconds of the real clock.  The port counts in the time
of the course, which for a simulated one may run faster.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from matrescence.actions.bedside.policy import POLICY, Policy
from matrescence.clinic.clockwork.clock import now, simulated_clock
from matrescence.clinic.clockwork.models import SimulatedClock

CHART_AT_MOST_S = 300.0
MESSAGES_MISSED = 3.0
"""A device is silent after the usual limit, or after so many of its messages did not come."""


@dataclass(frozen=True, slots=True)
class Pace:
    """``real`` is the clock on the wall, ``at`` the time of the course, ``speed`` how much faster it runs."""

    real: datetime
    at: datetime
    speed: float
    simulated: bool

    @property
    def policy(self) -> Policy:
        """The port's numbers for a course of this pace; the ordinary ones for a real course.

        The devices of a fast room speak seldom in its own time (see ``simulated.rhythm_at``), and are judged by that.
        """
        factor = max(self.speed, 1.0)
        if factor == 1.0:
            return POLICY
        return replace(
            POLICY,
            oximetry_silent_after_s=max(POLICY.oximetry_silent_after_s, MESSAGES_MISSED * factor / 5.0),
            pump_silent_after_s=max(POLICY.pump_silent_after_s, MESSAGES_MISSED * factor / 2.0),
            chart_every_s=min(max(POLICY.chart_every_s, factor), CHART_AT_MOST_S),
            step_tolerance_s=max(POLICY.step_tolerance_s, factor / 2.0),
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
