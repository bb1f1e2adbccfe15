"""The mood of a plan: what the options name is forecast, to the last visit of the trials, and the rest is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matrescence.actions import mood as mooding
from matrescence.actions import mood_sessions
from matrescence.actions.mother_file import read_mother
from matrescence.actions.planning import plan
from matrescence.formulary import library
from matrescence.outcomes.options import options
from matrescence.outcomes.posterior import session_posterior

MOTHERS = Path(__file__).parents[3] / "examples" / "mothers"
SERIES = (0.0, 72.0, 168.0, 240.0, 336.0, 408.0)


def mood(drug: str, regimen: str, **her: float) -> dict[str, Any] | None:
    mother = replace(read_mother(MOTHERS / "ana.toml"), **her)
    return plan(mother, library.load(drug), regimen_name=regimen, women=20, seed=1).mood


@pytest.mark.parametrize("option", options(), ids=lambda option: option.key)
def test_every_option_has_a_forecast_on_the_scale_it_names(option: Any) -> None:
    found = mood(option.drug, option.regimen)
    assert found is not None
    assert found["scale"] == ("HAM-D17" if option.forecast else "MADRS")
    assert all(0.0 <= value <= found["highest"] for name in ("drug", "placebo") for value in found[name]["p95"])


@pytest.mark.parametrize("option", [o for o in options() if o.last_seen_day], ids=lambda option: option.key)
def test_a_curve_ends_on_the_day_of_the_last_visit_of_its_trials(option: Any) -> None:
    found = mood(option.drug, option.regimen)
    assert found is not None
    assert found["time_h"][-1] == 24.0 * option.last_seen_day
    assert any(f"followed to day {option.last_seen_day}" in line for line in found["plain"])


def test_her_own_score_is_taken_and_a_moderate_one_brings_what_is_known_of_moderate_depression() -> None:
    severe, moderate = mood("brexanolone", "label-90", hamd17=30.0), mood("brexanolone", "label-90", hamd17=22.0)
    assert severe is not None and moderate is not None
    assert (severe["baseline"], moderate["assumed_baseline"]) == (30.0, False)
    assert any("moderate" in line for line in moderate["plain"])
    assert not any("moderate" in line for line in severe["plain"])


def test_a_use_that_no_trial_of_mood_measured_has_no_forecast() -> None:
    assert mood("ketamine", "caesarean-prevention") is None


def test_going_on_never_loses_the_effect_sooner() -> None:
    posterior = session_posterior()
    given = {"treatment": "ketamine", "baseline": 33.0, "sessions_at_h": SERIES}
    rows, eta = posterior.parameters(np.arange(300)), np.tile(np.linspace(-2.0, 2.0, 30), 10)
    stopped = mood_sessions.days_until_lost(rows, **given, eta=eta)
    weekly = mood_sessions.days_until_lost(rows, **given, eta=eta, further_at_h=(576.0, 744.0, 912.0, 1080.0))
    assert np.array_equal(np.isnan(stopped), np.isnan(weekly))
    known = ~np.isnan(stopped)
    assert 50 < known.sum() < 300
    assert np.all(weekly[known] >= stopped[known])


def test_the_forecast_names_no_drug_in_code() -> None:
    text = Path(mooding.__file__).read_text("utf-8")
    names = {option.drug for option in options()}
    assert not [name for name in names if f'"{name}"' in text]
