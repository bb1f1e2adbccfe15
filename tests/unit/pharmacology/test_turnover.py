"""Effect blocks against closed forms: the Hill function, steady states, and a turnover with a constant drive."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from matrescence.pharmacology.cohort import Cohort
from matrescence.pharmacology.effects import simulate_effect, step_doubling_error
from matrescence.pharmacology.model import Flow, Model, Output, Rate, Structure
from matrescence.pharmacology.regimen import Bolus, RateStep, Regimen
from matrescence.pharmacology.turnover import (
    Direction,
    Drive,
    EffectBlock,
    Feedback,
    Readout,
    Score,
    Site,
    chain,
    drive,
    numbers,
    slope,
    start,
)

MODEL = Model(
    "invented", "none", "invented",
    Structure(
        ("central",), (Flow("central", None, Rate(("k",))),), (), (Output("plasma", "central", Rate(()), "ng/mL"),)
    ),
    {},
)  # fmt: skip
BLOCK = EffectBlock(
    Drive("plasma", Direction.INHIBITS, capacity="imax", potency="ic50", hill="hill"),
    loss="kout",
    baseline="baseline",
    score=Score("score", rate="k_score", gain="points"),
    readouts=(Readout("sedation", "plasma", slope="slope", midpoint="midpoint"),),
)
PARAMETERS = {
    "k": 0.4, "imax": 0.9, "ic50": 30.0, "hill": 1.5, "kout": 0.05, "baseline": 2.0, "k_score": 0.02, "points": 14.0,
    "slope": 0.1, "midpoint": 60.0, "k_feedback": 0.1,
}  # fmt: skip
NOTHING = Regimen()
STEADY = Regimen((RateStep(0.0, 100.0, 0.4 * 50.0),), (Bolus(0.0, 50.0),))
"""Holds 50 ng/mL from the first moment: the bolus fills, the infusion balances what leaves."""


def one_woman(**changes: float) -> Cohort:
    parameters = {name: np.array([value]) for name, value in (PARAMETERS | changes).items()}
    return Cohort(1, 0, np.array([70.0]), parameters, {})


def test_the_drive_is_the_hill_function() -> None:
    own = numbers(BLOCK, one_woman().parameters)
    level = np.array([1e-6, 0.3, 30.0, 500.0, 1e9])
    assert drive(level, own) == pytest.approx(-0.9 * level**1.5 / (30.0**1.5 + level**1.5), rel=1e-13)


def test_the_drive_is_nothing_without_drug_and_complete_without_limit() -> None:
    own = numbers(BLOCK, one_woman(hill=4.0).parameters)
    assert abs(drive(np.array([0.0]), own)[0]) < 1e-300
    assert drive(np.array([1e300]), own)[0] == -0.9


def test_a_block_without_drug_stays_in_its_steady_state() -> None:
    values = simulate_effect(MODEL, BLOCK, one_woman(), NOTHING, [0.0, 10.0, 500.0]).values
    assert values["response"] == pytest.approx(np.full((1, 3), 2.0), rel=1e-13)
    assert values["score"] == pytest.approx(np.full((1, 3), 28.0), rel=1e-13)


def test_the_steady_state_has_no_slope_in_any_kind_of_block() -> None:
    for site in Site:
        own = numbers(dataclasses.replace(BLOCK, feedback=Feedback("k_feedback")), one_woman().parameters)
        assert np.abs(slope(start(own, 1), np.zeros(1), own, site)).max() < 1e-15


def test_a_constant_drive_gives_the_exponential_approach_of_the_textbook() -> None:
    times = np.array([0.0, 0.7, 3.0, 24.0, 99.0])
    u = -0.9 * 50.0**1.5 / (30.0**1.5 + 50.0**1.5)
    values = simulate_effect(MODEL, BLOCK, one_woman(), STEADY, times).values
    assert values["plasma"][0] == pytest.approx(50.0, rel=1e-12)
    assert values["response"][0] == pytest.approx(2.0 * (1.0 + u * (1.0 - np.exp(-0.05 * times))), rel=1e-12)
    two_rates = 1.0 - (0.05 * np.exp(-0.02 * times) - 0.02 * np.exp(-0.05 * times)) / 0.03
    assert values["score"][0] == pytest.approx(28.0 * (1.0 + u * two_rates), rel=1e-12)


def test_a_constant_drive_on_loss_gives_the_faster_exponential() -> None:
    lossy = dataclasses.replace(
        BLOCK, drive=dataclasses.replace(BLOCK.drive, site=Site.LOSS, direction=Direction.STIMULATES)
    )
    times = np.array([0.0, 3.0, 24.0, 99.0])
    factor = 1.0 + 0.9 * 50.0**1.5 / (30.0**1.5 + 50.0**1.5)
    expected = 2.0 / factor + (2.0 - 2.0 / factor) * np.exp(-0.05 * factor * times)
    response = simulate_effect(MODEL, lossy, one_woman(), STEADY, times).values["response"]
    assert response[0] == pytest.approx(expected, rel=1e-8)


def test_feedback_settles_where_production_and_loss_balance() -> None:
    # R = baseline (1 + u) baseline / M with M = R, so R = baseline sqrt(1 + u).
    adapting = dataclasses.replace(BLOCK, feedback=Feedback("k_feedback"))
    endless = Regimen((RateStep(0.0, 1000.0, 0.4 * 50.0),), (Bolus(0.0, 50.0),))
    u = -0.9 * 50.0**1.5 / (30.0**1.5 + 50.0**1.5)
    response = simulate_effect(MODEL, adapting, one_woman(), endless, [900.0]).values["response"]
    assert response[0, 0] == pytest.approx(2.0 * np.sqrt(1.0 + u), rel=1e-9)


def test_the_readout_is_one_half_at_its_midpoint() -> None:
    values = simulate_effect(MODEL, BLOCK, one_woman(midpoint=50.0), STEADY, [10.0], outputs=("sedation",)).values
    assert list(values) == ["sedation"]
    assert values["sedation"][0, 0] == pytest.approx(0.5, abs=1e-12)


def test_equal_rates_in_the_chain_need_no_special_case() -> None:
    times = np.array([5.0, 40.0, 99.0])
    u = -0.9 * 50.0**1.5 / (30.0**1.5 + 50.0**1.5)
    score = simulate_effect(MODEL, BLOCK, one_woman(k_score=0.05), STEADY, times).values["score"]
    expected = 28.0 * (1.0 + u * (1.0 - (1.0 + 0.05 * times) * np.exp(-0.05 * times)))
    assert score[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("block", "order"), [(BLOCK, 6), (dataclasses.replace(BLOCK, feedback=Feedback("k_feedback")), 4)]
)
def test_step_doubling_measures_the_true_error_and_the_order_of_the_method(block: EffectBlock, order: int) -> None:
    woman, regimen, times = one_woman(k=0.1, hill=1.0), Regimen((), (Bolus(0.0, 100.0),)), np.array([16.0, 48.0, 96.0])
    exact = simulate_effect(MODEL, block, woman, regimen, times, longest_step_h=0.125).values["response"]
    errors = []
    for step in (4.0, 2.0):
        course = simulate_effect(MODEL, block, woman, regimen, times, longest_step_h=step).values["response"]
        errors.append(np.max(np.abs(course - exact)) / np.max(np.abs(exact)))
        told = step_doubling_error(MODEL, block, woman, regimen, times, longest_step_h=step)["response"]
        assert told == pytest.approx(errors[-1], rel=0.3)
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.7)


def test_the_chain_has_no_negative_entry_off_its_diagonal() -> None:
    P = chain(numbers(BLOCK, one_woman().parameters))
    assert P[0, 1] == 0.0
    assert P[1, 0] == pytest.approx(0.02 * 14.0)


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (dataclasses.replace(BLOCK, loss="kuot"), "parameter 'kuot'"),
        (dataclasses.replace(BLOCK, drive=dataclasses.replace(BLOCK.drive, output="brain")), "reads 'brain'"),
    ],
)
def test_a_name_that_does_not_exist_is_named(block: EffectBlock, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        simulate_effect(MODEL, block, one_woman(), STEADY, [1.0])


def test_an_unknown_output_and_an_impossible_step_are_refused() -> None:
    with pytest.raises(ValueError, match="no output 'mood'"):
        simulate_effect(MODEL, BLOCK, one_woman(), STEADY, [1.0], outputs=("mood",))
    with pytest.raises(ValueError, match="longest_step_h"):
        simulate_effect(MODEL, BLOCK, one_woman(), STEADY, [1.0], longest_step_h=0.0)
