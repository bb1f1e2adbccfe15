"""NumPy, JAX and numba run the same model, regimen and cohort to 1e-10 of the peak (in fact to about 1e-13)."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from matrescence.pharmacology import effects, jax_simulate, numba_kernel, simulate
from matrescence.pharmacology.cohort import Cohort
from matrescence.pharmacology.model import Flow, Link, Model, Output, Rate, Structure
from matrescence.pharmacology.regimen import Bolus, RateStep, Regimen
from matrescence.pharmacology.simulate import Course
from matrescence.pharmacology.turnover import Direction, Drive, EffectBlock, Feedback, Readout, Score, Site

WOMEN = 19  # more than one block of lanes, and not a multiple of it
STAIRCASE = Regimen(
    tuple(
        RateStep(low, high, rate)
        for low, high, rate in ((0, 4, 30.0), (4, 24, 60.0), (24, 52, 90.0), (52, 56, 60.0), (56, 60, 30.0))
    ),
    per_kg=True,
)
INTERRUPTED = dataclasses.replace(
    STAIRCASE.paused(10.21, 13.37), boluses=(Bolus(0.0, 40.0), Bolus(30.0, 100.0), Bolus(71.3, 60.0))
)
EVEN_H = np.arange(0.0, 96.5, 0.5)
UNEVEN_H = np.array([9.99, 0.0, 3.3, 71.3, 30.0, 10.21, 52.0, 3.3, 96.0])

FLOWS = (
    Flow("central", None, Rate(("cl",), ("v1",))),
    Flow("central", "second", Rate(("q2",), ("v1",))),
    Flow("second", "central", Rate(("q2",), ("v2",))),
    Flow("central", "third", Rate(("q3",), ("v1",))),
    Flow("third", "central", Rate(("q3",), ("v3",))),
)
EFFECT_SITE = Link("central", "effect", Rate(("ke0",)), Rate((), ("v1",)))
PLASMA = Output("plasma", "central", Rate((), ("v1",)), "ng/mL")
SITE = Output("site", "effect", Rate(()), "ng/mL")

MODELS = {
    "one state": Structure(("central",), FLOWS[:1], (), (PLASMA,)),
    "two states": Structure(("central", "second"), FLOWS[:3], (), (PLASMA,)),
    "three states": Structure(("central", "second", "effect"), FLOWS[:3], (EFFECT_SITE,), (PLASMA, SITE)),
    "four states": Structure(("central", "second", "third", "effect"), FLOWS, (EFFECT_SITE,), (PLASMA, SITE)),
}
BLOCK = EffectBlock(
    Drive("site", Direction.INHIBITS, capacity="imax", potency="ic50", hill="hill"),
    loss="kout",
    baseline="baseline",
    score=Score("score", rate="k_score", gain="points"),
    readouts=(Readout("sedation", "site", slope="slope", midpoint="midpoint"),),
)
BLOCKS = {
    "inhibits production": BLOCK,
    "stimulates production": dataclasses.replace(
        BLOCK,
        drive=dataclasses.replace(BLOCK.drive, direction=Direction.STIMULATES, hill=None),
        score=None,
        readouts=(),
    ),
    "stimulates loss": dataclasses.replace(
        BLOCK, drive=dataclasses.replace(BLOCK.drive, direction=Direction.STIMULATES, site=Site.LOSS)
    ),
    "feeds back": dataclasses.replace(BLOCK, feedback=Feedback("k_feedback", "feedback_exponent")),
}


def model(structure: Structure) -> Model:
    return Model("invented", "none", "invented", structure, {})


def women(*, ties: bool = False) -> Cohort:
    """Invented women; with ``ties`` the effect site is as fast as the slower or the only elimination, or nearly."""
    rng = np.random.default_rng(5)
    spread = {name: np.exp(0.3 * rng.standard_normal(WOMEN)) for name in ("cl", "v1", "q2", "v2", "q3", "v3")}
    weight = 75.0 * np.exp(0.2 * rng.standard_normal(WOMEN))
    per_kg = {"cl": 1.0, "v1": 1.0, "q2": 0.2, "v2": 2.0, "q3": 0.4, "v3": 0.5}
    parameters = {name: per_kg[name] * weight * spread[name] for name in per_kg}
    fixed = {
        "ke0": 0.3, "imax": 0.9, "ic50": 30.0, "hill": 1.5, "kout": 0.05, "baseline": 1.0, "k_score": 0.02,
        "points": 28.0, "slope": 0.1, "midpoint": 60.0, "k_feedback": 0.03, "feedback_exponent": 0.7,
    }  # fmt: skip
    parameters |= {name: np.full(WOMEN, value) for name, value in fixed.items()}
    if ties:
        gaps = np.resize([0.0, 1e-13, 1e-10, 1e-8, 1e-6], WOMEN)
        parameters["q2"], parameters["q3"] = np.full(WOMEN, 1e-9), np.full(WOMEN, 1e-9)
        parameters["ke0"] = (parameters["cl"] / parameters["v1"]) * (1.0 + gaps)
        parameters["k_score"] = parameters["kout"] * (1.0 + gaps)
    return Cohort(WOMEN, 5, weight, parameters, {"weight_kg": weight})


def largest_difference(one: Course, other: Course) -> float:
    assert set(one.values) == set(other.values)
    assert one.units == other.units
    return max(
        float(np.max(np.abs(one.values[name] - other.values[name])) / np.max(np.abs(one.values[name])))
        for name in one.values
    )


@pytest.mark.parametrize("times_h", [EVEN_H, UNEVEN_H], ids=["even times", "uneven times"])
@pytest.mark.parametrize("name", MODELS)
def test_the_linear_part_is_the_same_in_three_engines(name: str, times_h: np.ndarray) -> None:
    numpy = simulate.simulate(model(MODELS[name]), women(), INTERRUPTED, times_h)
    for engine in (numba_kernel, jax_simulate):
        assert largest_difference(numpy, engine.simulate(model(MODELS[name]), women(), INTERRUPTED, times_h)) < 1e-10


def test_equal_and_nearly_equal_rates_are_the_same_in_three_engines() -> None:
    own, cohort = model(MODELS["four states"]), women(ties=True)
    numpy = effects.simulate_effect(own, BLOCK, cohort, INTERRUPTED, EVEN_H)
    for engine in (numba_kernel, jax_simulate):
        course = engine.simulate(own, cohort, INTERRUPTED, EVEN_H, block=BLOCK)
        assert largest_difference(numpy, course) < 1e-10


@pytest.mark.parametrize("times_h", [EVEN_H, UNEVEN_H], ids=["even times", "uneven times"])
@pytest.mark.parametrize("name", ["inhibits production", "stimulates production"])
def test_a_block_that_only_reads_is_the_same_in_three_engines(name: str, times_h: np.ndarray) -> None:
    own, cohort = model(MODELS["three states"]), women()
    numpy = effects.simulate_effect(own, BLOCKS[name], cohort, INTERRUPTED, times_h)
    for engine in (numba_kernel, jax_simulate):
        course = engine.simulate(own, cohort, INTERRUPTED, times_h, block=BLOCKS[name])
        assert largest_difference(numpy, course) < 1e-10


@pytest.mark.parametrize("name", ["stimulates loss", "feeds back"])
def test_a_block_that_feeds_back_is_the_same_in_numpy_and_jax(name: str) -> None:
    own, cohort = model(MODELS["three states"]), women()
    numpy = effects.simulate_effect(own, BLOCKS[name], cohort, INTERRUPTED, UNEVEN_H)
    jax = jax_simulate.simulate(own, cohort, INTERRUPTED, UNEVEN_H, block=BLOCKS[name])
    assert largest_difference(numpy, jax) < 1e-10


def test_the_linear_outputs_of_an_effect_course_are_those_of_the_plain_simulation() -> None:
    own, cohort = model(MODELS["four states"]), women()
    plain = simulate.simulate(own, cohort, INTERRUPTED, UNEVEN_H)
    full = effects.simulate_effect(own, BLOCK, cohort, INTERRUPTED, UNEVEN_H, outputs=tuple(plain.values))
    assert largest_difference(plain, full) < 1e-12
