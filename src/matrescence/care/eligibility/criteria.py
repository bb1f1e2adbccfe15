"""One named function per criterion: what is known of her -> met, not met, or not known.

A ``drug.toml`` names its criteria by the keys of :data:`CRITERIA`; the drug supplies threshold, classes, sentence,
source, and what it means when the criterion is met.  No function knows which drug it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from matrescence.care.drug import Criterion
from matrescence.care.eligibility.facts import HealthFacts
from matrescence.care.mother import Feeding, LiverClass, Mother
from matrescence.units import convert


class Answer(Enum):
    """What one criterion finds."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything one criterion may look at."""

    mother: Mother
    health: HealthFacts
    criterion: Criterion


@dataclass(frozen=True, slots=True)
class Found:
    """What one criterion found, and on what that rests, as a sentence a nurse can read."""

    answer: Answer
    because: str


Function = Callable[[Asked], Found]


# ---- numbers --------------------------------------------------------------------------------------------------


def egfr_below(asked: Asked) -> Found:
    """Kidney function (eGFR, mL/min/1.73 m2) below the drug's threshold."""
    return _below(asked, asked.mother.egfr_ml_per_min_1_73m2, "mL/min/{1.73_m2}", "eGFR")


def age_below(asked: Asked) -> Found:
    """Age in years below the drug's threshold."""
    return _below(asked, asked.mother.age_years, "a", "age")


def weight_outside_studied(asked: Asked) -> Found:
    """Body weight (kg) outside the range of the women who were studied: below ``low`` or above ``high``."""
    threshold = asked.criterion.threshold
    if threshold is None or (threshold.low is None and threshold.high is None):
        return Found(Answer.UNKNOWN, "the range of body weights that was studied is not known")
    low, high, weight_kg = threshold.low, threshold.high, asked.mother.weight_kg
    outside = (low is not None and weight_kg < low) or (high is not None and weight_kg > high)
    range_kg = " to ".join(f"{bound:g}" for bound in (low, high) if bound is not None)
    where = "outside" if outside else "within"
    return Found(Answer.MET if outside else Answer.NOT_MET, f"{weight_kg:g} kg is {where} the studied {range_kg} kg")


def days_since_birth_over(asked: Asked) -> Found:
    """More days since birth than the drug was studied for."""
    limit, days = _threshold(asked, "d"), asked.mother.days_since_birth
    if limit is None:
        return Found(Answer.UNKNOWN, "up to which day after birth it was studied is not known")
    if days is None:
        return Found(Answer.UNKNOWN, "days since birth are not known")
    over = days > limit
    return Found(Answer.MET if over else Answer.NOT_MET, f"{days} days since birth; studied up to {limit:g}")


def _below(asked: Asked, value: float | None, unit: str, what: str) -> Found:
    limit = _threshold(asked, unit)
    if limit is None:
        return Found(Answer.UNKNOWN, f"the lowest {what} for this drug is not known")
    if value is None:
        return Found(Answer.UNKNOWN, f"{what} is not known")
    below = value < limit
    return Found(
        Answer.MET if below else Answer.NOT_MET, f"{what} {value:g} is {'' if below else 'not '}below {limit:g}"
    )


def _threshold(asked: Asked, unit: str) -> float | None:
    fact = asked.criterion.threshold
    return None if fact is None or fact.value is None else convert(fact.value, fact.unit, unit)


# ---- her health -----------------------------------------------------------------------------------------------


def pregnancy(asked: Asked) -> Found:
    """She is pregnant: she says so, or her file gives weeks of gestation; either alone is enough."""
    if asked.mother.gestation_weeks is not None:
        return Found(Answer.MET, f"she is {asked.mother.gestation_weeks:g} weeks pregnant by her file")
    return _yes_or_no(asked.health.pregnant, "pregnancy")


def breastfeeding(asked: Asked) -> Found:
    """Her infant has her milk, alone or mixed with formula."""
    feeding = asked.mother.feeding
    if feeding is None:
        return Found(Answer.UNKNOWN, "how the infant is fed is not known")
    met = feeding is not Feeding.FORMULA
    return Found(Answer.MET if met else Answer.NOT_MET, f"feeding: {feeding.value}")


