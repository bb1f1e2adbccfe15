"""What eligibility needs to know of a mother beyond what planning needs; ``None`` always means *not known*."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """Yes, no, or not known.  Each is asked of her or read in her record; none is inferred from another.

    ``accompanied_with_child``: another adult is with her whenever she is with her children.
    ``hypersensitive_to``: substances she is allergic to; an empty tuple says that she was asked and has none.
    ``benzodiazepine_mg_diazepam_per_day``: all benzodiazepines of a day together, in diazepam equivalents.
    """

    pregnant: bool | None = None
    psychosis_now: bool | None = None
    psychosis_before: bool | None = None
    bipolar: bool | None = None
    aneurysmal_disease: bool | None = None
    uncontrolled_hypertension: bool | None = None
    systolic_mmhg: float | None = None
    raised_intracranial_pressure: bool | None = None
    substance_use: bool | None = None
    drinks_alcohol: bool | None = None
    hypersensitive_to: tuple[str, ...] | None = None
    accompanied_with_child: bool | None = None
    benzodiazepine_mg_diazepam_per_day: float | None = None
