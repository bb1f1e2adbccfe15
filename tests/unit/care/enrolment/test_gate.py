"""The shape of the gate: no override, no other maker, exact instants."""

from __future__ import annotations

import ast
import inspect
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import matrescence
from matrescence.care.enrolment import rules
from matrescence.care.enrolment.gate import GateClosed, gate
from matrescence.care.enrolment.programme import Party, Requirement
from matrescence.care.enrolment.records import Record, Revocation, Session, instant
from matrescence.care.enrolment.status import State
from matrescence.formulary.programmes import library

SOURCE = Path(matrescence.__file__).parent
SESSION = Session("Ana (invented)", "a clinic", "1")


@pytest.mark.rule("enrolment.no_override")
def test_the_gate_takes_programme_records_instant_and_session_and_nothing_that_could_override_it() -> None:
    assert list(inspect.signature(gate).parameters) == ["programme", "records", "at", "session"]
    words = [field.name for kind in (Requirement, Record, Session) for field in fields(kind)]
    assert not [word for word in words if "override" in word or "emergency" in word]


EXAMPLE_WRITERS = {"infusion_examples.py", "infusion_pages.py", "rehearse.py"}
"""They invent courses for documents, examples and rehearsals, and say so; nothing that runs a course is among them."""


@pytest.mark.rule("enrolment.no_override")
def test_only_the_gate_itself_makes_an_open_gate() -> None:
    makers = {
        path.name
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "GateOpen"
    }
    assert makers - EXAMPLE_WRITERS == {"gate.py"}


def test_without_records_nothing_that_is_required_is_met() -> None:
    answer = gate(library.load("zulresso"), [], datetime(2026, 3, 7, tzinfo=UTC), session=SESSION)
    assert isinstance(answer, GateClosed)
    assert {reason.rule for reason in answer.reasons} == {"enrolment.missing", "enrolment.unnamed"}


def test_an_instant_without_a_time_zone_is_refused_everywhere() -> None:
    aware = datetime(2026, 3, 7, 8, tzinfo=UTC)
    naive = aware.replace(tzinfo=None)
    with pytest.raises(ValueError, match="no time zone"):
        gate(library.load("zulresso"), [], naive, session=SESSION)
    with pytest.raises(ValueError, match="no time zone"):
        Record("r", "setting.training", naive, "x", {Party.SETTING: "a clinic"})
    with pytest.raises(ValueError, match="no time zone"):
        Record("r", "setting.training", aware, "x", {Party.SETTING: "a clinic"}, expires=naive)
    with pytest.raises(ValueError, match="no time zone"):
        Revocation("v", "r", naive, "x", "a mistake")


def test_a_night_in_which_the_clocks_go_back_is_ordered_by_instants_not_by_wall_clocks() -> None:
    new_york = ZoneInfo("America/New_York")
    first = datetime(2026, 11, 1, 1, 40, tzinfo=new_york)
    second = datetime(2026, 11, 1, 1, 20, tzinfo=new_york, fold=1)
    assert instant(second) - instant(first) == timedelta(minutes=40)


def test_every_state_of_a_requirement_has_its_rule() -> None:
    assert {f"enrolment.{state.value}" for state in State} <= set(rules.RULE)
