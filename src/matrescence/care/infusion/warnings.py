"""What the plan must warn of: her facts against the drug's criteria, and against the people the model was built on.

Each rule is one row of :data:`RULES`: the name of a criterion in the drug's folder, the id the warning carries, and
the question asked of her facts.  A fact that is not known gives a warning that says so.  A criterion whose fact is not
part of a mother's file is passed on as a question for the clinician.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matrescence.care.drug import Criterion, Drug, RegimenPlan
from matrescence.care.infusion.plausible import KG_PER_LB, looks_like_pounds
from matrescence.care.mother import Feeding, LiverClass, Mother
from matrescence.care.verdict import Finding, Reason
from matrescence.facts import Statement
from matrescence.pharmacology.model import Model, Studied

PROJECT = "matrescence"  # the source key of what this project decided itself

Answer = tuple[bool | None, str]
"""Whether a criterion is met (``None``: not known), and a sentence about her."""
Question = Callable[[Mother, Criterion, RegimenPlan], Answer]

_FINDINGS = {"forbids": Finding.FORBIDS, "asks": Finding.ASKS, "warns": Finding.WARNS}


# ---- questions ------------------------------------------------------------------------------------------------


def _number(fact: str, label: str, unit: str, *, below: bool) -> Question:
    def ask(mother: Mother, criterion: Criterion, _: RegimenPlan) -> Answer:
        value = getattr(mother, fact)
        threshold = criterion.threshold.value if criterion.threshold else None
        if value is None or threshold is None:
            return None, f"{label} is not known." if value is None else f"The limit for {label.lower()} is not known."
        met = value < threshold if below else value > threshold
        return met, f"{label} is {value:g} {unit}, {'below' if below else 'above'} {threshold:g}."

    return ask


def _days_since_birth(mother: Mother, criterion: Criterion, regimen: RegimenPlan) -> Answer:
    if mother.gestation_weeks is not None:
        return False, ""
    return _number("days_since_birth", "The time since birth", "days", below=False)(mother, criterion, regimen)


def _takes(mother: Mother, criterion: Criterion, _: RegimenPlan) -> Answer:
    if mother.medicines is None:
        return None, "Her medicines are not known."
    found = [item.name for item in mother.medicines if set(item.classes) & set(criterion.classes)]
    return bool(found), f"She takes {', '.join(found)}."


def _pregnant(mother: Mother, _: Criterion, regimen: RegimenPlan) -> Answer:
    # Prevention is given after the cord is clamped: the drug no longer reaches the child through her blood.
    if regimen.use == "prevention" or mother.days_since_birth is not None:
        return False, ""
    if mother.gestation_weeks is not None:
        return True, f"She is pregnant ({mother.gestation_weeks:g} weeks)."
    return None, "Whether she is pregnant is not known."


def _breastfeeds(mother: Mother, _: Criterion, __: RegimenPlan) -> Answer:
    if mother.feeding is None:
        return None, "How the infant is fed is not known."
    return mother.feeding is not Feeding.FORMULA, f"The infant gets breast milk ({mother.feeding.value})."


def _liver(at_least: LiverClass) -> Question:
    order = list(LiverClass)

    def ask(mother: Mother, _: Criterion, __: RegimenPlan) -> Answer:
        if mother.liver is None:
            return None, "The state of her liver is not known."
        return order.index(mother.liver) >= order.index(at_least), f"Her liver: {mother.liver.value}."

    return ask


def _not_in_file(_: Mother, __: Criterion, ___: RegimenPlan) -> Answer:
    return None, "Her file does not say; ask before the start."


RULES: Mapping[str, tuple[str, Question]] = {
    "egfr_below": ("plan.kidney", _number("egfr_ml_per_min_1_73m2", "Her eGFR", "mL/min/1.73 m2", below=True)),
    "age_below": ("plan.age", _number("age_years", "Her age", "years", below=True)),
    "age_over": ("plan.age", _number("age_years", "Her age", "years", below=False)),
    "days_since_birth_over": ("plan.days_since_birth", _days_since_birth),
    "pregnancy": ("plan.pregnancy", _pregnant),
    "breastfeeding": ("plan.breastfeeding", _breastfeeds),
    "liver_severe": ("plan.liver", _liver(LiverClass.CHILD_PUGH_C)),
    "liver_moderate": ("plan.liver", _liver(LiverClass.CHILD_PUGH_B)),
}
"""Criterion in the drug's folder -> id of the warning, and the question.  One with ``classes`` asks for medicines."""


# ---- all warnings of a plan -----------------------------------------------------------------------------------


