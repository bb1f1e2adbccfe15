"""Simulation against an ODE solver, and the ways a course may be asked for."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from matrescence.pharmacology.cohort import draw, typical
from matrescence.pharmacology.model import Model
from matrescence.pharmacology.regimen import Bolus, RateStep, Regimen
from matrescence.pharmacology.simulate import Course, observe, simulate

WEIGHT = {"weight_kg": 75.0}


def test_staircase_agrees_with_a_stepping_ode_solver(model: Model, staircase: Regimen) -> None:
    cohort = draw(model, covariates=WEIGHT, women=3, seed=4)
    times = np.array([2.0, 4.0, 24.0, 50.0, 60.0, 72.0, 96.0])
    course = simulate(model, cohort, staircase, times)
    for woman in range(3):
        p = {name: value[woman] for name, value in cohort.parameters.items()}
        x, start = np.zeros(3), 0.0
        for position, end in enumerate(times):
            edges = [start, *[s.end_h for s in staircase.steps if start < s.end_h < end], end]
            for low, high in pairwise(edges):
                rate = 75.0 * sum(s.rate_ug_per_h for s in staircase.steps if s.start_h <= low < s.end_h)

                def slope(_: float, y: np.ndarray, rate: float = rate, p: dict[str, float] = p) -> list[float]:
                    exchange = p["q"] * (y[0] / p["v1"] - y[1] / p["v2"])
                    milk = p["kmilk"] * (p["ratio"] * y[0] / p["v1"] - y[2])
                    return [rate - p["cl"] / p["v1"] * y[0] - exchange, exchange, milk]

                x = solve_ivp(slope, (low, high), x, method="DOP853", rtol=1e-12, atol=1e-12).y[:, -1]
            start = end
            assert course.values["plasma"][woman, position] == pytest.approx(x[0] / p["v1"], rel=1e-9)
            assert course.values["milk"][woman, position] == pytest.approx(x[2], rel=1e-9)


def test_times_come_back_in_the_order_asked(model: Model, staircase: Regimen) -> None:
    woman = typical(model, covariates=WEIGHT)
    mixed = simulate(model, woman, staircase, [50.0, 3.0, 3.0, 61.5])
    sorted_ = simulate(model, woman, staircase, [3.0, 50.0, 61.5])
    np.testing.assert_allclose(mixed.values["plasma"][0], sorted_.values["plasma"][0][[1, 0, 0, 2]], rtol=1e-12)


def test_asking_for_one_output_gives_the_same_numbers(model: Model, staircase: Regimen) -> None:
    cohort = draw(model, covariates=WEIGHT, women=4, seed=4)
    whole = simulate(model, cohort, staircase, np.arange(80.0))
    plasma = simulate(model, cohort, staircase, np.arange(80.0), outputs=["plasma"])
    assert list(plasma.values) == ["plasma"]
    np.testing.assert_allclose(plasma.values["plasma"], whole.values["plasma"], rtol=1e-12)


def test_chunks_of_women_give_the_same_women(model: Model, staircase: Regimen) -> None:
    times = np.linspace(0.0, 70.0, 41)
    everyone = simulate(model, draw(model, covariates=WEIGHT, women=40, seed=4), staircase, times)
    some = simulate(model, draw(model, covariates=WEIGHT, women=7, seed=4, first_woman=20), staircase, times)
    np.testing.assert_allclose(some.values["milk"], everyone.values["milk"][20:27], rtol=1e-11)


def test_value_at_the_moment_of_a_bolus_is_just_after_it(model: Model) -> None:
    course = simulate(model, typical(model, covariates=WEIGHT), Regimen(boluses=(Bolus(1.0, 750.0),)), [0.0, 1.0])
    assert course.values["plasma"][0].tolist() == [0.0, 10.0]


def test_dose_per_kg_is_the_dose_times_her_weight(model: Model) -> None:
    woman = typical(model, covariates=WEIGHT)
    per_kg = Regimen((RateStep(0.0, 1.0, 10.0),), (Bolus(0.5, 2.0),), per_kg=True)
    in_ug = Regimen((RateStep(0.0, 1.0, 750.0),), (Bolus(0.5, 150.0),))
    np.testing.assert_allclose(
        simulate(model, woman, per_kg, [0.5, 2.0]).values["milk"],
        simulate(model, woman, in_ug, [0.5, 2.0]).values["milk"],
        rtol=1e-14,
    )


def test_drug_given_where_no_wanted_output_depends_on_it_is_harmless(model: Model) -> None:
    course = simulate(
        model, typical(model, covariates=WEIGHT), Regimen((RateStep(0.0, 1.0, 5.0, "milk"),)), [1.0], outputs=["plasma"]
    )
    assert course.values["plasma"].tolist() == [[0.0]]


def test_unknown_output_lists_the_known_ones(model: Model, staircase: Regimen) -> None:
    with pytest.raises(ValueError, match="no output 'brain'; it has: plasma, milk"):
        simulate(model, typical(model, covariates=WEIGHT), staircase, [1.0], outputs=["brain"])


def test_dataset_has_named_dimensions_and_units(model: Model, staircase: Regimen) -> None:
    cohort = draw(model, covariates=WEIGHT, women=3, seed=9, first_woman=10)
    dataset = simulate(model, cohort, staircase, [0.0, 1.0]).to_xarray()
    assert dict(dataset.sizes) == {"woman": 3, "time": 2}
    assert dataset["plasma"].attrs["units"] == "ng/mL"
    assert dataset["time"].attrs["units"] == "h"
    assert dataset["woman"].values.tolist() == [10, 11, 12]
    assert dataset.attrs["seed"] == 9


def noise(model: Model, course: Course) -> np.ndarray:
    return observe(model, course).values["plasma"] / course.values["plasma"] - 1.0


def test_assay_noise_has_the_size_the_model_states(model: Model, staircase: Regimen) -> None:
    cohort = draw(model, covariates=WEIGHT, women=4000, seed=3)
    course = simulate(model, cohort, staircase, [20.0, 40.0])
    predicted = course.values["plasma"]
    relative = noise(model, course) / np.sqrt(0.15**2 + (0.5 / predicted) ** 2)
    assert relative.std() == pytest.approx(1.0, abs=0.03)
    assert relative.mean() == pytest.approx(0.0, abs=0.05)
    np.testing.assert_array_equal(observe(model, course).values["milk"], course.values["milk"])


def test_assay_noise_belongs_to_the_woman(model: Model, staircase: Regimen) -> None:
    times = [20.0, 40.0, 55.0]
    everyone = simulate(model, draw(model, covariates=WEIGHT, women=10, seed=3), staircase, times)
    some = simulate(model, draw(model, covariates=WEIGHT, women=3, seed=3, first_woman=5), staircase, times)
    np.testing.assert_allclose(noise(model, some), noise(model, everyone)[5:8], rtol=1e-9)


def test_noise_never_reports_a_negative_level(model: Model) -> None:
    course = simulate(model, draw(model, covariates=WEIGHT, women=50, seed=3), Regimen(), [1.0])
    reported = observe(model, course).values["plasma"]
    assert reported.min() == 0.0
    assert reported.max() > 0.0
