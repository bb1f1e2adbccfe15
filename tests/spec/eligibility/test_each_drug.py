"""May she have this drug?  One line per case: what is different from a well-known, healthy mother -> the verdict.

The mother is invented: 29 years, 70 kg, 42 days after birth, normal kidney and liver, no other medicines, everything
asked and answered "no", somebody with her and the baby.  A line names the rule that makes the difference.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from matrescence.care.eligibility.decide import Eligibility, Outcome, decide
from matrescence.care.eligibility.facts import HealthFacts
from matrescence.care.mother import Feeding, LiverClass, Medicine, Mother
from matrescence.care.verdict import Finding
from matrescence.formulary import library
from matrescence.formulary.medicines import classes_of

MOTHER = Mother(
    name="Ana (invented)",
    age_years=29,
    weight_kg=70,
    start=datetime(2026, 3, 7, 13, tzinfo=UTC),
    days_since_birth=42,
    feeding=Feeding.FORMULA,
    egfr_ml_per_min_1_73m2=105,
    liver=LiverClass.NORMAL,
    medicines=(),
)
HEALTH = HealthFacts(
    pregnant=False,
    psychosis_now=False,
    psychosis_before=False,
    bipolar=False,
    aneurysmal_disease=False,
    uncontrolled_hypertension=False,
    systolic_mmhg=118,
    raised_intracranial_pressure=False,
    substance_use=False,
    drinks_alcohol=False,
    hypersensitive_to=(),
    accompanied_with_child=True,
    benzodiazepine_mg_diazepam_per_day=0,
)
YES, ASK, NO = Outcome.ELIGIBLE, Outcome.CLINICIAN_DECIDES, Outcome.NOT_ELIGIBLE
FORBIDS, ASKS, WARNS, UNKNOWN = Finding.FORBIDS, Finding.ASKS, Finding.WARNS, Finding.UNKNOWN


def takes(*names: str) -> dict[str, object]:
    return {"medicines": tuple(Medicine(name, classes_of(name)) for name in names)}


def verdict(drug: str, changes: dict[str, object]) -> Eligibility:
    mother = {name: value for name, value in changes.items() if name in Mother.__slots__}
    health = {name: value for name, value in changes.items() if name not in mother}
    return decide(replace(MOTHER, **mother), replace(HEALTH, **health), library.load(drug))


# drug, what is different, the facts, the verdict, the rule that speaks, what it finds
TABLE = [
    ("brexanolone", "kidney failure (eGFR 14)", {"egfr_ml_per_min_1_73m2": 14}, NO, "kidney", FORBIDS),
    ("brexanolone", "eGFR exactly 15", {"egfr_ml_per_min_1_73m2": 15}, YES, "kidney", Finding.ALLOWS),
    ("brexanolone", "kidney function not known", {"egfr_ml_per_min_1_73m2": None}, ASK, "kidney", UNKNOWN),
    ("brexanolone", "14 years old", {"age_years": 14}, ASK, "age", ASKS),
    ("brexanolone", "alone with the baby", {"accompanied_with_child": False}, NO, "accompanied", FORBIDS),
    ("brexanolone", "nobody asked who is with her", {"accompanied_with_child": None}, ASK, "accompanied", UNKNOWN),
    ("brexanolone", "takes lorazepam", takes("lorazepam"), YES, "cns_depressants", WARNS),
    ("brexanolone", "drinks alcohol", {"drinks_alcohol": True}, YES, "cns_depressants", WARNS),
    ("brexanolone", "alcohol not asked", {"drinks_alcohol": None}, YES, "cns_depressants", UNKNOWN),
    ("brexanolone", "takes sertraline", takes("sertraline"), YES, "antidepressants", WARNS),
    ("brexanolone", "takes ibuprofen", takes("ibuprofen"), YES, "antidepressants", Finding.ALLOWS),
    ("brexanolone", "200 days after birth", {"days_since_birth": 200}, ASK, "days_since_birth", ASKS),
    ("brexanolone", "pregnant", {"pregnant": True}, ASK, "pregnancy", ASKS),
    ("brexanolone", "pregnant by her file", {"gestation_weeks": 30}, ASK, "pregnancy", ASKS),
    ("brexanolone", "psychosis in the past", {"psychosis_before": True}, ASK, "psychosis", UNKNOWN),
    ("brexanolone", "breastfeeding", {"feeding": Feeding.BREAST}, YES, "breastfeeding", WARNS),
    ("brexanolone", "weights studied are not known", {}, YES, "weight", UNKNOWN),
    ("ketamine", "blood pressure not controlled", {"uncontrolled_hypertension": True}, NO, "blood_pressure", FORBIDS),
    (
        "ketamine",
        "one normal reading, control not known",
        {"uncontrolled_hypertension": None},
        ASK,
        "blood_pressure",
        UNKNOWN,
    ),
    ("ketamine", "aneurysm", {"aneurysmal_disease": True}, NO, "aneurysm", FORBIDS),
    (
        "ketamine",
        "raised pressure in the eye",
        {"raised_intracranial_pressure": True},
        NO,
        "intracranial_pressure",
        FORBIDS,
    ),
    ("ketamine", "psychosis now", {"psychosis_now": True}, NO, "psychosis", FORBIDS),
    ("ketamine", "psychosis in the past, none now", {"psychosis_before": True}, ASK, "psychosis", UNKNOWN),
    ("ketamine", "bipolar", {"bipolar": True}, ASK, "bipolar", ASKS),
    ("ketamine", "pregnant", {"pregnant": True}, NO, "pregnancy", FORBIDS),
    ("ketamine", "severe liver disease", {"liver": LiverClass.CHILD_PUGH_C}, NO, "liver", FORBIDS),
    ("ketamine", "mild liver disease", {"liver": LiverClass.CHILD_PUGH_A}, YES, "liver", Finding.ALLOWS),
    ("ketamine", "allergic to ketamine", {"hypersensitive_to": ("Ketamine",)}, NO, "hypersensitivity", FORBIDS),
    (
        "ketamine",
        "allergic to penicillin",
        {"hypersensitive_to": ("penicillin",)},
        YES,
        "hypersensitivity",
        Finding.ALLOWS,
    ),
    ("ketamine", "substance misuse", {"substance_use": True}, ASK, "substance_use", ASKS),
    ("ketamine", "theophylline", takes("theophylline"), NO, "theophylline", FORBIDS),
    ("ketamine", "a medicine nobody has classed", takes("novodrug"), ASK, "theophylline", UNKNOWN),
    ("ketamine", "medicines not known", {"medicines": None}, ASK, "theophylline", UNKNOWN),
    (
        "ketamine",
        "benzodiazepine above 8 mg diazepam",
        takes("lorazepam") | {"benzodiazepine_mg_diazepam_per_day": 8.1},
        YES,
        "benzodiazepine",
        WARNS,
    ),
    (
        "ketamine",
        "benzodiazepine of 8 mg diazepam",
        takes("lorazepam") | {"benzodiazepine_mg_diazepam_per_day": 8},
        YES,
        "benzodiazepine",
        Finding.ALLOWS,
    ),
    (
        "ketamine",
        "lorazepam, equivalents not known",
        takes("lorazepam") | {"benzodiazepine_mg_diazepam_per_day": None},
        YES,
        "benzodiazepine",
        UNKNOWN,
    ),
    ("ketamine", "an MAO inhibitor", takes("phenelzine"), YES, "maoi", WARNS),
    ("ketamine", "a stimulant", takes("methylphenidate"), YES, "psychostimulants", WARNS),
    ("ketamine", "a CYP3A4 inducer", takes("carbamazepine"), YES, "cyp3a4_inducers", WARNS),
    ("ketamine", "a CYP3A4 inhibitor", takes("clarithromycin"), YES, "cyp3a4_inhibitors", WARNS),
    ("zuranolone", "a CYP3A4 inducer", takes("rifampicin"), NO, "cyp3a4_inducers", FORBIDS),
    ("zuranolone", "a strong CYP3A4 inhibitor", takes("itraconazole"), ASK, "cyp3a4_inhibitors", ASKS),
    ("zuranolone", "eGFR 59", {"egfr_ml_per_min_1_73m2": 59}, ASK, "kidney", ASKS),
    ("zuranolone", "severe liver disease", {"liver": LiverClass.CHILD_PUGH_C}, ASK, "liver", ASKS),
    ("zuranolone", "pregnant", {"pregnant": True}, ASK, "pregnancy", ASKS),
    ("sertraline", "an MAO inhibitor", takes("tranylcypromine"), NO, "maoi", FORBIDS),
    ("sertraline", "bipolar not known", {"bipolar": None}, ASK, "bipolar", UNKNOWN),
]


Case = tuple[str, str, dict[str, object], Outcome, str, Finding]


@pytest.mark.parametrize("case", TABLE, ids=[f"{row[0]}: {row[1]}" for row in TABLE])
@pytest.mark.rule(
    "eligibility.verdict",
    "eligibility.unknown",
    "eligibility.kidney",
    "eligibility.age",
    "eligibility.weight",
    "eligibility.days_since_birth",
    "eligibility.pregnancy",
    "eligibility.breastfeeding",
    "eligibility.psychosis",
    "eligibility.bipolar",
    "eligibility.aneurysm",
    "eligibility.blood_pressure",
    "eligibility.intracranial_pressure",
    "eligibility.liver",
    "eligibility.substance_use",
    "eligibility.hypersensitivity",
    "eligibility.accompanied",
    "eligibility.cns_depressants",
    "eligibility.benzodiazepine",
    "eligibility.maoi",
    "eligibility.theophylline",
    "eligibility.psychostimulants",
    "eligibility.antidepressants",
    "eligibility.cyp3a4_inducers",
    "eligibility.cyp3a4_inhibitors",
)
def test_the_verdict(case: Case) -> None:
    drug, what, changes, outcome, topic, finding = case
    found = verdict(drug, changes)
    assert found.outcome is outcome, what
    assert (f"eligibility.{topic}", finding) in {(reason.rule, reason.finding) for reason in found.reasons}, what


@pytest.mark.parametrize("drug", library.names())
def test_the_well_known_mother_is_eligible_and_every_criterion_has_given_its_reason(drug: str) -> None:
    found = verdict(drug, {})
    assert found.outcome is YES
    assert sorted(item.criterion for item in found.judged) == sorted(c.name for c in library.load(drug).criteria)


@pytest.mark.parametrize("drug", library.names())
def test_a_mother_of_whom_nothing_is_known_is_never_eligible(drug: str) -> None:
    stranger = Mother(name="unknown", age_years=29, weight_kg=70, start=MOTHER.start)
    assert decide(stranger, HealthFacts(), library.load(drug)).outcome is ASK


@pytest.mark.rule("eligibility.availability")
def test_the_withdrawn_approval_and_the_off_label_use_are_said_with_every_verdict() -> None:
    for drug, word in (("brexanolone", "withdrawn"), ("ketamine", "off-label")):
        standing = verdict(drug, {}).standing
        assert standing.finding is WARNS
        assert standing.text.startswith(word)
    assert verdict("sertraline", {}).standing.rule == "eligibility.availability"
