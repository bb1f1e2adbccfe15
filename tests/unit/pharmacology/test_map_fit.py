"""The most probable parameters: against SciPy, against closed forms, and the exactness of the derivatives."""

import numpy as np
import pytest
from scipy import optimize

from matrescence.facts import Fact
from matrescence.formulary import library
from matrescence.pharmacology.cohort import draw
from matrescence.pharmacology.individualise import ENOUGH, fit_levels, level_problem, own_women
from matrescence.pharmacology.level_fit import Level, LevelProblem, deviation_spread
from matrescence.pharmacology.map_fit import exact_hessian, most_probable
from matrescence.pharmacology.model import Flow, Model, Output, Rate, ResidualError, Spread, Structure
from matrescence.pharmacology.population import lower_triangle
from matrescence.pharmacology.regimen import Bolus, Regimen
from matrescence.pharmacology.simulate import observe, simulate

TIMES = (4.0, 24.0, 52.0, 66.0)
HER = {"weight_kg": 70.0}


def brexanolone() -> Model:
    drug = library.load("brexanolone")
    return drug.models[drug.default_model or ""]


def regimen() -> Regimen:
    return library.load("brexanolone").regimens["label-90"].as_input()


def levels_of(women: int, seed: int = 5) -> np.ndarray:
    model = brexanolone()
    course = simulate(model, draw(model, covariates=HER, women=women, seed=seed), regimen(), TIMES, outputs=["plasma"])
    return np.maximum(observe(model, course).values["plasma"], 0.2 * course.values["plasma"])


def problem_of(observed: np.ndarray) -> LevelProblem:
    weights = {"weight_kg": np.full(len(observed), 70.0)}
    at = [("plasma", hour) for hour in TIMES]
    return LevelProblem(brexanolone(), covariates=weights, regimen=regimen(), at=at, observed=observed)


def one_compartment(*, sd: float, error: float) -> Model:
    def known(value: float, unit: str) -> Fact:
        return Fact(value, unit, "test", "test", "derived", "C")

    structure = Structure(
        states=("central",),
        flows=(Flow("central", None, Rate(("cl",), ("v",))),),
        outputs=(Output("plasma", "central", Rate((), ("v",)), "ng/mL"),),
    )
    return Model(
        name="one",
        drug="test",
        label="one compartment",
        structure=structure,
        typical={"cl": known(10.0, "L/h"), "v": known(100.0, "L")},
        between_women=Spread(("cl", "v"), ((sd**2, 0.0), (0.0, sd**2))),
        residual={"plasma": ResidualError(proportional=error)},
    )


def test_the_mode_is_where_scipy_finds_it():
    observed = levels_of(12)
    problem = problem_of(observed)
    found = most_probable(problem)
    assert found.converged.all()
    for woman in range(12):
        who = np.array([woman])

        def objective(z, who=who):
            return float(problem.look(z[None], who).objective[0])

        other = optimize.minimize(
            objective,
            np.zeros(problem.size),
            method="Nelder-Mead",
            options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 8000, "maxfev": 8000},
        )
        assert found.objective[woman] <= other.fun + 1e-9
        assert found.z[woman] == pytest.approx(other.x, abs=2e-4)


def test_gradients_are_those_of_the_objective():
    problem = problem_of(levels_of(3))
    rng = np.random.default_rng(1)
    z, who, step = rng.normal(size=(3, problem.size)), np.arange(3), 1e-6
    seen = problem.look(z, who)
    for at in range(problem.size):
        move = step * np.eye(problem.size)[at]
        slope = (problem.look(z + move, who).objective - problem.look(z - move, who).objective) / (2 * step)
        assert seen.gradient[:, at] == pytest.approx(slope, rel=1e-5, abs=1e-6)


def test_the_objective_is_the_log_posterior_of_the_simulated_levels():
    model, observed = brexanolone(), levels_of(2)
    problem = problem_of(observed)
    z = np.random.default_rng(3).normal(size=(2, problem.size))
    parameters = problem.parameters(z, np.arange(2))
    cohort = draw(model, covariates=HER, women=2, seed=1, uncertainty=False, between_women=False)
    cohort.parameters.update({name: np.asarray(value, dtype=float) for name, value in parameters.items()})
    levels = simulate(model, cohort, regimen(), TIMES, outputs=["plasma"]).values["plasma"]
    sd = model.residual["plasma"].proportional * levels
    expected = -(0.5 * ((observed - levels) / sd) ** 2 + np.log(sd)).sum(axis=1) - 0.5 * (z**2).sum(axis=1)
    assert problem.look(z, np.arange(2)).objective == pytest.approx(-expected, rel=1e-11)
    assert problem.log_likelihood(parameters, np.arange(2)) + problem.log_prior(z) == pytest.approx(
        expected - 0.5 * (4 + problem.size) * np.log(2 * np.pi), rel=1e-11
    )


