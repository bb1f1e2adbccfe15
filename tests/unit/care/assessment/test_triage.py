from __future__ import annotations

from dataclasses import fields, replace

import pytest

from matrescence.care.assessment import urgent
from matrescence.care.assessment.help_lines import LineRole
from matrescence.care.assessment.history import History, InfantHarm, Onset, PsychosisSigns
from matrescence.care.assessment.rules import RULE
from matrescence.care.assessment.scoring import Answers, AnswersAs, score
from matrescence.care.assessment.triage import (
    ASK_FIRST,
    NEXT_STEP,
    NOT_YET,
    Picture,
    began_within,
    in_days_of_blues,
    lasted_two_weeks,
    triage,
)
from matrescence.care.verdict import Finding
from matrescence.instruments.help_lines import load_lines
from matrescence.instruments.library import load

AFTER, PREGNANCY, BEFORE = Onset.AFTER_BIRTH, Onset.PREGNANCY, Onset.BEFORE_PREGNANCY
CALM = History(
    days_since_birth=40,
    symptoms_began_on_day=20,
    signs=PsychosisSigns(**{field.name: False for field in fields(PsychosisSigns)}),
    infant_harm=InfantHarm(thoughts=False),
)


@pytest.mark.parametrize(
    ("history", "within_28", "within_365"),
    [
        (History(), None, None),
        (History(symptoms_began=PREGNANCY), True, True),
        (History(symptoms_began=BEFORE), False, False),
        (History(symptoms_began_on_day=0), True, True),
        (History(symptoms_began_on_day=28), True, True),
        (History(symptoms_began_on_day=29), False, True),
        (History(symptoms_began_on_day=365), False, True),
        (History(symptoms_began_on_day=366), False, False),
        (History(symptoms_began_on_day=-5), None, None),  # before birth: in pregnancy, or before it?
        (History(symptoms_began=AFTER), None, None),
        (History(symptoms_began=AFTER, days_since_birth=20), True, True),
        (History(symptoms_began=AFTER, days_since_birth=40), None, True),
        (History(symptoms_began=AFTER, days_since_birth=400), None, None),
        (History(symptoms_began=AFTER, days_since_birth=60, symptoms_lasted_days=20), False, True),
    ],
)
def test_when_it_began(history: History, within_28: bool | None, within_365: bool | None) -> None:
    assert began_within(history, 28) is within_28
    assert began_within(history, 365) is within_365


@pytest.mark.parametrize(
    ("history", "lasted"),
    [
        (History(), None),
        (History(symptoms_lasted_days=14), True),
        (History(symptoms_lasted_days=13), False),
        (History(days_since_birth=20, symptoms_began_on_day=6), True),
        (History(days_since_birth=20, symptoms_began_on_day=7), False),
        (History(days_since_birth=13, symptoms_began=AFTER), False),
        (History(days_since_birth=14, symptoms_began=AFTER), None),
        (History(days_since_birth=14, symptoms_began=PREGNANCY), True),
        (History(days_since_birth=13, symptoms_began=PREGNANCY), None),
        (History(days_since_birth=14), None),
    ],
)
def test_how_long_it_has_lasted(history: History, lasted: bool | None) -> None:
    assert lasted_two_weeks(history) is lasted


@pytest.mark.parametrize(
    ("history", "blues"),
    [
        (History(days_since_birth=2, symptoms_began=AFTER), True),
        (History(days_since_birth=1, symptoms_began=AFTER), False),
        (History(days_since_birth=14, symptoms_began=AFTER), None),
        (History(days_since_birth=14, symptoms_began_on_day=1), True),
        (History(days_since_birth=14, symptoms_began_on_day=0), False),
        (History(days_since_birth=15, symptoms_began=AFTER), False),
        (History(days_since_birth=6), None),
        (History(symptoms_began=AFTER), None),
        (History(symptoms_began=PREGNANCY), False),
        (History(pregnant=True), False),
    ],
)
def test_the_days_of_the_blues(history: History, blues: bool | None) -> None:
    assert in_days_of_blues(history) is blues


