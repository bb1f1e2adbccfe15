from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from matrescence.care.eligibility.decide import decide
from matrescence.care.eligibility.facts import HealthFacts
from matrescence.care.infusion.plan_rules import RULE, RULE_OF
from matrescence.care.infusion.warnings import Caution, caution
from matrescence.care.mother import Feeding, LiverClass, Medicine, Mother, SleepWindow
from matrescence.care.verdict import Finding
from matrescence.formulary.library import load, names
from matrescence.pharmacology.model import Studied

WELL = Mother(
    name="Ana (invented)",
    age_years=29,
    weight_kg=70,
    start=datetime(2026, 6, 1, 8, tzinfo=ZoneInfo("America/New_York")),
    height_cm=165,
    days_since_birth=42,
    caesarean_planned=False,
    feeding=Feeding.FORMULA,
    egfr_ml_per_min_1_73m2=100,
    liver=LiverClass.NORMAL,
    medicines=(),
    sleep=(SleepWindow(time(22), time(6)),),
)
LORAZEPAM = Medicine("lorazepam", ("benzodiazepine", "cns-depressant"), 2)


def look(mother: Mother, drug: str = "brexanolone", regimen: str | None = None, **changes: object) -> Caution:
    data = replace(load(drug), **changes)
    model = data.models[data.default_model] if data.default_model else None
    return caution(mother, data, data.regimens[regimen or data.default_regimen], model)


def findings(mother: Mother, drug: str = "brexanolone", regimen: str | None = None) -> dict[str, Finding]:
    return {reason.rule: reason.finding for reason in look(mother, drug, regimen).warnings}


def test_a_drug_without_criteria_leaves_nothing_to_ask() -> None:
    found = look(WELL, criteria=())
    assert found.to_ask == ()
    assert "plan.not_asked" not in {reason.rule for reason in found.warnings}


ALWAYS = {"plan.withdrawn", "plan.weight_outside_studied", "plan.not_asked"}


@pytest.mark.rule("plan.withdrawn", "plan.not_asked")
def test_a_healthy_woman_still_hears_that_the_drug_was_withdrawn_and_what_to_ask() -> None:
    found = look(WELL)
    assert {reason.rule for reason in found.warnings} == ALWAYS
    asked = {reason.rule for reason in found.to_ask}
    assert {"plan.psychosis", "plan.bipolar", "plan.hypersensitivity", "plan.accompanied"} <= asked
    assert all(reason.finding is Finding.UNKNOWN for reason in found.to_ask)


@pytest.mark.rule(
    "plan.kidney",
    "plan.age",
    "plan.days_since_birth",
    "plan.pregnancy",
    "plan.breastfeeding",
    "plan.cns_depressants",
    "plan.antidepressants",
    "plan.weight_outside_studied",
)
@pytest.mark.parametrize(
    ("rule", "changes", "finding"),
    [
        ("plan.kidney", {"egfr_ml_per_min_1_73m2": 14.9}, Finding.FORBIDS),  # label s. 8.7: avoid below 15
        ("plan.kidney", {"egfr_ml_per_min_1_73m2": 15}, None),
        ("plan.kidney", {"egfr_ml_per_min_1_73m2": None}, Finding.UNKNOWN),
        ("plan.age", {"age_years": 14.9}, Finding.ASKS),  # label of 2022: from 15 years on
        ("plan.age", {"age_years": 15}, None),
        ("plan.days_since_birth", {"days_since_birth": 200}, Finding.ASKS),  # trials: up to six months
        ("plan.days_since_birth", {"days_since_birth": None}, Finding.UNKNOWN),
        ("plan.pregnancy", {"days_since_birth": None, "gestation_weeks": 30}, Finding.ASKS),
        ("plan.breastfeeding", {"feeding": Feeding.MIXED}, Finding.WARNS),
        ("plan.breastfeeding", {"feeding": None}, Finding.UNKNOWN),
        ("plan.cns_depressants", {"medicines": (LORAZEPAM,)}, Finding.WARNS),
        ("plan.antidepressants", {"medicines": (Medicine("sertraline", ("antidepressant",)),)}, Finding.WARNS),
        ("plan.weight_outside_studied", {}, Finding.UNKNOWN),  # no source prints the range
    ],
)
def test_brexanolone(rule: str, changes: dict[str, object], finding: Finding | None) -> None:
    assert findings(replace(WELL, **changes)).get(rule) is finding


