"""Exposure against textbook formulas of one compartment, which the engine does not use."""

from __future__ import annotations

import math

import numpy as np
import pytest

from matrescence.facts import Fact
from matrescence.pharmacology.cohort import Cohort, draw, typical
from matrescence.pharmacology.exposure import (
    auc,
    auc_to_infinity,
    average,
    cmax,
    cumulative_auc,
    peak,
    share_to_come,
    terminal_half_life_h,
    time_to_fall_below_h,
    tmax,
)
from matrescence.pharmacology.model import Flow, Link, Model, Output, Rate, Structure
from matrescence.pharmacology.regimen import Bolus, RateStep, Regimen
from matrescence.pharmacology.simulate import simulate

KA, KE, V = 1.2, 0.15, 30.0


def one_compartment(ke: float = KE) -> tuple[Model, Cohort]:
    structure = Structure(
        ("gut", "central", "site"),
        (Flow("gut", "central", Rate(("ka",))), Flow("central", None, Rate(("ke",)))),
        (Link("central", "site", Rate(("ka",)), Rate((), ("v",))),),
        (Output("plasma", "central", Rate((), ("v",)), "ng/mL"), Output("site", "site", Rate(()), "ng/mL")),
    )
    values = {"ka": KA, "ke": ke, "v": V}
    facts = {name: Fact(value, "1", "invented", "test", "project-decision", "C") for name, value in values.items()}
    model = Model("one compartment", "none", "invented", structure, facts)
    return model, typical(model, covariates={"weight_kg": 60.0})


ORAL = Regimen(boluses=(Bolus(0.0, 600.0, "gut"),))
INFUSION = Regimen((RateStep(0.0, 5.0, 90.0),))


def test_oral_peak_is_where_bateman_says() -> None:
    model, woman = one_compartment()
    when = math.log(KA / KE) / (KA - KE)
    level = 600.0 / V * math.exp(-KE * when)
    assert tmax(model, woman, ORAL)[0] == pytest.approx(when, rel=1e-6)
    assert cmax(model, woman, ORAL)[0] == pytest.approx(level, rel=1e-12)


def test_peak_of_an_infusion_is_at_its_end() -> None:
    model, woman = one_compartment()
    top = peak(model, woman, INFUSION)
    assert top.at_h[0] == 5.0
    assert top.level[0] == pytest.approx(90.0 / (KE * V) * -math.expm1(-KE * 5.0), rel=1e-13)


def test_highest_of_many_peaks_is_found() -> None:
    model, woman = one_compartment()
    often = Regimen(boluses=tuple(Bolus(8.0 * dose, 600.0, "gut") for dose in range(10)))
    top = peak(model, woman, often)
    fine = simulate(model, woman, often, np.linspace(72.0, 80.0, 20_001), outputs=["plasma"])
    assert top.level[0] == pytest.approx(fine.values["plasma"].max(), rel=1e-6)
    assert 72.0 < top.at_h[0] < 77.0


def test_peak_can_be_limited_to_a_first_part() -> None:
    model, woman = one_compartment()
    top = peak(model, woman, INFUSION, until_h=2.0)
    assert (top.at_h[0], top.level[0]) == (2.0, pytest.approx(90.0 / (KE * V) * -math.expm1(-KE * 2.0), rel=1e-13))


def test_whole_area_is_dose_over_clearance() -> None:
    model, woman = one_compartment()
    assert auc_to_infinity(model, woman, INFUSION)[0] == pytest.approx(450.0 / (KE * V), rel=1e-13)


def test_area_of_a_late_window_keeps_its_digits() -> None:
    model, woman = one_compartment()
    bolus = Regimen(boluses=(Bolus(0.0, 600.0),))
    exact = 600.0 / V / KE * (math.exp(-KE * 300.0) - math.exp(-KE * 310.0))
    assert auc(model, woman, bolus, from_h=300.0, until_h=310.0)[0] == pytest.approx(exact, rel=1e-11)
    assert average(model, woman, bolus, from_h=300.0, until_h=310.0)[0] == pytest.approx(exact / 10.0, rel=1e-11)


def test_cumulative_areas_are_the_areas_of_growing_windows() -> None:
    model, woman = one_compartment()
    found = cumulative_auc(model, woman, INFUSION, [7.0, 2.0])
    expected = [auc(model, woman, INFUSION, until_h=end)[0] for end in (7.0, 2.0)]
    np.testing.assert_allclose(found[0], expected, rtol=1e-12)


def test_share_to_come_of_a_bolus_is_the_share_still_in_the_body() -> None:
    model, woman = one_compartment()
    bolus = Regimen(boluses=(Bolus(0.0, 600.0),))
    assert share_to_come(model, woman, bolus, at_h=12.0)[0] == pytest.approx(math.exp(-KE * 12.0), rel=1e-12)
    assert share_to_come(model, woman, Regimen(), at_h=12.0)[0] == 0.0


def test_window_the_wrong_way_round_and_of_no_length_are_refused() -> None:
    model, woman = one_compartment()
    with pytest.raises(ValueError, match="ends after it starts"):
        auc(model, woman, INFUSION, from_h=5.0, until_h=4.0)
    with pytest.raises(ValueError, match="longer than zero"):
        average(model, woman, INFUSION, from_h=4.0, until_h=4.0)


