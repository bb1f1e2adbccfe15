"""Infant doses worked out by hand from levels that are constant or known."""

from __future__ import annotations

import numpy as np
import pytest

from matrescence.pharmacology.cohort import draw, typical
from matrescence.pharmacology.exposure import auc
from matrescence.pharmacology.milk import (
    infant_dose_ug_per_kg,
    peak_day_relative_infant_dose_percent,
    relative_infant_dose_percent,
    whole_course_infant_dose_ug_per_kg,
)
from matrescence.pharmacology.model import Model
from matrescence.pharmacology.regimen import RateStep, Regimen

WEIGHT = {"weight_kg": 75.0}


def test_whole_course_is_ratio_times_intake_over_clearance(model: Model, staircase: Regimen) -> None:
    # Milk area = 1.36 x dose / CL; per kg of mother CL is 1 L/h/kg; 150 mL/kg/d = 0.00625 L/kg/h.
    found = relative_infant_dose_percent(model, typical(model, covariates=WEIGHT), staircase)
    assert found[0] == pytest.approx(100.0 * 1.36 * 0.150 / 24.0, rel=1e-12)


def test_whole_course_infant_dose_of_the_staircase(model: Model, staircase: Regimen) -> None:
    found = whole_course_infant_dose_ug_per_kg(
        model, typical(model, covariates=WEIGHT), staircase, intake_ml_per_kg_day=200.0
    )
    assert found[0] == pytest.approx(1.36 * 4200.0 * 0.200 / 24.0, rel=1e-12)


def test_at_steady_state_a_day_is_the_whole_course(model: Model) -> None:
    # 96 ng/mL of milk at 150 mL/kg/d is 14.4 ug/kg/d; the mother gets 24 x 70.6 ug/kg/d: 0.85 %.
    forever = Regimen((RateStep(0.0, 2000.0, 70.6),), per_kg=True)
    woman = typical(model, covariates=WEIGHT)
    window = relative_infant_dose_percent(model, woman, forever, from_h=1000.0, until_h=1024.0)
    assert window[0] == pytest.approx(0.85, rel=1e-9)
    infant = infant_dose_ug_per_kg(model, woman, forever, from_h=1000.0, until_h=1024.0)
    assert infant[0] == pytest.approx(1.36 * 70.6 * 0.150, rel=1e-9)


def test_a_window_in_which_nothing_was_given_has_no_ratio(model: Model, staircase: Regimen) -> None:
    found = relative_infant_dose_percent(model, typical(model, covariates=WEIGHT), staircase, from_h=60.0, until_h=84.0)
    assert np.isnan(found[0])


def test_peak_day_is_the_worst_day_against_the_mean_daily_dose(model: Model, staircase: Regimen) -> None:
    woman = typical(model, covariates=WEIGHT)
    found = peak_day_relative_infant_dose_percent(model, woman, staircase)[0]
    days = [auc(model, woman, staircase, output="milk", from_h=h, until_h=h + 24.0)[0] for h in range(20, 50)]
    assert found == pytest.approx(100.0 * max(days) * 0.150 / 24.0 / (4200.0 / 2.5), rel=1e-9)
    assert found > relative_infant_dose_percent(model, woman, staircase)[0]


def test_a_dose_in_mg_is_divided_by_her_weight(model: Model) -> None:
    cohort = draw(
        model, covariates={"weight_kg": [50.0, 100.0]}, women=2, seed=1, uncertainty=False, between_women=False
    )
    given = Regimen((RateStep(0.0, 1.0, 5000.0),))
    np.testing.assert_allclose(relative_infant_dose_percent(model, cohort, given), 0.85, rtol=1e-12)


def test_half_a_window_a_negative_intake_and_no_dose_are_refused(model: Model, staircase: Regimen) -> None:
    woman = typical(model, covariates=WEIGHT)
    with pytest.raises(ValueError, match="both from_h and until_h"):
        relative_infant_dose_percent(model, woman, staircase, from_h=3.0)
    with pytest.raises(ValueError, match="must not be negative"):
        relative_infant_dose_percent(model, woman, staircase, intake_ml_per_kg_day=-1.0)
    with pytest.raises(ValueError, match="was given something"):
        relative_infant_dose_percent(model, woman, Regimen())
    with pytest.raises(ValueError, match="was given something"):
        peak_day_relative_infant_dose_percent(model, woman, Regimen())
