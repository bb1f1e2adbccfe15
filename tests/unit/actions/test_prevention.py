"""Prevention: the pool beside the published reviews, the quiet trials in view."""

from __future__ import annotations

import math

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects, effectsize_2proportions

from matrescence.actions.prevention import prevention
from matrescence.outcomes.prevention import Window, prevention_trials
from matrescence.pharmacology.pooling import Between, Measure


def pool_of(told: dict, drug: str) -> dict:
    return next(row for row in told["pools"] if row["drug"] == drug)


def test_every_trial_is_shown_once_pooled_or_not() -> None:
    told = prevention()
    shown = [row["name"] for row in (*told["trials"], *told["without_counts"])]
    assert sorted(shown) == sorted(trial.name for trial in prevention_trials())


def test_the_negative_trials_are_in() -> None:
    told = prevention()
    assert "yao-2020" in pool_of(told, "ketamine")["names"]
    quiet = {row["name"]: row["finding"] for row in told["without_counts"]}
    assert quiet["esketamine-pretreatment-2023"] == quiet["luo-2025"] == quiet["peking-2022"] == "no difference"
    assert any("kinder to the drug" in line for line in told["plain"])


def test_the_pooled_interval_overlaps_the_published_one() -> None:
    told = prevention()
    pool, hung = pool_of(told, "both"), next(row for row in told["reviews"] if row["label"] == "Hung 2024")
    assert (hung["value"], hung["low"], hung["high"]) == (0.47, 0.35, 0.63)
    assert hung["low"] < pool["ratio"] < hung["high"]
    assert pool["low"] < hung["value"] < pool["high"]


@pytest.mark.parametrize("measure", list(Measure))
def test_the_pool_agrees_with_an_independent_library(measure: Measure) -> None:
    told = prevention(measure=measure, between=Between.DERSIMONIAN_LAIRD)
    columns = ("treated_events", "treated_people", "control_events", "control_people")
    counts = [np.array([row[name] for row in told["trials"]]) for name in columns]
    effect, variance = effectsize_2proportions(*counts, statistic=measure.value.replace(" ", "-"))
    theirs = combine_effects(effect, variance, method_re="chi2", use_t=False)
    pool = pool_of(told, "both")
    assert pool["tau2"] == pytest.approx(theirs.tau2, rel=1e-5)
    assert pool["ratio"] == pytest.approx(math.exp(theirs.mean_effect_re), rel=1e-5)
    low, high = np.exp(theirs.conf_int()[1])
    assert (pool["low"], pool["high"]) == (pytest.approx(low, rel=1e-5), pytest.approx(high, rel=1e-5))
    assert pool["q"] == pytest.approx(theirs.q, rel=1e-5)
    assert pool["i2_percent"] == pytest.approx(100 * theirs.i2, rel=1e-4)


def test_the_drugs_are_kept_apart_and_add_up() -> None:
    told = prevention()
    apart = [pool_of(told, drug) for drug in ("ketamine", "esketamine")]
    assert sum(row["trials"] for row in apart) == pool_of(told, "both")["trials"] == len(told["trials"])
    assert sum(row["women"] for row in apart) == pool_of(told, "both")["women"]


def test_two_trials_do_not_look_certain() -> None:
    pool = pool_of(prevention(), "esketamine")
    assert pool["trials"] == 2
    assert pool["wide_low"] < 0.1 and pool["wide_high"] > 1.0
    assert pool["prediction_low"] is None


def test_fewer_of_a_hundred_follow_from_ratio_and_control_risk() -> None:
    pool = pool_of(prevention(), "both")
    assert pool["fewer_per_100"]["value"] == pytest.approx(pool["control_per_100"] * (1 - pool["ratio"]), rel=1e-4)
    odds = pool_of(prevention(measure=Measure.ODDS_RATIO), "both")
    risk = odds["control_per_100"] / 100
    treated = odds["ratio"] * risk / (1 - risk) / (1 + odds["ratio"] * risk / (1 - risk))
    assert odds["fewer_per_100"]["value"] == pytest.approx(100 * (risk - treated), rel=1e-4)


def test_the_first_week_is_a_question_of_its_own() -> None:
    told = prevention(window=Window.WEEK_1)
    assert {row["name"] for row in told["trials"]} == {"yao-2020", "esketamine-pretreatment-2023"}
    assert {"Peking pilot 2022", "Wan 2024"} <= {
        row["label"] for row in told["without_counts"] if row["in_window"] and row["finding"] == "no difference"
    }


def test_every_source_that_is_named_is_listed() -> None:
    told = prevention()
    listed = {row["key"] for row in told["references"]}
    assert {row["source"] for row in (*told["trials"], *told["reviews"])} <= listed
    assert all(row["text"] != row["key"] for row in told["references"])
    assert told["grade"] == "C"
