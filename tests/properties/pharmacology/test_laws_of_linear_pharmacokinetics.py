"""Laws that hold for every compartment model, every regimen and every time, whatever the numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrescence.facts import Fact
from matrescence.pharmacology.cohort import Cohort, typical
from matrescence.pharmacology.compartments import rate_matrix, transition
from matrescence.pharmacology.exposure import auc, auc_to_infinity, peak, share_to_come, time_to_fall_below_h
from matrescence.pharmacology.milk import relative_infant_dose_percent
from matrescence.pharmacology.model import Flow, Link, Model, Output, Rate, Structure
from matrescence.pharmacology.regimen import Bolus, RateStep, Regimen
from matrescence.pharmacology.simulate import simulate

STRUCTURE = Structure(
    ("gut", "central", "p1", "p2", "milk"),
    (
        Flow("gut", "central", Rate(("ka",))),
        Flow("central", None, Rate(("cl",), ("v",))),
        Flow("central", "p1", Rate(("q1",), ("v",))),
        Flow("p1", "central", Rate(("q1",), ("v1",))),
        Flow("central", "p2", Rate(("q2",), ("v",))),
        Flow("p2", "central", Rate(("q2",), ("v2",))),
    ),
    (Link("central", "milk", Rate(("km",)), Rate(("ratio",), ("v",))),),
    (
        Output("plasma", "central", Rate((), ("v",)), "ng/mL"),
        Output("milk", "milk", Rate(()), "ng/mL"),
        *(Output(f"{state}_ug", state, Rate(()), "ug") for state in ("gut", "central", "p1", "p2")),
    ),
)
IN_BODY = ("gut_ug", "central_ug", "p1_ug", "p2_ug")
TIMES_H = np.array([0.0, 0.7, 3.0, 10.0, 24.0, 40.0, 100.0, 400.0])

positive = st.floats(0.05, 20.0)
parameters = st.fixed_dictionaries(dict.fromkeys(("ka", "cl", "v", "q1", "v1", "q2", "v2", "km", "ratio"), positive))
hours = st.floats(0.0, 60.0)
amounts = st.floats(0.01, 1000.0)
steps = st.builds(lambda start, long, rate: RateStep(start, start + long, rate), hours, st.floats(0.01, 30.0), amounts)
boluses = st.builds(Bolus, hours, amounts, st.sampled_from(["central", "gut"]))
regimens = st.builds(
    Regimen, st.lists(steps, min_size=1, max_size=4).map(tuple), st.lists(boluses, max_size=3).map(tuple)
)
law = settings(max_examples=40, deadline=None)


def world(values: dict[str, float]) -> tuple[Model, Cohort]:
    facts = {name: Fact(value, "1", "invented", "test", "project-decision", "C") for name, value in values.items()}
    model = Model("invented", "none", "invented", STRUCTURE, facts)
    return model, typical(model, covariates={"weight_kg": 70.0})


def both(first: Regimen, second: Regimen) -> Regimen:
    return Regimen(first.steps + second.steps, first.boluses + second.boluses)


def scaled(regimen: Regimen, factor: float) -> Regimen:
    return Regimen(
        tuple(replace(step, rate_ug_per_h=step.rate_ug_per_h * factor) for step in regimen.steps),
        tuple(replace(bolus, amount_ug=bolus.amount_ug * factor) for bolus in regimen.boluses),
    )


def shifted(regimen: Regimen, by_h: float) -> Regimen:
    return Regimen(
        tuple(replace(s, start_h=s.start_h + by_h, end_h=s.end_h + by_h) for s in regimen.steps),
        tuple(replace(bolus, at_h=bolus.at_h + by_h) for bolus in regimen.boluses),
    )


@law
@given(parameters, regimens, regimens, st.floats(0.1, 10.0))
def test_doses_add_up_and_scale(values: dict[str, float], first: Regimen, second: Regimen, factor: float) -> None:
    model, woman = world(values)
    together = simulate(model, woman, both(first, scaled(second, factor)), TIMES_H)
    one, other = simulate(model, woman, first, TIMES_H), simulate(model, woman, second, TIMES_H)
    for name, value in together.values.items():
        np.testing.assert_allclose(value, one.values[name] + factor * other.values[name], rtol=1e-9, atol=1e-250)


@law
@given(parameters, regimens)
def test_what_is_in_the_body_and_what_has_left_it_is_what_was_given(values: dict[str, float], regimen: Regimen) -> None:
    model, woman = world(values)
    for time in (10.0, 55.0, 300.0):
        course = simulate(model, woman, regimen, [time], outputs=IN_BODY)
        inside = sum(float(course.values[name][0, 0]) for name in IN_BODY)
        left = values["cl"] * float(auc(model, woman, regimen, until_h=time)[0])
        given_by_then = regimen.stopped_at(np.nextafter(time, np.inf)).total_ug
        assert inside + left == pytest.approx(given_by_then, rel=1e-9)


@law
@given(parameters, regimens, st.floats(0.0, 200.0))
def test_the_clock_may_start_anywhere(values: dict[str, float], regimen: Regimen, by_h: float) -> None:
    model, woman = world(values)
    here, there = (
        simulate(model, woman, regimen, TIMES_H + 100.0),
        simulate(model, woman, shifted(regimen, by_h), TIMES_H + 100.0 + by_h),
    )
    for name in here.values:
        np.testing.assert_allclose(here.values[name], there.values[name], rtol=1e-8, atol=1e-250)


@law
@given(parameters, regimens, st.floats(0.01, 0.99), st.lists(hours, max_size=20))
def test_splitting_a_step_or_looking_more_often_changes_nothing(
    values: dict[str, float], regimen: Regimen, where: float, looks: list[float]
) -> None:
    model, woman = world(values)
    first = regimen.steps[0]
    middle = first.start_h + where * (first.end_h - first.start_h)
    split = replace(regimen, steps=(replace(first, end_h=middle), replace(first, start_h=middle), *regimen.steps[1:]))
    whole = simulate(model, woman, regimen, TIMES_H)
    parts = simulate(model, woman, split, [*TIMES_H, *looks])
    for name, value in whole.values.items():
        np.testing.assert_allclose(parts.values[name][:, : TIMES_H.size], value, rtol=1e-9, atol=1e-250)


@law
@given(parameters, regimens)
def test_no_level_is_ever_negative(values: dict[str, float], regimen: Regimen) -> None:
    model, woman = world(values)
    course = simulate(model, woman, regimen, np.linspace(0.0, 2000.0, 401))
    assert all((value >= 0.0).all() for value in course.values.values())


@law
@given(parameters, regimens)
def test_whole_area_is_dose_over_clearance_however_it_was_given(values: dict[str, float], regimen: Regimen) -> None:
    model, woman = world(values)
    expected = regimen.total_ug / values["cl"]
    assert auc_to_infinity(model, woman, regimen)[0] == pytest.approx(expected, rel=1e-9)
    milk = auc_to_infinity(model, woman, regimen, output="milk")[0]
    assert milk == pytest.approx(values["ratio"] * expected, rel=1e-9)


@law
@given(parameters, regimens, st.floats(0.0, 100.0))
def test_area_so_far_and_share_to_come_make_one(values: dict[str, float], regimen: Regimen, at_h: float) -> None:
    model, woman = world(values)
    so_far = auc(model, woman, regimen, until_h=at_h) / auc_to_infinity(model, woman, regimen)
    assert so_far[0] + share_to_come(model, woman, regimen, at_h=at_h)[0] == pytest.approx(1.0, abs=1e-10)


@law
@given(parameters, regimens, st.floats(0.1, 100.0), st.floats(40.0, 150.0))
def test_relative_infant_dose_depends_on_neither_dose_nor_weight_of_a_dose_per_kg(
    values: dict[str, float], regimen: Regimen, factor: float, weight_kg: float
) -> None:
    model, woman = world(values)
    one = relative_infant_dose_percent(model, woman, regimen)
    more = relative_infant_dose_percent(model, woman, scaled(regimen, factor))
    assert more[0] == pytest.approx(one[0], rel=1e-9)
    per_kg = replace(scaled(regimen, 1.0 / 70.0), per_kg=True)
    assert relative_infant_dose_percent(model, woman, per_kg)[0] == pytest.approx(one[0], rel=1e-9)


@law
@given(parameters, st.floats(0.0, 30.0), st.floats(0.0, 30.0))
def test_two_steps_are_one_long_step(values: dict[str, float], first_h: float, second_h: float) -> None:
    model, woman = world(values)
    K = rate_matrix(model.structure, woman.parameters)
    one, two, both_ = (transition(K, dt, inputs=[1]) for dt in (first_h, second_h, first_h + second_h))
    chained = np.einsum("ijw,jkw->ikw", two.state, one.state)
    np.testing.assert_allclose(chained, both_.state, rtol=1e-9, atol=1e-300)
    given_twice = np.einsum("ijw,jkw->ikw", two.state, one.inputs) + two.inputs
    np.testing.assert_allclose(given_twice, both_.inputs, rtol=1e-9, atol=1e-300)


@law
@given(parameters, regimens)
def test_peak_is_above_every_level_on_a_fine_grid_and_is_reached(values: dict[str, float], regimen: Regimen) -> None:
    model, woman = world(values)
    top = peak(model, woman, regimen, output="milk")
    grid = simulate(model, woman, regimen, np.linspace(0.0, regimen.end_h + 48.0, 3001), outputs=["milk"])
    assert grid.values["milk"].max() <= top.level[0] * (1.0 + 1e-9)
    there = simulate(model, woman, regimen, top.at_h, outputs=["milk"]).values["milk"][0, 0]
    assert there == pytest.approx(top.level[0], rel=1e-9)


@law
@given(parameters, regimens, st.floats(0.001, 0.9), st.floats(0.0, 60.0))
def test_a_level_left_behind_is_not_met_again(
    values: dict[str, float], regimen: Regimen, fraction: float, after_h: float
) -> None:
    model, woman = world(values)
    level = fraction * float(peak(model, woman, regimen).level[0])
    left = float(time_to_fall_below_h(model, woman, regimen, level=level, after_h=after_h)[0]) + after_h
    later = simulate(model, woman, regimen, left + np.geomspace(1e-6, 500.0, 200), outputs=["plasma"])
    assert (later.values["plasma"] < level).all()
    if left > after_h:
        # The level is reached from above, or is left at once because infusion of a last trace ends there.
        before = simulate(model, woman, regimen, left - 1e-6, outputs=["plasma"]).values["plasma"][0, 0]
        assert before >= level * (1.0 - 1e-4)
