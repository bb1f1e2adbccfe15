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


class Drawn(Enum):
    """From where blood was drawn: at the end of a short infusion an artery holds more than a vein."""

    ARTERY = "artery"
    VEIN = "vein"


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


@dataclass(frozen=True, slots=True)
class PlasmaLevel:
    """The drug in her plasma as a laboratory measured it; it happened when the blood was drawn, not when it was told.

    A level that the laboratory could not tell from none is 0 with ``below_ng_per_ml``, its limit of quantification.
    ``drawn`` is ``None`` where nobody said from where.
    """

    level_ng_per_ml: float
    below_ng_per_ml: float | None = None
    drawn: Drawn | None = None


Reading = Oximetry | Pulse | BloodPressure | Sedation | Consciousness | PlasmaLevel

# What an instrument or a person can show at all, not what is healthy: outside it, the entry is a slip of the finger.
# MOAA/S, RASS, POSS and every other scale in use lie within the bounds for a score.
POSSIBLE: Mapping[Measure, tuple[float, float]] = {
    Measure.SPO2: (0.0, 100.0),
    Measure.PULSE: (0.0, 350.0),
    Measure.SYSTOLIC: (20.0, 350.0),
    Measure.DIASTOLIC: (10.0, 250.0),
    Measure.SEDATION: (-10.0, 20.0),
}

POSSIBLE_LEVEL_NG_PER_ML = (0.0, 10_000.0)
"""A level has no limit in an order, so it is no :class:`Measure`.  Above the upper end, the unit was mistaken."""

SATISFIES: Mapping[type, str] = {
    Oximetry: "oximetry",
    Pulse: "pulse",
    BloodPressure: "blood-pressure",
    Sedation: "sedation",
    Consciousness: "consciousness",
}
"""The kind of ordered check that a reading fulfils; a level fulfils none."""


def values(reading: Reading) -> dict[Measure, float]:
    """The measured quantities that a limit may be set for; consciousness and a level have none."""
    match reading:
        case Oximetry(spo2, pulse):
            return {Measure.SPO2: spo2} | ({} if pulse is None else {Measure.PULSE: pulse})
        case Pulse(pulse):
            return {Measure.PULSE: pulse}
        case BloodPressure(systolic, diastolic):
            return {Measure.SYSTOLIC: systolic, Measure.DIASTOLIC: diastolic}
        case Sedation(score=score):
            return {} if score is None else {Measure.SEDATION: score}
        case Consciousness() | PlasmaLevel():
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
    return _impossible_level(reading) if isinstance(reading, PlasmaLevel) else None


def _impossible_level(reading: PlasmaLevel) -> str | None:
    """A level is above 0; or it is 0, and then it is said what the laboratory could have seen."""
    low, high = POSSIBLE_LEVEL_NG_PER_ML
    for name, value in (("level", reading.level_ng_per_ml), ("limit of quantification", reading.below_ng_per_ml)):
        if value is not None and not (math.isfinite(value) and low <= value <= high):
            return f"{name} {value:g} ng/mL cannot be read; possible: {low:g} to {high:g}"
    if reading.level_ng_per_ml > 0.0 and reading.below_ng_per_ml is not None:
        return "a level is either a number or below a limit of quantification, not both"
    if reading.level_ng_per_ml == 0.0 and not reading.below_ng_per_ml:
        return "a level of 0 ng/mL needs the limit of quantification that it lay below"
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
        case PlasmaLevel(level, below, drawn):
            said = f"{level:g} ng/mL" if below is None else f"below {below:g} ng/mL, the limit of quantification"
            return f"plasma level {said}" + ("" if drawn is None else f", drawn from {_FROM[drawn]}")
        case _:  # pragma: no cover -- the type checker closes it
            assert_never(reading)


_FROM: Mapping[Drawn, str] = {Drawn.ARTERY: "an artery", Drawn.VEIN: "a vein"}
