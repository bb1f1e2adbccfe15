"""The levels that were measured in her, each beside the band that was expected at its hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from matrescence.actions.update_levels import sampled_elsewhere
from matrescence.care.drug import Drug
from matrescence.care.infusion.readings import PlasmaLevel
from matrescence.care.infusion.state import State
from matrescence.clinic.infusion.levels import Level


class Place(Enum):
    """Where a measured level lies against the band of 9 of 10 women at its hour."""

    INSIDE = "inside"
    ABOVE = "above"
    BELOW = "below"
    OTHER_BLOOD = "other blood"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Measured:
    """One measured level: when it was drawn, the band at that hour where one is known, and where it lies."""

    key: str
    at: datetime
    hour: float | None
    reading: PlasmaLevel
    by: str
    corrected: bool
    expected: tuple[float, float, float] | None
    place: Place

    @property
    def is_outside(self) -> bool:
        """Whether fewer than 9 of 10 women are expected to be so far out."""
        return self.place in {Place.ABOVE, Place.BELOW}


def measured_levels(state: State, level: Level | None, drug: Drug) -> tuple[Measured, ...]:
    """Every measured level of this infusion by time, as it stands after corrections."""
    model = None if drug.default_model is None else drug.models[drug.default_model]
    found = []
    levels = [seen for seen in state.observations if isinstance(seen.reading, PlasmaLevel)]
    for seen in sorted(levels, key=lambda seen: seen.at):
        hour = None if state.started_at is None else (seen.at - state.started_at) / timedelta(hours=1)
        band = None if level is None or hour is None or hour < 0.0 else level.shown_at(hour)
        place = Place.OTHER_BLOOD if sampled_elsewhere(seen.reading, model) else _place(seen.reading, band)
        found.append(Measured(seen.key, seen.at, hour, seen.reading, seen.by, seen.corrected, band, place))
    return tuple(found)


def _place(reading: PlasmaLevel, band: tuple[float, float, float] | None) -> Place:
    if band is None:
        return Place.UNKNOWN
    low, _middle, high = band
    if reading.below_ng_per_ml is not None:  # it lay somewhere below this
        return Place.BELOW if reading.below_ng_per_ml <= low else Place.UNKNOWN
    if reading.level_ng_per_ml < low:
        return Place.BELOW
    return Place.ABOVE if reading.level_ng_per_ml > high else Place.INSIDE


def dots(measured: Sequence[Measured]) -> list[tuple[float, float, bool]]:
    """Hour, ng/mL, and whether it is a number, as the figure draws it; a level before the start has no place in it."""
    return [
        (
            one.hour,
            one.reading.level_ng_per_ml if one.reading.below_ng_per_ml is None else one.reading.below_ng_per_ml,
            one.reading.below_ng_per_ml is None,
        )
        for one in measured
        if one.hour is not None
    ]
