"""A regimen of the formulary as input to a model: the dose that goes in is the dose that was meant."""

import pytest

from matrescence.formulary.library import load


def test_the_label_staircase_gives_its_hours_times_its_rates() -> None:
    given = load("brexanolone").regimens["label-90"].as_input()
    # 4 h x 30 + 20 h x 60 + 28 h x 90 + 4 h x 60 + 4 h x 30
    assert given.per_kg
    assert sum((step.end_h - step.start_h) * step.rate_ug_per_h for step in given.steps) == pytest.approx(4200.0)


def test_each_session_gives_its_dose_for_each_kilogram() -> None:
    regimen = load("ketamine").regimens["series-of-six"]
    given = regimen.as_input()
    assert [step.start_h / 24.0 for step in given.steps] == list(regimen.session_days)
    assert [(s.end_h - s.start_h) * s.rate_ug_per_h for s in given.steps] == pytest.approx([500.0] * 6)


def test_a_dose_by_mouth_goes_into_the_gut_in_micrograms() -> None:
    given = load("zuranolone").regimens["50mg-14d"].as_input()
    assert [dose.at_h for dose in given.boluses] == [24.0 * day for day in range(14)]
    assert {(dose.amount_ug, dose.into) for dose in given.boluses} == {(50_000.0, "gut")}
