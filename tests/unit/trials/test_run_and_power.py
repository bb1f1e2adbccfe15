"""Runs give the same bytes however they are cut; power agrees with a closed form; the search finds the smallest."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from statsmodels.stats.power import NormalIndPower, TTestIndPower
from statsmodels.stats.proportion import proportion_effectsize

from matrescence.outcomes.posterior import MoodPosterior
from matrescence.reading import InputError
from matrescence.trials import run as running
from matrescence.trials.analysis import Engine
from matrescence.trials.design import BaselineRange, Change, Design, Sourced
from matrescence.trials.power import FEWEST, _smallest, women_needed
from matrescence.trials.read_design import load_design
from matrescence.trials.report import place_percent, power_of, replicates_csv, report
from matrescence.trials.run import run

EXAMPLE = str(Path(__file__).parents[3] / "examples" / "designs" / "ketamine_six_vs_midazolam_ppd_published.toml")
BY_MODEL = EXAMPLE.replace("_published", "")
HERE = Sourced("this design", "-", "project-decision", "C")


@pytest.mark.parametrize("name", ["202B", "repeated-41", "mothers-364"])
def test_two_processes_give_the_same_bytes_as_one(name: str, stand_in: MoodPosterior) -> None:
    design = load_design(name)
    alone = run(design, replicates=110, seed=5, workers=1, posterior=stand_in)
    together = run(design, replicates=110, seed=5, workers=2, posterior=stand_in)
    assert alone.names == together.names
    assert alone.values.tobytes() == together.values.tobytes()


def test_other_chunks_and_more_replicates_change_no_replicate(
    monkeypatch: pytest.MonkeyPatch, stand_in: MoodPosterior
) -> None:
    design = load_design("202C")
    whole = run(design, replicates=40, seed=2, workers=1, posterior=stand_in)
    monkeypatch.setattr(running, "CHUNK", 7)
    cut = run(design, replicates=23, seed=2, workers=1, posterior=stand_in)
    assert cut.values.tobytes() == whole.values[:23].tobytes()


def test_another_seed_gives_another_trial(stand_in: MoodPosterior) -> None:
    design = load_design("202C")
    one, two = (run(design, replicates=3, seed=seed, workers=1, posterior=stand_in) for seed in (1, 2))
    assert not np.array_equal(one.values, two.values)


@pytest.mark.parametrize("name", ["202C", "caesarean-654", "repeated-41"])
def test_the_packages_find_what_the_exact_formulas_find(name: str, stand_in: MoodPosterior) -> None:
    design = load_design(name)
    exact = run(design, replicates=2, seed=1, workers=1, posterior=stand_in)
    packages = run(design, replicates=2, seed=1, workers=1, posterior=stand_in, engine=Engine.PACKAGES)
    assert exact.values == pytest.approx(packages.values, rel=1e-6, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize(
    ("given", "said"),
    [({"replicates": 0}, "--replicates 0"), ({"seed": -1}, "--seed -1"), ({"workers": 0}, "--workers 0")],
)
def test_impossible_numbers_are_refused(given: dict[str, int], said: str) -> None:
    with pytest.raises(InputError, match=said):
        run(load_design("caesarean-654"), **{"replicates": 5, "seed": 1, "workers": 1, **given})


def test_the_report_is_json_and_names_each_miss(stand_in: MoodPosterior) -> None:
    told = report(run(load_design("repeated-41"), replicates=60, seed=1, workers=1))
    json.dumps(told, allow_nan=False)
    outside = [q for q in told["quantities"] if q["published"] and not q["published"]["inside_90"]]
    assert len(outside) == len(told["misses"])
    assert {row["key"] for row in told["references"]} >= {"phillips_2019", "singh_2016"}


def test_replicates_are_written_one_to_a_line() -> None:
    found = run(load_design("caesarean-654"), replicates=4, seed=1, workers=1)
    lines = replicates_csv(found).splitlines()
    assert lines[0].startswith("replicate,risk/ketamine@1008")
    assert [line.split(",")[0] for line in lines[1:]] == ["0", "1", "2", "3"]


def test_the_place_of_a_value_counts_ties_half() -> None:
    assert place_percent(np.array([1.0, 2.0, 2.0, 3.0]), 2.0) == 50.0


def plain_design(*, difference: float, sd: float, n: int) -> Design:
    """Two arms far from the ends of a wide scale, so that scores are very nearly normal, and no baseline to lean on."""
    design = load_design(EXAMPLE)
    changes = {
        "midazolam": Change(360.0, -400.0, 0.0, sd, False, HERE),
        "ketamine": Change(360.0, difference, 0.0, sd, True, HERE),
    }
    entry = BaselineRange(5000.0, 0.4, 4998, 5002)
    arms = [replace(arm, n=n, completion=(), baseline=entry, changes=(changes[arm.name],)) for arm in design.arms]
    return replace(design, arms=tuple(arms), highest=10_000.0)


def test_power_of_two_normal_arms_is_the_textbooks() -> None:
    design = plain_design(difference=-60.0, sd=100.0, n=40)
    found = power_of(run(design, replicates=2000, seed=4, workers=1, fixed=True))
    textbook = 100.0 * TTestIndPower().power(effect_size=0.6, nobs1=40, alpha=0.05)
    assert found["low"] - 0.5 <= textbook <= found["high"] + 0.5


def test_power_of_two_rates_is_the_textbooks() -> None:
    design = load_design("caesarean-654")
    repeated = run(design, replicates=2000, seed=4, workers=1, fixed=True)
    found = power_of(repeated)
    treated, control = (repeated.of(f"risk/{arm}@1008").mean() / 100.0 for arm in ("ketamine", "control"))
    effect = proportion_effectsize(control, treated)
    textbook = 100.0 * NormalIndPower().power(effect_size=effect, nobs1=327, alpha=0.05)
    assert found["percent"] == pytest.approx(textbook, abs=2.0)


def test_the_number_needed_is_the_textbooks() -> None:
    design = plain_design(difference=-80.0, sd=100.0, n=20)
    found = women_needed(design, target_percent=80.0, replicates=1500, seed=2, workers=1)
    textbook = TTestIndPower().solve_power(effect_size=0.8, power=0.8, alpha=0.05)
    assert found.found is not None
    assert found.found.control == pytest.approx(textbook, abs=2.0)
    assert found.found.percent >= 80.0
    assert {one.control: one.percent for one in found.tried}[found.found.control - 1] < 80.0


@pytest.mark.parametrize("path", [EXAMPLE, BY_MODEL])
def test_a_borrowed_effect_is_said_in_plain_words(path: str) -> None:
    design = load_design(path)
    found = women_needed(design, target_percent=50.0, replicates=40, seed=1, workers=1)
    assert any("borrowed from treatment-resistant depression" in line for line in found.plain())
    assert json.dumps(found.as_json(), allow_nan=False)


def test_the_session_model_gives_the_difference_that_the_trials_pool_to() -> None:
    """Kryst 2020: -0.70 standard deviations (-1.15 to -0.25) at two to three weeks; times 11.1 points of spread."""
    difference = run(load_design(BY_MODEL), replicates=100, seed=3, workers=1, fixed=True)
    assert -12.8 < difference.of("difference/ketamine-midazolam@432").mean() < -2.8


def test_doubt_about_a_borrowed_effect_widens_what_may_come_out() -> None:
    design = load_design(BY_MODEL).with_people(400)
    sure = replace(design, doubt=None)
    key = design.primary_key
    spreads = [run(one, replicates=80, seed=3, workers=1).of(key).std() for one in (design, sure)]
    assert spreads[0] > 1.3 * spreads[1]


@pytest.mark.parametrize("target", [4.0, 100.0])
def test_an_impossible_target_is_refused(target: float) -> None:
    with pytest.raises(InputError, match="--target"):
        women_needed(load_design("caesarean-654"), target_percent=target, replicates=10, seed=1, workers=1)


def test_no_effect_reaches_no_target() -> None:
    design = plain_design(difference=0.0, sd=100.0, n=4000)
    found = women_needed(design, target_percent=90.0, replicates=20, seed=1, workers=1)
    assert found.found is None
    assert "Not reached" in found.plain()[0]


@pytest.mark.parametrize("wanted", [1, FEWEST, 6, 63, 64, 65, 4999])
def test_the_search_finds_the_smallest_size(wanted: int) -> None:
    assert _smallest(lambda control: control >= wanted, start=40) == max(wanted, FEWEST)
