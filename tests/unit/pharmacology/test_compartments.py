from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm

from matrescence.pharmacology.cohort import draw
from matrescence.pharmacology.compartments import (
    augmented,
    exponential,
    needed_states,
    quotient,
    rate_matrix,
    squarings_needed,
    transition,
)
from matrescence.pharmacology.model import Flow, Link, Model, Rate, Structure

ONE = {"k": np.array([0.7]), "back": np.array([0.1]), "gain": np.array([2.0])}


def test_matrix_of_flows_and_links_is_the_one_written_by_hand() -> None:
    structure = Structure(
        ("a", "b", "site"),
        (Flow("a", None, Rate(("k",))), Flow("a", "b", Rate(("k",), ("gain",))), Flow("b", "a", Rate(("back",)))),
        (Link("a", "site", Rate(("k",)), Rate(("gain",))),),
    )
    by_hand = [[-1.05, 0.1, 0.0], [0.35, -0.1, 0.0], [1.4, 0.0, -0.7]]
    np.testing.assert_allclose(rate_matrix(structure, ONE)[:, :, 0], by_hand, rtol=1e-15)


def test_quotient_of_nothing_is_one() -> None:
    assert quotient(Rate(()), {}) == 1.0


@pytest.mark.parametrize("steps", [0.0, 1e-9, 0.3, 24.0, 500.0])
def test_exponential_agrees_with_scipy(model: Model, steps: float) -> None:
    cohort = draw(model, covariates={"weight_kg": 70.0}, women=5, seed=2)
    K = rate_matrix(model.structure, cohort.parameters)
    found = exponential(K, steps)
    for woman in range(5):
        np.testing.assert_allclose(found[:, :, woman], expm(K[:, :, woman] * steps), rtol=1e-9, atol=1e-13)


def test_steps_and_women_may_be_given_together(model: Model) -> None:
    cohort = draw(model, covariates={"weight_kg": 70.0}, women=3, seed=2)
    K = rate_matrix(model.structure, cohort.parameters)
    lengths = np.array([[0.1], [2.0]])
    together = exponential(K, lengths)
    assert together.shape == (3, 3, 2, 3)
    for position, length in enumerate(lengths[:, 0]):
        np.testing.assert_allclose(together[:, :, position], exponential(K, length), rtol=1e-13)


def test_one_compartment_transition_is_the_textbook_formula() -> None:
    K = np.array([[[-0.7, -1e-5]]])
    step = transition(K, 3.0, inputs=[0])
    np.testing.assert_allclose(step.state[0, 0], np.exp(-3.0 * np.array([0.7, 1e-5])), rtol=1e-14)
    expected = -np.expm1(-3.0 * np.array([0.7, 1e-5])) / np.array([0.7, 1e-5])
    np.testing.assert_allclose(step.inputs[0, 0], expected, rtol=1e-14)


def test_smallest_entries_keep_their_digits() -> None:
    # A chain of four with tiny rates: the corner is k**3 t**3 / 6 to first order, far below rounding of the diagonal.
    K = np.zeros((4, 4, 1))
    for state in range(3):
        K[state, state], K[state + 1, state] = -1e-6, 1e-6
    assert exponential(K, 1e-3)[3, 0, 0] == pytest.approx(1e-27 / 6.0, rel=1e-8)


def test_area_and_input_columns_sit_where_they_should() -> None:
    K = np.array([[[-1.0]]])
    A = augmented(K, inputs=[0], areas=[(0, np.array([0.25]))])
    np.testing.assert_array_equal(A[:, :, 0], [[-1.0, 0.0, 1.0], [0.25, 0.0, 0.0], [0.0, 0.0, 0.0]])


def test_squarings_bring_the_fastest_rate_below_one_half() -> None:
    K = np.array([[[-8.0]]])
    assert [squarings_needed(K, dt) for dt in (0.0, 0.0625, 0.07, 1.0)] == [0, 0, 1, 4]


@pytest.mark.parametrize(("rate", "dt"), [(np.nan, 1.0), (np.inf, 1.0), (1.0, -1.0), (1.0, np.inf)])
def test_impossible_rate_or_time_is_refused(rate: float, dt: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        squarings_needed(np.array([[[-rate]]]), dt)


def test_states_downstream_of_an_output_are_not_needed(model: Model) -> None:
    plasma, milk = model.structure.outputs
    assert needed_states(model.structure, [plasma]) == (0, 1)
    assert needed_states(model.structure, [milk]) == (0, 1, 2)


def test_unknown_parameter_and_state_are_named() -> None:
    with pytest.raises(ValueError, match="'cl'; the model has: k, back, gain"):
        rate_matrix(Structure(("a",), (Flow("a", None, Rate(("cl",))),)), ONE)
    with pytest.raises(ValueError, match="no state is called 'b'"):
        rate_matrix(Structure(("a",), (Flow("a", "b", Rate(("k",))),)), ONE)
