"""Every hazard in SAFETY.md names a rule that exists and a test that exists; every rule has a test that names it."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import matrescence.care
from matrescence.care.verdict import Rule

ROOT = Path(__file__).parents[2]
HAZARD = re.compile(r"^\| (H\d+) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def hazards() -> list[tuple[str, str, list[str], list[str]]]:
    table = (ROOT / "SAFETY.md").read_text(encoding="utf-8")
    return [
        (number, what, re.findall(r"`([^`]+)`", rules), re.findall(r"`([^`]+)`", tests))
        for number, what, rules, tests in HAZARD.findall(table)
    ]


def rules() -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    for module in pkgutil.walk_packages(matrescence.care.__path__, "matrescence.care."):
        for rule in getattr(importlib.import_module(module.name), "RULES", ()):
            assert found.setdefault(rule.id, rule) is rule, f"two rules share the id {rule.id}"
    return found


def marks_and_tests() -> tuple[set[str], set[str]]:
    """Rule ids named by ``@pytest.mark.rule(...)`` or ``pytestmark``, and ``file::test`` of every test function."""
    marked: set[str] = set()
    tests: set[str] = set()
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rule":
                marked |= {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                tests.add(f"{path.relative_to(ROOT)}::{node.name}")
    return marked, tests


def test_every_hazard_names_a_rule_and_a_test_that_exist() -> None:
    known_rules, (_, known_tests) = rules(), marks_and_tests()
    assert hazards(), "SAFETY.md holds no hazard table"
    for number, what, named_rules, named_tests in hazards():
        assert named_rules and named_tests, f"{number} ({what}) names no rule or no test"
        assert set(named_rules) <= set(known_rules), f"{number}: unknown rule {set(named_rules) - set(known_rules)}"
        assert set(named_tests) <= known_tests, f"{number}: unknown test {set(named_tests) - known_tests}"


def test_every_rule_has_a_test_that_names_it() -> None:
    untested = set(rules()) - marks_and_tests()[0]
    assert not untested, f"rules without a test: {sorted(untested)}"


def test_every_marked_rule_exists() -> None:
    unknown = marks_and_tests()[0] - set(rules())
    assert not unknown, f"tests name rules that do not exist: {sorted(unknown)}"
