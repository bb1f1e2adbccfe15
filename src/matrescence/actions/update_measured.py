"""What has been measured in one mother, and what she was given: the same from a file and from the log of her course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matrescence.care.drug import Drug, RegimenPlan
from matrescence.care.mother import Mother
from matrescence.pharmacology.regimen import Regimen

LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measurement: ``what`` is ``level`` or a scale, ``of`` the output that was measured; levels are in ng/mL."""

    at_h: float
    what: str
    of: str
    value: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One mother, what she was given, and what was measured.

    ``given`` is what went in, by the record where there is one, else by the plan (``as_recorded`` tells which);
    ``sessions_at_h`` are the starts of what was given.  ``notes`` say what of the record is kept and not used, and what
    is not known of what is used.
    """

    mother: Mother
    drug: Drug
    regimen: RegimenPlan
    start: datetime
    given: Regimen
    as_recorded: bool
    sessions_at_h: tuple[float, ...]
    measurements: tuple[Measurement, ...]
    notes: tuple[str, ...] = ()

    def of(self, what: str) -> tuple[Measurement, ...]:
        """The measurements of one kind, in order of time."""
        found = [item for item in self.measurements if item.what == what]
        return tuple(sorted(found, key=lambda item: item.at_h))
