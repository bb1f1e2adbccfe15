"""Numbers that can be true but look like a slip of the pen."""

from __future__ import annotations

KG_PER_LB = 0.45359237  # exact, international yard and pound agreement of 1959

# The project's own limits, not published ones: a body mass index this high is rare, and the same figure read in pounds
# must give an ordinary one before a slip is suspected.
SUSPECT_BMI = 50.0
ORDINARY_BMI = (17.0, 40.0)


def body_mass_index(*, weight_kg: float, height_cm: float) -> float:
    """``weight / height**2`` in kg/m2."""
    return weight_kg / (height_cm / 100.0) ** 2


def looks_like_pounds(*, weight_kg: float, height_cm: float | None) -> bool:
    """Whether a weight given as kilograms was probably read off a scale in pounds.

    True when the body mass index is at least :data:`SUSPECT_BMI` as written and lies within :data:`ORDINARY_BMI` when
    the figure is read in pounds: 154 "kg" at 165 cm is 56.6 kg/m2, and 25.7 as pounds.  Without a height nothing is
    suspected.
    """
    if height_cm is None or body_mass_index(weight_kg=weight_kg, height_cm=height_cm) < SUSPECT_BMI:
        return False
    low, high = ORDINARY_BMI
    return low <= body_mass_index(weight_kg=weight_kg * KG_PER_LB, height_cm=height_cm) <= high