@pytest.mark.rule("plan.liver", "plan.theophylline", "plan.maoi", "plan.psychostimulants", "plan.benzodiazepine")
@pytest.mark.rule("plan.off_label", "plan.cyp3a4_inducers", "plan.cyp3a4_inhibitors", "plan.prevention")
@pytest.mark.parametrize(
    ("rule", "changes", "finding"),
    [
        ("plan.off_label", {}, Finding.WARNS),
        ("plan.liver", {"liver": LiverClass.CHILD_PUGH_C}, Finding.FORBIDS),
        ("plan.liver", {"liver": LiverClass.CHILD_PUGH_B}, None),
        ("plan.liver", {"liver": None}, Finding.UNKNOWN),
        ("plan.theophylline", {"medicines": (Medicine("theophylline", ("theophylline",)),)}, Finding.FORBIDS),
        ("plan.maoi", {"medicines": (Medicine("phenelzine", ("maoi",)),)}, Finding.WARNS),
        ("plan.psychostimulants", {"medicines": (Medicine("methylphenidate", ("psychostimulant",)),)}, Finding.WARNS),
        ("plan.cyp3a4_inducers", {"medicines": (Medicine("rifampicin", ("cyp3a4-inducer",)),)}, Finding.WARNS),
        ("plan.cyp3a4_inhibitors", {"medicines": (Medicine("x", ("cyp3a4-strong-inhibitor",)),)}, Finding.WARNS),
        # How much lorazepam is in diazepam equivalents the file does not say: unknown, not harmless.
        ("plan.benzodiazepine", {"medicines": (LORAZEPAM,)}, Finding.UNKNOWN),
        ("plan.prevention", {}, None),
    ],
)
def test_ketamine(rule: str, changes: dict[str, object], finding: Finding | None) -> None:
    assert findings(replace(WELL, **changes), "ketamine").get(rule) is finding


@pytest.mark.rule("plan.aneurysm", "plan.blood_pressure", "plan.intracranial_pressure", "plan.psychosis")
@pytest.mark.rule("plan.bipolar", "plan.substance_use", "plan.hypersensitivity", "plan.accompanied")
def test_what_a_file_does_not_hold_is_asked_and_never_taken_as_no() -> None:
    asked = {reason.rule for drug in names() for reason in look(WELL, drug).to_ask}
    assert {
        "plan.aneurysm",
        "plan.blood_pressure",
        "plan.intracranial_pressure",
        "plan.psychosis",
        "plan.bipolar",
        "plan.substance_use",
        "plan.hypersensitivity",
        "plan.accompanied",
        "plan.pregnancy",
        "plan.cns_depressants",  # alcohol
    } <= asked


@pytest.mark.rule("plan.pregnancy", "plan.prevention")
def test_prevention_is_judged_as_she_will_be_once_the_cord_is_clamped() -> None:
    before_birth = replace(WELL, days_since_birth=None, gestation_weeks=38.5, caesarean_planned=True)
    found = findings(before_birth, "ketamine", "caesarean-prevention")
    assert "plan.pregnancy" not in found
    assert "plan.prevention" not in found
    assert findings(before_birth, "ketamine", "single")["plan.pregnancy"] is Finding.FORBIDS


@pytest.mark.rule("plan.prevention")
@pytest.mark.parametrize(("planned", "finding"), [(False, Finding.WARNS), (None, Finding.UNKNOWN)])
def test_prevention_without_a_caesarean_section_is_questioned(planned: bool | None, finding: Finding) -> None:
    mother = replace(WELL, caesarean_planned=planned)
    assert findings(mother, "ketamine", "caesarean-prevention")["plan.prevention"] is finding


