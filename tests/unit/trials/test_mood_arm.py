"""What an arm is expected to show, against simulated women, and what the likelihood is made of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

jax = pytest.importorskip("jax")
pytest.importorskip("numpyro")

from matrescence.outcomes.library import load_trial, trials_of  # noqa: E402
from matrescence.pharmacology.response import (  # noqa: E402
    MoodParameters,
    TrialEffect,
    hamd17_course,
    is_remission,
    is_response,
)
from matrescence.trials.mood_arm import expected, rows_of, sustained  # noqa: E402
from matrescence.trials.mood_data import arms_of  # noqa: E402
from matrescence.trials.mood_likelihood import data_of  # noqa: E402

PARAMETERS = MoodParameters(
    placebo_size=1.4, placebo_more_if_moderate=0.1, placebo_shape=0.6, placebo_infusion_h=17.0,
    placebo_tablets_h=300.0, untreated_size=0.5, untreated_h=1100.0, drug_size=np.array([0.6, 0.4, 0.4, 0.5, 0.2]),
    onset_h=np.array([20.0, 80.0, 700.0]), fading_severe_per_h=0.0001, fading_moderate_per_h=0.005,
    spread_infusion=0.7, spread_tablets=1.0, residual=0.5, trial_size_sd=0.3, trial_time_sd=0.8, trial_shape_sd=0.15,
)  # fmt: skip
EFFECT = TrialEffect(0.1, -0.3, 0.05)
WOMEN = 200_000


@pytest.mark.parametrize("name", ["brexanolone-202b", "brexanolone-202c"])
def test_expected_results_are_those_of_simulated_women(name: str) -> None:
    arms = arms_of([load_trial(name)])
    rows = rows_of(arms)
    with jax.enable_x64(True):
        seen = expected(PARAMETERS, rows, {name: EFFECT}, 0.0)
    generator = np.random.default_rng(3)
    for index, arm in enumerate(arms):
        baseline = generator.choice(arm.nodes, size=WOMEN, p=arm.weights)
        scores = hamd17_course(
            PARAMETERS, baseline=baseline, treatment=arm.treatment, severe=arm.severe, times_h=np.array(arm.visits_h),
            eta=generator.standard_normal(WOMEN), trial=EFFECT,
            residual=generator.standard_normal((WOMEN, len(arm.visits_h))),
        )  # fmt: skip
        for visit, at_h in enumerate(arm.visits_h):
            row, change = rows.row(index, at_h), scores[:, visit] - baseline
            assert float(seen.change[row]) == pytest.approx(change.mean(), abs=0.06)
            assert float(seen.sd[row]) == pytest.approx(change.std(), abs=0.06)
            assert float(seen.response[row]) == pytest.approx(is_response(scores[:, visit], baseline).mean(), abs=0.005)
            assert float(seen.remission[row]) == pytest.approx(is_remission(scores[:, visit]).mean(), abs=0.005)


def test_sustained_remission_is_that_of_simulated_women() -> None:
    arm = arms_of([load_trial("brexanolone-202b")])[1]
    visits = (60.0, 168.0, 720.0)
    rows = rows_of([arm], [visits])
    with jax.enable_x64(True):
        found = float(sustained(PARAMETERS, rows, {arm.trial: EFFECT}, 0.0)[0])
    generator = np.random.default_rng(5)
    scores = hamd17_course(
        PARAMETERS, baseline=generator.choice(arm.nodes, size=WOMEN, p=arm.weights), treatment=arm.treatment,
        severe=arm.severe, times_h=np.array(visits), eta=generator.standard_normal(WOMEN), trial=EFFECT,
        residual=generator.standard_normal((WOMEN, 3)),
    )  # fmt: skip
    assert found == pytest.approx(is_remission(scores).all(axis=1).mean(), abs=0.005)


def test_only_rows_to_be_fitted_enter_the_likelihood() -> None:
    trials = trials_of("HAM-D17")
    data = data_of(trials)
    every = [row for t in trials for a in t.arms for row in a.results if row.use == "fit"]
    changes = [row for row in every if row.outcome == "change"]
    assert int(data.change_there.sum()) == len(changes)
    assert sorted(data.change_values[data.change_there].tolist()) == sorted(row.value for row in changes)
    assert {arm.trial for arm in data.rows.arms}.isdisjoint({"brexanolone-202a", "ssri-hantsoo-2014"})
    assert data.pooled_yes.tolist() == pytest.approx([0.16 * 107, 0.32 * 102])
    np.testing.assert_allclose(data.pooled_mix.sum(axis=1), 1.0)


def test_a_widened_row_has_a_wider_error() -> None:
    trial = load_trial("brexanolone-202c")
    arm = trial.arms[0]
    only = replace(trial, arms=(replace(arm, results=tuple(row for row in arm.results if row.at_h in (2, 60))),))
    data = data_of([only])
    assert data.change_se.tolist() == [[pytest.approx(2.4), pytest.approx(0.8)]]
