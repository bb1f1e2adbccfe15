"""Each criterion by itself, on a criterion invented for the test."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from matrescence.care.drug import Criterion
from matrescence.care.eligibility.criteria import CRITERIA, Answer, Asked
from matrescence.care.eligibility.decide import unknown_names
from matrescence.care.eligibility.facts import HealthFacts
from matrescence.care.eligibility.rules import RULE_OF, RULES, TOPICS
from matrescence.care.mother import Feeding, LiverClass, Medicine, Mother
from matrescence.facts import Fact, Statement
from matrescence.formulary import library
from matrescence.formulary.read_safety import read_criterion

MOTHER = Mother(name="Bea (invented)", age_years=30, weight_kg=60, start=datetime(2026, 3, 7, tzinfo=UTC))
SAID = Statement("invented", "project-decision", "test", "project-decision", "C")
MET, NOT_MET, UNKNOWN = Answer.MET, Answer.NOT_MET, Answer.UNKNOWN


def fact(value: float | None, unit: str, low: float | None = None, high: float | None = None) -> Fact:
    return Fact(value, unit, "s", "test", "read", "U" if value is None else "A", low=low, high=high)


def answer(
    name: str,
    *,
    mother: dict[str, object] | None = None,
    health: dict[str, object] | None = None,
    threshold: Fact | None = None,
    classes: tuple[str, ...] = (),
) -> Answer:
    criterion = Criterion(name, "forbids", SAID, threshold, classes)
    asked = Asked(replace(MOTHER, **(mother or {})), replace(HealthFacts(), **(health or {})), criterion)
    return CRITERIA[name](asked).answer


def medicines(**classes: tuple[str, ...]) -> dict[str, object]:
    return {"medicines": tuple(Medicine(name, listed) for name, listed in classes.items())}


@pytest.mark.parametrize(("value", "expected"), [(14.9, MET), (15, NOT_MET), (90, NOT_MET), (None, UNKNOWN)])
def test_kidney_function_is_compared_with_the_threshold(value: float | None, expected: Answer) -> None:
    limit = fact(15, "mL/min/{1.73_m2}")
    assert answer("egfr_below", mother={"egfr_ml_per_min_1_73m2": value}, threshold=limit) is expected


def test_a_criterion_whose_threshold_is_not_known_is_unknown() -> None:
    for threshold in (None, fact(None, "a")):
        assert answer("age_below", threshold=threshold) is UNKNOWN
    assert answer("days_since_birth_over", mother={"days_since_birth": 5}) is UNKNOWN
    assert answer("weight_outside_studied", threshold=fact(None, "kg")) is UNKNOWN
    known = {"benzodiazepine_mg_diazepam_per_day": 5.0}
    blunting = {"mother": medicines(), "health": known, "classes": ("benzodiazepine",)}
    assert answer("benzodiazepine_blunting", **blunting) is UNKNOWN  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "high", "weight_kg", "expected"),
    [
        (50, 100, 49.9, MET),
        (50, 100, 50, NOT_MET),
        (50, 100, 100, NOT_MET),
        (50, 100, 100.1, MET),
        (None, 100, 20, NOT_MET),
        (None, 100, 101, MET),
        (50, None, 300, NOT_MET),
        (50, None, 49, MET),
    ],
)
def test_weight_is_compared_with_the_studied_range(
    low: float | None, high: float | None, weight_kg: float, expected: Answer
) -> None:
    threshold = fact(None, "kg", low, high)
    assert answer("weight_outside_studied", mother={"weight_kg": weight_kg}, threshold=threshold) is expected


@pytest.mark.parametrize(("days", "expected"), [(183, NOT_MET), (184, MET), (None, UNKNOWN)])
def test_days_since_birth_are_compared_in_days_although_the_threshold_is_kept_in_hours(
    days: int | None, expected: Answer
) -> None:
    limit = fact(183 * 24, "h")
    assert answer("days_since_birth_over", mother={"days_since_birth": days}, threshold=limit) is expected


@pytest.mark.parametrize(
    ("criterion", "name"),
    [
        ("pregnancy", "pregnant"),
        ("bipolar", "bipolar"),
        ("aneurysmal_disease", "aneurysmal_disease"),
        ("raised_intracranial_pressure", "raised_intracranial_pressure"),
        ("substance_use", "substance_use"),
        ("uncontrolled_hypertension", "uncontrolled_hypertension"),
    ],
)
def test_yes_no_and_not_known(criterion: str, name: str) -> None:
    for value, expected in ((True, MET), (False, NOT_MET), (None, UNKNOWN)):
        assert answer(criterion, health={name: value}) is expected


def test_weeks_of_gestation_mean_pregnant_even_against_her_word() -> None:
    assert answer("pregnancy", mother={"gestation_weeks": 30}, health={"pregnant": False}) is MET


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (True, None, MET),
        (True, False, MET),
        (False, False, NOT_MET),
        (False, True, UNKNOWN),
        (False, None, UNKNOWN),
        (None, False, UNKNOWN),
        (None, True, UNKNOWN),
    ],
)
def test_psychosis_now_and_before(now: bool | None, before: bool | None, expected: Answer) -> None:
    assert answer("psychosis", health={"psychosis_now": now, "psychosis_before": before}) is expected


def test_a_high_reading_counts_and_a_normal_one_alone_does_not() -> None:
    limit = fact(165, "mm[Hg]")
    high = {"systolic_mmhg": 165, "uncontrolled_hypertension": False}
    assert answer("uncontrolled_hypertension", health=high, threshold=limit) is MET
    assert answer("uncontrolled_hypertension", health={"systolic_mmhg": 118}, threshold=limit) is UNKNOWN
    assert answer("uncontrolled_hypertension", health={"uncontrolled_hypertension": False}, threshold=limit) is UNKNOWN
    controlled = {"systolic_mmhg": 164, "uncontrolled_hypertension": False}
    assert answer("uncontrolled_hypertension", health=controlled, threshold=limit) is NOT_MET


def test_a_liver_class_that_the_drug_names_or_any_disease_when_it_names_none() -> None:
    named = ("child-pugh-c",)
    assert answer("liver_disease") is UNKNOWN
    assert answer("liver_disease", mother={"liver": LiverClass.CHILD_PUGH_C}, classes=named) is MET
    assert answer("liver_disease", mother={"liver": LiverClass.CHILD_PUGH_B}, classes=named) is NOT_MET
    assert answer("liver_disease", mother={"liver": LiverClass.CHILD_PUGH_A}) is MET
    assert answer("liver_disease", mother={"liver": LiverClass.NORMAL}) is NOT_MET


def test_allergies_are_compared_with_what_the_drug_names() -> None:
    named = ("ketamine",)
    assert answer("hypersensitivity", classes=named) is UNKNOWN
    assert answer("hypersensitivity", health={"hypersensitive_to": ()}, classes=named) is NOT_MET
    assert answer("hypersensitivity", health={"hypersensitive_to": ("KETAMINE",)}, classes=named) is MET
    assert answer("hypersensitivity", health={"hypersensitive_to": ("latex",)}, classes=named) is NOT_MET
    assert answer("hypersensitivity", health={"hypersensitive_to": ("latex",)}) is UNKNOWN


def test_somebody_with_her_and_the_children() -> None:
    for value, expected in ((True, NOT_MET), (False, MET), (None, UNKNOWN)):
        assert answer("sole_caregiver", health={"accompanied_with_child": value}) is expected


@pytest.mark.parametrize(
    ("feeding", "expected"),
    [(Feeding.BREAST, MET), (Feeding.MIXED, MET), (Feeding.FORMULA, NOT_MET), (None, UNKNOWN)],
)
def test_breastfeeding_alone_or_mixed(feeding: Feeding | None, expected: Answer) -> None:
    assert answer("breastfeeding", mother={"feeding": feeding}) is expected


def test_medicines_by_class_and_one_that_nobody_has_classed() -> None:
    wanted = ("maoi",)
    assert answer("maoi", classes=wanted) is UNKNOWN
    assert answer("maoi", mother=medicines(), classes=wanted) is NOT_MET
    assert answer("maoi", mother=medicines(a=("ssri",)), classes=wanted) is NOT_MET
    assert answer("maoi", mother=medicines(a=("ssri", "maoi")), classes=wanted) is MET
    assert answer("maoi", mother=medicines(a=("ssri",), b=()), classes=wanted) is UNKNOWN
    assert answer("maoi", mother=medicines(a=("maoi",), b=()), classes=wanted) is MET


def test_a_criterion_that_names_no_class_is_unknown_and_never_silently_not_met() -> None:
    assert answer("maoi", mother=medicines(a=("maoi",))) is UNKNOWN


def test_alcohol_counts_as_a_depressant_and_has_to_be_asked() -> None:
    def depressants(drinks: bool | None, **taken: tuple[str, ...]) -> Answer:
        return answer(
            "cns_depressants", mother=medicines(**taken), health={"drinks_alcohol": drinks}, classes=("opioid",)
        )

    assert depressants(True) is MET
    assert depressants(False) is NOT_MET
    assert depressants(None) is UNKNOWN
    assert depressants(None, a=("opioid",)) is MET
    assert depressants(False, a=()) is UNKNOWN


def test_benzodiazepines_count_in_diazepam_equivalents_only() -> None:
    def blunting(taken_mg: float | None, **taken: tuple[str, ...]) -> Answer:
        return answer(
            "benzodiazepine_blunting",
            mother=medicines(**taken),
            health={"benzodiazepine_mg_diazepam_per_day": taken_mg},
            threshold=fact(8, "mg/d"),
            classes=("benzodiazepine",),
        )

    benzo = ("benzodiazepine",)
    assert blunting(None) is NOT_MET
    assert blunting(None, a=()) is UNKNOWN
    assert blunting(None, a=benzo) is UNKNOWN
    assert blunting(0, a=benzo) is UNKNOWN
    assert blunting(0, a=()) is UNKNOWN
    assert blunting(8, a=benzo) is NOT_MET
    assert blunting(8.1, a=benzo) is MET
    assert blunting(8.1) is MET


def test_every_criterion_has_one_rule_and_every_rule_of_a_criterion_has_one_criterion() -> None:
    assert set(CRITERIA) == set(TOPICS) == set(RULE_OF)
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_an_unknown_name_is_found_and_the_shipped_formulary_has_none() -> None:
    assert unknown_names([Criterion("egfr_bellow", "forbids", SAID)]) == ("egfr_bellow",)
    for drug in library.names():
        assert unknown_names(library.load(drug).criteria) == ()


def test_a_drug_file_with_an_unknown_criterion_is_refused_with_the_nearest_name() -> None:
    table = {"name": "egfr_bellow", "finding": "forbids", "text": "t", "source": "s", "at": "a"}
    problems: list[str] = []
    read_criterion(table | {"basis": "read", "grade": "A"}, "criteria 1", problems)
    assert "Did you mean 'egfr_below'" in problems[0]


def test_no_dose_of_a_benzodiazepine_is_no_more_certain_than_what_she_takes() -> None:
    told = {"health": {"benzodiazepine_mg_diazepam_per_day": 0.0}, "threshold": fact(8, "mg/d")}
    assert answer("benzodiazepine_blunting", mother={"medicines": None}, classes=("benzodiazepine",), **told) is UNKNOWN  # type: ignore[arg-type]
    assert answer("benzodiazepine_blunting", mother=medicines(), classes=("benzodiazepine",), **told) is NOT_MET  # type: ignore[arg-type]