@pytest.mark.rule("plan.not_evening")
@pytest.mark.parametrize(
    ("hour", "finding"), [(8, Finding.ASKS), (0, Finding.ASKS), (16, Finding.ASKS), (17, None), (23, None)]
)
def test_capsules_for_the_evening_that_would_begin_at_another_hour_are_questioned(
    hour: int, finding: Finding | None
) -> None:
    mother = replace(WELL, start=WELL.start.replace(hour=hour))
    assert findings(mother, "zuranolone").get("plan.not_evening") is finding
    assert "plan.not_evening" not in findings(mother, "sertraline")


@pytest.mark.rule("plan.looks_like_pounds")
def test_a_weight_that_looks_like_pounds_is_a_question_and_not_an_error() -> None:
    (reason,) = [r for r in look(replace(WELL, weight_kg=154)).warnings if r.rule == "plan.looks_like_pounds"]
    assert reason.finding is Finding.ASKS
    assert "154 lb = 69.9 kg" in reason.text


@pytest.mark.rule("plan.medicine_not_listed", "plan.medicines_not_known", "plan.sleep_not_planned")
def test_gaps_in_her_file_are_told_once() -> None:
    unlisted = findings(replace(WELL, medicines=(Medicine("amlodipine"),)), "ketamine")
    assert set(unlisted) == {"plan.off_label", "plan.medicine_not_listed", *(ALWAYS - {"plan.withdrawn"})}
    unknown = findings(replace(WELL, medicines=None, sleep=()), "ketamine")
    assert {"plan.medicines_not_known", "plan.sleep_not_planned"} <= set(unknown)
    assert "plan.maoi" not in unknown


@pytest.mark.rule("plan.already_taken")
def test_a_woman_who_takes_the_drug_already_is_asked_about() -> None:
    mother = replace(WELL, medicines=(Medicine("Sertraline", ("antidepressant", "ssri")),))
    assert findings(mother, "sertraline")["plan.already_taken"] is Finding.ASKS


@pytest.mark.rule("plan.weight_outside_studied", "plan.age_outside_studied")
def test_outside_the_people_of_the_model_the_forecast_is_called_an_extrapolation() -> None:
    drug = load("brexanolone")
    model = replace(
        drug.models[drug.default_model], studied=Studied("twelve women", 12, "venous", (50.0, 100.0), (18.0, 45.0))
    )
    regimen = drug.regimens["60"]
    outside = caution(replace(WELL, weight_kg=120, age_years=47), drug, regimen, model).warnings
    told = {reason.rule: (reason.finding, reason.text) for reason in outside}
    assert told["plan.weight_outside_studied"][0] is Finding.WARNS
    assert (
        "120 kg) lies outside what the model was built on (50 to 100 kg: twelve"
        in told["plan.weight_outside_studied"][1]
    )
    assert told["plan.age_outside_studied"][0] is Finding.WARNS
    inside = caution(WELL, drug, regimen, model).warnings
    assert not {"plan.weight_outside_studied", "plan.age_outside_studied"} & {reason.rule for reason in inside}


def test_warnings_tell_what_is_found_before_what_is_not_known() -> None:
    mother = replace(WELL, egfr_ml_per_min_1_73m2=10, weight_kg=154, feeding=Feeding.BREAST)
    order = [reason.finding for reason in look(mother).warnings]
    assert order == sorted(order, key=[Finding.FORBIDS, Finding.ASKS, Finding.WARNS, Finding.UNKNOWN].index)


def test_every_criterion_of_every_drug_has_a_rule_of_the_plan() -> None:
    for drug in names():
        assert {criterion.name for criterion in load(drug).criteria} <= set(RULE_OF)
    assert {rule.id for rule in RULE_OF.values()} <= set(RULE)


# ---- where her health facts are on record -----------------------------------------------------------------------


