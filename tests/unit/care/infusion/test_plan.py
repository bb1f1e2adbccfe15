from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from matrescence.care.drug import Observation, RegimenPlan, Schedule
from matrescence.care.infusion.plan import plan_treatment, regimen_of, settable
from matrescence.facts import Fact, Statement
from matrescence.formulary.library import load
from matrescence.pharmacology.regimen import Bolus, RateStep

START = datetime(2026, 3, 5, 20, tzinfo=ZoneInfo("America/New_York"))
SAID = Statement("said", "somebody", "somewhere", "read", "A")
ORAL = RegimenPlan("o", "o", Schedule.ORAL, "s", "", "A", "treatment", dose_mg=50, every_h=24, doses=5)


@pytest.mark.rule("plan.pump_rate")
def test_a_concentration_that_no_source_gives_leaves_the_pump_rate_unknown() -> None:
    drug = load("brexanolone")
    unknown = Fact(None, "mg/mL", "nobody", "nowhere", "site-policy", "U")
    for preparation in (None, replace(drug.preparation, concentration_mg_per_ml=unknown)):
        found = plan_treatment(drug.regimens["label-90"], preparation, (), weight_kg=70, start=START)
        assert {(step.rate_ml_per_h, step.rate_ml_per_h_set, step.volume_ml) for step in found.steps} == {(None,) * 3}
        assert (found.total_volume_ml, found.bags, found.vials, found.set_dose_mg) == (None, (), None, None)
        assert found.total_dose_mg == pytest.approx(294)


@pytest.mark.rule("plan.pump_rate")
@pytest.mark.parametrize(
    ("exact", "setting"),
    [(2.25, 2.3), (2.35, 2.4), (60.75, 60.8), (3.66, 3.7), (2.249, 2.2), (1.305, 1.3), (55.5, 55.5), (None, None)],
)
def test_the_pump_is_set_to_the_nearest_tenth_and_a_half_goes_up(exact: float | None, setting: float | None) -> None:
    assert settable(exact) == setting


@pytest.mark.rule("plan.pump_rate")
def test_the_lower_rate_can_be_set_on_the_pump_too() -> None:
    drug = load("brexanolone")
    step = plan_treatment(drug.regimens["label-90"], drug.preparation, (), weight_kg=61, start=START).steps[2]
    assert (step.lower_ml_per_h, step.lower_ml_per_h_set) == (pytest.approx(3.66), 3.7)


@pytest.mark.rule("plan.bags")
def test_a_bag_whose_size_is_unknown_is_not_planned() -> None:
    drug = load("brexanolone")
    preparation = replace(drug.preparation, bag_ml=Fact(None, "mL", "nobody", "nowhere", "site-policy", "U"))
    found = plan_treatment(drug.regimens["label-90"], preparation, (), weight_kg=70, start=START)
    assert (found.bags, found.vials) == ((), None)
    assert found.total_volume_ml == pytest.approx(294)


def test_ketamine_half_a_milligram_per_kilogram_over_forty_minutes() -> None:
    drug = load("ketamine")
    found = plan_treatment(drug.regimens["series-of-six"], None, (), weight_kg=70, start=START)
    assert {step.rate_ug_per_kg_h for step in found.steps} == {750.0}
    assert found.total_dose_mg == pytest.approx(6 * 35)
    assert [step.session for step in found.steps] == [1, 2, 3, 4, 5, 6]
    assert found.end_h == found.steps[-1].end_h


def test_doses_by_mouth_stay_at_their_time_on_the_wall_across_the_change_of_the_clocks() -> None:
    found = plan_treatment(ORAL, None, (), weight_kg=70, start=START)
    assert [dose.at_h for dose in found.doses] == [0, 24, 48, 71, 95]
    assert (found.total_dose_mg, found.steps, found.end_h) == (250, (), 95)


def test_the_pharmacology_gets_the_exact_rates_per_kilogram_and_oral_doses_in_micrograms() -> None:
    drug = load("brexanolone")
    steps = plan_treatment(drug.regimens["60"], drug.preparation, (), weight_kg=43.5, start=START)
    assert regimen_of(steps).per_kg
    assert regimen_of(steps).steps[0] == RateStep(0, 4, 30)
    assert regimen_of(steps).total_ug == pytest.approx(3360)
    oral = regimen_of(plan_treatment(ORAL, None, (), weight_kg=43.5, start=START))
    assert not oral.per_kg
    assert oral.boluses[1] == Bolus(24, 50_000, "gut")


@pytest.mark.rule("plan.checks")
def test_an_observation_without_times_is_made_once_when_watching_ends() -> None:
    ready = Observation("ready to leave", "readiness", False, None, (), False, 2.0, SAID)
    drug = load("brexanolone")
    found = plan_treatment(drug.regimens["label-90"], None, (ready,), weight_kg=70, start=START)
    assert [check.at_h for check in found.checks] == [62.0]
