"""JAX: exact gradients, no change of global settings, chunks that do not matter."""

from __future__ import annotations

import dataclasses
import sys
from typing import Any

import jax
import numpy as np
import pytest

from matrescence.pharmacology import jax_simulate
from matrescence.pharmacology.cohort import Cohort, draw
from matrescence.pharmacology.model import Flow, Model, Output, Rate
from matrescence.pharmacology.regimen import Regimen
from matrescence.pharmacology.turnover import Direction, Drive, EffectBlock

TIMES_H = np.arange(0.0, 73.0, 6.0)
BLOCK = EffectBlock(
    Drive("plasma", Direction.INHIBITS, capacity="imax", potency="ic50", hill="hill"), loss="kout", baseline="baseline"
)


@pytest.fixture
def cohort(model: Model) -> Cohort:
    women = draw(model, covariates={"weight_kg": 75.0}, women=5, seed=3)
    added = {"imax": 0.9, "ic50": 30.0, "hill": 1.5, "kout": 0.05, "baseline": 1.0}
    parameters = women.parameters | {name: np.full(5, value) for name, value in added.items()}
    return dataclasses.replace(women, parameters=parameters)


def with_area(model: Model) -> Model:
    """The model with one more state that collects what is cleared: ``AUC = cleared / CL``."""
    structure = model.structure
    flows = tuple(
        dataclasses.replace(flow, target="cleared") if flow.target is None else flow for flow in structure.flows
    )
    collected = dataclasses.replace(
        structure,
        states=(*structure.states, "cleared"),
        flows=flows,
        outputs=(*structure.outputs, Output("auc", "cleared", Rate((), ("cl",)), "ng.h/mL")),
    )
    return dataclasses.replace(model, structure=collected)


def test_the_gradient_of_the_area_by_the_log_of_clearance_is_minus_the_area(
    model: Model, cohort: Cohort, staircase: Regimen
) -> None:
    course = jax_simulate.course_function(with_area(model), cohort, staircase, [4000.0], outputs=("auc",))

    def area(log_cl: Any) -> Any:
        return course(cohort.parameters | {"cl": jax.numpy.exp(log_cl)}, cohort.weight_kg)["auc"].sum()

    with jax_simulate.double_precision():
        log_cl = jax.numpy.log(cohort.parameters["cl"])
        gradient = np.asarray(jax.grad(area)(log_cl))
    given_ug = staircase.total_ug * cohort.weight_kg
    assert gradient == pytest.approx(-given_ug / cohort.parameters["cl"], rel=1e-9)


def test_the_gradient_through_the_effect_block_is_that_of_small_differences(
    model: Model, cohort: Cohort, staircase: Regimen
) -> None:
    names = ("cl", "ic50", "hill", "kout")
    course = jax_simulate.course_function(
        model, cohort, staircase, [12.0, 36.0], block=BLOCK, outputs=("response",), longest_step_h=4.0
    )

    def total(factors: Any) -> Any:
        moved = {name: cohort.parameters[name] * factor for name, factor in zip(names, factors, strict=True)}
        return course(cohort.parameters | moved, cohort.weight_kg)["response"].sum()

    with jax_simulate.double_precision():
        compiled = jax.jit(jax.value_and_grad(total))
        gradient = np.asarray(compiled(np.ones(4))[1])
        steps = 1e-5 * np.eye(4)
        differences = [float(compiled(1.0 + step)[0] - compiled(1.0 - step)[0]) / 2e-5 for step in steps]
    assert gradient == pytest.approx(differences, rel=1e-5)


def test_the_size_of_the_chunks_changes_nothing(model: Model, cohort: Cohort, staircase: Regimen) -> None:
    whole, pieces = (
        jax_simulate.simulate(model, cohort, staircase, TIMES_H, women_per_chunk=size).values["plasma"]
        for size in (5, 2)
    )
    assert whole.shape == (5, TIMES_H.size)
    assert pieces == pytest.approx(whole, rel=1e-13)


def test_jax_keeps_its_own_precision_outside(model: Model, cohort: Cohort, staircase: Regimen) -> None:
    values = jax_simulate.simulate(model, cohort, staircase, TIMES_H).values["plasma"]
    assert values.dtype == np.float64
    assert jax.numpy.ones(1).dtype == np.float32


def test_a_course_function_refuses_to_run_in_32_bits(model: Model, cohort: Cohort, staircase: Regimen) -> None:
    course = jax_simulate.course_function(model, cohort, staircase, TIMES_H)
    with pytest.raises(ValueError, match="double_precision"):
        course(cohort.parameters, cohort.weight_kg)


def test_without_jax_the_message_says_how_to_install_it(
    model: Model, cohort: Cohort, staircase: Regimen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(jax_simulate.JaxMissingError, match=r"pip install 'matrescence\[jax\]'"):
        jax_simulate.simulate(model, cohort, staircase, TIMES_H)


def test_a_model_without_way_out_keeps_everything(model: Model, cohort: Cohort, staircase: Regimen) -> None:
    # Mass balance: without elimination what was given is in the two compartments.
    closed = dataclasses.replace(
        model.structure,
        flows=tuple(flow for flow in model.structure.flows if flow.target is not None),
        links=(),
        states=("central", "peripheral"),
        outputs=(Output("c", "central", Rate(()), "ug"), Output("p", "peripheral", Rate(()), "ug")),
    )
    assert all(isinstance(flow, Flow) for flow in closed.flows)
    values = jax_simulate.simulate(dataclasses.replace(model, structure=closed), cohort, staircase, [100.0]).values
    assert (values["c"] + values["p"])[:, 0] == pytest.approx(staircase.total_ug * cohort.weight_kg, rel=1e-12)
