"""The rules of the journey, as the table in cases.toml tells them."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from matrescence.care.eligibility.facts import HealthFacts
from matrescence.care.enrolment.gate import GateOpen
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.stamp import Cause, Stamp
from matrescence.care.journey import words
from matrescence.care.journey.admit import admit, infused, left
from matrescence.care.journey.confirming import confirmations
from matrescence.care.journey.infuse import AskStart
from matrescence.care.journey.rules import RULES
from matrescence.care.journey.worklist import Listed, worklist
from matrescence.care.journey.written import written_at

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("cases.toml").read_text("utf-8"))["cases"]


def _told_in_the_unit_tests() -> Any:
    path = Path(__file__).parents[2] / "unit" / "care" / "journey" / "test_journey.py"
    spec = importlib.util.spec_from_file_location("journey_told", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


T = _told_in_the_unit_tests()
PLAN = words.PlanChosen("single", leaving=T.SiteLimits(pressure_within_mmhg=20.0))
BOTH = words.Disposed(("2.1", "2.2"), words.Outcome.ASSESSED, "seen")
SEDATED = words.LeavingChecked(replace(T.WELL.observed, sedation_resolved=False))
DR_ROE = words.Decided("Dr Roe", "she insists")


def stamp(course: Any) -> Stamp:
    return Stamp(course.now, course.now, "nurse Kim")


def forged(course: Any, kind: type, *what: object) -> words.Infused:
    return words.Infused((kind(stamp(course), Cause("forged", "0"), *what),))


def gate(course: Any) -> GateOpen:
    return GateOpen(("trust me",), course.now, T.GROUND.programme.name, T.SESSION)


TOLD: Mapping[str, words.What] = {
    "she is recorded": words.MotherKnown(T.JULIA),
    "answers": T.ASSESSED,
    "urgent answers": T.URGENT,
    "a follow-up without anything": words.Assessed((T.epds(*[0] * 10),), T.History(), follow_up=True),
    "a correction: nothing urgent": words.Corrected(2, T.ASSESSED),
    "both tasks acted on": BOTH,
    "an attempt that did not reach her": words.Disposed(("2.1",), words.Outcome.NOT_REACHED, "rang"),
    "the consultation": T.consulted(),
    "health facts": words.HealthKnown(T.HEALTHY),
    "health facts, none known": words.HealthKnown(HealthFacts()),
    "she is pregnant": words.HealthKnown(replace(T.HEALTHY, pregnant=True)),
    "a clinician goes on": words.ClinicianDecided(True, "talked through"),
    "a clinician decides against": words.ClinicianDecided(False, "not today"),
    "the plan": PLAN,
    "the plan, for two people": replace(PLAN, two_person=True),
    "all papers": T.papers(),
    "papers without the last check": T.papers(without="session.checklist"),
    "answers of another mother": replace(T.ASSESSED, name="Hanna"),
    "an assessment without an answer": words.Assessed((), T.History(days_since_birth=30)),
    "the checklist, all met": T.WELL,
    "the checklist, still sedated": SEDATED,
}
"""What a record tells, by the words of the cases."""

DONE: Mapping[str, Callable[[Any], Any]] = {
    "everything before the gate": lambda c: c.tell(
        *(TOLD[name] for name in ("she is recorded", "answers", "the consultation", "health facts", "the plan")),
        words.FeedingChosen(None),
        at=T.START - T.HOUR,
    ),
    "the infusion is opened": lambda c: c.do(cmd.Open),
    "nurse Kim confirms both": lambda c: confirmed(c, "nurse Kim"),
    "Dr Roe confirms the dose plan": lambda c: confirmed(c, "Dr Roe", words.Confirmable.DOSE_PLAN),
    "Dr Roe confirms the pump": lambda c: confirmed(c, "Dr Roe", words.Confirmable.PUMP_PROGRAMME),
    "a running infusion": lambda c: (
        [step(c, name) for name in ("everything before the gate", "all papers", "the infusion is opened")]
        and c.do(AskStart, at=T.START).do(cmd.ConfirmRate, 750.0)
    ),
    "it is stopped and ended": lambda c: (
        c.do(cmd.RequestStop, "she asks for it").do(cmd.ConfirmStopped).do(cmd.EndEarly, "she does not want to go on")
    ),
    "she leaves": lambda c: c.tell(words.Left("her sister", (), accepted(leaves(c)))),
    "a forged start": lambda c: c.tell(forged(c, ev.StartAuthorised, gate(c))),
    "a forged rate": lambda c: c.tell(forged(c, ev.RateConfirmed, 750.0)),
    "somebody says it is an hour earlier": lambda c: setattr(c, "now", c.now - T.HOUR),
    "answers, by a clock an hour behind": lambda c: by_a_clock(c, T.ASSESSED, c.now - T.HOUR),
    "an hour passes": lambda c: setattr(c, "now", c.now + T.HOUR),
    "three hours pass": lambda c: setattr(c, "now", c.now + 3 * T.HOUR),
    "eight days pass": lambda c: setattr(c, "now", c.now + 8 * T.DAY),
}
"""What somebody does, by the words of the cases."""

ASKED: Mapping[str, Callable[[Any], set[str]]] = {
    "a start": lambda c: refused(c.ask(AskStart)),
    "a start with an answer of the gate": lambda c: refused(c.ask(cmd.Start, gate(c))),
    "a start said to have been an hour ago": lambda c: refused(
        infused(c.known, c.ground, AskStart(Stamp(c.now - T.HOUR, c.now, "nurse Kim"), "late"))
    ),
    "the infusion is opened": lambda c: refused(c.ask(cmd.Open)),
    "an event written directly": lambda c: c.rules(forged(c, ev.StartAuthorised, gate(c))),
    "answers of an hour from now": lambda c: c.rules(T.ASSESSED, happened=c.now + T.HOUR),
    "both tasks acted on, by nobody": lambda c: c.rules(BOTH, by="not named"),
    "she leaves": lambda c: refused(leaves(c)),
    "she leaves by the word of a clinician": lambda c: refused(leaves(c, DR_ROE)),
}
"""The rules that refuse what somebody wants to record, by the words of the cases."""


def confirmed(course: Any, by: str, *what: words.Confirmable) -> None:
    for item in confirmations(course.known, course.ground):
        if item.what in (what or words.Confirmable):
            course.tell(words.Confirmed(item.what, item.digest or ""), by=by)


def by_a_clock(course: Any, what: words.What, clock_at: datetime) -> None:
    written, position = written_at(course.known, clock_at), len(course.entries) + 1
    entry = words.Entry(position, f"k{position}", clock_at, written.recorded_at, "nurse Kim", what, written.mark)
    assert admit(course.known, course.ground, entry) == ()
    course.entries.append(entry)


def step(course: Any, name: str) -> None:
    if name in TOLD:
        course.tell(TOLD[name])
    else:
        DONE[name](course)


def leaves(course: Any, decided: words.Decided | None = None) -> tuple[ev.Event, ...] | Refused:
    key = f"k{len(course.entries) + 1}"
    return left(course.known, course.ground, cmd.Discharge(stamp(course), key), decided)


def refused(found: tuple[ev.Event, ...] | Refused) -> set[str]:
    return {reason.rule for reason in found.reasons} if isinstance(found, Refused) else set()


def accepted(found: tuple[ev.Event, ...] | Refused) -> tuple[ev.Event, ...]:
    assert not isinstance(found, Refused), found
    return found


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=f"{case['rule']}: {case['case']}", marks=pytest.mark.rule(case["rule"])) for case in CASES],
)
def test_the_rule_holds_in_this_case(case: dict[str, Any]) -> None:
    course = T.Course()
    for name in case["given"]:
        step(course, name)
    if "when" in case:
        asked = ASKED.get(case["when"]) or (lambda c: c.rules(TOLD[case["when"]]))
        assert asked(course) == set(case["refused"])
    view = course.view()
    if "next" in case:
        assert view.next_step is not None and view.next_step.rule == case["next"]
    if "stage" in case:
        assert course.stages()[case["stage"]][0] == case.get("status", "not begun")
    assert [reason.rule for reason in view.ungated] == case.get("shown", [])
    if "clock" in case:
        assert bool(view.clock) is case["clock"]
    if "row" in case:
        (row,) = worklist([Listed("hers", course.known, view)])
        assert [row.press.value, row.stage] == case["row"]
    if "overdue" in case:
        assert sorted({item.rule for item in view.overdue}) == case["overdue"]


def test_every_rule_of_the_journey_has_a_case() -> None:
    assert {case["rule"] for case in CASES} == {rule.id for rule in RULES}
