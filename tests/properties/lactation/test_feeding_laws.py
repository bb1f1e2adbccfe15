"""Feeding: what is cut out of a course is gone and nothing else, and milk grows with weight and hours."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pytest import approx

from matrescence.care.infusion.plan import Session, plan_treatment
from matrescence.care.lactation.course import Interval, as_given
from matrescence.care.lactation.feeding import feeding_advice
from matrescence.care.lactation.storing import milk_for, windows
from matrescence.formulary.library import load

DRUG = load("brexanolone")
START = datetime(2026, 6, 1, 8, tzinfo=UTC)
PLANNED = plan_treatment(DRUG.regimens["label-90"], DRUG.preparation, (), weight_kg=70, start=START)
hours = st.floats(0.01, 59.99, allow_nan=False)


@settings(max_examples=150, deadline=None)
@given(hours, hours, st.none() | hours)
def test_given_and_cut_out_make_the_plan(a: float, b: float, stop: float | None) -> None:
    low, high = sorted((a, b))
    assume(high - low > 1e-6 and (stop is None or stop > high))
    given_ = as_given(PLANNED, pauses=[Interval(low, high)], stopped_at_h=stop).treatment
    cut = as_given(PLANNED, stopped_at_h=high).treatment.total_dose_mg
    cut -= as_given(PLANNED, stopped_at_h=low).treatment.total_dose_mg
    if stop is not None:
        cut += PLANNED.total_dose_mg - as_given(PLANNED, stopped_at_h=stop).treatment.total_dose_mg
    assert given_.total_dose_mg + cut == approx(PLANNED.total_dose_mg, rel=1e-9)
    ends = [step.end_h for step in given_.steps]
    assert all(end <= step.start_h for end, step in zip(ends, given_.steps[1:], strict=False))
    assert given_.end_h == (60.0 if stop is None else stop)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=6))
def test_windows_are_apart_in_order_and_hold_every_session(gaps: list[float]) -> None:
    sessions, at_h = [], 0.0
    for number, gap in enumerate(gaps, start=1):
        sessions.append(Session(number, at_h, at_h + 0.5))
        at_h += 0.5 + gap
    for advice in feeding_advice(load("ketamine").lactation, start=START, ends_h=[s.end_h for s in sessions]):
        found = windows(advice, sessions)
        assert sum(window.sessions for window in found) == (len(sessions) if found else 0)
        assert all(a.until_h < b.from_h for a, b in pairwise(found))


@settings(max_examples=150, deadline=None)
@given(st.floats(0, 500), st.floats(0.3, 20), st.floats(1, 3))
def test_milk_grows_in_proportion_and_the_upper_amount_is_never_below_the_usual(h: float, kg: float, k: float) -> None:
    one = milk_for(h, DRUG.lactation, infant_weight_kg=kg)
    assert one.usual_ml is not None and one.upper_ml is not None
    assert one.usual_ml <= one.upper_ml
    assert milk_for(h * k, DRUG.lactation, infant_weight_kg=kg).usual_ml == approx(k * one.usual_ml)
    assert milk_for(h, DRUG.lactation, infant_weight_kg=kg * k).usual_ml == approx(k * one.usual_ml)
