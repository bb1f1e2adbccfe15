"""How old a value may be and still be shown as hers now.

A value passes through three states.  *live*: shown plainly.  *not current*: greyed and crossed, with its age.  *no
data*: the value is taken away, and "no data for N s" stands in its place.  The limits are ours; no source gives them
for this use, and the order of 10 s and 30 s is open to a site's own hazard analysis.

The age counts from the observation or the receipt, whichever is earlier.  A page adds the seconds of its own clock, so
that a stream that stands still cannot keep a value fresh.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from matrescence.actions.bedside.policy import BASIS
from matrescence.actions.bedside.report import PULSE, SPO2


class Freshness(Enum):
    """How a value may be shown."""

    LIVE = "live"
    NOT_CURRENT = "not current"
    NO_DATA = "no data"


@dataclass(frozen=True, slots=True)
class AgeLimit:
    """Up to which age a measure is live, and from which on there is no data; in seconds, with the reason."""

    measure: str
    live_up_to_s: float
    no_data_after_s: float
    reason: str
    basis: str = BASIS


PUMP_RATE, PUMP_RUNNING, PUMP_VOLUME, PUMP_ALARM = "rate_ml_per_h", "running", "volume_ml", "pump_alarm"
PUMP_DOSE_RATE, PUMP_PROGRAMMED = "rate_ug_per_kg_h", "programmed_ml_per_h"

_SIGN = "A saturation can fall within seconds; a nurse glancing at the page must not read an old one as hers now."
_PUMP = "A pump reports every few seconds to a minute and changes only at a step, an alarm or a hand on it."

AGE_LIMITS: Mapping[str, AgeLimit] = {
    limit.measure: limit
    for limit in (
        AgeLimit(SPO2, 10.0, 30.0, _SIGN),
        AgeLimit(PULSE, 10.0, 30.0, _SIGN),
        AgeLimit(PUMP_RUNNING, 60.0, 120.0, _PUMP),
        AgeLimit(PUMP_RATE, 60.0, 120.0, _PUMP),
        AgeLimit(PUMP_DOSE_RATE, 60.0, 120.0, _PUMP),
        AgeLimit(PUMP_PROGRAMMED, 60.0, 120.0, _PUMP),
        AgeLimit(PUMP_VOLUME, 60.0, 120.0, _PUMP),
        AgeLimit(PUMP_ALARM, 60.0, 120.0, _PUMP),
    )
}
"""The limits by measure."""


def age_s(observed_at: datetime, received_at: datetime, now: datetime) -> float:
    """How old a value is: seconds since its observation or its receipt, whichever was earlier."""
    return (now - min(observed_at, received_at)).total_seconds()


def freshness(measure: str, observed_at: datetime, received_at: datetime, now: datetime) -> Freshness:
    """How a value of this measure may be shown at ``now``.

    Raises:
        KeyError: no limit is written down for this measure.
    """
    limit, age = AGE_LIMITS[measure], age_s(observed_at, received_at, now)
    if age > limit.no_data_after_s:
        return Freshness.NO_DATA
    return Freshness.LIVE if age <= limit.live_up_to_s else Freshness.NOT_CURRENT
