"""The common workload: 10,000 invented women, 0-720 h every half hour, a 60-h staircase, plasma alone or full PK/PD.

Two compartments (CL 1 L/h/kg, V1 1 L/kg, V2 2 L/kg, Q 0.2 L/h/kg; spread 0.3 on CL and V1, weight log-normal around
75 kg), milk (0.5/h, ratio 1.36), effect site (ke0 0.3/h), an inhibited turnover (kout 0.05/h, Imax 0.9, IC50 30 ng/mL,
Hill 1.5), a score that follows it (0.02/h, 28 points) and a logistic readout of the effect site.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matrescence.pharmacology.cohort import Cohort
from matrescence.pharmacology.model import Flow, Link, Model, Output, Rate, Structure
from matrescence.pharmacology.regimen import RateStep, Regimen
from matrescence.pharmacology.turnover import Direction, Drive, EffectBlock, Readout, Score

WOMEN = 10_000
TIMES_H = np.arange(1441) * 0.5
STAIRCASE = ((0.0, 4.0, 30.0), (4.0, 24.0, 60.0), (24.0, 52.0, 90.0), (52.0, 56.0, 60.0), (56.0, 60.0, 30.0))
REGIMEN = Regimen(tuple(RateStep(*step) for step in STAIRCASE), per_kg=True)
PLASMA = ("plasma",)
FULL = ("plasma", "milk", "effect_site", "response", "score", "sedation")

MODEL = Model(
    "two compartments, milk, effect site", "invented", "invented",
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
FIXED = {
    "k_milk": 0.5, "ratio": 1.36, "ke0": 0.3, "imax": 0.9, "ic50": 30.0, "hill": 1.5, "kout": 0.05, "baseline": 1.0,
    "k_score": 0.02, "points": 28.0, "slope": 0.1, "midpoint": 60.0,
}  # fmt: skip


def cohort(women: int) -> Cohort:
    """The first ``women`` of the workload; the same woman whatever their number."""
    normals = np.random.default_rng(20).standard_normal((women, 3))
    weight = 75.0 * np.exp(0.2 * normals[:, 0])
    parameters = {name: np.full(women, value) for name, value in FIXED.items()}
    parameters |= {"cl": weight * np.exp(0.3 * normals[:, 1]), "v1": weight * np.exp(0.3 * normals[:, 2])}
    parameters |= {"q": 0.2 * weight, "v2": 2.0 * weight}
    return Cohort(women, 20, weight, parameters, {})


def slopes(p: dict[str, float], rate_ug_per_h: float, y: NDArray[np.float64], *, full: bool) -> list[float]:
    """The same equations for a general ODE solver, written out by hand."""
    c = y[0] / p["v1"]
    plasma = [rate_ug_per_h - (p["cl"] + p["q"]) * c + p["q"] * y[1] / p["v2"], p["q"] * c - p["q"] * y[1] / p["v2"]]
    if not full:
        return plasma
    raised = (0.5 * (y[3] + abs(y[3]))) ** p["hill"]  # max(y, 0), for numbers and for traced arrays
    inhibition = p["imax"] * raised / (p["ic50"] ** p["hill"] + raised)
    return [
        *plasma,
        p["k_milk"] * (p["ratio"] * c - y[2]),
        p["ke0"] * (c - y[3]),
        p["kout"] * (p["baseline"] * (1.0 - inhibition) - y[4]),
        p["k_score"] * (p["points"] * y[4] - y[5]),
    ]


def solve(woman: int, *, full: bool, women: Cohort, method: str, rtol: float, atol: float) -> NDArray[np.float64]:
    """One woman by ``scipy.integrate.solve_ivp``, restarted at every change of rate: (outputs, times)."""
    from scipy.integrate import solve_ivp

    p = {name: float(value[woman]) for name, value in women.parameters.items()}
    y = np.array([0.0, 0.0, 0.0, 0.0, p["baseline"], p["points"] * p["baseline"]] if full else [0.0, 0.0])
    states = np.empty((y.size, TIMES_H.size))
    for low, high, per_kg in (*STAIRCASE, (60.0, TIMES_H[-1], 0.0)):
        first, last = np.searchsorted(TIMES_H, [low, high])
        rate = per_kg * float(women.weight_kg[woman])
        part = solve_ivp(
            lambda _, y, rate=rate: slopes(p, rate, y, full=full), (low, high), y, method,
            TIMES_H[first : last + 1], rtol=rtol, atol=atol,
        )  # fmt: skip
        states[:, first : last + 1] = part.y
        y = part.y[:, -1]
    plasma = states[0] / p["v1"]
    if not full:
        return plasma[None]
    sedation = 1.0 / (1.0 + np.exp(-p["slope"] * (states[3] - p["midpoint"])))
    return np.stack([plasma, states[2], states[3], states[4], states[5], sedation])
