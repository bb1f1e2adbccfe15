"""Laws of the verdict for any mother, any facts and any drug."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from matrescence.care.drug import Availability, Criterion, Drug, Lactation
from matrescence.care.eligibility.criteria import CRITERIA, Answer, Found
from matrescence.care.eligibility.decide import Outcome, decide
from matrescence.care.eligibility.facts import HealthFacts
from matrescence.care.mother import Feeding, LiverClass, Medicine, Mother
from matrescence.care.verdict import Finding
from matrescence.facts import Fact, Statement

SAID = Statement("invented", "project-decision", "test", "project-decision", "C")
CLASSES = ("maoi", "benzodiazepine", "opioid", "child-pugh-c", "ketamine", "none-of-these")
NEVER = Fact(None, "mL/kg/d", "s", "test", "read", "U")
LACTATION = Lactation(None, None, None, NEVER, NEVER, ())
maybe = st.none() | st.booleans()


def drug(criteria: tuple[Criterion, ...]) -> Drug:
    availability = Availability("off-label", date(2026, 1, 1), SAID, date(2026, 1, 1))
    return Drug("invented", "invented", "iv", SAID, availability, {}, "", {}, None, LACTATION, criteria=criteria)


@st.composite
def mothers(draw: st.DrawFn) -> Mother:
    medicine = st.builds(Medicine, st.just("m"), st.lists(st.sampled_from(CLASSES), max_size=2).map(tuple))
    return Mother(
        name="invented",
        age_years=draw(st.floats(14, 50)),
        weight_kg=draw(st.floats(40, 150)),
        start=datetime(2026, 3, 7, tzinfo=UTC),
        days_since_birth=draw(st.none() | st.integers(0, 400)),
        gestation_weeks=draw(st.none() | st.floats(4, 42)),
        feeding=draw(st.none() | st.sampled_from(Feeding)),
        egfr_ml_per_min_1_73m2=draw(st.none() | st.floats(5, 120)),
        liver=draw(st.none() | st.sampled_from(LiverClass)),
        medicines=draw(st.none() | st.lists(medicine, max_size=3).map(tuple)),
    )


HEALTH = st.builds(
    HealthFacts,
    **{item.name: maybe for item in fields(HealthFacts) if "bool" in str(item.type)},
    systolic_mmhg=st.none() | st.floats(80, 220),
    hypersensitive_to=st.none() | st.lists(st.sampled_from(["ketamine", "latex"]), max_size=2).map(tuple),
    benzodiazepine_mg_diazepam_per_day=st.none() | st.floats(0, 40),
)
UNIT = {
    "egfr_below": ("mL/min/{1.73_m2}", 15.0),
    "age_below": ("a", 18.0),
    "days_since_birth_over": ("d", 183.0),
    "uncontrolled_hypertension": ("mm[Hg]", 165.0),
    "benzodiazepine_blunting": ("mg/d", 8.0),
    "weight_outside_studied": ("kg", 80.0),
}


def threshold_of(name: str) -> Fact | None:
    if name not in UNIT:
        return None
    unit, value = UNIT[name]
    return Fact(value, unit, "s", "test", "read", "A", low=value * 0.7, high=value * 1.2)


@st.composite
def criterion(draw: st.DrawFn) -> Criterion:
    name = draw(st.sampled_from(sorted(CRITERIA)))
    threshold = threshold_of(name) if draw(st.booleans()) else None
    classes = tuple(draw(st.lists(st.sampled_from(CLASSES), max_size=3, unique=True)))
    return Criterion(name, draw(st.sampled_from(["forbids", "asks", "warns"])), SAID, threshold, classes)


CRITERION_LISTS = st.lists(criterion(), max_size=8).map(tuple)
ORDER = list(Outcome)


@given(mothers(), HEALTH, CRITERION_LISTS, criterion())
@settings(max_examples=300, deadline=None)
@pytest.mark.rule("eligibility.verdict")
def test_adding_a_criterion_never_improves_the_verdict(
    mother: Mother, health: HealthFacts, criteria: tuple[Criterion, ...], added: Criterion
) -> None:
    before = decide(mother, health, drug(criteria)).outcome
    after = decide(mother, health, drug((*criteria, added))).outcome
    assert ORDER.index(after) >= ORDER.index(before)


FACTS = [item.name for item in fields(HealthFacts)]
OF_MOTHER = ["days_since_birth", "gestation_weeks", "feeding", "egfr_ml_per_min_1_73m2", "liver", "medicines"]


def contradicts(mother: Mother, health: HealthFacts) -> bool:
    """Two facts that cannot both be true; the graver one counts, so that forgetting it leaves the other."""
    takes_benzodiazepine = any("benzodiazepine" in item.classes for item in mother.medicines or ())
    dose_without_medicine = bool(health.benzodiazepine_mg_diazepam_per_day) and not takes_benzodiazepine
    return dose_without_medicine or (mother.gestation_weeks is not None and health.pregnant is False)


def forgetting_a_fact_never_makes_her_eligible(
    name: str, mother: Mother, health: HealthFacts, classes: tuple[str, ...]
) -> None:
    assume(not contradicts(mother, health))
    asked = drug((Criterion(name, "forbids", SAID, threshold_of(name), classes),))
    if decide(mother, health, asked).outcome is Outcome.ELIGIBLE:
        return
    for forgotten in OF_MOTHER:
        unknown = decide(replace(mother, **{forgotten: None}), health, asked).outcome
        assert unknown is not Outcome.ELIGIBLE, forgotten
    for forgotten in FACTS:
        unknown = decide(mother, replace(health, **{forgotten: None}), asked).outcome
        assert unknown is not Outcome.ELIGIBLE, forgotten


CLASS_LISTS = st.sampled_from([(), ("maoi",), ("benzodiazepine", "ketamine")])


def prove_for_anybody(name: str, **how: Any) -> None:
    anybody = given(name=st.just(name), mother=mothers(), health=HEALTH, classes=CLASS_LISTS)
    settings(deadline=None, **how)(anybody(forgetting_a_fact_never_makes_her_eligible))()


@pytest.mark.parametrize("name", sorted(CRITERIA))
@pytest.mark.rule("eligibility.unknown")
def test_forgetting_a_fact_never_makes_her_eligible(name: str) -> None:
    prove_for_anybody(name, max_examples=60)


def met_or_not(fact: bool | None) -> Found:
    return Found(Answer.MET if fact else Answer.NOT_MET, "an unknown fact read as no")


PLANTED = {
    "bipolar": lambda asked: met_or_not(asked.health.bipolar),
    "uncontrolled_hypertension": lambda asked: met_or_not((asked.health.systolic_mmhg or 0) >= 165),
    "egfr_below": lambda asked: met_or_not((asked.mother.egfr_ml_per_min_1_73m2 or 90) < 15),
    "maoi": lambda asked: met_or_not(any("maoi" in medicine.classes for medicine in asked.mother.medicines or ())),
}


@pytest.mark.parametrize("name", PLANTED)
def test_an_unknown_read_as_no_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CRITERIA, name, PLANTED[name])  # type: ignore[arg-type]
    with pytest.raises(AssertionError):
        prove_for_anybody(name, max_examples=400, phases=[Phase.generate], database=None)


@given(mothers(), HEALTH, CRITERION_LISTS)
@settings(max_examples=300, deadline=None)
@pytest.mark.rule("eligibility.unknown")
def test_an_unknown_that_forbids_or_asks_never_lets_eligible_through(
    mother: Mother, health: HealthFacts, criteria: tuple[Criterion, ...]
) -> None:
    found = decide(mother, health, drug(criteria))
    decisive = [item for item in found.judged if item.if_met in (Finding.FORBIDS, Finding.ASKS)]
    if any(item.reason.finding is Finding.UNKNOWN for item in decisive):
        assert found.outcome is not Outcome.ELIGIBLE


@given(mothers(), HEALTH, CRITERION_LISTS, st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_the_order_of_criteria_does_not_matter(
    mother: Mother, health: HealthFacts, criteria: tuple[Criterion, ...], random: st.DataObject
) -> None:
    shuffled = list(criteria)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert decide(mother, health, drug(criteria)) == decide(mother, health, drug(tuple(shuffled)))


def worst_listed(found: list[tuple[Finding, Finding]]) -> Outcome:
    """The verdict by the words of the rule alone, from what is listed."""
    said = [finding for finding, _ in found]
    open_questions = [if_met for finding, if_met in found if finding is Finding.UNKNOWN]
    if Finding.FORBIDS in said:
        return Outcome.NOT_ELIGIBLE
    if Finding.ASKS in said or Finding.FORBIDS in open_questions or Finding.ASKS in open_questions:
        return Outcome.CLINICIAN_DECIDES
    return Outcome.ELIGIBLE


@given(mothers(), HEALTH, CRITERION_LISTS)
@settings(max_examples=300, deadline=None)
@pytest.mark.rule("eligibility.verdict")
def test_the_verdict_rests_on_exactly_the_reasons_listed(
    mother: Mother, health: HealthFacts, criteria: tuple[Criterion, ...]
) -> None:
    found = decide(mother, health, drug(criteria))
    assert sorted(item.criterion for item in found.judged) == sorted(item.name for item in criteria)
    assert found.outcome is worst_listed([(item.reason.finding, item.if_met) for item in found.judged])
    assert found.reasons == (found.standing, *(item.reason for item in found.judged))


def test_a_drug_without_criteria_has_nothing_against_it() -> None:
    mother = Mother("invented", 30, 70, datetime(2026, 3, 7, tzinfo=UTC))
    assert decide(mother, HealthFacts(), drug(())).outcome is Outcome.ELIGIBLE