def psychosis(asked: Asked) -> Found:
    """Psychosis now.  Psychosis in the past alone is not met, but whether it may return is for a clinician to say."""
    now, before = asked.health.psychosis_now, asked.health.psychosis_before
    if now is False and before:
        return Found(Answer.UNKNOWN, "psychosis in the past and none now; whether it may return is for a clinician")
    if now is False and before is None:
        return Found(Answer.UNKNOWN, "psychosis in the past: not known")
    return _yes_or_no(now, "psychosis now")


def bipolar(asked: Asked) -> Found:
    """Bipolar disorder, or mania or hypomania in the past."""
    return _yes_or_no(asked.health.bipolar, "bipolar disorder")


def aneurysmal_disease(asked: Asked) -> Found:
    """Aneurysmal vascular disease, arteriovenous malformation, or bleeding in the brain in the past."""
    return _yes_or_no(asked.health.aneurysmal_disease, "aneurysm, vascular malformation or bleeding in the brain")


def raised_intracranial_pressure(asked: Asked) -> Found:
    """Raised pressure in the head or in the eye."""
    return _yes_or_no(asked.health.raised_intracranial_pressure, "raised pressure in the head or in the eye")


def substance_use(asked: Asked) -> Found:
    """Misuse of alcohol, medicines or drugs, now or before."""
    return _yes_or_no(asked.health.substance_use, "substance misuse")


def uncontrolled_hypertension(asked: Asked) -> Found:
    """High blood pressure that is not controlled, or a systolic pressure (mmHg) at or above the drug's threshold.

    One normal reading does not show that blood pressure is controlled, and where the drug has a threshold her word
    does not stand in for a reading: both are needed for "not met".
    """
    limit, systolic_mmhg = _threshold(asked, "mm[Hg]"), asked.health.systolic_mmhg
    if limit is not None and systolic_mmhg is not None and systolic_mmhg >= limit:
        return Found(Answer.MET, f"systolic pressure {systolic_mmhg:g} mmHg is at or above {limit:g}")
    found = _yes_or_no(asked.health.uncontrolled_hypertension, "uncontrolled high blood pressure")
    if found.answer is Answer.NOT_MET and limit is not None and systolic_mmhg is None:
        return Found(Answer.UNKNOWN, "systolic pressure is not known")
    return found


def liver_disease(asked: Asked) -> Found:
    """A liver class that the drug names; where it names none, every class but a normal liver."""
    liver = asked.mother.liver
    if liver is None:
        return Found(Answer.UNKNOWN, "liver function is not known")
    named = asked.criterion.classes
    met = liver.value in named if named else liver is not LiverClass.NORMAL
    return Found(Answer.MET if met else Answer.NOT_MET, f"liver: {liver.value}")


def hypersensitivity(asked: Asked) -> Found:
    """An allergy to something the drug names; where it names nothing, any allergy has to be compared by a person."""
    allergies, named = asked.health.hypersensitive_to, {name.lower() for name in asked.criterion.classes}
    if allergies is None:
        return Found(Answer.UNKNOWN, "allergies are not known")
    matching = [name for name in allergies if name.lower() in named]
    if matching:
        return Found(Answer.MET, f"allergic to {', '.join(matching)}")
    if allergies and not named:
        return Found(Answer.UNKNOWN, f"allergic to {', '.join(allergies)}; compare with the ingredients")
    return Found(Answer.NOT_MET, "no allergy to it is known after asking")


def sole_caregiver(asked: Asked) -> Found:
    """Nobody else is with her whenever she is with her children."""
    accompanied = asked.health.accompanied_with_child
    if accompanied is None:
        return Found(Answer.UNKNOWN, "whether another adult is with her and the children is not known")
    text = "another adult is" if accompanied else "no other adult is"
    return Found(Answer.NOT_MET if accompanied else Answer.MET, f"{text} with her and the children")


