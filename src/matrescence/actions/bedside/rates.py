"""Millilitres an hour on the pump <-> micrograms per kilogram and hour in the order.

``rate_ug_per_kg_h = rate_ml_per_h * concentration_mg_per_ml * 1000 / weight_kg``
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from matrescence.care.infusion.order import InfusionOrder
from matrescence.care.infusion.state import State, allowed_rate_at

_ROUNDING = 1e-9


def concentration_mg_per_ml(order: InfusionOrder) -> float | None:
    """The concentration that the order's own stairs imply; ``None`` where its pump rates are not known."""
    for stair in order.stairs:
        if stair.rate_ml_per_h:
            return stair.rate_ug_per_kg_h * order.weight_kg / 1000.0 / stair.rate_ml_per_h
    return None


def ug_per_kg_h(rate_ml_per_h: float, order: InfusionOrder) -> float | None:
    """A pump rate as the order counts it; ``None`` where the concentration is not known."""
    concentration = concentration_mg_per_ml(order)
    return None if concentration is None else rate_ml_per_h * concentration * 1000.0 / order.weight_kg


def ml_per_h(rate_ug_per_kg_h: float, order: InfusionOrder) -> float | None:
    """An ordered rate as the pump counts it; ``None`` where the concentration is not known."""
    concentration = concentration_mg_per_ml(order)
    return None if concentration is None else rate_ug_per_kg_h * order.weight_kg / 1000.0 / concentration


def as_ordered(rate_ml_per_h: float, state: State, at: datetime, resolution_ml_per_h: float) -> float | None:
    """A pump rate as the rate of the plan that it is within the pump's rounding, else by arithmetic.

    What is allowed at ``at`` is looked at first, then the rate that is known to run, then the other stairs.  ``None``
    where the concentration is not known.
    """
    plain = ug_per_kg_h(rate_ml_per_h, state.ordered)
    if plain is None:
        return None
    for rate in _candidates(state, at):
        exact = ml_per_h(rate, state.ordered)
        if exact and abs(exact - rate_ml_per_h) <= resolution_ml_per_h / 2.0 + _ROUNDING:
            return rate
    return round(plain, 2)


def _candidates(state: State, at: datetime) -> Iterator[float]:
    yield allowed_rate_at(state, at)
    yield state.rate_ug_per_kg_h
    for stair in state.ordered.stairs:
        yield stair.rate_ug_per_kg_h