def test_area_without_elimination_is_refused() -> None:
    model, woman = one_compartment(ke=0.0)
    with pytest.raises(ValueError, match="never leaves the body"):
        auc_to_infinity(model, woman, INFUSION)


def test_half_life_counts_only_what_the_output_and_the_route_can_see() -> None:
    model, woman = one_compartment(ke=3.0)
    assert terminal_half_life_h(model, woman)[0] == pytest.approx(math.log(2) / KA, rel=1e-12)
    assert terminal_half_life_h(model, woman, into="central")[0] == pytest.approx(math.log(2) / 3.0, rel=1e-12)
    assert terminal_half_life_h(model, woman, output="site", into="central")[0] == pytest.approx(
        math.log(2) / KA, rel=1e-12
    )
    with pytest.raises(ValueError, match="'liver'"):
        terminal_half_life_h(model, woman, into="liver")


def test_half_life_without_elimination_is_infinite() -> None:
    model, woman = one_compartment(ke=0.0)
    assert terminal_half_life_h(model, woman)[0] == math.inf


def test_two_compartment_half_life_is_the_quadratic_formula(model: Model) -> None:
    k10, k12, k21 = 1.0, 0.2, 0.1
    total = k10 + k12 + k21
    beta = (total - math.sqrt(total**2 - 4 * k10 * k21)) / 2
    woman = typical(model, covariates={"weight_kg": 60.0})
    assert terminal_half_life_h(model, woman)[0] == pytest.approx(math.log(2) / beta, rel=1e-12)


def test_time_to_fall_is_the_logarithm() -> None:
    model, woman = one_compartment()
    end = 90.0 / (KE * V) * -math.expm1(-KE * 5.0)
    found = time_to_fall_below_h(model, woman, INFUSION, level=1.0, after_h=5.0)
    assert found[0] == pytest.approx(math.log(end / 1.0) / KE, rel=1e-12)


def test_time_to_fall_is_zero_when_already_below_and_infinite_when_never() -> None:
    model, woman = one_compartment()
    assert time_to_fall_below_h(model, woman, INFUSION, level=100.0, after_h=5.0)[0] == 0.0
    keeps, her = one_compartment(ke=0.0)
    assert time_to_fall_below_h(keeps, her, INFUSION, level=1.0, after_h=5.0)[0] == math.inf
    assert time_to_fall_below_h(keeps, her, INFUSION, level=100.0, after_h=5.0)[0] == 0.0


def test_a_level_that_still_rises_after_the_end_is_followed() -> None:
    model, woman = one_compartment()
    bolus = Regimen(boluses=(Bolus(0.0, 600.0),))
    hours = time_to_fall_below_h(model, woman, bolus, output="site", level=5.0, after_h=0.0)[0]
    assert simulate(model, woman, bolus, hours).values["site"][0, 0] == pytest.approx(5.0, rel=1e-10)
    assert hours > 5.0


def test_a_later_dose_lifts_the_level_again() -> None:
    model, woman = one_compartment()
    twice = Regimen(boluses=(Bolus(0.0, 600.0), Bolus(24.0, 600.0)))
    second = 600.0 / V * (1.0 + math.exp(-KE * 24.0))
    found = time_to_fall_below_h(model, woman, twice, level=10.0, after_h=1.0)[0]
    assert found == pytest.approx(23.0 + math.log(second / 10.0) / KE, rel=1e-12)


def test_a_last_fall_between_two_doses_is_found() -> None:
    model, woman = one_compartment()
    regimen = Regimen((RateStep(30.0, 40.0, 0.5),), (Bolus(0.0, 600.0),))
    found = time_to_fall_below_h(model, woman, regimen, level=5.0, after_h=2.0)[0]
    assert found == pytest.approx(math.log(600.0 / V / 5.0) / KE - 2.0, rel=1e-10)


def test_every_woman_has_her_own_time(model: Model, staircase: Regimen) -> None:
    cohort = draw(model, covariates={"weight_kg": 75.0}, women=50, seed=6)
    hours = time_to_fall_below_h(model, cohort, staircase, output="milk", level=10.0, after_h=60.0)
    at_those = simulate(model, cohort, staircase, 60.0 + hours, outputs=["milk"]).values["milk"]
    np.testing.assert_allclose(np.diag(at_those)[hours > 0], 10.0, rtol=1e-10)


def test_each_woman_may_have_her_own_level(model: Model, staircase: Regimen) -> None:
    cohort = draw(model, covariates={"weight_kg": 75.0}, women=2, seed=6)
    both = time_to_fall_below_h(model, cohort, staircase, level=[5.0, 2.0], after_h=60.0)
    alone = [time_to_fall_below_h(model, cohort, staircase, level=x, after_h=60.0) for x in (5.0, 2.0)]
    np.testing.assert_allclose(both, [alone[0][0], alone[1][1]], rtol=1e-12)


def test_level_of_zero_is_refused() -> None:
    model, woman = one_compartment()
    with pytest.raises(ValueError, match="above zero"):
        time_to_fall_below_h(model, woman, INFUSION, level=0.0, after_h=5.0)
