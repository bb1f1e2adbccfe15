"""What the pump is set to and what the pharmacy makes, by weight.

The rates, doses and bag counts are the label's arithmetic (Zulresso label, s. 2.2 and 2.3): 30, 60 and 90 ug/kg/h at
1 mg/mL, 100 mL bags that hang 12 h at most, five bags for most women and more from 90 kg on.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from matrescence.care.infusion.plan import Treatment, plan_treatment
from matrescence.formulary.library import load

START = datetime(2026, 6, 1, 8, tzinfo=ZoneInfo("America/New_York"))

#   kg   mL/h at 30, 60, 90    drug, mg   bags
LABEL = [
    (50.0, 1.50, 3.00, 4.50, 210.0, 5),
    (70.0, 2.10, 4.20, 6.30, 294.0, 5),
    (89.9, 2.697, 5.394, 8.091, 377.58, 5),
    (90.0, 2.70, 5.40, 8.10, 378.0, 6),  # five would do by arithmetic: the label wants more from 90 kg on
    (92.6, 2.778, 5.556, 8.334, 388.92, 6),  # here a bag runs dry within its 12 h
    (100.0, 3.00, 6.00, 9.00, 420.0, 6),
    (120.0, 3.60, 7.20, 10.80, 504.0, 6),
    (150.0, 4.50, 9.00, 13.50, 630.0, 7),
]


def plan(weight_kg: float, regimen: str = "label-90") -> Treatment:
    drug = load("brexanolone")
    return plan_treatment(drug.regimens[regimen], drug.preparation, drug.observations, weight_kg=weight_kg, start=START)


@pytest.mark.rule("plan.pump_rate")
@pytest.mark.parametrize("row", LABEL, ids=lambda row: f"{row[0]:g} kg")
def test_the_label_staircase_in_millilitres_per_hour(row: tuple[float, float, float, float, float, int]) -> None:
    weight_kg, at_30, at_60, at_90, total_mg, _ = row
    found = plan(weight_kg)
    assert [step.rate_ug_per_kg_h for step in found.steps] == [30, 60, 90, 60, 30]
    assert [step.rate_ml_per_h for step in found.steps] == pytest.approx([at_30, at_60, at_90, at_60, at_30])
    assert found.total_dose_mg == pytest.approx(total_mg)
    assert found.total_volume_ml == pytest.approx(total_mg)  # 1 mg in each mL


@pytest.mark.rule("plan.bags")
@pytest.mark.parametrize("row", LABEL, ids=lambda row: f"{row[0]:g} kg")
def test_how_many_bags_and_vials(row: tuple[float, float, float, float, float, int]) -> None:
    weight_kg, *_, bags = row
    found = plan(weight_kg)
    assert len(found.bags) == bags
    assert found.vials is not None
    assert (found.vials.per_bag, found.vials.total) == (1, bags)  # one 100 mg vial makes one 100 mL bag


@pytest.mark.rule("plan.bags")
def test_at_70_kg_every_bag_hangs_its_twelve_hours() -> None:
    rows = [(bag.number, bag.hang_at_h, bag.change_by_h, round(bag.volume_ml, 2), bag.why) for bag in plan(70.0).bags]
    assert rows == [
        (1, 0, 12, 42.0, "hang time"),  # 4 h x 2.1 + 8 h x 4.2
        (2, 12, 24, 50.4, "hang time"),
        (3, 24, 36, 75.6, "hang time"),
        (4, 36, 48, 75.6, "hang time"),
        (5, 48, 60, 50.4, "end of infusion"),  # 4 x 6.3 + 4 x 4.2 + 4 x 2.1
    ]


@pytest.mark.rule("plan.bags")
def test_at_100_kg_bags_run_dry_before_their_time_and_the_next_clock_starts_at_hanging() -> None:
    bags = plan(100.0).bags
    assert [bag.why for bag in bags] == [
        "hang time",
        "hang time",
        "empty",
        "empty",
        "hang time",
        "end of infusion",
    ]
    third, fourth, fifth = bags[2:5]
    assert third.change_by_h == pytest.approx(24 + 100 / 9)
    assert fourth.hang_at_h == third.change_by_h
    assert fifth.change_by_h == pytest.approx(24 + 200 / 9 + 12)


@pytest.mark.rule("plan.bags")
def test_no_bag_runs_dry_before_its_change_when_the_pump_is_set_above_the_exact_rate() -> None:
    found = plan(92.9)  # 8.361 mL/h exactly, 8.4 on the pump: 100 mL last 11.90 h, not 11.96 h
    third = found.bags[2]
    assert (found.steps[2].rate_ml_per_h, found.steps[2].rate_ml_per_h_set) == (pytest.approx(8.361), 8.4)
    assert third.why == "empty"
    assert third.change_by_h - third.hang_at_h == pytest.approx(100 / 8.4)
    assert sum(bag.volume_ml for bag in found.bags) == pytest.approx(found.total_volume_ml)


@pytest.mark.rule("plan.bags")
def test_the_extra_bag_is_counted_for_each_infusion_of_several_and_not_for_the_weeks_between() -> None:
    drug = load("ketamine")
    twelve_hours = load("brexanolone").preparation
    found = plan_treatment(drug.regimens["series-of-six"], twelve_hours, (), weight_kg=120.0, start=START)
    assert [bag.number for bag in found.bags] == list(range(1, 13))  # two for each of six sessions of 40 min


@pytest.mark.rule("plan.bags")
def test_at_90_kg_the_extra_bag_is_used_by_hanging_each_for_ten_hours() -> None:
    assert [bag.change_by_h - bag.hang_at_h for bag in plan(90.0).bags] == pytest.approx([10.0] * 6)


@pytest.mark.rule("plan.pump_rate")
def test_the_60_regimen_gives_3360_micrograms_per_kilogram() -> None:
    assert plan(70.0, "60").total_dose_mg == pytest.approx(3.360 * 70)
    assert plan(70.0).total_dose_mg == pytest.approx(4.200 * 70)


@pytest.mark.rule("plan.pump_rate")
def test_only_the_middle_stair_may_be_lowered_and_only_to_60() -> None:
    assert [step.lower_ug_per_kg_h for step in plan(70.0).steps] == [None, None, 60, None, None]
    assert plan(70.0).steps[2].lower_ml_per_h == pytest.approx(4.2)


@pytest.mark.rule("plan.pump_rate")
def test_the_pump_setting_is_shown_beside_the_exact_rate_and_never_replaces_it() -> None:
    found = plan(43.5)
    assert [step.rate_ml_per_h for step in found.steps] == pytest.approx([1.305, 2.61, 3.915, 2.61, 1.305])
    assert [step.rate_ml_per_h_set for step in found.steps] == [1.3, 2.6, 3.9, 2.6, 1.3]
    assert found.total_dose_mg == pytest.approx(182.7)
    assert found.set_dose_mg == pytest.approx(1.3 * 8 + 2.6 * 24 + 3.9 * 28)
