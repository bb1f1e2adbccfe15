"""Two people confirm the dose plan and the pump's programme: what counts, and what no longer does."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from matrescence.care.infusion import events as ev
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.stamp import Cause, Stamp
from matrescence.care.journey import words
from matrescence.care.journey.admit import infused
from matrescence.care.journey.confirming import (
    Confirmation,
    PumpLine,
    confirmations,
    dose_plan_digest,
    pump_programme,
    pump_programme_digest,
)
from matrescence.care.journey.infuse import AskStart


def _told() -> Any:
    path = Path(__file__).with_name("test_journey.py")
    spec = importlib.util.spec_from_file_location("journey_told_to_two", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


T = _told()
PLAN, PUMP = words.Confirmable.DOSE_PLAN, words.Confirmable.PUMP_PROGRAMME
DIGEST: dict[words.Confirmable, Callable[..., str | None]] = {
    PLAN: dose_plan_digest,
    PUMP: pump_programme_digest,
}
BOTH_RULES = {"journey.two_person_plan", "journey.two_person_pump"}
ASKS_TWO = words.PlanChosen("single", limits=(T.Limit(T.rd.Measure.SPO2, "hypoxia", below=90.0),), two_person=True)


def holds(course: Any, what: words.Confirmable) -> words.Confirmed:
    """A confirmation of what holds now."""
    digest = DIGEST[what](course.known, course.ground)
    assert digest is not None
    return words.Confirmed(what, digest)


def confirm(course: Any, *people: str, only: words.Confirmable | None = None) -> Any:
    for by in people:
        for what in (PLAN, PUMP) if only is None else (only,):
            course.tell(holds(course, what), by=by)
    return course


def ready_for_two() -> Any:
    """Everything but the confirmations and the start."""
    course = T.begun().tell(T.ASSESSED, T.consulted(), words.HealthKnown(T.HEALTHY), words.FeedingChosen(None))
    return course.tell(ASKS_TWO, T.papers()).do(T.cmd.Open, at=T.START - T.HOUR)


def refused(course: Any) -> set[str]:
    found = course.ask(AskStart, at=T.START)
    return {reason.rule for reason in found.reasons} if isinstance(found, Refused) else set()


def standing(course: Any) -> dict[words.Confirmable, Confirmation]:
    return {item.what: item for item in confirmations(course.known, course.ground)}


@pytest.mark.rule("journey.two_person_plan", "journey.two_person_pump")
@pytest.mark.hazard("one-person-alone")
def test_nothing_starts_before_two_people_have_confirmed_both() -> None:
    course = ready_for_two()
    assert refused(course) == BOTH_RULES
    assert refused(confirm(course, "nurse Kim")) == BOTH_RULES
    assert refused(confirm(course, "Dr Roe", only=PLAN)) == {"journey.two_person_pump"}
    assert refused(confirm(course, "Dr Roe", only=PUMP)) == set()


@pytest.mark.rule("journey.two_person_plan")
@pytest.mark.hazard("one-person-alone")
@pytest.mark.parametrize("again", ["nurse Kim", " Nurse  KIM "])
def test_one_person_counts_once_however_the_name_is_written(again: str) -> None:
    course = confirm(ready_for_two(), "nurse Kim", again)
    assert refused(course) == BOTH_RULES
    assert standing(course)[PLAN].confirmed_by == ("nurse Kim",)
    assert standing(course)[PLAN].missing == 1


def heavier(course: Any) -> None:
    course.tell(words.MotherKnown(replace(T.JULIA, weight_kg=67.0)))


def heavier_and_back(course: Any) -> None:
    heavier(course)
    course.tell(words.MotherKnown(T.JULIA))


def other_limit(course: Any) -> None:
    course.tell(replace(ASKS_TWO, limits=(T.Limit(T.rd.Measure.SPO2, "hypoxia", below=88.0),)))


def the_same_plan_again(course: Any) -> None:
    course.tell(ASKS_TWO)


def another_session(course: Any) -> None:
    course.tell(T.papers(session=replace(T.SESSION, session="julia-2")))


@pytest.mark.rule("journey.two_person_plan", "journey.two_person_pump")
@pytest.mark.hazard("one-person-alone")
@pytest.mark.parametrize("change", [heavier, heavier_and_back, other_limit, the_same_plan_again, another_session])
def test_what_was_confirmed_before_a_change_counts_for_nothing(change: Callable[[Any], None]) -> None:
    course = confirm(ready_for_two(), "nurse Kim", "Dr Roe")
    change(course)
    assert refused(course) >= BOTH_RULES
    assert standing(course)[PLAN].confirmed_by == ()
    assert standing(course)[PLAN].outdated_by == ("nurse Kim", "Dr Roe")


def test_what_changes_neither_plan_nor_weight_leaves_the_confirmations() -> None:
    course = confirm(ready_for_two(), "nurse Kim", "Dr Roe")
    course.tell(words.MotherKnown(replace(T.JULIA, age_years=32.0)))
    assert refused(course) == set()


@pytest.mark.rule("journey.two_person_plan")
def test_an_infusion_opened_with_other_limits_than_those_confirmed_does_not_start() -> None:
    course = ready_for_two()
    other_limit(course)
    confirm(course, "nurse Kim", "Dr Roe")
    found = course.ask(AskStart, at=T.START)
    assert isinstance(found, Refused)
    assert [reason.rule for reason in found.reasons] == ["journey.two_person_plan"]
    assert "opened with another order" in found.reasons[0].text


@pytest.mark.rule("journey.two_person_plan", "journey.two_person_pump")
def test_a_confirmation_of_what_no_longer_holds_or_of_nothing_is_refused() -> None:
    course = ready_for_two()
    shown = [holds(course, PLAN), holds(course, PUMP)]
    heavier(course)
    assert [course.rules(said) for said in shown] == [{"journey.two_person_plan"}, {"journey.two_person_pump"}]
    assert T.begun().rules(shown[0]) == {"journey.two_person_plan"}
    assert T.begun().rules(shown[1]) == {"journey.two_person_pump"}
    assert course.rules(holds(course, PLAN), by="not named") == {"journey.named"}


@pytest.mark.rule("journey.two_person_plan")
def test_a_confirmation_written_down_after_the_start_does_not_open_it() -> None:
    course = ready_for_two()
    confirm(course, "nurse Kim")
    course.now = T.START + T.MINUTE
    confirm(course, "Dr Roe")
    late = AskStart(Stamp(T.START, course.now, "nurse Kim"), "late")
    found = infused(course.known, course.ground, late)
    assert isinstance(found, Refused) and {reason.rule for reason in found.reasons} == BOTH_RULES


@pytest.mark.rule("journey.ungated_start", "journey.two_person_plan")
def test_a_start_that_other_hands_wrote_past_the_two_people_is_shown_above_everything() -> None:
    course = ready_for_two()
    gate = T.GateOpen((), T.START, T.GROUND.programme.name, T.SESSION)
    start = ev.StartAuthorised(Stamp(T.START, T.START, "nurse Kim"), Cause("forged", "0"), gate)
    course.tell(words.Infused((start,)), at=T.START)
    assert [reason.rule for reason in course.view().ungated] == ["journey.ungated_start"]


def test_a_plan_that_does_not_ask_for_two_people_starts_as_before() -> None:
    course = T.ready()
    assert refused(course) == set()
    assert course.view().confirmations == ()


@pytest.mark.rule("journey.two_person_plan", "journey.two_person_pump")
def test_the_course_says_who_has_confirmed_and_that_a_second_person_is_next() -> None:
    course = ready_for_two()
    assert course.next_rule() == "journey.two_person_plan"
    assert course.stages()["infusion"] == ("waiting", "single, opened, not started; 2 confirmations by two people open")
    confirm(course, "nurse Kim")
    told = course.view().next_step
    assert told is not None
    assert told.text == "A second person confirms the dose plan: confirmed by nurse Kim."
    confirm(course, "Dr Roe", only=PLAN)
    assert course.next_rule() == "journey.two_person_pump"
    confirm(course, "Dr Roe", only=PUMP)
    assert course.next_rule() == "journey.gate"
    assert [item.confirmed_by for item in course.view().confirmations] == [("nurse Kim", "Dr Roe")] * 2


def test_a_refusal_names_who_has_confirmed_and_whose_word_no_longer_counts() -> None:
    course = confirm(ready_for_two(), "nurse Kim")
    heavier(course)
    heavier_and_back(course)
    confirm(course, "Dr Roe")
    found = course.ask(AskStart, at=T.START)
    assert isinstance(found, Refused)
    assert found.reasons[0].text == (
        "A second person confirms the dose plan: confirmed by Dr Roe; nurse Kim confirmed it before it was changed."
    )


def test_the_programme_is_what_the_pump_shows() -> None:
    """66 kg at 750 ug/kg/h from 1 mg/mL are 49.5 mL/h, by hand."""
    course = ready_for_two()
    assert pump_programme(course.known, course.ground) == (PumpLine(0.0, pytest.approx(2 / 3), 49.5),)  # type: ignore[arg-type]


def test_a_weight_within_the_step_of_the_pump_changes_the_plan_and_not_the_programme() -> None:
    course = ready_for_two()
    before = [digest(course.known, course.ground) for digest in DIGEST.values()]
    course.tell(words.MotherKnown(replace(T.JULIA, weight_kg=66.01)))
    after = [digest(course.known, course.ground) for digest in DIGEST.values()]
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, True]


def test_a_drug_by_mouth_and_an_unknown_concentration_give_no_programme() -> None:
    course = ready_for_two()
    preparation = course.ground.drug.preparation
    unknown = replace(preparation, concentration_mg_per_ml=replace(preparation.concentration_mg_per_ml, value=None))
    course.ground = replace(course.ground, drug=replace(course.ground.drug, preparation=unknown))
    assert pump_programme(course.known, course.ground) == ()
    assert pump_programme_digest(course.known, course.ground) is None
    assert "journey.two_person_pump" in refused(course)
    tablets = T.Course(T.ground_of("zuranolone")).tell(words.MotherKnown(T.JULIA))
    assert dose_plan_digest(tablets.known, tablets.ground) is None


def test_a_confirmation_is_not_corrected() -> None:
    course = confirm(ready_for_two(), "nurse Kim", only=PLAN)
    position = len(course.entries)
    assert course.rules(words.Corrected(position, words.FeedingChosen(None))) == {"journey.correction"}
