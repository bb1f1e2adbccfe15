"""From milk to the infant: what she drinks, and how that compares with what her mother was given.

    ``infant dose [ug/kg/d] = milk level [ug/L] * intake [mL/kg/d] / 1000``
    ``relative infant dose [%] = 100 * infant dose / mother's dose``, both in ug per kg of own weight per day.

Definition: Bennett PN (ed), Drugs and Human Lactation, 2nd ed., 1996 (10 % as the usual limit); intake 150 mL/kg/d is
the convention for an infant fed by breast alone, 200 mL/kg/d its upper case.

The answer depends on the window, so the window is never implied:

- whole course: all milk from the first drug to infinity, against all drug given.  The lengths cancel, so it does not
  depend on where the course is said to end;
- any window (a feed, a day, the infusion): milk of that window against the mother's dose given *in that window*, each
  per day; undefined (not a number) where nothing was given in it;
- peak day: the 24 hours in which the infant gets most, against the mother's mean daily dose over the infusion.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matrescence.pharmacology.cohort import Cohort
from matrescence.pharmacology.exposure import auc, auc_to_infinity, cumulative_auc
from matrescence.pharmacology.model import Model
from matrescence.pharmacology.regimen import Regimen

Floats: TypeAlias = NDArray[np.float64]

USUAL_INTAKE_ML_PER_KG_DAY = 150.0
HIGH_INTAKE_ML_PER_KG_DAY = 200.0
_HOURS_PER_DAY = 24.0
_ML_PER_L = 1000.0


def infant_dose_ug_per_kg(
    model: Model,
    cohort: Cohort,
    regimen: Regimen,
    *,
    from_h: float,
    until_h: float,
    intake_ml_per_kg_day: float = USUAL_INTAKE_ML_PER_KG_DAY,
    output: str = "milk",
) -> Floats:
    """What an infant who drinks evenly takes in over a window: ``integral of milk dt * intake``, (women,)."""
    area = auc(model, cohort, regimen, output=output, from_h=from_h, until_h=until_h)
    return area * _litres_per_kg_h(intake_ml_per_kg_day)


def whole_course_infant_dose_ug_per_kg(
    model: Model,
    cohort: Cohort,
    regimen: Regimen,
    *,
    intake_ml_per_kg_day: float = USUAL_INTAKE_ML_PER_KG_DAY,
    output: str = "milk",
) -> Floats:
    """What an infant fed through the whole course and ever after takes in, (women,)."""
    area = auc_to_infinity(model, cohort, regimen, output=output)
    return area * _litres_per_kg_h(intake_ml_per_kg_day)


def relative_infant_dose_percent(
    model: Model,
    cohort: Cohort,
    regimen: Regimen,
    *,
    from_h: float | None = None,
    until_h: float | None = None,
    intake_ml_per_kg_day: float = USUAL_INTAKE_ML_PER_KG_DAY,
    output: str = "milk",
) -> Floats:
    """Relative infant dose of the whole course, or of a window when ``from_h`` and ``until_h`` are given, (women,).

    Scaling every dose changes nothing (the system is linear).

    Raises:
        ValueError: only one end of the window is given, or the regimen gives nothing at all.
    """
    if (from_h is None) != (until_h is None):
        raise ValueError("a window needs both from_h and until_h; leave both out for the whole course")
    if from_h is None or until_h is None:
        infant = whole_course_infant_dose_ug_per_kg(
            model, cohort, regimen, intake_ml_per_kg_day=intake_ml_per_kg_day, output=output
        )
        mother = _mother_ug_per_kg(cohort, regimen)
    else:
        infant = infant_dose_ug_per_kg(
            model,
            cohort,
            regimen,
            from_h=from_h,
            until_h=until_h,
            intake_ml_per_kg_day=intake_ml_per_kg_day,
            output=output,
        )
        mother = _mother_ug_per_kg(cohort, _within(regimen, from_h, until_h))
    if regimen.total_ug <= 0.0:
        raise ValueError("a relative infant dose needs a mother who was given something")
    return 100.0 * np.divide(infant, mother, out=np.full_like(infant, np.nan), where=mother > 0.0)


def peak_day_relative_infant_dose_percent(
    model: Model,
    cohort: Cohort,
    regimen: Regimen,
    *,
    intake_ml_per_kg_day: float = USUAL_INTAKE_ML_PER_KG_DAY,
    output: str = "milk",
    look_every_h: float = 1.0,
) -> Floats:
    """The infant's worst 24 hours against the mother's mean daily dose over the course, (women,).

    The mother's mean is her total over the time from first to last drug, at least one day.  Windows start every
    ``look_every_h`` hours up to the end of dosing; later ones only contain less.

    Raises:
        ValueError: the regimen gives nothing at all.
    """
    if regimen.total_ug <= 0.0:
        raise ValueError("a relative infant dose needs a mother who was given something")
    start, end = regimen.start_h, regimen.end_h
    windows = np.arange(start, max(end, start) + look_every_h, look_every_h)
    worst = np.max(_daily_areas(model, cohort, regimen, windows, output), axis=1)
    infant_per_day = worst * _litres_per_kg_h(intake_ml_per_kg_day)
    days = max((end - start) / _HOURS_PER_DAY, 1.0)
    percent: Floats = 100.0 * infant_per_day / (_mother_ug_per_kg(cohort, regimen) / days)
    return percent


def _daily_areas(model: Model, cohort: Cohort, regimen: Regimen, windows: Floats, output: str) -> Floats:
    areas = cumulative_auc(model, cohort, regimen, np.concatenate([windows, windows + _HOURS_PER_DAY]), output=output)
    return areas[:, windows.size :] - areas[:, : windows.size]


def _litres_per_kg_h(intake_ml_per_kg_day: float) -> float:
    if not intake_ml_per_kg_day >= 0.0:
        raise ValueError(f"milk intake must not be negative: {intake_ml_per_kg_day} mL/kg/d")
    return intake_ml_per_kg_day / _ML_PER_L / _HOURS_PER_DAY


def _mother_ug_per_kg(cohort: Cohort, regimen: Regimen) -> Floats:
    total = np.full(cohort.women, regimen.total_ug)
    return total if regimen.per_kg else total / cohort.weight_kg


def _within(regimen: Regimen, from_h: float, until_h: float) -> Regimen:
    return regimen.stopped_at(until_h).remaining_after(from_h)
