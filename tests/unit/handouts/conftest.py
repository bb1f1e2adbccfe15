"""Real plans of the invented mothers: every path that the handouts have to show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from matrescence.actions.mother_file import read_mother
from matrescence.actions.planning import plan
from matrescence.formulary import library

MOTHERS = Path(__file__).parents[3] / "examples" / "mothers"
CASES = (
    ("ana", "brexanolone", "label-90"),
    ("carla_120kg", "brexanolone", "label-90"),
    ("dora_kidney", "brexanolone", "60"),
    ("elif_benzodiazepine", "brexanolone", "label-90"),
    ("fatima_ketamine", "ketamine", "single"),
    ("fatima_ketamine", "ketamine", "series-of-six"),
    ("grace_caesarean", "ketamine", "caesarean-prevention"),
    ("ana", "zuranolone", "50mg-14d"),
    ("ana", "sertraline", "daily"),
)

Plan = dict[str, Any]
_made: dict[tuple[str, str, str], str] = {}


def make(mother: str, drug: str, regimen: str) -> Plan:
    """A plan as it comes back from plan.json; a new copy each time, so that a test may spoil it."""
    key = (mother, drug, regimen)
    if key not in _made:
        told = plan(read_mother(MOTHERS / f"{mother}.toml"), library.load(drug), regimen_name=regimen, women=40, seed=7)
        _made[key] = json.dumps(told.as_json())
    copy: Plan = json.loads(_made[key])
    return copy


@pytest.fixture(params=CASES, ids=[" ".join(case) for case in CASES])
def any_plan(request: pytest.FixtureRequest) -> Plan:
    return make(*request.param)


@pytest.fixture
def ana() -> Plan:
    return make(*CASES[0])


@pytest.fixture
def six() -> Plan:
    return make(*CASES[5])


@pytest.fixture
def zuranolone() -> Plan:
    return make(*CASES[7])


@pytest.fixture
def dora() -> Plan:
    return make(*CASES[2])


@pytest.fixture
def grace() -> Plan:
    return make(*CASES[6])
