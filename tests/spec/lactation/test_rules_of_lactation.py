"""The rules of lactation, as the table in cases.toml tells them."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from matrescence.care.infusion.plan import plan_treatment
from matrescence.care.lactation.course import Interval, as_given
from matrescence.care.lactation.plan import LactationPlan, SourcePlan, Threshold, lactation_plan
from matrescence.care.lactation.rules import RULES
from matrescence.care.mother import Feeding, Mother
from matrescence.formulary.library import load

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("cases.toml").read_text("utf-8"))["cases"]
START = datetime(2026, 6, 1, 8, tzinfo=ZoneInfo("America/New_York"))


def plan_of(case: dict[str, Any]) -> LactationPlan:
    drug = load(case["drug"])
    regimen = drug.regimens[case.get("regimen", drug.default_regimen)]
    if "session_days" in case:
        regimen = replace(regimen, session_days=tuple(case["session_days"]))
    feeding, weight = case.get("feeding", "breast"), case.get("infant_weight_kg", 4.0)
    mother = Mother(
        name="Test",
        age_years=30,
        weight_kg=70,
        start=START,
        feeding=None if feeding == "unknown" else Feeding(feeding),
        infant_weight_kg=None if weight == "unknown" else weight,
    )
    planned = plan_treatment(regimen, drug.preparation, (), weight_kg=70, start=START)
    pauses = [Interval(*pair) for pair in case.get("pauses", [])]
    given = as_given(planned, pauses=pauses, stopped_at_h=case.get("stopped_at_h"))
    threshold = Threshold(10.0, *case["threshold"], "somebody", "C") if "threshold" in case else None
    return lactation_plan(mother, drug.lactation, planned=planned, given=given, threshold=threshold)


def source_of(plan: LactationPlan, who: str) -> SourcePlan:
    return next(source for source in plan.sources if source.advice.who == who)


@pytest.mark.rule(
    "lactation.side_by_side",
    "lactation.wait_from_end",
    "lactation.threshold",
    "lactation.threshold_unknown",
    "lactation.milk_to_store",
    "lactation.infant_weight_unknown",
    "lactation.mixed_feeding",
    "lactation.formula",
    "lactation.feeding_unknown",
    "lactation.whole_treatment",
    "lactation.no_gap",
    "lactation.pause",
    "lactation.stopped_early",
    "lactation.pumping_unknown",
    "lactation.watch_infant",
)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']}: {case['case']}")
def test_the_rule_holds_in_this_case(case: dict[str, Any]) -> None:
    plan = plan_of(case)
    rules = {reason.rule for reason in plan.reasons}
    assert set(case.get("reasons", [])) <= rules
    assert not set(case.get("not_reasons", [])) & rules
    if "who" not in case:
        return
    source = source_of(plan, case["who"])
    if "again_h" in case:
        assert source.advice.again_h == pytest.approx(case["again_h"], abs=1e-3)
    if "until_h" in case:
        assert [window.until_h for window in source.windows] == pytest.approx(case["until_h"], abs=1e-3)
        assert all(window.open_ended is case.get("open_ended", False) for window in source.windows)
    if "milk_ml" in case:
        (milk,) = source.milk
        expected = [None if ml == "unknown" else ml for ml in case["milk_ml"]]
        assert [milk.usual_ml, milk.upper_ml] == expected


def test_every_rule_but_the_emergency_has_a_case() -> None:
    assert {case["rule"] for case in CASES} == {rule.id for rule in RULES} - {"lactation.infant_emergency"}


def test_rule_ids_are_unique_and_rules_are_sentences() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.text.endswith(".") and rule.source for rule in RULES)
