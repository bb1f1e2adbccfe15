"""The invented woman: her saturation, her pulse, how she answers, and the drug in her plasma.

Saturation and pulse are invented: a resting value, sleep, a slow wander, noise, and the faults that were injected.
They do not follow from the drug.  The level is that of one virtual woman of the drug's own model, given what the pump
really gave.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from matrescence.bedside.chance import constant, drift, normal
from matrescence.bedside.faults import Fault, Planned
from matrescence.care.infusion.order import SleepPeriod

# Invented numbers, for show.  A quiet night must stay well above any limit that a site would set.
LOWEST_QUIET_SPO2 = 94.0
_SPO2, _SPO2_SPREAD, _SPO2_ASLEEP, _SPO2_DRIFT, _SPO2_NOISE = 97.6, 0.5, -0.9, 0.5, 0.35
_PULSE, _PULSE_SPREAD, _PULSE_ASLEEP, _PULSE_DRIFT, _PULSE_NOISE = 78.0, 5.0, -10.0, 4.0, 1.5
_PULSE_SEDATED, _PULSE_SHORT_OF_OXYGEN = -6.0, 14.0
_DRIFT_S, _FALLS_ASLEEP_S = 900.0, 1200.0
_FALL_S, _RECOVERY_S = 35.0, 45.0  # time constants of an injected fall in saturation
_GONE = 8.0  # time constants after which a fall is over


@dataclass(frozen=True, slots=True)
class Signs:
    """What a person at the bedside sees: is she hard to rouse, and is she asleep."""

    oversedated: bool
    asleep: bool


@dataclass(frozen=True, slots=True)
class Vitals:
    """Saturation and pulse as they are, in whole numbers as an oximeter shows them."""

    spo2_percent: float
    pulse_per_min: float


@dataclass(frozen=True, slots=True)
class Woman:
    """One invented woman: a seed, and when she sleeps."""

    seed: int
    sleep: tuple[SleepPeriod, ...] = ()

    def vitals(self, at: datetime, faults: Sequence[Planned]) -> Vitals:
        """Her saturation and pulse at an instant: the same for the same instant, whatever was asked before."""
        at_s = at.timestamp()
        asleep, tick = self._asleep(at), round(at_s * 2.0)
        spo2 = _SPO2 + _SPO2_SPREAD * constant(self.seed, "spo2") + _SPO2_ASLEEP * asleep
        spo2 += _SPO2_DRIFT * drift(self.seed, "spo2-drift", at_s, _DRIFT_S)
        spo2 += _SPO2_NOISE * normal(self.seed, "spo2-noise", tick)
        spo2, short = _fallen(min(max(spo2, LOWEST_QUIET_SPO2), 100.0), at, faults)
        pulse = _PULSE + _PULSE_SPREAD * constant(self.seed, "pulse") + _PULSE_ASLEEP * asleep
        pulse += _PULSE_DRIFT * drift(self.seed, "pulse-drift", at_s, _DRIFT_S / 3.0)
        pulse += _PULSE_NOISE * normal(self.seed, "pulse-noise", tick)
        pulse += _PULSE_SEDATED * self.signs(at, faults).oversedated + _PULSE_SHORT_OF_OXYGEN * short
        return Vitals(float(round(spo2)), float(round(pulse)))

    def signs(self, at: datetime, faults: Sequence[Planned]) -> Signs:
        """What a person sees at an instant."""
        oversedated = any(one.fault is Fault.SEDATION and one.active(at) for one in faults)
        return Signs(oversedated, self._asleep(at) > 0.5)

    def _asleep(self, at: datetime) -> float:
        """How deeply asleep, 0 to 1: she falls asleep and wakes over twenty minutes."""
        depth = 0.0
        for period in self.sleep:
            since, left = (at - period.start).total_seconds(), (period.end - at).total_seconds()
            if since > 0.0 and left > 0.0:
                depth = max(depth, min(1.0, since / _FALLS_ASLEEP_S, left / _FALLS_ASLEEP_S))
        return depth


def _fallen(quiet: float, at: datetime, faults: Sequence[Planned]) -> tuple[float, float]:
    """Her saturation with every injected fall, and how far the deepest has come (0 to 1)."""
    spo2, deepest = quiet, 0.0
    for one in faults:
        if one.fault is not Fault.HYPOXIA or one.size is None or at < one.start:
            continue
        depth = _depth(one, at)
        deepest = max(deepest, depth)
        spo2 = min(spo2, quiet + (one.size - quiet) * depth)
    return spo2, deepest


def _depth(one: Planned, at: datetime) -> float:
    """How far a fall has come: ``1 - exp(-t / 35 s)`` while it lasts, then ``exp(-t / 45 s)`` of what was reached."""
    lasted = min(at, one.end) - one.start
    reached = 1.0 - math.exp(-lasted / timedelta(seconds=_FALL_S))
    after_s = (at - one.end).total_seconds()
    if after_s <= 0.0:
        return reached
    return reached * math.exp(-after_s / _RECOVERY_S) if after_s < _GONE * _RECOVERY_S else 0.0
