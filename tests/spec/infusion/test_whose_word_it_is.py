"""Whatever is shown of an infusion carries the source of this drug's own data, or says that it is the project's."""

from __future__ import annotations

import importlib.util
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from matrescence.actions.infusion_examples import INVENTED_LIMIT, Course, example_order
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import readings as rd
from matrescence.care.infusion.alarms import alarms
from matrescence.care.infusion.monitoring import due
from matrescence.care.infusion.order import OURS
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.rules import RULES
from matrescence.formulary import library

START = datetime(2026, 5, 5, 8, 0, tzinfo=UTC)


def _julia() -> Any:
    path = Path(__file__).parents[2] / "unit" / "care" / "journey" / "test_journey.py"
    spec = importlib.util.spec_from_file_location("journey_told_of_sources", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def allowed(drug_name: str) -> set[str]:
    drug = library.load(drug_name)
    statements = [item.statement for item in (*drug.observations, *drug.interruptions)]
    return {OURS, *(statement.source for statement in statements)}


def sources(course: Course, at: datetime) -> dict[str, str]:
    return {item.rule: item.source for item in (*alarms(course.state, at), *due(course.state, at))}


@pytest.mark.parametrize(("drug", "regimen"), [("ketamine", "single"), ("brexanolone", "label-90")])
@pytest.mark.hazard("other-drugs-label")
@pytest.mark.rule("infusion.check-due", "infusion.oximetry", "infusion.resume")
def test_no_reason_about_one_drug_carries_the_label_of_another(drug: str, regimen: str) -> None:
    course = Course(example_order(drug, regimen, START, limits=(INVENTED_LIMIT,)), START)
    rate = course.order.stairs[0].rate_ug_per_kg_h
    course.begin()
    at = START + timedelta(hours=2, minutes=30)
    shown = {**sources(course, at)}
    course.do(cmd.ReportSilent, 5, "oximetry").do(cmd.Observe, 6, rd.Sedation(excessive=True))
    course.do(cmd.ConfirmStopped, 7)
    shown |= sources(course, START + timedelta(minutes=8))
    refused = course.ask(cmd.Resume, 9, rate)
    assert isinstance(refused, Refused)
    shown |= {reason.rule: reason.source for reason in refused.reasons}
    assert {"infusion.check-due", "infusion.oximetry", "infusion.excessive-sedation", "infusion.resume"} <= set(shown)
    assert set(shown.values()) <= allowed(drug), shown
    own = {check.kind: check.statement.source for check in library.load(drug).observations if check.continuous}
    assert shown["infusion.oximetry"] == own["oximetry"]


def test_every_rule_is_the_projects_own_and_leaves_the_source_to_the_order() -> None:
    assert {rule.source for rule in RULES} == {OURS}


def test_what_is_next_in_a_ketamine_course_cites_no_other_drugs_label() -> None:
    told = _julia()
    course = told.running()
    for minutes in (1, 12, 30, 50):
        step = course.view(told.START + minutes * told.MINUTE).next_step
        assert step is not None and step.source in allowed("ketamine"), step
