"""Laws of triage: an urgent answer opens its path whatever else is said, missing, or low."""

from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from matrescence.care.assessment.history import History, InfantHarm, Onset, PsychosisSigns
from matrescence.care.assessment.scales import Kind, Missing, Scale
from matrescence.care.assessment.scoring import Answers, AnswersAs, score
from matrescence.care.assessment.triage import Picture, Triage, triage
from matrescence.care.assessment.urgent import Urgency
from matrescence.care.verdict import Finding
from matrescence.instruments.help_lines import load_lines
from matrescence.instruments.library import load, names

LINES = load_lines()
SCALES = {name: load(name) for name in names()}
QUICK = settings(max_examples=150, deadline=None)

maybe = st.none() | st.booleans()
signs = st.builds(PsychosisSigns, **{field.name: maybe for field in fields(PsychosisSigns)})
harms = st.builds(InfantHarm, **{field.name: maybe for field in fields(InfantHarm)})
histories = st.builds(
    History,
    pregnant=maybe,
    days_since_birth=st.none() | st.integers(0, 500),
    symptoms_began=st.none() | st.sampled_from(Onset),
    symptoms_began_on_day=st.none() | st.integers(-300, 500),
    symptoms_lasted_days=st.none() | st.integers(0, 600),
    signs=signs,
    infant_harm=harms,
    mania_or_hypomania=maybe,
    bipolar_disorder=maybe,
    prior_depression=maybe,
    severe_mental_illness=maybe,
)


def forms_of(scale: Scale) -> st.SearchStrategy[Answers]:
    given_answers = st.fixed_dictionaries(
        {item.key: st.none() | st.integers(item.low, item.high) for item in scale.items}
    )
    return st.builds(Answers, st.just(scale), st.just(AnswersAs.SCORE), given_answers)


any_form = st.sampled_from(sorted(SCALES)).flatmap(lambda name: forms_of(SCALES[name]))
several = st.lists(any_form, max_size=4)


def outcome(forms: list[Answers], history: History) -> Triage:
    return triage([score(form) for form in forms], history, LINES)


def opened(found: Triage) -> list[str]:
    return [path.reason.rule for path in found.urgent]


@QUICK
@given(data=st.data(), name=st.sampled_from(["epds", "phq9", "hamd17", "madrs"]), rest=several, history=histories)
def test_a_self_harm_score_above_zero_opens_a_path_below_only_what_is_more_pressing(
    data: st.DataObject, name: str, rest: list[Answers], history: History
) -> None:
    scale = SCALES[name]
    assert scale.self_harm is not None
    item = scale.item(scale.self_harm.item)
    form = data.draw(forms_of(scale))
    positive = data.draw(st.integers(1, item.high))
    form = replace(form, given={**form.given, item.key: positive})
    found = outcome([*rest, form], history)
    place = opened(found).index("assessment.self_harm_item")
    assert {path.urgency for path in found.urgent[:place]} <= {Urgency.NOW}
    assert [path.urgency for path in found.urgent] == sorted(
        (path.urgency for path in found.urgent), key=list(Urgency).index
    )
    assert found.picture is not Picture.BLUES
    assert found.next_step.startswith("First what is urgent")
    assert any(line.number == "988" for line in found.urgent[0].lines)


@QUICK
@given(form=forms_of(SCALES["cssrs"]), key=st.sampled_from(["4", "5", "6_3_months"]), rest=several, history=histories)
def test_intent_or_recent_behaviour_is_always_the_highest_tier(
    form: Answers, key: str, rest: list[Answers], history: History
) -> None:
    others = [other for other in rest if other.scale.name != "cssrs"]
    found = outcome([*others, replace(form, given={**form.given, key: 1})], history)
    assert "assessment.cssrs_high" in opened(found)


@QUICK
@given(forms=several, history=histories, sign=st.sampled_from([field.name for field in fields(PsychosisSigns)]))
def test_one_sign_of_psychosis_is_an_emergency_whatever_else_is_said(
    forms: list[Answers], history: History, sign: str
) -> None:
    found = outcome(forms, replace(history, signs=replace(history.signs, **{sign: True})))
    assert "assessment.psychosis_sign" in opened(found)
    assert found.picture is not Picture.BLUES


@QUICK
@given(forms=several, more=several, history=histories)
def test_a_further_form_never_closes_a_path(forms: list[Answers], more: list[Answers], history: History) -> None:
    before, after = opened(outcome(forms, history)), opened(outcome([*forms, *more], history))
    assert all(after.count(rule) >= before.count(rule) for rule in before)


@QUICK
@given(forms=several, history=histories)
def test_answering_what_was_missing_never_closes_a_path(forms: list[Answers], history: History) -> None:
    partly = [replace(form, given={key: n for key, n in form.given.items() if n}) for form in forms]
    answered = [replace(form, given={**form.given, **{key: n for key, n in form.given.items() if n}}) for form in forms]
    assert set(opened(outcome(partly, history))) <= set(opened(outcome(answered, history)))


@QUICK
@given(forms=several, history=histories)
def test_urgent_paths_come_first_and_every_unknown_fact_is_a_reason(forms: list[Answers], history: History) -> None:
    found = outcome(forms, history)
    assert found.reasons[: len(found.urgent)] == tuple(path.reason for path in found.urgent)
    unknown = {reason.rule for reason in found.reasons if reason.finding is Finding.UNKNOWN}
    if history.signs.not_recorded:
        assert "assessment.psychosis_unknown" in unknown
    if history.prior_depression is None:
        assert "assessment.prior_depression_unknown" in unknown
    if any(form.scale.self_harm and form.given[form.scale.self_harm.item] is None for form in forms):
        assert "assessment.self_harm_unknown" in unknown


@QUICK
@given(form=any_form)
def test_a_missing_answer_is_never_a_zero(form: Answers) -> None:
    found = score(form)
    absent = [item.key for item in form.scale.scored_items if form.given[item.key] is None]
    if absent and form.scale.missing.kind is not Missing.PRORATE:
        assert found.total is None
    if absent and form.scale.kind is not Kind.TIERS:
        assert found.lowest < found.highest
        assert set(absent) <= set(found.missing)
    if found.total is not None:
        assert found.lowest <= found.total <= found.highest


@QUICK
@given(form=any_form)
def test_scores_and_printed_places_say_the_same(form: Answers) -> None:
    printed = {
        key: None if number is None else form.scale.item(key).printed_option_of(number)
        for key, number in form.given.items()
    }
    again = score(Answers(form.scale, AnswersAs.PRINTED_OPTION, printed))
    assert again == score(form)