def test_every_rule_that_opens_a_path_has_a_step_with_the_right_lines() -> None:
    tiers = {tier.rule for tier in load("cssrs").tiers}
    assert tiers <= set(urgent._STEPS) <= set(RULE)
    for rule, step in urgent._STEPS.items():
        if step.urgency is urgent.Urgency.NOW:
            assert step.roles[0] is LineRole.EMERGENCY, rule
        if step.urgency is urgent.Urgency.THIS_VISIT:
            assert step.roles[0] is LineRole.CRISIS, rule
        if LineRole.SUPPORT in step.roles:
            assert LineRole.CRISIS in step.roles[: step.roles.index(LineRole.SUPPORT)], rule


def test_every_picture_has_a_next_step() -> None:
    assert set(NEXT_STEP) == set(Picture)


def test_the_most_pressing_path_is_shown_first_then_the_order_of_the_rules() -> None:
    given = {"1": 1, "2": 1, "4": 1, "6": 0}
    everything = History(
        signs=PsychosisSigns(delusions=True), mania_or_hypomania=True, infant_harm=InfantHarm(intention=True)
    )
    scores = [
        score(Answers(load("mdq"), AnswersAs.SCORE, {str(n): 1 for n in range(1, 14)})),
        score(Answers(load("cssrs"), AnswersAs.SCORE, given)),
        score(Answers(load("epds"), AnswersAs.SCORE, {"10": 1})),
    ]
    assert [path.reason.rule for path in triage(scores, everything, load_lines()).urgent] == [
        "assessment.cssrs_high",
        "assessment.psychosis_sign",
        "assessment.infant_harm_emergency",
        "assessment.self_harm_item",
        "assessment.mania_history",
        "assessment.mdq_positive",
    ]


@pytest.mark.rule("assessment.self_harm_unknown")
@pytest.mark.hazard("self-harm-answer-unseen")
def test_what_could_be_urgent_and_was_not_asked_stands_before_an_ordinary_next_step() -> None:
    """A low score with its last question unanswered is not sent on to the next visit."""
    low = score(Answers(load("phq9"), AnswersAs.SCORE, {str(n): 0 for n in range(1, 9)}))
    found = triage([low], CALM, load_lines())
    assert found.picture is Picture.SCREEN_NEGATIVE
    assert found.next_step == ASK_FIRST + NEXT_STEP[Picture.SCREEN_NEGATIVE]
    answered = score(Answers(load("phq9"), AnswersAs.SCORE, {str(n): 0 for n in range(1, 10)}))
    assert triage([answered], CALM, load_lines()).next_step == NEXT_STEP[Picture.SCREEN_NEGATIVE]


@pytest.mark.rule("assessment.infant_harm_unknown")
def test_thoughts_of_harming_the_baby_that_were_recorded_are_not_said_to_be_unrecorded() -> None:
    found = triage([], History(infant_harm=InfantHarm(thoughts=True)), load_lines())
    asked = next(reason.text for reason in found.to_ask if reason.rule == "assessment.infant_harm_unknown")
    assert asked.startswith("She has thoughts of harming the baby; whether voices")


@pytest.mark.rule("assessment.two_weeks")
def test_of_what_has_not_lasted_two_weeks_nobody_says_that_it_has() -> None:
    high = score(Answers(load("epds"), AnswersAs.SCORE, {str(n): 2 for n in range(1, 10)} | {"10": 0}))
    found = triage([high], replace(CALM, symptoms_lasted_days=5), load_lines())
    assert found.picture is Picture.NOT_YET_TWO_WEEKS
    assert NOT_YET in {reason.text for reason in found.reasons}


def test_of_a_mother_of_whom_nothing_is_known_everything_is_asked() -> None:
    found = triage([], History(), load_lines())
    assert found.picture is Picture.UNCLEAR
    assert found.urgent == ()
    assert {reason.finding for reason in found.reasons} == {Finding.UNKNOWN}
    assert {reason.rule for reason in found.to_ask} == {
        "assessment.self_harm_unknown",
        "assessment.psychosis_unknown",
        "assessment.bipolar_unknown",
        "assessment.infant_harm_unknown",
    }


def test_a_pregnant_woman_is_not_asked_when_she_gave_birth() -> None:
    assert "assessment.day_unknown" not in {
        reason.rule for reason in triage([], History(pregnant=True), load_lines()).reasons
    }


def test_signs_are_named_as_a_nurse_would() -> None:
    signs = PsychosisSigns(severe_agitation=True, confusion=False)
    assert signs.seen == ("severe agitation",)
    assert len(signs.not_recorded) == len(fields(PsychosisSigns)) - 2