def with_health(health: HealthFacts | None, drug: str = "brexanolone", regimen: str | None = None) -> Caution:
    data = load(drug)
    model = data.models[data.default_model] if data.default_model else None
    return caution(WELL, data, data.regimens[regimen or data.default_regimen], model, health)


def told(found: Caution) -> dict[str, Finding]:
    return {reason.rule: reason.finding for reason in found.warnings}


ALL_WELL = HealthFacts(
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


@pytest.mark.rule("plan.not_asked")
@pytest.mark.parametrize("drug", ["brexanolone", "ketamine"])
def test_what_is_known_and_fine_is_not_asked_again(drug: str) -> None:
    found = with_health(ALL_WELL, drug)
    assert found.to_ask == () and "plan.not_asked" not in told(found)
    assert not {Finding.FORBIDS} & set(told(found).values())


@pytest.mark.rule("plan.not_asked")
def test_what_is_unknown_stays_asked_and_nothing_else() -> None:
    found = with_health(replace(ALL_WELL, bipolar=None, hypersensitive_to=None))
    assert {reason.rule for reason in found.to_ask} == {"plan.bipolar", "plan.hypersensitivity"}
    (line,) = (reason.text for reason in found.warnings if reason.rule == "plan.not_asked")
    assert line.startswith("Her record does not hold these, ask before the start:")


@pytest.mark.rule("plan.not_asked")
def test_without_such_a_record_a_plan_asks_for_all_of_it_as_before() -> None:
    drug = load("brexanolone")
    model = drug.models[str(drug.default_model)]
    regimen = drug.regimens[drug.default_regimen]
    assert with_health(None) == caution(WELL, drug, regimen, model)
    assert with_health(HealthFacts()).to_ask == with_health(None).to_ask
    (line,) = (reason.text for reason in with_health(None).warnings if reason.rule == "plan.not_asked")
    assert line.startswith("Her file does not hold these, ask before the start:")


#   what is on record                              the drug       the rule that warns      by the drug's own criteria
AGAINST = (
    ({"psychosis_now": True}, "ketamine", "plan.psychosis"),
    ({"uncontrolled_hypertension": True}, "ketamine", "plan.blood_pressure"),
    ({"raised_intracranial_pressure": True}, "ketamine", "plan.intracranial_pressure"),
    ({"pregnant": True}, "brexanolone", "plan.pregnancy"),
    ({"bipolar": True}, "brexanolone", "plan.bipolar"),
    ({"accompanied_with_child": False}, "brexanolone", "plan.accompanied"),
    ({"drinks_alcohol": True}, "brexanolone", "plan.cns_depressants"),
)


@pytest.mark.parametrize(("known", "drug", "rule"), AGAINST)
def test_what_is_known_and_speaks_against_it_is_a_warning_of_the_weight_that_eligibility_gives_it(
    known: dict[str, object], drug: str, rule: str
) -> None:
    """Plan and eligibility ask the same functions: what one finds, the other must not overlook."""
    health = replace(ALL_WELL, **known)  # type: ignore[arg-type]
    found = with_health(health, drug)
    assert rule in told(found) and found.to_ask == ()
    judged = decide(WELL, health, load(drug)).judged
    by_eligibility = {one.reason.finding for one in judged if RULE_OF[one.criterion].id == rule}
    assert {reason.finding for reason in found.warnings if reason.rule == rule} == by_eligibility - {Finding.ALLOWS}
    assert Finding.UNKNOWN not in by_eligibility


def test_for_prevention_after_the_birth_a_pregnancy_of_today_is_not_held_against_her() -> None:
    prevention = [(drug, plan.name) for drug in names() for plan in load(drug).regimens.values()
                  if plan.use == "prevention"]  # fmt: skip
    assert prevention
    for drug, regimen in prevention:
        found = with_health(replace(ALL_WELL, pregnant=True), drug, regimen)
        assert "plan.pregnancy" not in told(found)
