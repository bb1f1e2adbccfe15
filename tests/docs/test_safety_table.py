"""Every hazard in SAFETY.md names a rule that exists and a test that exists; every rule has a test that names it."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import matrescence.care
from matrescence.care.verdict import Rule

ROOT = Path(__file__).parents[2]
HAZARD = re.compile(r"^\| ([a-z]+(?:-[a-z]+)+) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def hazards() -> dict[str, tuple[set[str], set[str]]]:
    """Hazard id -> (rules, tests) as SAFETY.md names them."""
    table = (ROOT / "SAFETY.md").read_text(encoding="utf-8")
    quoted = re.compile(r"`([^`]+)`")
    return {
        name: (set(quoted.findall(rules)), set(quoted.findall(tests)))
        for name, _, rules, tests in HAZARD.findall(table)
    }


def rules() -> set[str]:
    """The ids of every rule table: those of ``care``, of the devices, and of the clinic."""
    names = [module.name for module in pkgutil.walk_packages(matrescence.care.__path__, "matrescence.care.")]
    found: dict[str, Rule] = {}
    for name in (*names, "matrescence.actions.bedside.rules", "matrescence.clinic.rules"):
        for rule in getattr(importlib.import_module(name), "RULES", ()):
            assert found.setdefault(rule.id, rule) is rule, f"two rules share the id {rule.id}"
    return set(found)


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[str]]]:
    """Every collected test with its marks; collected in a process of its own, so that a partial run sees them all."""
    where = tmp_path_factory.mktemp("marks") / "marks.json"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--collect-only",
            "-qq",
            "-p",
            "marks_plugin",
            "--rootdir",
            str(ROOT),
            "tests",
        ],
        cwd=ROOT,
        env={**os.environ, "MARKS_FILE": str(where), "PYTHONPATH": str(Path(__file__).parent)},
        capture_output=True,
        check=True,
    )
    found: dict[str, dict[str, list[str]]] = json.loads(where.read_text(encoding="utf-8"))
    return found


def marked(marks: dict[str, dict[str, list[str]]], kind: str) -> set[str]:
    return {name for test in marks.values() for name in test[kind]}


def test_every_hazard_names_a_rule_and_a_test_that_exist(marks: dict[str, dict[str, list[str]]]) -> None:
    assert hazards(), "SAFETY.md holds no hazard table"
    for hazard, (named_rules, named_tests) in hazards().items():
        assert named_rules and named_tests, f"{hazard} names no rule or no test"
        assert named_rules <= rules(), f"{hazard}: unknown rule {named_rules - rules()}"
        assert named_tests <= set(marks), f"{hazard}: unknown test {named_tests - set(marks)}"


def test_every_rule_has_a_test_that_names_it(marks: dict[str, dict[str, list[str]]]) -> None:
    untested = rules() - marked(marks, "rule")
    assert not untested, f"rules without a test: {sorted(untested)}"


def test_every_mark_names_a_rule_or_a_hazard_that_exists(marks: dict[str, dict[str, list[str]]]) -> None:
    assert marked(marks, "rule") <= rules(), f"no such rule: {sorted(marked(marks, 'rule') - rules())}"
    assert marked(marks, "hazard") <= set(hazards()), (
        f"no such hazard: {sorted(marked(marks, 'hazard') - set(hazards()))}"
    )
