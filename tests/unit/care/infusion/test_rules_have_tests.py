"""Every rule of the live infusion is named by at least one test, and its source is a paper or a decision of ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from matrescence.care.infusion.rules import RULES
from matrescence.formulary import library

TESTS = Path(__file__).parents[3]


def marked() -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in TESTS.rglob("infusion/test_*.py")]
    marks = [mark for text in texts for mark in re.findall(r"mark\.rule\(([^)]*)\)", text)]
    return {rule for mark in marks for rule in re.findall(r'"(infusion\.[a-z-]+)"', mark)}


def test_every_rule_is_named_by_a_test_and_no_test_names_a_rule_that_is_not_there() -> None:
    assert marked() == {rule.id for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_names_a_source_that_can_be_looked_up(rule) -> None:  # type: ignore[no-untyped-def]
    assert rule.source == "project-decision" or rule.source in library.load("brexanolone").citations
    assert (rule.grade == "C") == (rule.source == "project-decision")
