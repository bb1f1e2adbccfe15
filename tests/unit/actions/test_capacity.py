"""Places: against queueing theory's published tables, a simulation, and its laws."""

from __future__ import annotations

import heapq
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from matrescence.actions.capacity import load, places_at_occupancy, places_for, turned_away

loads = st.floats(0.01, 200.0)


@settings(max_examples=60)
@given(loads, st.integers(0, 260))
def test_the_loss_formula_is_a_cut_off_poisson_distribution(mean: float, places: int) -> None:
    expected = poisson.pmf(places, mean) / poisson.cdf(places, mean)
    assert turned_away(mean, places=places) == pytest.approx(expected, rel=1e-8, abs=1e-300)


def test_the_published_tables_come_out() -> None:
    # Erlang B tables: load at which so many places turn away 1 %.
    for places, mean in ((1, 0.0101), (2, 0.153), (5, 1.36), (10, 4.46), (20, 12.0), (50, 37.9)):
        assert turned_away(mean, places=places) == pytest.approx(0.01, rel=0.03)


def test_a_simulated_ward_turns_away_as_many() -> None:
    random = np.random.default_rng(11)
    mean, beds, refused, arrivals = 1.5, 3, 0, 60_000
    leaving: list[float] = []
    now = 0.0
    for _ in range(arrivals):
        now += random.exponential(1.0)
        while leaving and leaving[0] <= now:
            heapq.heappop(leaving)
        if len(leaving) == beds:
            refused += 1
        else:
            heapq.heappush(leaving, now + mean)
    # Fixed stays, as an infusion has: the formula does not depend on their spread.
    assert refused / arrivals == pytest.approx(turned_away(mean, places=beds), abs=0.006)


@settings(max_examples=60)
@given(loads, st.floats(0.001, 0.5))
def test_the_fewest_places_are_just_enough(mean: float, share: float) -> None:
    places = places_for(mean, turned_away_share=share)
    assert turned_away(mean, places=places) <= share
    assert places == 0 or turned_away(mean, places=places - 1) > share


@settings(max_examples=60)
@given(loads, st.floats(0.05, 1.0))
def test_the_occupancy_is_kept(mean: float, occupancy: float) -> None:
    places = places_at_occupancy(mean, occupancy=occupancy)
    assert mean / places <= occupancy * (1 + 1e-6)
    assert places == 1 or mean / (places - 1) > occupancy * (1 - 1e-6)


def test_no_demand_needs_no_place() -> None:
    assert places_for(0.0, turned_away_share=0.01) == places_at_occupancy(0.0, occupancy=0.8) == 0
    assert load(courses_a_year=146.1, hours_each=60.0, open_hours_a_year=8766.0) == pytest.approx(1.0)


def test_impossible_numbers_are_refused() -> None:
    for call in (
        lambda: load(courses_a_year=-1.0, hours_each=1.0, open_hours_a_year=1.0),
        lambda: places_at_occupancy(1.0, occupancy=0.0),
        lambda: places_for(1.0, turned_away_share=1.0),
    ):
        with pytest.raises(ValueError, match=r"not|between|above"):
            call()
    assert not math.isnan(turned_away(0.0, places=3))
