from __future__ import annotations

import numpy as np
import pytest

from matrescence.pharmacology.covariates import FORMS, factor

WORKED_BY_HAND = [
    ("identity", {}, 33.0, 1.0),
    ("per_kg", {}, 80.0, 80.0),
    ("linear_per_70kg", {}, 105.0, 1.5),
    ("allometric", {"exponent": 0.75}, 70.0 * 16.0, 8.0),
    ("allometric", {"exponent": 1.0, "reference": 60.0}, 90.0, 1.5),
    ("power", {"exponent": -0.5, "reference": 100.0}, 25.0, 2.0),
    ("linear", {"slope": 0.01, "reference": 30.0}, 40.0, 1.1),
    ("exponential", {"slope": 0.1, "reference": 30.0}, 40.0, np.e),
    ("fraction_of_normal", {"fraction": 0.6, "normal": 100.0}, 50.0, 0.7),
    ("fraction_of_normal", {"fraction": 0.6, "normal": 100.0}, 130.0, 1.0),
    ("if_present", {"factor": 0.36}, 1.0, 0.36),
    ("if_present", {"factor": 0.36}, 0.0, 1.0),
    ("per_year_over_60", {"change": -2.19 / 151.0}, 70.0, (151.0 - 21.9) / 151.0),
    ("per_year_over_60", {"change": -2.19 / 151.0}, 30.0, 1.0),
]


@pytest.mark.parametrize(("form", "coefficients", "value", "expected"), WORKED_BY_HAND)
def test_form_gives_the_factor_worked_by_hand(
    form: str, coefficients: dict[str, float], value: float, expected: float
) -> None:
    assert factor(form, value, coefficients) == pytest.approx(expected, rel=1e-14)


def test_every_form_has_a_worked_example() -> None:
    assert {row[0] for row in WORKED_BY_HAND} == set(FORMS)


def test_unknown_form_lists_the_allowed_ones() -> None:
    with pytest.raises(ValueError, match=r"'cubic'; allowed: identity, per_kg"):
        factor("cubic", 70.0, {})


@pytest.mark.parametrize("coefficients", [{}, {"exponent": 1.0, "extra": 2.0}])
def test_missing_or_superfluous_coefficient_is_refused(coefficients: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="takes the coefficients"):
        factor("allometric", 70.0, coefficients)


@pytest.mark.parametrize(("form", "value"), [("per_kg", -1.0), ("per_kg", np.nan), ("linear_per_70kg", 0.0)])
def test_factor_that_is_not_positive_is_refused(form: str, value: float) -> None:
    with pytest.raises(ValueError, match="not positive and finite"):
        factor(form, value, {})