def test_the_hessian_is_that_of_the_objective():
    problem = problem_of(levels_of(1))
    z = most_probable(problem).z
    step, size = 1e-3, problem.size
    found = exact_hessian(problem, z)[0]
    for i in range(size):
        for j in range(size):
            a, b = step * np.eye(size)[i], step * np.eye(size)[j]
            points = np.stack([z[0] + a + b, z[0] + a - b, z[0] - a + b, z[0] - a - b])
            values = problem.look(points, np.zeros(4, dtype=np.intp)).objective
            assert found[i, j] == pytest.approx(
                (values[0] - values[1] - values[2] + values[3]) / (4 * step**2), abs=1e-4
            )


def test_many_precise_levels_bring_her_own_parameters_back():
    model = one_compartment(sd=0.5, error=0.001)
    her = {"cl": 16.0, "v": 80.0}
    dose = Regimen(boluses=(Bolus(0.0, 1e6),))
    levels = [
        Level("plasma", t, 1e6 / her["v"] * np.exp(-her["cl"] / her["v"] * t)) for t in (0.5, 2.0, 4.0, 8.0, 12.0)
    ]
    fit = fit_levels(model, covariates=HER, regimen=dose, levels=levels)
    assert fit.converged and fit.exact
    assert fit.parameters["cl"] == pytest.approx(16.0, rel=2e-3)
    assert fit.parameters["v"] == pytest.approx(80.0, rel=2e-3)


def test_one_level_of_a_log_normal_volume_gives_the_conjugate_answer():
    """With a small proportional error a level is log-normal, and prior and level average by their precision."""
    sd, error = 0.4, 0.02
    model = one_compartment(sd=sd, error=error)
    dose = Regimen(boluses=(Bolus(0.0, 1e6),))
    level = 1e6 / 100.0 * np.exp(-0.3)
    fit = fit_levels(model, covariates=HER, regimen=dose, levels=[Level("plasma", 0.0, level)])
    row = fit.names.index("v")
    weight = sd**2 / (sd**2 + error**2)
    assert fit.deviation[row] == pytest.approx(0.3 * weight, abs=2e-3)
    assert fit.covariance[row, row] == pytest.approx(sd**2 * (1 - weight), rel=0.02)
    assert fit.deviation[fit.names.index("cl")] == pytest.approx(0.0, abs=1e-9)


def test_what_differs_and_what_is_unknown_act_through_their_sum():
    model = brexanolone()
    spread = deviation_spread(model)
    assert spread.names == ("cl", "v1", "v2", "q")
    total = np.array(spread.covariance)
    assert total[0, 0] == pytest.approx(0.05726 + 0.00222)
    assert total[0, 3] == pytest.approx(0.0041)
    lower = lower_triangle(spread)
    assert lower @ lower.T == pytest.approx(total)


def test_few_weighted_women_are_told_and_drawn_anew():
    model, rare = brexanolone(), levels_of(2)[1]
    levels = [Level("plasma", t, v) for t, v in zip(TIMES, rare, strict=True)]
    own = own_women(model, covariates=HER, regimen=regimen(), levels=levels, women=1000, seed=1)
    assert not own.rounds[0].enough
    assert own.effective >= ENOUGH
    assert own.weights.sum() == pytest.approx(1.0)
    assert own.rounds[-1].drawn == "around her most probable parameters"


def test_the_same_seed_gives_the_same_women():
    levels = [Level("plasma", t, v) for t, v in zip(TIMES, levels_of(2)[1], strict=True)]
    first, second = (
        own_women(brexanolone(), covariates=HER, regimen=regimen(), levels=levels, women=300, seed=4) for _ in range(2)
    )
    assert np.array_equal(first.weights, second.weights)
    assert all(np.array_equal(first.cohort.parameters[n], second.cohort.parameters[n]) for n in first.fit.names)


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ([], "without a measured level"),
        ([Level("milk", 24.0, 50.0)], "no residual error for 'milk'"),
        ([Level("blood", 24.0, 50.0)], "no output 'blood'"),
        ([Level("plasma", 24.0, 0.0)], "above zero"),
        ([Level("plasma", 0.0, 5.0)], "nothing has been given"),
    ],
)
def test_a_level_that_cannot_be_used_is_refused(levels, said):
    with pytest.raises(ValueError, match=said):
        level_problem(brexanolone(), covariates=HER, regimen=regimen(), levels=levels)


def test_a_model_without_a_spread_cannot_tell_women_apart():
    model = one_compartment(sd=0.0, error=0.1)
    with pytest.raises(ValueError, match="no spread between women"):
        fit_levels(
            model, covariates=HER, regimen=Regimen(boluses=(Bolus(0.0, 1e6),)), levels=[Level("plasma", 1.0, 9.0)]
        )
