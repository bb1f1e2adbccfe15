"""The rules of assessment, as the table in cases.toml tells them."""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from matrescence.care.assessment.history import History, InfantHarm, Onset, PsychosisSigns
from matrescence.care.assessment.rules import RULES
from matrescence.care.assessment.scoring import Answers, AnswersAs, score
from matrescence.care.assessment.triage import Picture, Triage, triage
from matrescence.care.assessment.urgent import Urgency
from matrescence.instruments.help_lines import load_lines
from matrescence.instruments.library import load

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("cases.toml").read_text("utf-8"))["cases"]

NO_SIGNS = PsychosisSigns(**{field.name: False for field in fields(PsychosisSigns)})
CALM = History(
    pregnant=False,
    days_since_birth=49,
    symptoms_began_on_day=20,
    signs=NO_SIGNS,
    infant_harm=InfantHarm(thoughts=False),
    mania_or_hypomania=False,
    bipolar_disorder=False,
    prior_depression=False,
    severe_mental_illness=False,
)


def _known(value: Any) -> Any:
    return None if value == "unknown" else value


def history_of(case: dict[str, Any]) -> History:
    told = {key: _known(value) for key, value in case.get("history", {}).items()}
    if told.get("symptoms_began") is not None:
        told["symptoms_began"] = Onset(told["symptoms_began"])
    named = {field.name for field in fields(PsychosisSigns)}
    signs = {key: told.pop(key) for key in list(told) if key in named} | dict.fromkeys(case.get("signs", []), True)
    harm = {key: _known(value) for key, value in case.get("harm", {}).items()}
    return replace(
        CALM, **told, signs=replace(NO_SIGNS, **signs), infant_harm=InfantHarm(**({"thoughts": False} | harm))
    )


def form_of(name: str, total: int, items: dict[str, int], leave_out: list[str]) -> Answers:
    scale = load(name)
    left, given = total, dict(items)
    for item in scale.items:
        if item.key not in items and item.key not in leave_out:
            spread = 0 if scale.self_harm and item.key == scale.self_harm.item else min(left, item.high)
            given[item.key] = spread if item.scored else 0
            left -= given[item.key]
    return Answers(scale, AnswersAs.SCORE, given)


def outcome(case: dict[str, Any]) -> Triage:
    forms = [
        form_of(name, total, case.get("items", {}).get(name, {}), case.get("leave_out", {}).get(name, []))
        for name, total in case.get("forms", {"epds": 6, "mdq": 0}).items()
    ]
    return triage([score(form) for form in forms], history_of(case), load_lines())


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=f"{case['rule']}: {case['case']}", marks=pytest.mark.rule(case["rule"])) for case in CASES],
)
def test_the_rule_holds_in_this_case(case: dict[str, Any]) -> None:
    found = outcome(case)
    rules = [reason.rule for reason in found.reasons]
    assert [path.reason.rule for path in found.urgent] == case.get("urgent", [])
    assert set(case.get("reasons", [])) <= set(rules)
    assert not set(case.get("not_reasons", [])) & set(rules)
    if "urgency" in case:
        assert found.urgent[0].urgency is Urgency[case["urgency"]]
    if "picture" in case:
        assert found.picture is Picture[case["picture"]]
    if "dsm" in case:
        assert found.dsm_peripartum_onset is case["dsm"]
    if "severity" in case:
        assert [severity.band.label for severity in found.severity] == [case["severity"]]


def test_every_rule_but_those_of_the_consultation_has_a_case() -> None:
    told = {case["rule"] for case in CASES}
    assert told == {rule.id for rule in RULES if not rule.id.startswith("assessment.consultation")}


def test_rule_ids_are_unique_and_rules_are_sentences() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.text.endswith(".") and rule.source for rule in RULES)