def _yes_or_no(fact: bool | None, what: str) -> Found:
    if fact is None:
        return Found(Answer.UNKNOWN, f"{what}: not known")
    return Found(Answer.MET, f"{what}: yes") if fact else Found(Answer.NOT_MET, f"{what}: no")


# ---- other medicines ------------------------------------------------------------------------------------------


def takes_class(asked: Asked) -> Found:
    """She takes a medicine of one of the classes that the drug names; one that nobody has classed is unknown."""
    medicines = asked.mother.medicines
    if medicines is None:
        return Found(Answer.UNKNOWN, "her medicines are not known")
    wanted = set(asked.criterion.classes)
    if not wanted:
        return Found(Answer.UNKNOWN, "the drug names no class of medicines to look for")
    matching = [medicine.name for medicine in medicines if wanted & set(medicine.classes)]
    if matching:
        return Found(Answer.MET, f"takes {', '.join(matching)}")
    unclassed = [medicine.name for medicine in medicines if not medicine.classes]
    if unclassed:
        return Found(Answer.UNKNOWN, f"not in the list of medicines: {', '.join(unclassed)}")
    looked_for = ", ".join(name.replace("-", " ") for name in asked.criterion.classes)
    return Found(Answer.NOT_MET, f"takes none of these: {looked_for}")


def cns_depressants(asked: Asked) -> Found:
    """Medicines that depress the central nervous system, and alcohol."""
    if asked.health.drinks_alcohol:
        return Found(Answer.MET, "drinks alcohol")
    found = takes_class(asked)
    if found.answer is Answer.NOT_MET and asked.health.drinks_alcohol is None:
        return Found(Answer.UNKNOWN, f"{found.because}; whether she drinks alcohol is not known")
    return found


def benzodiazepine_blunting(asked: Asked) -> Found:
    """More benzodiazepine a day (mg, diazepam equivalents) than the drug's threshold.

    Doses of different benzodiazepines do not add up: without the equivalents, taking any is unknown.
    """
    limit, taken = _threshold(asked, "mg/d"), asked.health.benzodiazepine_mg_diazepam_per_day
    found = takes_class(asked)
    if taken is None and found.answer is not Answer.MET:
        return found
    if taken is None:
        return Found(Answer.UNKNOWN, f"{found.because}; the dose in diazepam equivalents is not known")
    if taken == 0 and found.answer is Answer.UNKNOWN:
        return found  # "none" is not more certain than what she takes
    if taken == 0 and found.answer is Answer.MET:
        return Found(Answer.UNKNOWN, f"{found.because}, yet the dose in diazepam equivalents is given as 0")
    if limit is None:
        return Found(Answer.UNKNOWN, "the dose above which it matters is not known")
    over = taken > limit
    text = f"{taken:g} mg diazepam equivalents a day, {'above' if over else 'not above'} {limit:g}"
    return Found(Answer.MET if over else Answer.NOT_MET, text)


CRITERIA: Mapping[str, Function] = {
    "egfr_below": egfr_below,
    "age_below": age_below,
    "weight_outside_studied": weight_outside_studied,
    "days_since_birth_over": days_since_birth_over,
    "pregnancy": pregnancy,
    "breastfeeding": breastfeeding,
    "psychosis": psychosis,
    "bipolar": bipolar,
    "aneurysmal_disease": aneurysmal_disease,
    "uncontrolled_hypertension": uncontrolled_hypertension,
    "raised_intracranial_pressure": raised_intracranial_pressure,
    "liver_disease": liver_disease,
    "substance_use": substance_use,
    "hypersensitivity": hypersensitivity,
    "sole_caregiver": sole_caregiver,
    "cns_depressants": cns_depressants,
    "benzodiazepine_blunting": benzodiazepine_blunting,
    "maoi": takes_class,
    "theophylline": takes_class,
    "psychostimulants": takes_class,
    "antidepressants": takes_class,
    "cyp3a4_inducers": takes_class,
    "cyp3a4_inhibitors": takes_class,
}
"""The closed list of criteria; a name that is not here is an error of the formulary."""
