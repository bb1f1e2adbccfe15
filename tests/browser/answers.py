"""What the invented mothers of the journeys answer, and what is said about them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")
NO = "no"

HEALTHY = {
    "pregnant": NO, "psychosis_now": NO, "psychosis_before": NO, "bipolar": NO, "aneurysmal_disease": NO,
    "uncontrolled_hypertension": NO, "systolic_mmhg": "118", "raised_intracranial_pressure": NO, "substance_use": NO,
    "drinks_alcohol": NO, "hypersensitive_to": "none", "accompanied_with_child": "yes",
    "benzodiazepine_mg_diazepam_per_day": "0",
}  # fmt: skip
"""Health facts with nothing against a treatment; what a drug does not ask for is left out by ``those_asked``."""

CONSULTATION = {
    "symptoms_began": "about two weeks after the birth", "tried_before": "sertraline, five weeks",
    "tried_long_enough": "yes", "hopes": "to sleep", "feeding_plan": "mixed", "who_holds_the_baby": "her mother",
    "baby_carer_confirmed": "yes", "sessions_expected": "1", "understands_repeats": "yes", "travel": "by car",
    "driver": "yes", "medicines_and_substances": "sertraline", "pregnancy_test": NO, "consent": "yes",
    "cost_questions": "none", "estimate_given": "yes",
}  # fmt: skip

LEAVING = {"sedation_resolved": "yes", "responsible_adult": "yes", "child_cared_for": "yes", "readiness_total": "10",
           "pressure_before_systolic": "118", "pressure_before_diastolic": "76", "pressure_now_systolic": "121",
           "pressure_now_diastolic": "78"}  # fmt: skip
"""What is found before she leaves."""


def depressed(item_ten: int = 0) -> dict[str, str]:
    """An EPDS well above ten and no sign of psychosis; ``item_ten`` is the answer about harming herself."""
    epds = [2, 2, 3, 2, 1, 3, 2, 3, 2, item_ten]
    told = {f"epds:{n}": str(score) for n, score in enumerate(epds, start=1)}
    told |= dict.fromkeys((f"signs:{name}" for name in SIGNS), NO) | {"infant_harm:thoughts": NO}
    told |= dict.fromkeys((f"past:{name}" for name in PAST), NO)
    return told | {"pregnant": NO, "days_since_birth": "45", "began": "after-birth", "began_on_day": "14"}


def better() -> dict[str, str]:
    """An EPDS of six a while later."""
    epds = [1, 1, 1, 0, 1, 1, 0, 1, 0, 0]
    told = {f"epds:{n}": str(score) for n, score in enumerate(epds, start=1)}
    return told | dict.fromkeys((f"signs:{name}" for name in SIGNS), NO) | {"infant_harm:thoughts": NO}


SIGNS = ("hallucinations", "delusions", "confusion", "disorganised", "elation", "severe_agitation")
PAST = ("mania_or_hypomania", "bipolar_disorder", "prior_depression", "severe_mental_illness")


def wall(in_hours: float) -> str:
    """A time on her wall, as a field for date and time takes it."""
    return (datetime.now(ZONE) + timedelta(hours=in_hours)).strftime("%Y-%m-%dT%H:%M")


def mother(drug: str, *, start_in_hours: float, **more: str) -> dict[str, str]:
    """Who she is, for the form that begins a course."""
    return {
        "drug": drug, "age_years": "31", "weight_kg": "70", "height_cm": "166", "start": wall(start_in_hours),
        "days_since_birth": "45", "feeding": "mixed", "infant_weight_kg": "4.4", "infant_age_days": "45",
        "egfr_ml_per_min_1_73m2": "104", "liver": "normal", "medicines": "sertraline", "planned_sleep": "22:00-06:00",
    } | more  # fmt: skip