def warnings(mother: Mother, drug: Drug, regimen: RegimenPlan, model: Model) -> tuple[Reason, ...]:
    """Every warning of one plan, the most serious first; within one kind in the order of the drug's folder."""
    found = [*_offered(drug), *_about_her_file(mother), *_about_use(mother, regimen)]
    found += [reason for item in drug.criteria for reason in _judge(mother, item, regimen, model)]
    found += _outside_studied(mother, drug, model)
    order = list(Finding)
    return tuple(sorted(found, key=lambda reason: order.index(reason.finding)))


def _judge(mother: Mother, item: Criterion, regimen: RegimenPlan, model: Model) -> list[Reason]:
    if item.name == "weight_outside_studied":
        return _weight_criterion(mother, item, model)
    rule, ask = RULES.get(item.name, (f"plan.{item.name}", _takes if item.classes else _not_in_file))
    met, about_her = ask(mother, item, regimen)
    if met is False:
        return []
    finding = Finding.UNKNOWN if met is None else _FINDINGS[item.finding]
    return [_reason(rule, finding, f"{about_her} {item.statement.text}", item.statement)]


def _weight_criterion(mother: Mother, item: Criterion, model: Model) -> list[Reason]:
    if model.studied is not None and model.studied.weight_kg is not None:
        return []
    text = f"Whether {mother.weight_kg:g} kg lies in it cannot be said. {item.statement.text}"
    return [_reason("plan.weight_outside_studied", Finding.UNKNOWN, text, item.statement)]


def _outside_studied(mother: Mother, drug: Drug, model: Model) -> list[Reason]:
    studied = model.studied
    source = model.sources[0] if model.sources else drug.availability.statement.source
    rows = (
        ("plan.weight_outside_studied", "weight", mother.weight_kg, studied and studied.weight_kg, "kg"),
        ("plan.age_outside_studied", "age", mother.age_years, studied and studied.age_years, "years"),
    )
    found = []
    for rule, noun, value, studied_range, unit in rows:
        if studied_range and not studied_range[0] <= value <= studied_range[1]:
            text = _outside_text(noun, value, studied_range, unit, studied)
            found.append(Reason(rule, Finding.WARNS, text, source, model.grade))
    return found


def _outside_text(
    noun: str, value: float, studied_range: tuple[float, float], unit: str, studied: Studied | None
) -> str:
    low, high = studied_range
    people = studied.description if studied else ""
    return (
        f"Her {noun} ({value:g} {unit}) lies outside what the model was built on"
        f" ({low:g} to {high:g} {unit}: {people}). The forecast is an extrapolation."
    )


def _offered(drug: Drug) -> list[Reason]:
    status, statement = drug.availability.status, drug.availability.statement
    if status == "approved":
        return []
    rule = "plan." + status.replace("-", "_")
    text = f"{drug.label}: {status} (as of {drug.availability.as_of.isoformat()}). {statement.text}"
    return [_reason(rule, Finding.WARNS, text, statement)]


def _about_use(mother: Mother, regimen: RegimenPlan) -> list[Reason]:
    if regimen.use != "prevention":
        return []
    if mother.caesarean_planned:
        return []
    known = (
        "No caesarean section is planned" if mother.caesarean_planned is False else "Whether one is planned is unknown"
    )
    text = f"This regimen was studied for prevention, given at a caesarean section. {known}."
    finding = Finding.WARNS if mother.caesarean_planned is False else Finding.UNKNOWN
    return [Reason("plan.prevention", finding, text, regimen.source, regimen.grade)]


def _about_her_file(mother: Mother) -> list[Reason]:
    found = []
    if looks_like_pounds(weight_kg=mother.weight_kg, height_cm=mother.height_cm):
        text = (
            f"A weight of {mother.weight_kg:g} kg with a height of {mother.height_cm:g} cm looks like pounds"
            f" ({mother.weight_kg:g} lb = {mother.weight_kg * KG_PER_LB:.1f} kg)."
            " Every dose goes by weight: weigh her again."
        )
        found.append(Reason("plan.looks_like_pounds", Finding.ASKS, text, PROJECT, "C"))
    unlisted = [item.name for item in mother.medicines or () if not item.classes]
    if unlisted:
        text = f"Not in this program's list of medicines, so checked against nothing: {', '.join(unlisted)}."
        found.append(Reason("plan.medicine_not_listed", Finding.UNKNOWN, text, PROJECT, "U"))
    if not mother.sleep:
        text = "No planned sleep is given: checks that would spare her sleep are planned around the clock."
        found.append(Reason("plan.sleep_not_planned", Finding.UNKNOWN, text, PROJECT, "U"))
    return found


def _reason(rule: str, finding: Finding, text: str, statement: Statement) -> Reason:
    return Reason(rule, finding, text, statement.source, statement.grade)
