"""Who she is: the facts about one mother that planning needs.

``None`` always means *not known*; it is never read as "no" or as zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum


class Feeding(Enum):
    """How the infant is fed."""

    BREAST = "breast"
    MIXED = "mixed"
    FORMULA = "formula"


class LiverClass(Enum):
    """Child-Pugh class; ``NORMAL`` is a liver without known disease."""

    NORMAL = "normal"
    CHILD_PUGH_A = "child-pugh-a"
    CHILD_PUGH_B = "child-pugh-b"
    CHILD_PUGH_C = "child-pugh-c"


@dataclass(frozen=True, slots=True)
class Medicine:
    """One medicine she takes; ``classes`` comes from ``formulary/medicines.toml`` (empty: not in that list)."""

    name: str
    classes: tuple[str, ...] = ()
    dose_mg_per_day: float | None = None


@dataclass(frozen=True, slots=True)
class SleepWindow:
    """A planned sleep period by the wall clock; ``start`` later than ``end`` crosses midnight."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Mother:
    """One mother.  ``start`` is the planned start of treatment, with its time zone.

    ``hamd17`` and ``madrs`` are her scores before treatment.
    """

    name: str
    age_years: float
    weight_kg: float
    start: datetime
    height_cm: float | None = None
    days_since_birth: int | None = None
    gestation_weeks: float | None = None
    caesarean_planned: bool | None = None
    feeding: Feeding | None = None
    infant_weight_kg: float | None = None
    infant_age_days: int | None = None
    egfr_ml_per_min_1_73m2: float | None = None
    liver: LiverClass | None = None
    medicines: tuple[Medicine, ...] | None = None
    sleep: tuple[SleepWindow, ...] = ()
    hamd17: float | None = None
    madrs: float | None = None
