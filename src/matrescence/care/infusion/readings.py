"""What can be read at the bedside, and which readings cannot be true."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import assert_never


class Measure(Enum):
    """One measured quantity that a limit may be set for."""

    SPO2 = "spo2_percent"
    PULSE = "pulse_per_min"
    SYSTOLIC = "systolic_mmhg"
    DIASTOLIC = "diastolic_mmhg"
    SEDATION = "sedation_score"


class Awareness(Enum):
    """How she answers: by herself, when roused, or not at all."""

    AWAKE = "awake"
    ROUSABLE = "rousable"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Oximetry:
    """Pulse oximetry: saturation, with the pulse the device counted."""

    spo2_percent: float
    pulse_per_min: float | None = None


@dataclass(frozen=True, slots=True)
class Pulse:
    """A pulse counted by hand or by a monitor."""

    pulse_per_min: float


@dataclass(frozen=True, slots=True)
class BloodPressure:
    """One cuff reading."""

    systolic_mmhg: float
    diastolic_mmhg: float


@dataclass(frozen=True, slots=True)
class Sedation:
    """A sedation check: the nurse's own judgement, a score on a named scale, or both.

    ``excessive`` is ``None`` when the nurse did not judge; it is never read as "no".
    """

    excessive: bool | None = None
    scale: str | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Consciousness:
    """Whether she is awake, can be roused, or has lost consciousness."""

    awareness: Awareness


Reading = Oximetry | Pulse | BloodPressure | Sedation | Consciousness

# What an instrument or a person can show at all, not what is healthy: outside it, the entry is a slip of the finger.
# MOAA/S, RASS, POSS and every other scale in use lie within the bounds for a score.
POSSIBLE: Mapping[Measure, tuple[float, float]] = {
    Measure.SPO2: (0.0, 100.0),
    Measure.PULSE: (0.0, 350.0),
    Measure.SYSTOLIC: (20.0, 350.0),
    Measure.DIASTOLIC: (10.0, 250.0),
    Measure.SEDATION: (-10.0, 20.0),
}

SATISFIES: Mapping[type, str] = {
    Oximetry: "oximetry",
    Pulse: "pulse",
    BloodPressure: "blood-pressure",
    Sedation: "sedation",
    Consciousness: "consciousness",
}
"""The kind of ordered check that a reading fulfils."""


def values(reading: Reading) -> dict[Measure, float]:
    """The measured quantities of a reading; consciousness has none."""
    match reading:
        case Oximetry(spo2, pulse):
            return {Measure.SPO2: spo2} | ({} if pulse is None else {Measure.PULSE: pulse})
        case Pulse(pulse):
            return {Measure.PULSE: pulse}
        case BloodPressure(systolic, diastolic):
            return {Measure.SYSTOLIC: systolic, Measure.DIASTOLIC: diastolic}
        case Sedation(score=score):
            return {} if score is None else {Measure.SEDATION: score}
        case Consciousness():
            return {}
        case _:  # pragma: no cover -- the type checker closes it
            assert_never(reading)


def impossible(reading: Reading) -> str | None:
    """Why a reading cannot be true, or ``None``: not finite, out of bounds, contradictory, or empty."""
    for measure, value in values(reading).items():
        low, high = POSSIBLE[measure]
        if not (math.isfinite(value) and low <= value <= high):
            return f"{measure.value} {value:g} cannot be read; possible: {low:g} to {high:g}"
    if isinstance(reading, BloodPressure) and reading.diastolic_mmhg >= reading.systolic_mmhg:
        return f"blood pressure {reading.systolic_mmhg:g}/{reading.diastolic_mmhg:g}: the lower value is not lower"
    if isinstance(reading, Sedation) and (reading.score is None) != (reading.scale is None):
        return "a sedation score needs the name of its scale, and a scale its score"
    if isinstance(reading, Sedation) and reading.score is None and reading.excessive is None:
        return "a sedation check needs a score or the nurse's judgement"
    return None


def shown(reading: Reading) -> str:
    """A reading in words, with its units."""
    match reading:
        case Oximetry(spo2, pulse):
            return f"SpO2 {spo2:g} %" + ("" if pulse is None else f", pulse {pulse:g}/min")
        case Pulse(pulse):
            return f"pulse {pulse:g}/min"
        case BloodPressure(systolic, diastolic):
            return f"blood pressure {systolic:g}/{diastolic:g} mmHg"
        case Sedation(excessive, scale, score):
            said = {None: "not judged", True: "excessive", False: "not excessive"}[excessive]
            return f"sedation {said}" + ("" if score is None else f", {scale} {score:g}")
        case Consciousness(awareness):
            return {"awake": "awake", "rousable": "rousable", "lost": "consciousness lost"}[awareness.value]
        case _:  # pragma: no cover -- the type checker closes it
            assert_never(reading)
