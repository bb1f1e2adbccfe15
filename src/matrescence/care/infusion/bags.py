"""Bags and vials: when each bag hangs, when it must be changed, and what the pharmacy draws up.

A bag is changed when it is empty or when it has hung as long as it may, whichever comes first; the next bag's clock
starts when it is hung.  A pump that is set a little above the exact rate empties a bag sooner; the change is planned
for the faster of the two, so that no bag runs dry before its time.  Where the label wants a bag more from some weight
on, and arithmetic alone would use fewer, the bags are hung for equal, shorter times, which leaves room for filling the
line.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from matrescence.care.drug import Preparation

_SAME_TIME_H = 1e-9


class Step(Protocol):
    """What bags need to know of a pump step."""

    @property
    def session(self) -> int:
        """The number of the infusion it belongs to."""

    @property
    def start_h(self) -> float:
        """Its start."""

    @property
    def end_h(self) -> float:
        """Its end."""

    @property
    def rate_ml_per_h(self) -> float | None:
        """Its exact rate."""

    @property
    def rate_ml_per_h_set(self) -> float | None:
        """What the pump is set to."""


@dataclass(frozen=True, slots=True)
class Bag:
    """One bag: hung at ``hang_at_h``, taken down by ``change_by_h`` because of ``why``, ``volume_ml`` infused from it.

    ``why`` is ``"empty"``, ``"hang time"`` or ``"end of infusion"``.
    """

    number: int
    hang_at_h: float
    change_by_h: float
    volume_ml: float
    why: str


@dataclass(frozen=True, slots=True)
class Vials:
    """Single-dose vials: what remains in a vial is discarded, so each bag takes whole vials."""

    per_bag: int
    total: int


def hang_bags(steps: Sequence[Step], preparation: Preparation | None, *, weight_kg: float) -> tuple[Bag, ...]:
    """The bags of every infusion in order; empty when the volume of a bag or a pump rate is not known.

    Where no hang time is known (site policy) a bag is changed only when it is empty.
    """
    if preparation is None or preparation.bag_ml.value is None:
        return ()
    if not steps or any(step.rate_ml_per_h is None for step in steps):
        return ()
    bags: list[Bag] = []
    for session in sorted({step.session for step in steps}):
        own = [step for step in steps if step.session == session]
        bags += _hang(
            own,
            bag_ml=preparation.bag_ml.value,
            hang_h=math.inf if preparation.hang_h.value is None else preparation.hang_h.value,
            least=_least_bags(own, preparation, weight_kg),
            first=len(bags) + 1,
        )
    return tuple(bags)


def vials_for(bags: Sequence[Bag], preparation: Preparation | None) -> Vials | None:
    """Whole vials for each bag by the recipe; ``None`` when the recipe is not known."""
    if preparation is None or not bags:
        return None
    facts = (preparation.bag_ml.value, preparation.concentration_mg_per_ml.value, preparation.vial_mg.value)
    if None in facts:
        return None
    bag_ml, concentration_mg_per_ml, vial_mg = (fact for fact in facts if fact is not None)
    per_bag = math.ceil(bag_ml * concentration_mg_per_ml / vial_mg - 1e-9)
    return Vials(per_bag, per_bag * len(bags))


def _least_bags(steps: Sequence[Step], preparation: Preparation, weight_kg: float) -> int:
    """From the label's weight on, one bag more than hang time alone asks for."""
    threshold = preparation.extra_bag_from_kg
    hang_h = preparation.hang_h.value
    if threshold is None or threshold.value is None or hang_h is None or weight_kg < threshold.value:
        return 1
    return math.ceil((steps[-1].end_h - steps[0].start_h) / hang_h - 1e-9) + 1


def _hang(steps: Sequence[Step], *, bag_ml: float, hang_h: float, least: int, first: int) -> list[Bag]:
    bags = _fill(steps, bag_ml=bag_ml, hang_h=hang_h, first=first)
    if len(bags) >= least:
        return bags
    return _fill(steps, bag_ml=bag_ml, hang_h=(steps[-1].end_h - steps[0].start_h) / least, first=first)


def _fill(steps: Sequence[Step], *, bag_ml: float, hang_h: float, first: int) -> list[Bag]:
    bags: list[Bag] = []
    at_h, end_h = steps[0].start_h, steps[-1].end_h
    while end_h - at_h > _SAME_TIME_H:
        empty_h = _time_when_infused(steps, at_h, bag_ml)
        change_h = min(empty_h, at_h + hang_h, end_h)
        if end_h - change_h <= _SAME_TIME_H:
            change_h, why = end_h, "end of infusion"
        else:
            why = "empty" if empty_h < at_h + hang_h else "hang time"
        bags.append(Bag(first + len(bags), at_h, change_h, _infused_ml(steps, at_h, change_h), why))
        at_h = change_h
    return bags


def _infused_ml(steps: Sequence[Step], from_h: float, to_h: float) -> float:
    return sum(
        max(0.0, min(step.end_h, to_h) - max(step.start_h, from_h)) * (step.rate_ml_per_h or 0.0) for step in steps
    )


def _time_when_infused(steps: Sequence[Step], from_h: float, volume_ml: float) -> float:
    """When ``volume_ml`` can have run since ``from_h`` at the earliest; infinity when the infusion ends before."""
    left_ml = volume_ml
    for step in steps:
        begins_h = max(step.start_h, from_h)
        fastest_ml_per_h = max(step.rate_ml_per_h or 0.0, step.rate_ml_per_h_set or 0.0)
        if step.end_h <= begins_h or not fastest_ml_per_h:
            continue
        if left_ml <= (step.end_h - begins_h) * fastest_ml_per_h:
            return begins_h + left_ml / fastest_ml_per_h
        left_ml -= (step.end_h - begins_h) * fastest_ml_per_h
    return math.inf
