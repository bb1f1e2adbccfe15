"""The population kernel: buffers, threads, refusals, and its own exponential and logarithm."""

from __future__ import annotations

import dataclasses
import sys

import numpy as np
import pytest

from matrescence.pharmacology import numba_kernel, simulate
from matrescence.pharmacology.cohort import Cohort, draw
from matrescence.pharmacology.model import Model
from matrescence.pharmacology.regimen import Regimen
from matrescence.pharmacology.turnover import Direction, Drive, EffectBlock, Site

TIMES_H = np.arange(0.0, 73.0, 1.0)
BLOCK = EffectBlock(
    Drive("plasma", Direction.INHIBITS, capacity="imax", potency="ic50"), loss="kout", baseline="baseline"
)


@pytest.fixture
def cohort(model: Model) -> Cohort:
    women = draw(model, covariates={"weight_kg": 75.0}, women=40, seed=3)
    added = {"imax": 0.9, "ic50": 30.0, "kout": 0.05, "baseline": 1.0}
    parameters = women.parameters | {name: np.full(40, value) for name, value in added.items()}
    return dataclasses.replace(women, parameters=parameters)


def test_the_callers_buffer_is_filled_and_the_values_are_views_of_it(
    model: Model, cohort: Cohort, staircase: Regimen
) -> None:
    out = np.full((40, TIMES_H.size, 2), np.nan)
    course = numba_kernel.simulate(model, cohort, staircase, TIMES_H, outputs=("milk", "plasma"), out=out)
    assert np.shares_memory(course.values["plasma"], out)
    assert np.array_equal(course.values["plasma"], out[:, :, 1])
    expected = simulate.simulate(model, cohort, staircase, TIMES_H).values
    assert out[:, :, 0] == pytest.approx(expected["milk"], rel=1e-11, abs=1e-12)


@pytest.mark.parametrize("shape", [(40, 73), (39, 73, 1), (40, 73, 2)])
def test_a_buffer_of_another_shape_is_refused(
    model: Model, cohort: Cohort, staircase: Regimen, shape: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match=r"shape \(40, 73, 1\)"):
        numba_kernel.simulate(model, cohort, staircase, TIMES_H, outputs=("plasma",), out=np.zeros(shape))


def test_results_do_not_depend_on_threads_or_on_who_else_is_in_the_cohort(
    model: Model, cohort: Cohort, staircase: Regimen
) -> None:
    import numba

    most = numba.config.NUMBA_NUM_THREADS
    one, many = (
        numba_kernel.simulate(model, cohort, staircase, TIMES_H, block=BLOCK, threads=threads) for threads in (1, most)
    )
    alone = dataclasses.replace(
        cohort, women=1, weight_kg=cohort.weight_kg[17:18],
        parameters={name: value[17:18] for name, value in cohort.parameters.items()},
    )  # fmt: skip
    single = numba_kernel.simulate(model, alone, staircase, TIMES_H, block=BLOCK)
    for name, values in one.values.items():
        assert np.array_equal(values, many.values[name])
        assert np.array_equal(values[17], single.values[name][0])


def test_times_may_be_unsorted_and_asked_for_twice(model: Model, cohort: Cohort, staircase: Regimen) -> None:
    times = np.array([60.0, 0.0, 12.5, 60.0])
    got = numba_kernel.simulate(model, cohort, staircase, times).values["plasma"]
    assert np.array_equal(got[:, 0], got[:, 3])
    assert got == pytest.approx(simulate.simulate(model, cohort, staircase, times).values["plasma"], rel=1e-11)


def test_one_time_and_no_drug_are_answered_too(model: Model, cohort: Cohort, staircase: Regimen) -> None:
    assert not numba_kernel.simulate(model, cohort, staircase, [0.0]).values["plasma"].any()
    values = numba_kernel.simulate(model, cohort, Regimen(), TIMES_H, block=BLOCK).values
    assert not values["plasma"].any()
    assert values["response"] == pytest.approx(1.0, rel=1e-13)


def test_a_block_that_feeds_back_is_sent_to_the_other_engines(model: Model, cohort: Cohort, staircase: Regimen) -> None:
    lossy = dataclasses.replace(BLOCK, drive=dataclasses.replace(BLOCK.drive, site=Site.LOSS))
    with pytest.raises(ValueError, match=r"effects\.simulate_effect"):
        numba_kernel.simulate(model, cohort, staircase, TIMES_H, block=lossy)


def test_without_numba_the_message_says_how_to_install_it(
    model: Model, cohort: Cohort, staircase: Regimen, monkeypatch: pytest.MonkeyPatch
) -> None:
    import matrescence.pharmacology as package

    monkeypatch.delattr(package, "numba_loops", raising=False)
    monkeypatch.setitem(sys.modules, "matrescence.pharmacology.numba_loops", None)
    with pytest.raises(numba_kernel.NumbaMissingError, match=r"pip install 'matrescence\[fast\]'"):
        numba_kernel.simulate(model, cohort, staircase, TIMES_H)


def test_its_exponential_and_logarithm_are_those_of_the_c_library() -> None:
    from matrescence.pharmacology import numba_math

    for x in np.linspace(-690.0, 690.0, 173):
        assert numba_math.exp(x) == pytest.approx(np.exp(x), rel=2e-15)
        assert numba_math.log(np.exp(x)) == pytest.approx(np.log(np.exp(x)), rel=1e-15, abs=1e-16)
    assert numba_math.log(0.0) == pytest.approx(np.log(1e-300), rel=1e-15)
    assert numba_math.exp(-5000.0) == pytest.approx(np.exp(-700.0), rel=2e-15)
