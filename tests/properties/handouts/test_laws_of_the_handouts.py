"""Laws that hold for every plan and every scale, not only for the examples."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from matrescence.actions.mother_file import read_mother
from matrescence.actions.planning import plan
from matrescence.formulary import library
from matrescence.handouts.calendar import calendar, entries
from matrescence.handouts.clock import Clock
from matrescence.handouts.page import plan_page
from matrescence.handouts.scale import Linear, Logarithmic, decades, nice_ticks, spread_apart

MOTHERS = Path(__file__).parents[3] / "examples" / "mothers"
ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo", "UTC")
finite = st.floats(-1e6, 1e6, allow_nan=False)
positive = st.floats(1e-6, 1e6, allow_nan=False)


@lru_cache(maxsize=1)
def _ana() -> str:
    told = plan(read_mother(MOTHERS / "ana.toml"), library.load("brexanolone"), women=20, seed=1)
    return json.dumps(told.as_json())


def ana() -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(_ana())
    return copy


@given(low=finite, span=positive, at_most=st.integers(2, 12))
@settings(max_examples=300, deadline=None)
def test_ticks_cover_the_range_rise_and_are_few(low: float, span: float, at_most: int) -> None:
    assume(span >= 1e-6 * abs(low))  # a range that floating point can still tell apart
    ticks = nice_ticks(low, low + span, at_most=at_most)
    slack = 1e-6 * span
    assert ticks[0] <= low + slack and ticks[-1] >= low + span - slack
    assert all(one < other for one, other in pairwise(ticks))
    assert len(ticks) <= at_most + 1


@given(low=positive, factor=st.floats(1.0, 1e6))
@settings(max_examples=100, deadline=None)
def test_decades_cover_the_range(low: float, factor: float) -> None:
    ticks = decades(low, low * factor)
    assert ticks[0] <= low * (1 + 1e-9) and ticks[-1] >= low * factor * (1 - 1e-9) and len(ticks) >= 2


@given(values=st.lists(st.floats(0.01, 1e4), min_size=2, max_size=10))
@settings(max_examples=100, deadline=None)
def test_a_scale_keeps_the_order_of_values(values: list[float]) -> None:
    ordered = sorted(values)
    for scale in (Linear(0, 1e4, 0, 500), Logarithmic(0.01, 1e4, 0, 500)):
        places = [scale(value) for value in ordered]
        assert places == sorted(places)
        assert all(-1e-6 <= place <= 500 + 1e-6 for place in places)


@given(places=st.lists(st.floats(0, 200), min_size=1, max_size=8), gap=st.floats(1, 20))
@settings(max_examples=200, deadline=None)
def test_labels_keep_their_order_and_their_distance(places: list[float], gap: float) -> None:
    moved = spread_apart(sorted(places), gap=gap, highest=200)
    assert moved[-1] <= 200 + 1e-9
    assert all(later - earlier >= gap - 1e-9 for earlier, later in pairwise(moved))


@given(
    zone=st.sampled_from(ZONES),
    start=st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001
    hours=st.floats(0.2, 500),
    at_most=st.integers(2, 14),
)
@settings(max_examples=150, deadline=None)
def test_clock_ticks_rise_and_stay_inside_in_every_zone(zone: str, start: datetime, hours: float, at_most: int) -> None:
    clock = Clock.of({"start": start.replace(tzinfo=UTC).isoformat(), "time_zone": zone})
    ticks = clock.ticks(0.0, hours, at_most=at_most)
    assert all(0.0 <= tick.at_h <= hours for tick in ticks)
    assert all(one.at_h < other.at_h for one, other in pairwise(ticks))
    assert len(ticks) <= at_most + 2
    for tick in ticks:
        assert (clock.at(tick.at_h).minute, clock.at(tick.at_h).second) == (int(tick.label[3:]), 0)


HOSTILE = st.one_of(
    st.sampled_from(
        ["<script>alert(1)</script>", "</style><script>", '"onload="x', "&lt;b&gt;", "{{ 7*7 }}", "\\00003c", "'}*/"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30),
)


@given(name=HOSTILE, who=HOSTILE, text=HOSTILE, drug=HOSTILE)
@settings(max_examples=40, deadline=None)
def test_no_name_can_break_out_of_the_page(name: str, who: str, text: str, drug: str) -> None:
    told = ana()
    told["mother"]["name"], told["lactation"][0]["who"], told["drug_label"], told["drug"] = name, who, drug, drug
    told["warnings"][1]["text"] = text
    told["references"][0]["text"] = text
    page = plan_page(told)
    assert "<script" not in page.lower()
    assert page.count("<style>") == page.count("</style>") == 1
    assert page.count("<body>") == page.count("</html>") == 1
    assert "alert(1)</" not in page and 'load="x' not in page.replace("&#34;", "").replace("&quot;", "")


@given(days=st.integers(0, 3000), drug=HOSTILE)
@settings(max_examples=25, deadline=None)
def test_a_calendar_comes_back_as_it_was_written(days: int, drug: str) -> None:
    told = ana()
    moved = datetime.fromisoformat(told["start"]) + timedelta(days=days)
    told["start"], told["drug_label"] = moved.isoformat(), drug
    clock = Clock.of(told)
    back = Calendar.from_ical(calendar(told)).walk("VEVENT")
    assert len(back) == len(entries(told))
    for entry, event in zip(entries(told), back, strict=True):
        exact = clock.at(entry.at_h).astimezone(UTC)
        assert abs(event.decoded("dtstart") - exact) <= timedelta(seconds=1)
        assert str(event["summary"]).endswith(entry.summary)
        assert event.decoded("dtend") > event.decoded("dtstart")
