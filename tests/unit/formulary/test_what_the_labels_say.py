"""The numbers a pharmacist would look up first, written down a second time from the labels and trials."""

from __future__ import annotations

import pytest

from matrescence.care.drug import Drug, Schedule
from matrescence.care.eligibility.criteria import CRITERIA
from matrescence.formulary import library, medicines


def drug(name: str) -> Drug:
    return library.load(name)


@pytest.mark.parametrize(
    ("name", "status", "as_of"),
    [
        ("brexanolone", "withdrawn", "2025-04-14"),
        ("zuranolone", "approved", "2023-08-04"),
        ("ketamine", "off-label", ""),
    ],
)
def test_availability_is_told_with_its_date(name: str, status: str, as_of: str) -> None:
    availability = drug(name).availability
    assert availability.status == status
    assert availability.as_of.isoformat().startswith(as_of)


def test_the_brexanolone_staircase_is_the_labels() -> None:
    stairs = [(s.start_h, s.end_h, s.rate_ug_per_kg_h) for s in drug("brexanolone").regimens["label-90"].staircase]
    assert stairs == [(0, 4, 30), (4, 24, 60), (24, 52, 90), (52, 56, 60), (56, 60, 30)]


def test_only_the_ninety_stair_may_be_lowered() -> None:
    allowed = [s.lower_ug_per_kg_h for s in drug("brexanolone").regimens["label-90"].staircase]
    assert allowed == [None, None, 60, None, None]


def test_a_brexanolone_bag_is_as_the_label_makes_it() -> None:
    made = drug("brexanolone").preparation
    assert made is not None
    values = (made.vial_mg, made.vial_ml, made.concentration_mg_per_ml, made.bag_ml, made.hang_h, made.refrigerated_h)
    assert [fact.value for fact in values] == [100, 20, 1, 100, 12, 96]
    assert made.extra_bag_from_kg is not None
    assert made.extra_bag_from_kg.value == 90


@pytest.mark.parametrize("name", ["brexanolone", "ketamine"])
def test_an_infusion_is_never_resumed_after_hypoxia(name: str) -> None:
    rules = {rule.finding: rule for rule in drug(name).interruptions}
    assert rules["hypoxia"].action == "stop"
    assert rules["hypoxia"].may_resume is False
    assert rules["excessive-sedation"].resume_rate == "same-or-lower"


def test_sedation_is_checked_every_two_hours_but_not_in_sleep() -> None:
    (check,) = [item for item in drug("brexanolone").observations if item.kind == "sedation"]
    assert (check.every_h, check.skipped_in_sleep) == (2, True)


def test_no_blood_pressure_limit_is_invented_for_ketamine() -> None:
    limits = drug("ketamine").limits
    assert limits["stop_systolic"].value is None
    assert limits["clinic_definition_systolic"].value == 165
    assert limits["clinic_definition_diastolic"].value == 100


@pytest.mark.parametrize("name", ["single", "series-of-six", "caesarean-prevention"])
def test_ketamine_is_half_a_milligram_per_kilogram_over_forty_minutes(name: str) -> None:
    plan = drug("ketamine").regimens[name]
    assert plan.schedule is Schedule.SESSIONS
    assert (plan.dose_mg_per_kg, plan.duration_min) == (0.5, 40)


def test_six_infusions_lie_within_two_to_three_weeks() -> None:
    days = drug("ketamine").regimens["series-of-six"].session_days
    assert len(days) == 6
    assert 12 <= days[-1] <= 21


def test_the_caesarean_dose_is_for_prevention_and_says_what_it_did() -> None:
    plan = drug("ketamine").regimens["caesarean-prevention"]
    assert plan.use == "prevention"
    assert any("did not lower" in note.text for note in plan.notes)


def test_zuranolone_is_fifty_milligrams_for_fourteen_evenings() -> None:
    plan = drug("zuranolone").regimens["50mg-14d"]
    assert (plan.dose_mg, plan.every_h, plan.doses) == (50, 24, 14)


def test_zuranolone_has_no_model_and_does_not_pretend_to() -> None:
    assert drug("zuranolone").default_model is None
    assert not drug("zuranolone").models


@pytest.mark.parametrize("name", library.names())
def test_every_criterion_has_its_function(name: str) -> None:
    assert {criterion.name for criterion in drug(name).criteria} <= set(CRITERIA)


@pytest.mark.parametrize("name", library.names())
def test_every_class_a_medicine_criterion_names_is_a_class_of_medicines(name: str) -> None:
    about_her = {"liver_disease", "hypersensitivity"}
    named = {word for c in drug(name).criteria if c.name not in about_her for word in c.classes}
    assert named <= medicines.classes()


@pytest.mark.parametrize(
    ("medicine", "wanted"),
    [
        ("Lorazepam", "benzodiazepine"),
        ("morphine", "opioid"),
        ("phenelzine", "maoi"),
        ("sertraline", "antidepressant"),
        ("methylphenidate", "psychostimulant"),
        ("aminophylline", "theophylline"),
        ("carbamazepine", "cyp3a4-inducer"),
        ("clarithromycin", "cyp3a4-strong-inhibitor"),
        ("lamotrigine", "lamotrigine"),
    ],
)
def test_medicines_are_sorted_into_the_classes_that_rules_ask_for(medicine: str, wanted: str) -> None:
    assert wanted in medicines.classes_of(medicine)


def test_a_medicine_nobody_has_looked_at_has_no_class_and_one_that_is_harmless_here_has() -> None:
    assert medicines.classes_of("unobtainium") == ()
    assert medicines.classes_of("paracetamol") == ("other",)
    assert not medicines.is_known("unobtainium")


def test_limits_in_days_after_birth_stay_in_days() -> None:
    (limit,) = [c.threshold for c in drug("brexanolone").criteria if c.name == "days_since_birth_over"]
    assert limit is not None
    assert (limit.value, limit.unit) == (183, "d")
