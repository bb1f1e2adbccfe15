from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from matrescence.care.drug import Lactation, LactationAdvice
from matrescence.care.lactation.feeding import FeedingAdvice, Pause, feeding_advice
from matrescence.facts import Fact, Statement
from matrescence.formulary.library import load

START = datetime(2026, 3, 7, 8, tzinfo=ZoneInfo("America/New_York"))
SAID = Statement("said", "somebody_2020", "p. 1", "read", "B")
INTAKE = Fact(150.0, "mL/kg/d", "somebody_2020", "p. 2", "read", "A")


def advice(
    *ends_h: float, wait_h: float | None = None, whole: bool = False, store: float | None = None
) -> FeedingAdvice:
    item = LactationAdvice("Somebody", "wait", SAID, wait_h, whole, store)
    lactation = Lactation(None, None, None, INTAKE, INTAKE, (item,))
    (found,) = feeding_advice(lactation, start=START, ends_h=ends_h)
    return found


@pytest.mark.rule("plan.feeding")
def test_a_wait_counts_elapsed_hours_from_the_end_across_the_change_of_the_clocks() -> None:
    found = advice(60.0, wait_h=36.0)
    assert found.pause is Pause.UNTIL
    assert found.again_h == (96.0,)
    assert found.again[0].isoformat() == "2026-03-11T09:00:00-04:00"


@pytest.mark.rule("plan.feeding")
def test_a_wait_of_nothing_means_that_feeding_goes_on() -> None:
    found = advice(60.0, wait_h=0.0)
    assert (found.pause, found.again) == (Pause.NONE, ())


@pytest.mark.rule("plan.feeding")
def test_a_source_that_names_no_time_is_given_none() -> None:
    found = advice(60.0)
    assert (found.pause, found.again, found.wait_h) == (Pause.NOT_NAMED, (), None)


@pytest.mark.rule("plan.feeding")
def test_after_each_of_several_infusions_there_is_a_time_of_its_own() -> None:
    assert advice(0.5, 72.5, wait_h=12.0).again_h == (12.5, 84.5)


@pytest.mark.rule("plan.feeding")
def test_no_milk_for_the_whole_treatment_lasts_until_after_the_last_infusion() -> None:
    assert advice(0.5, 72.5, wait_h=24.0, whole=True).again_h == (96.5,)
    found = advice(0.5, 72.5, whole=True)
    assert (found.pause, found.again) == (Pause.WHOLE_TREATMENT, ())


@pytest.mark.rule("plan.feeding")
def test_milk_is_stored_from_the_hour_that_the_source_names_before_the_start() -> None:
    store_from = advice(60.0, store=48.0).store_from
    assert store_from is not None
    assert store_from.isoformat() == "2026-03-05T08:00:00-05:00"


@pytest.mark.rule("plan.feeding")
@pytest.mark.parametrize("drug", ["brexanolone", "ketamine", "zuranolone", "sertraline"])
def test_every_source_of_a_drug_stands_side_by_side(drug: str) -> None:
    lactation = load(drug).lactation
    found = feeding_advice(lactation, start=START, ends_h=(60.0,))
    assert [item.who for item in found] == [item.who for item in lactation.advice]
    assert all(item.source and item.advice for item in found)
