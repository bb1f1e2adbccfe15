"""How much has gone in: what was confirmed, and the most it can have been.

A confirmed rate is counted up to the end of its stair, because the pump is set for one stair at a time.  What runs
beyond a stair's end, or against the plan, has not been confirmed by anybody; it is counted in ``at_most`` only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from matrescence.care.infusion.state import RatePoint, State, stair_at


@dataclass(frozen=True, slots=True)
class Dose:
    """Micrograms per kilogram given so far: confirmed within the plan, and the most that can have been given."""

    confirmed_ug_per_kg: float
    at_most_ug_per_kg: float


def dose(state: State, at: datetime) -> Dose:
    """Integrate the confirmed rates over time up to ``at``.

    confirmed = sum of rate x (from the confirmation to the next point or the stair's end, whichever comes first);
    at most   = the same, and after the stair's end the higher of the last rate and the plan's, until the next point.
    """
    points = [point for point in state.rates if point.at <= at]
    if not points:
        return Dose(0.0, 0.0)
    closed = [*points, RatePoint(at, 0.0)]
    confirmed = at_most = 0.0
    for point, following in pairwise(closed):
        sure_until = min(following.at, _stair_end(state, point)) if point.within_plan else point.at
        confirmed += _amount(point.rate_ug_per_kg_h, point.at, sure_until)
        at_most += _amount(point.rate_ug_per_kg_h, point.at, sure_until)
        if point.rate_ug_per_kg_h > 0:
            at_most += _at_most(state, point.rate_ug_per_kg_h, sure_until, following.at)
    return Dose(confirmed, at_most)


def late_words_ug_per_kg(state: State, at: datetime) -> float:
    """The part of ``at_most`` that lies between a stair's end and the word, within the plan, that it had gone on.

    sum of (rate before - planned rate) x (from the stair's end to the confirmation), where a confirmation came.  A pump
    that followed its programme gave none of it; whether it did, nobody said at the time.
    """
    points = [point for point in state.rates if point.at <= at]
    total = 0.0
    for point, following in pairwise(points):
        if point.rate_ug_per_kg_h > 0 and point.within_plan and following.within_plan:
            since = min(following.at, _stair_end(state, point))
            most = _at_most(state, point.rate_ug_per_kg_h, since, following.at)
            total += most - _at_most(state, 0.0, since, following.at)
    return total


def _stair_end(state: State, point: RatePoint) -> datetime:
    stair = stair_at(state, point.at)
    if stair is None or state.started_at is None:
        return point.at
    return state.started_at + timedelta(hours=stair.end_h)


def _at_most(state: State, rate_ug_per_kg_h: float, start: datetime, end: datetime) -> float:
    """The most that can have run between two instants when nobody confirmed anything."""
    if state.started_at is None:
        return _amount(rate_ug_per_kg_h, start, end)
    edges = [state.started_at + timedelta(hours=stair.end_h) for stair in state.ordered.stairs]
    cuts = [start, *(edge for edge in edges if start < edge < end), end]
    total = 0.0
    for low, high in pairwise(cuts):
        stair = stair_at(state, low)
        planned = 0.0 if stair is None else stair.rate_ug_per_kg_h
        total += _amount(max(rate_ug_per_kg_h, planned), low, high)
    return total


def _amount(rate_ug_per_kg_h: float, start: datetime, end: datetime) -> float:
    return rate_ug_per_kg_h * ((end - start).total_seconds() / 3600.0)
