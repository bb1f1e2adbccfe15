"""The engine against an independent solution: segment-wise matrix exponentials in mpmath with 50 digits.

The reference shares nothing with the engine: it builds the matrix from the rate constants by hand, exponentiates the
matrix with the input appended by mpmath's own algorithm, and carries no time grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mpmath
import numpy as np
import pytest

from matrescence.facts import Fact
from matrescence.pharmacology.cohort import typical
from matrescence.pharmacology.exposure import auc, auc_to_infinity, terminal_half_life_h, time_to_fall_below_h
from matrescence.pharmacology.model import Flow, Link, Model, Output, Rate, Structure
from matrescence.pharmacology.regimen import Bolus, RateStep, Regimen
from matrescence.pharmacology.simulate import simulate

DIGITS = 50
STAIRCASE = ((0.0, 4.0, 30.0), (4.0, 24.0, 60.0), (24.0, 52.0, 90.0), (52.0, 56.0, 60.0), (56.0, 60.0, 30.0))
TIMES_H = np.array([0.5, 4.0, 7.3, 24.0, 29.9, 30.0, 31.25, 33.0, 40.0, 52.0, 56.0, 60.0, 66.0, 96.0, 240.0, 780.0])
GAPS = (0.0, 1e-12, 1e-10, 1e-8, 1e-6)


@dataclass(frozen=True)
class Case:
    """Arrows ``(source, target or None, rate)`` that carry, and ``(source, target, rate, gain)`` that follow."""

    name: str
    states: tuple[str, ...]
    flows: tuple[tuple[str, str | None, float], ...]
    links: tuple[tuple[str, str, float, float], ...] = ()
    into: str = "central"

    def model(self) -> Model:
        rates = {f"k{i}": rate for i, (_, _, rate) in enumerate(self.flows)}
        rates |= {f"l{i}": rate for i, (_, _, rate, _) in enumerate(self.links)}
        rates |= {f"g{i}": gain for i, (_, _, _, gain) in enumerate(self.links)}
        flows = tuple(Flow(s, t, Rate((f"k{i}",))) for i, (s, t, _) in enumerate(self.flows))
        links = tuple(Link(s, t, Rate((f"l{i}",)), Rate((f"g{i}",))) for i, (s, t, _, _) in enumerate(self.links))
        outputs = tuple(Output(state, state, Rate(()), "ug") for state in self.states)
        facts = {name: Fact(value, "1", "invented", "test", "project-decision", "C") for name, value in rates.items()}
        return Model(self.name, "none", self.name, Structure(self.states, flows, links, outputs), facts)

    def matrix(self) -> mpmath.matrix:
        K = mpmath.zeros(len(self.states))
        at = self.states.index
        for source, target, rate in self.flows:
            K[at(source), at(source)] -= mpmath.mpf(rate)
            if target is not None:
                K[at(target), at(source)] += mpmath.mpf(rate)
        for source, target, rate, gain in self.links:
            K[at(target), at(source)] += mpmath.mpf(rate) * mpmath.mpf(gain)
            K[at(target), at(target)] -= mpmath.mpf(rate)
        return K


def mammillary(*, eliminate: float, pairs: Sequence[tuple[float, float]], name: str) -> Case:
    states = ("central", *(f"p{i}" for i in range(len(pairs))))
    flows: list[tuple[str, str | None, float]] = [("central", None, eliminate)]
    for i, (out, back) in enumerate(pairs):
        flows += [("central", f"p{i}", out), (f"p{i}", "central", back)]
    return Case(name, states, tuple(flows))


def chain(length: int, gap: float) -> Case:
    """One after the other, every rate constant but ``gap`` the same: the worst case for sums of exponentials."""
    states = ("central", *(f"c{i}" for i in range(1, length)))
    flows = [(state, following, 0.3 * (1.0 + i * gap)) for i, (state, following) in
             enumerate(zip(states, (*states[1:], None), strict=True))]  # fmt: skip
    return Case(f"chain of {length}, gap {gap}", states, tuple(flows))


def absorbed(gap: float) -> Case:
    """Gut, two compartments, and milk that follows plasma at nearly the elimination rate; given by mouth."""
    ke = 0.35
    return Case(
        f"absorbed, gap {gap}",
        ("gut", "central", "p0", "milk"),
        (("gut", "central", ke * (1 + gap)), ("central", None, ke), ("central", "p0", 0.2), ("p0", "central", 0.1)),
        (("central", "milk", ke * (1 - gap), 1.36),),
        into="gut",
    )


CASES = [
    mammillary(eliminate=1.0, pairs=[], name="one compartment"),
    mammillary(eliminate=1.0, pairs=[(0.2, 0.1)], name="two compartments"),
    mammillary(eliminate=3.36, pairs=[(6.44, 2.875), (3.16, 0.5032)], name="three compartments"),
    mammillary(eliminate=26.3, pairs=[(35.5, 14.8), (35.4, 0.876)], name="three compartments, very fast"),
    mammillary(eliminate=0.9, pairs=[(0.4, 0.3), (0.2, 0.05), (0.1, 0.004)], name="four compartments"),
    *(chain(length, gap) for length in (2, 3, 4) for gap in GAPS),
    *(absorbed(gap) for gap in GAPS),
]


def segments(regimen: Regimen) -> list[tuple[mpmath.mpf, mpmath.mpf]]:
    """Moments at which the input changes, with the rate from there on."""
    edges = sorted({0.0, *(s.start_h for s in regimen.steps), *(s.end_h for s in regimen.steps)})
    rates = [sum(step.rate_ug_per_h for step in regimen.steps if step.start_h <= t < step.end_h) for t in edges]
    return [(mpmath.mpf(t), mpmath.mpf(rate)) for t, rate in zip(edges, rates, strict=True)]


def exact_states(
    case: Case, regimen: Regimen, times_h: Sequence[float], *, area_of: str | None = None
) -> list[list[mpmath.mpf]]:
    """States at each time, by exponentials of [[K, b], [0, 0]] from change to change; the area of one state last."""
    with mpmath.workdps(DIGITS):
        n = len(case.states)
        K, edges, results = case.matrix(), segments(regimen), []
        for time in times_h:
            x = mpmath.zeros(n + 2, 1)
            for position, (start, rate) in enumerate(edges):
                end = edges[position + 1][0] if position + 1 < len(edges) else mpmath.inf
                stop = min(end, mpmath.mpf(time))
                if stop > start:
                    A = mpmath.zeros(n + 2)
                    A[:n, :n] = K
                    A[case.states.index(case.into), n] = rate
                    if area_of is not None:
                        A[n + 1, case.states.index(area_of)] = 1
                    x[n] = 1
                    x = mpmath.expm(A * (stop - start)) * x
            results.append([x[i] for i in range(n)] + ([x[n + 1]] if area_of else []))
        return results


def staircase(case: Case) -> Regimen:
    """The 60-hour staircase with nothing given from hour 30 to hour 31.25."""
    return Regimen(tuple(RateStep(a, b, r, case.into) for a, b, r in STAIRCASE)).paused(30.0, 31.25)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_staircase_with_a_pause_and_thirty_days_after_agree_to_one_part_in_a_billion(case: Case) -> None:
    model, regimen = case.model(), staircase(case)
    course = simulate(model, typical(model, covariates={"weight_kg": 70.0}), regimen, TIMES_H)
    for exact, at in zip(exact_states(case, regimen, TIMES_H.tolist()), range(TIMES_H.size), strict=True):
        for state, wanted in zip(case.states, exact, strict=True):
            got = float(course.values[state][0, at])
            if wanted > 1e-290:  # below this a double has no full set of digits left
                assert abs(mpmath.mpf(got) / wanted - 1) < 1e-9, f"{state} at {TIMES_H[at]} h: {got} for {wanted}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_half_hourly_walk_ends_where_one_long_step_ends(case: Case) -> None:
    model, regimen = case.model(), staircase(case)
    course = simulate(model, typical(model, covariates={"weight_kg": 70.0}), regimen, np.linspace(0.0, 780.0, 1561))
    (exact,) = exact_states(case, regimen, [780.0])
    for state, wanted in zip(case.states, exact, strict=True):
        if wanted > 1e-290:
            assert float(course.values[state][0, -1]) == pytest.approx(float(wanted), rel=1e-9)


@pytest.mark.parametrize("gap", GAPS)
def test_areas_agree_with_the_integrated_reference(gap: float) -> None:
    case = chain(4, gap)
    model, regimen = case.model(), staircase(case)
    cohort = typical(model, covariates={"weight_kg": 70.0})
    before, after, end = (row[-1] for row in exact_states(case, regimen, [50.0, 90.0, 4000.0], area_of="c3"))
    window, whole = float(after - before), float(end)
    assert auc(model, cohort, regimen, output="c3", from_h=50.0, until_h=90.0)[0] == pytest.approx(window, rel=1e-10)
    assert auc_to_infinity(model, cohort, regimen, output="c3")[0] == pytest.approx(whole, rel=1e-10)


@pytest.mark.parametrize("case", CASES[:5], ids=lambda case: case.name)
def test_terminal_half_life_is_that_of_the_slowest_eigenvalue(case: Case) -> None:
    model = case.model()
    found = terminal_half_life_h(model, typical(model, covariates={"weight_kg": 70.0}), output="central")[0]
    with mpmath.workdps(DIGITS):
        values, _ = mpmath.eig(case.matrix())
        slowest = -max(mpmath.re(value) for value in values)
        assert found == pytest.approx(float(mpmath.log(2) / slowest), rel=1e-9)


@pytest.mark.parametrize("case", [CASES[1], CASES[2], CASES[4], absorbed(1e-10)], ids=lambda case: case.name)
def test_level_at_the_moment_it_is_said_to_be_left_behind_is_that_level(case: Case) -> None:
    model, regimen = case.model(), staircase(case)
    cohort, state = typical(model, covariates={"weight_kg": 70.0}), case.states[-1]
    for level in (0.5, 5.0):
        hours = time_to_fall_below_h(model, cohort, regimen, output=state, level=level, after_h=60.0)[0]
        (exact,) = exact_states(case, regimen, [60.0 + hours])
        assert float(exact[-1]) == pytest.approx(level, rel=1e-9)


def test_boluses_on_and_off_the_grid_agree_with_shifted_decays() -> None:
    case = CASES[3]
    model = case.model()
    regimen = Regimen(boluses=(Bolus(0.0, 100.0), Bolus(1.0 / 3.0, 40.0), Bolus(2.0, 7.0)))
    times = [0.0, 0.25, 1.0 / 3.0, 1.0, 2.0, 5.5]
    course = simulate(model, typical(model, covariates={"weight_kg": 70.0}), regimen, times)
    with mpmath.workdps(DIGITS):
        K = case.matrix()
        for position, time in enumerate(times):
            total = mpmath.mpf(0)
            for bolus in regimen.boluses:
                if bolus.at_h <= time:
                    total += bolus.amount_ug * mpmath.expm(K * (mpmath.mpf(time) - mpmath.mpf(bolus.at_h)))[0, 0]
            assert course.values["central"][0, position] == pytest.approx(float(total), rel=1e-10)
