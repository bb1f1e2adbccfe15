"""The shipped brexanolone model is what the committed fit gives, byte for byte, and the fit meets its targets."""

from __future__ import annotations

import math

import numpy as np
import pytest

from matrescence.formulary import library
from matrescence.formulary.calibrate import Fit, calibrate, written
from matrescence.reading import InputError


@pytest.fixture(scope="module")
def fit() -> Fit:
    return calibrate("brexanolone")


def test_running_the_fit_again_gives_the_shipped_file(fit: Fit) -> None:
    path, text = written("brexanolone", fit)
    assert path.read_text(encoding="utf-8") == text


def test_every_published_target_is_met_within_two_standard_errors(fit: Fit) -> None:
    assert {row.id: row.off_by for row in fit.compared if abs(row.off_by) > 2.0} == {}


def test_clearance_is_the_dose_over_the_published_area(fit: Fit) -> None:
    assert 4200 / 4219.1 <= fit.values["cl"] <= 4200 / 3309.1


def test_half_life_follows_from_the_fitted_values_by_the_closed_form(fit: Fit) -> None:
    cl, v1, q, v2 = (fit.values[name] for name in ("cl", "v1", "q", "v2"))
    total = cl / v1 + q / v1 + q / v2
    slow = (total - math.sqrt(total**2 - 4 * cl / v1 * q / v2)) / 2
    assert 9.8 <= math.log(2) / slow <= 13.1


def test_what_the_data_do_not_decide_keeps_the_width_of_its_prior(fit: Fit) -> None:
    assert math.isclose(math.sqrt(fit.covariance[1][1]), 0.5, rel_tol=0.05)
    assert math.sqrt(fit.covariance[0][0]) < 0.06


def test_the_uncertainty_is_a_covariance(fit: Fit) -> None:
    matrix = np.array(fit.covariance)
    assert np.allclose(matrix, matrix.T)
    assert np.linalg.eigvalsh(matrix).min() > 0


def test_the_file_says_that_its_values_are_fitted_and_not_published() -> None:
    model = library.load("brexanolone").models["calibrated_2026"]
    assert {model.typical[name].basis for name in ("cl", "v1", "q", "v2")} == {"calibrated"}
    assert "Not the published parameters" in model.notes[0]
    assert model.grade == "C"


def test_a_drug_without_targets_is_not_calibrated() -> None:
    with pytest.raises(InputError, match="nothing to calibrate"):
        calibrate("ketamine")
