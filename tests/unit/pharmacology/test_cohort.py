from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matrescence.facts import Fact
from matrescence.pharmacology.cohort import draw, typical
from matrescence.pharmacology.model import CovariateEffect, Model, Spread
from matrescence.pharmacology.population import lower_triangle

WEIGHT = {"weight_kg": 70.0}


def test_drawing_some_women_gives_the_same_women(model: Model) -> None:
    everyone = draw(model, covariates=WEIGHT, women=100, seed=5)
    some = draw(model, covariates=WEIGHT, women=50, seed=5, first_woman=50)
    for name, values in everyone.parameters.items():
        np.testing.assert_array_equal(values[50:], some.parameters[name])


def test_spread_on_the_log_scale_is_the_covariance_of_the_model(model: Model) -> None:
    cohort = draw(model, covariates=WEIGHT, women=40_000, seed=11, uncertainty=False)
    logs = np.log([cohort.parameters["cl"] / 70.0, cohort.parameters["v1"] / 70.0])
    np.testing.assert_allclose(np.cov(logs), model.between_women.covariance, atol=4 * 0.09 * np.sqrt(2 / 40_000))
    np.testing.assert_allclose(logs.mean(axis=1), 0.0, atol=4 * 0.3 / np.sqrt(40_000))
    np.testing.assert_array_equal(cohort.parameters["q"], 0.2 * 70.0)


def test_parameter_uncertainty_adds_its_own_variance(model: Model) -> None:
    only = draw(model, covariates=WEIGHT, women=40_000, seed=11, between_women=False)
    both = draw(model, covariates=WEIGHT, women=40_000, seed=11)
    without = draw(model, covariates=WEIGHT, women=40_000, seed=11, uncertainty=False)
    assert np.var(np.log(only.parameters["cl"])) == pytest.approx(0.01, rel=0.03)
    np.testing.assert_allclose(
        both.parameters["cl"] * 70.0, only.parameters["cl"] * without.parameters["cl"], rtol=1e-14
    )


def test_typical_woman_has_typical_values(model: Model) -> None:
    woman = typical(model, covariates={"weight_kg": 60.0})
    assert woman.women == 1
    assert {name: value.tolist() for name, value in woman.parameters.items()} == {
        "cl": [60.0], "v1": [60.0], "q": [12.0], "v2": [120.0], "kmilk": [0.5], "ratio": [1.36]
    }  # fmt: skip


def test_covariates_may_differ_between_women(model: Model) -> None:
    cohort = draw(
        model, covariates={"weight_kg": [50.0, 100.0]}, women=2, seed=1, between_women=False, uncertainty=False
    )
    assert cohort.parameters["cl"].tolist() == [50.0, 100.0]
    assert cohort.weight_kg.tolist() == [50.0, 100.0]


@pytest.mark.parametrize(
    "covariates", [{}, {"weight_kg": 0.0}, {"weight_kg": float("nan")}, {"weight_kg": [50.0, 60.0, 70.0]}]
)
def test_impossible_weight_is_refused(model: Model, covariates: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="weight_kg"):
        draw(model, covariates=covariates, women=2, seed=1)


def test_empty_cohort_is_refused(model: Model) -> None:
    with pytest.raises(ValueError, match="at least one woman"):
        draw(model, covariates=WEIGHT, women=0, seed=1)


def test_missing_covariate_is_named(model: Model) -> None:
    kidney = replace(model, covariates=(CovariateEffect("cl", "egfr_ml_per_min_1_73m2", "identity", {}),))
    with pytest.raises(ValueError, match="egfr_ml_per_min_1_73m2"):
        typical(kidney, covariates=WEIGHT)


def test_unknown_typical_value_is_named(model: Model) -> None:
    unknown = replace(model, typical={**model.typical, "ratio": Fact(None, "1", "none", "none", "read", "U")})
    with pytest.raises(ValueError, match="'ratio' is unknown"):
        typical(unknown, covariates=WEIGHT)


@pytest.mark.parametrize(
    "change",
    [
        {"between_women": Spread(("ka",), ((0.1,),))},
        {"covariates": (CovariateEffect("ka", "weight_kg", "per_kg", {}),)},
    ],
)
def test_spread_or_covariate_of_a_parameter_that_does_not_exist_is_refused(
    model: Model, change: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="'ka'"):
        draw(replace(model, **change), covariates=WEIGHT, women=2, seed=1)  # type: ignore[arg-type]


def test_lower_triangle_is_numpys_cholesky_factor() -> None:
    covariance = np.array([[0.09, 0.03, 0.01], [0.03, 0.16, -0.02], [0.01, -0.02, 0.04]])
    spread = Spread(("a", "b", "c"), tuple(map(tuple, covariance.tolist())))
    np.testing.assert_allclose(lower_triangle(spread), np.linalg.cholesky(covariance), rtol=1e-14)


def test_parameter_without_variance_does_not_vary() -> None:
    spread = Spread(("a", "b"), ((0.0, 0.0), (0.0, 0.04)))
    np.testing.assert_allclose(lower_triangle(spread), [[0.0, 0.0], [0.0, 0.2]])


@pytest.mark.parametrize(
    "covariance",
    [
        ((0.1, 0.2), (0.2, 0.1)),
        ((-0.1, 0.0), (0.0, 0.1)),
        ((0.1, 0.02), (0.0, 0.1)),
        ((0.1,),),
        ((0.0, 0.1), (0.1, 0.1)),
    ],
)
def test_matrix_that_is_no_covariance_is_refused(covariance: tuple[tuple[float, ...], ...]) -> None:
    with pytest.raises(ValueError, match="covariance"):
        lower_triangle(Spread(("a", "b"), covariance))
