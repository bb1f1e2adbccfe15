"""What is known of her today, as told by her and by those around her.

``None`` always means *not known*: every field that a rule needs and that is ``None`` becomes a reason of its own.
Days are counted from the day of birth, which is day 0; a negative day lies before it.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from enum import Enum


class Onset(Enum):
    """When the present symptoms began."""

    BEFORE_PREGNANCY = "before-pregnancy"
    PREGNANCY = "pregnancy"
    AFTER_BIRTH = "after-birth"


@dataclass(frozen=True, slots=True)
class PsychosisSigns:
    """Signs of psychosis, each seen (``True``), looked for and not seen (``False``), or not recorded (``None``)."""

    hallucinations: bool | None = None
    delusions: bool | None = None
    confusion: bool | None = None
    disorganised: bool | None = None
    elation: bool | None = None
    severe_agitation: bool | None = None

    @property
    def seen(self) -> tuple[str, ...]:
        """The names of the signs that are present."""
        return tuple(field.name.replace("_", " ") for field in fields(self) if getattr(self, field.name) is True)

    @property
    def not_recorded(self) -> tuple[str, ...]:
        """The names of the signs nobody has looked for."""
        return tuple(field.name.replace("_", " ") for field in fields(self) if getattr(self, field.name) is None)


@dataclass(frozen=True, slots=True)
class InfantHarm:
    """Thoughts of harming the baby, and what would make them an emergency."""

    thoughts: bool | None = None
    delusional_or_commanded: bool | None = None
    intention: bool | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Her course and her past.  ``days_since_birth`` is ``None`` in pregnancy or when it is not known."""

    pregnant: bool | None = None
    days_since_birth: int | None = None
    symptoms_began: Onset | None = None
    symptoms_began_on_day: int | None = None
    symptoms_lasted_days: int | None = None
    signs: PsychosisSigns = PsychosisSigns()
    infant_harm: InfantHarm = InfantHarm()
    mania_or_hypomania: bool | None = None
    bipolar_disorder: bool | None = None
    prior_depression: bool | None = None
    severe_mental_illness: bool | None = None

    @property
    def says_how_she_is(self) -> bool:
        """Whether anything but times is told: a sign, a thought or something of her past, present or not."""
        past = (self.mania_or_hypomania, self.bipolar_disorder, self.prior_depression, self.severe_mental_illness)
        told = (*astuple(self.signs), *astuple(self.infant_harm), *past)
        return any(value is not None for value in told)

    @property
    def onset(self) -> Onset | None:
        """When it began: as told, or after birth when the day it began is known and not before birth."""
        if self.symptoms_began is not None:
            return self.symptoms_began
        if self.symptoms_began_on_day is not None and self.symptoms_began_on_day >= 0:
            return Onset.AFTER_BIRTH
        return None

    @property
    def onset_day(self) -> int | None:
        """The day it began: as told, or today less how long it has lasted."""
        if self.symptoms_began_on_day is not None:
            return self.symptoms_began_on_day
        if self.days_since_birth is not None and self.symptoms_lasted_days is not None:
            return self.days_since_birth - self.symptoms_lasted_days
        return None

    @property
    def lasted_days(self) -> int | None:
        """How long it has lasted: as told, or today less the day it began."""
        if self.symptoms_lasted_days is not None:
            return self.symptoms_lasted_days
        if self.days_since_birth is not None and self.symptoms_began_on_day is not None:
            return self.days_since_birth - self.symptoms_began_on_day
        return None
