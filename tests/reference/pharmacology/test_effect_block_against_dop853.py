"""The full model against SciPy's DOP853 at rtol 1e-12, restarted at every change of rate: within 1e-8 of each peak."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from matrescence.pharmacology import effects, jax_simulate, numba_kernel
from matrescence.pharmacology.cohort import Cohort
from matrescence.pharmacology.model import Flow, Link, Model, Output, Rate, Structure
from matrescence.pharmacology.regimen import RateStep, Regimen
from matrescence.pharmacology.simulate import Course
from matrescence.pharmacology.turnover import Direction, Drive, EffectBlock, Feedback, Readout, Score, Site

STAIRCASE = ((0.0, 4.0, 30.0), (4.0, 24.0, 60.0), (24.0, 52.0, 90.0), (52.0, 56.0, 60.0), (56.0, 60.0, 30.0))
PAUSE = (30.3, 41.9)
TIMES_H = np.arange(0.0, 720.5, 0.5)
WOMEN = 2
NAMES = ("plasma", "milk", "effect_site", "response", "score", "sedation")
MODEL = Model(
    "invented", "none", "invented",
    Structure(
        ("central", "peripheral", "milk", "effect_site"),
        (
            Flow("central", None, Rate(("cl",), ("v1",))),
            Flow("central", "peripheral", Rate(("q",), ("v1",))),
            Flow("peripheral", "central", Rate(("q",), ("v2",))),
        ),
        (
            Link("central", "milk", Rate(("k_milk",)), Rate(("ratio",), ("v1",))),
            Link("central", "effect_site", Rate(("ke0",)), Rate((), ("v1",))),
        ),
        (
            Output("plasma", "central", Rate((), ("v1",)), "ng/mL"),
            Output("milk", "milk", Rate(()), "ng/mL"),
            Output("effect_site", "effect_site", Rate(()), "ng/mL"),
        ),
    ),
    {},
)  # fmt: skip
BLOCK = EffectBlock(
    Drive("effect_site", Direction.INHIBITS, capacity="imax", potency="ic50", hill="hill"),
    loss="kout",
    baseline="baseline",
    score=Score("score", rate="k_score", gain="points"),
    readouts=(Readout("sedation", "effect_site", slope="slope", midpoint="midpoint"),),
)
PARAMETERS = {
    "k_milk": 0.5, "ratio": 1.36, "ke0": 0.3, "imax": 0.9, "ic50": 30.0, "hill": 1.5, "kout": 0.05, "baseline": 1.0,
    "k_score": 0.02, "points": 28.0, "slope": 0.1, "midpoint": 60.0, "k_feedback": 0.03,
}  # fmt: skip


def cohort() -> Cohort:
    rng = np.random.default_rng(11)
    weight = 75.0 * np.exp(0.2 * rng.standard_normal(WOMEN))
    parameters = {name: np.full(WOMEN, value) for name, value in PARAMETERS.items()}
    parameters |= {name: weight * np.exp(0.3 * rng.standard_normal(WOMEN)) for name in ("cl", "v1")}
    parameters |= {"q": 0.2 * weight, "v2": 2.0 * weight}
    return Cohort(WOMEN, 11, weight, parameters, {})


def regimen(*, paused: bool) -> Regimen:
    whole = Regimen(tuple(RateStep(*step) for step in STAIRCASE), per_kg=True)
    return whole.paused(*PAUSE) if paused else whole


def slopes(p: dict[str, float], rate: float, kind: str) -> Callable[[float, NDArray[np.float64]], list[float]]:
    """The equations written out by hand, in amounts and concentrations; nothing is shared with the engine."""

    def f(_: float, y: NDArray[np.float64]) -> list[float]:
        a1, a2, milk, ce, response, score, moderator = y
        c = a1 / p["v1"]
        raised = max(ce, 0.0) ** p["hill"]
        inhibition = p["imax"] * raised / (p["ic50"] ** p["hill"] + raised)
        production, loss = p["kout"] * p["baseline"], p["kout"]
        if kind == "loss":
            loss *= 1.0 - inhibition
        else:
            production *= 1.0 - inhibition
        if kind == "feedback":
            production *= p["baseline"] / moderator
        return [
            rate - p["cl"] * c - p["q"] * c + p["q"] * a2 / p["v2"],
            p["q"] * c - p["q"] * a2 / p["v2"],
            p["k_milk"] * (p["ratio"] * c - milk),
            p["ke0"] * (c - ce),
            production - loss * response,
            p["k_score"] * (p["points"] * response - score),
            p["k_feedback"] * (response - moderator),
        ]

    return f


def reference(women: Cohort, woman: int, *, paused: bool, kind: str) -> NDArray[np.float64]:
    from scipy.integrate import solve_ivp

    p = {name: float(value[woman]) for name, value in women.parameters.items()}
    edges = sorted({0.0, 4.0, 24.0, 52.0, 56.0, 60.0, TIMES_H[-1], *(PAUSE if paused else ())})
    y = np.array([0.0, 0.0, 0.0, 0.0, p["baseline"], p["points"] * p["baseline"], p["baseline"]])
    states = np.empty((7, TIMES_H.size))
    for low, high in pairwise(edges):
        stopped = paused and PAUSE[0] <= low < PAUSE[1]
        per_kg = 0.0 if stopped else sum(rate for start, end, rate in STAIRCASE if start <= low < end)
        first, last = np.searchsorted(TIMES_H, low), np.searchsorted(TIMES_H, high, side="right")
        inside = slice(int(first), int(last))
        asked = np.unique(np.concatenate([TIMES_H[inside], [high]]))
        solved = solve_ivp(
            slopes(p, per_kg * women.weight_kg[woman], kind), (low, high), y, "DOP853", asked, rtol=1e-12, atol=1e-14
        )
        states[:, inside] = solved.y[:, np.isin(asked, TIMES_H)]
        y = solved.y[:, -1]
    sedation = 1.0 / (1.0 + np.exp(-p["slope"] * (states[3] - p["midpoint"])))
    return np.stack([states[0] / p["v1"], states[2], states[3], states[4], states[5], sedation])


def worst(course: Course, *, paused: bool, kind: str) -> dict[str, float]:
    women = cohort()
    errors = dict.fromkeys(NAMES, 0.0)
    for woman in range(WOMEN):
        for name, truth in zip(NAMES, reference(women, woman, paused=paused, kind=kind), strict=True):
            error = np.max(np.abs(course.values[name][woman] - truth)) / np.max(np.abs(truth))
            errors[name] = max(errors[name], float(error))
    return errors


@pytest.mark.parametrize("paused", [False, True], ids=["as planned", "with a pause"])
def test_the_full_model_lies_within_1e_8_of_the_peak(paused: bool) -> None:
    course = effects.simulate_effect(MODEL, BLOCK, cohort(), regimen(paused=paused), TIMES_H)
    errors = worst(course, paused=paused, kind="production")
    assert max(errors.values()) < 1e-8, errors
    assert max(errors[name] for name in ("plasma", "milk", "effect_site", "sedation")) < 1e-10, errors


@pytest.mark.parametrize("engine", [numba_kernel, jax_simulate], ids=["numba", "jax"])
def test_the_compiled_engines_lie_within_1e_8_of_the_peak(engine: object) -> None:
    course = engine.simulate(MODEL, cohort(), regimen(paused=False), TIMES_H, block=BLOCK)  # type: ignore[attr-defined]
    assert max(worst(course, paused=False, kind="production").values()) < 1e-8


@pytest.mark.parametrize("kind", ["loss", "feedback"])
def test_blocks_that_feed_back_lie_within_1e_8_of_the_peak_at_a_step_of_an_eighth_of_an_hour(kind: str) -> None:
    drive = Drive(
        "effect_site", Direction.INHIBITS, "imax", "ic50", "hill", Site.LOSS if kind == "loss" else Site.PRODUCTION
    )
    block = EffectBlock(
        drive, "kout", "baseline", score=BLOCK.score, readouts=BLOCK.readouts,
        feedback=Feedback("k_feedback") if kind == "feedback" else None,
    )  # fmt: skip
    course = effects.simulate_effect(MODEL, block, cohort(), regimen(paused=False), TIMES_H, longest_step_h=0.125)
    assert max(worst(course, paused=False, kind=kind).values()) < 1e-8
