"""What the plan must warn of: her facts against the drug's criteria, and against the people the model was built on.

The criteria are judged by eligibility's own functions, so a plan and an eligibility verdict cannot disagree.  A fact
that belongs in her file and is missing gives a warning that says so; what a file does not hold (psychosis, allergies)
becomes a question to be asked before the start.  Where her health facts are known they are used: what is known and
fine is not asked again, what is known and speaks against it is a warning, and only what is unknown is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from matrescence.care.drug import Drug, RegimenPlan
from matrescence.care.eligibility.criteria import CRITERIA, Answer, Asked
from matrescence.care.eligibility.decide import FINDINGS
from matrescence.care.eligibility.facts import HealthFacts
from matrescence.care.infusion.plan_rules import RULE, RULE_OF
from matrescence.care.infusion.plausible import KG_PER_LB, looks_like_pounds
from matrescence.care.mother import Mother
from matrescence.care.verdict import Finding, Reason
from matrescence.pharmacology.model import Model, Studied

NOTHING_KNOWN = HealthFacts()
_EVERY_NO: dict[str, Any] = {fact.name: False for fact in fields(HealthFacts) if fact.type == "bool | None"}
NOTHING_FOUND = HealthFacts(**(_EVERY_NO | {"accompanied_with_child": True, "hypersensitive_to": ()}))
"""Answers that would clear her: a criterion they clear, but silence does not, is one to ask about."""

EVENING_FROM = 17  # o'clock; no source gives an hour
_ORDER = (Finding.FORBIDS, Finding.ASKS, Finding.WARNS, Finding.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Caution:
    """Warnings, what is found in her before what is not known of her; and the questions her file leaves open."""

    warnings: tuple[Reason, ...]
    to_ask: tuple[Reason, ...]


def caution(
    mother: Mother, drug: Drug, regimen: RegimenPlan, model: Model | None, health: HealthFacts | None = None
) -> Caution:
    """Every warning of one plan, and every question that must be asked before the start.

    ``health`` is what is on record beyond her file; ``None`` where there is no such record.
    """
    then = _when_given(mother, regimen)
    known = _health_then(health or NOTHING_KNOWN, regimen)
    found = [
        *_offered(drug),
        *_about_her_file(mother),
        *_already(mother, drug),
        *_about_use(mother, regimen),
        *_hour(mother, regimen),
    ]
    found += _outside_studied(mother, drug, model)
    to_ask: list[Reason] = []
    for criterion in drug.criteria:
        reason, ask = _judge(Asked(then, known, criterion), model)
        if reason is not None:
            (to_ask if ask else found).append(reason)
    if to_ask:
        found.append(_not_asked(to_ask, "file" if health is None else "record"))
    found.sort(key=lambda reason: _ORDER.index(reason.finding))
    return Caution(tuple(found), tuple(to_ask))


def _judge(asked: Asked, model: Model | None) -> tuple[Reason | None, bool]:
    """The reason a criterion gives, if any, and whether it is only a question to ask."""
    criterion, judged = asked.criterion, CRITERIA[asked.criterion.name]
    found = judged(asked)
    if found.answer is Answer.NOT_MET or (criterion.name == "weight_outside_studied" and _weights_known(model)):
        return None, False
    cleared = replace(asked, health=_cleared(asked.health))
    ask = found.answer is Answer.UNKNOWN and judged(cleared).answer is Answer.NOT_MET
    finding = FINDINGS[criterion.finding] if found.answer is Answer.MET else Finding.UNKNOWN
    text = f"{_sentence(found.because)} {criterion.statement.text}"
    return Reason(RULE_OF[criterion.name].id, finding, text, criterion.statement.source, criterion.statement.grade), ask


def _cleared(known: HealthFacts) -> HealthFacts:
    """What is known, and for the rest the answers that would clear her."""
    said = {fact.name: getattr(known, fact.name) for fact in fields(HealthFacts)}
    return replace(NOTHING_FOUND, **{name: value for name, value in said.items() if value is not None})


def _sentence(words: str) -> str:
    # "eGFR" keeps its small letter.
    return f"{words}." if words[1:2].isupper() else f"{words[:1].upper()}{words[1:]}."


def _when_given(mother: Mother, regimen: RegimenPlan) -> Mother:
    # Prevention is given after the cord is clamped: she is judged as she will be then.  Medicines that nobody has
    # classed are told once, not once for every criterion.
    listed = tuple(medicine for medicine in mother.medicines or () if medicine.classes)
    then = replace(mother, medicines=listed)
    return replace(then, gestation_weeks=None, days_since_birth=0) if regimen.use == "prevention" else then


def _health_then(health: HealthFacts, regimen: RegimenPlan) -> HealthFacts:
    return replace(health, pregnant=False) if regimen.use == "prevention" else health


# ---- the drug, and the people it was studied in ---------------------------------------------------------------


def _offered(drug: Drug) -> list[Reason]:
    rule = RULE.get("plan." + drug.availability.status.replace("-", "_"))
    if rule is None:
        return []
    said = drug.availability.statement
    text = f"{drug.label}: {drug.availability.status} as of {drug.availability.as_of.isoformat()}. {said.text}"
    return [Reason(rule.id, Finding.WARNS, text, said.source, said.grade)]


def _already(mother: Mother, drug: Drug) -> list[Reason]:
    if not any(medicine.name.lower() == drug.name.lower() for medicine in mother.medicines or ()):
        return []
    text = f"She takes {drug.name} already; the plan and its forecast start as if she had never taken any."
    return [RULE["plan.already_taken"].reason(Finding.ASKS, text)]


def _about_use(mother: Mother, regimen: RegimenPlan) -> list[Reason]:
    if regimen.use != "prevention" or mother.caesarean_planned:
        return []
    text = "This regimen was studied for prevention, given at a caesarean section. "
    if mother.caesarean_planned is None:
        text, finding = text + "Whether one is planned is not known.", Finding.UNKNOWN
    else:
        text, finding = text + "None is planned.", Finding.WARNS
    return [Reason(RULE["plan.prevention"].id, finding, text, regimen.source, regimen.grade)]


def _hour(mother: Mother, regimen: RegimenPlan) -> list[Reason]:
    if not regimen.evening or mother.start.hour >= EVENING_FROM:
        return []
    text = (
        f"This regimen is taken in the evening; her file starts it at {mother.start:%H:%M}, so every dose is planned"
        " at that hour. Write a start in the evening."
    )
    return [Reason(RULE["plan.not_evening"].id, Finding.ASKS, text, regimen.source, regimen.grade)]


def _weights_known(model: Model | None) -> bool:
    return model is not None and model.studied is not None and model.studied.weight_kg is not None


def _outside_studied(mother: Mother, drug: Drug, model: Model | None) -> list[Reason]:
    studied = None if model is None else model.studied
    if model is None or studied is None:
        return []
    source = model.sources[0] if model.sources else drug.availability.statement.source
    rows = (
        ("plan.weight_outside_studied", "weight", mother.weight_kg, studied.weight_kg, "kg"),
        ("plan.age_outside_studied", "age", mother.age_years, studied.age_years, "years"),
    )
    return [
        Reason(RULE[rule].id, Finding.WARNS, _outside_text(noun, value, limits, unit, studied), source, model.grade)
        for rule, noun, value, limits, unit in rows
        if limits is not None and not limits[0] <= value <= limits[1]
    ]


def _outside_text(noun: str, value: float, limits: tuple[float, float], unit: str, studied: Studied) -> str:
    return (
        f"Her {noun} ({value:g} {unit}) lies outside what the model was built on"
        f" ({limits[0]:g} to {limits[1]:g} {unit}: {studied.description}). The forecast is an extrapolation."
    )


# ---- her file -------------------------------------------------------------------------------------------------


def _about_her_file(mother: Mother) -> list[Reason]:
    found = []
    if looks_like_pounds(weight_kg=mother.weight_kg, height_cm=mother.height_cm):
        text = (
            f"A weight of {mother.weight_kg:g} kg with a height of {mother.height_cm:g} cm looks like pounds"
            f" ({mother.weight_kg:g} lb = {mother.weight_kg * KG_PER_LB:.1f} kg)."
            " Every dose goes by weight: weigh her again."
        )
        found.append(RULE["plan.looks_like_pounds"].reason(Finding.ASKS, text))
    if mother.medicines is None:
        text = "Her medicines are not known: ask for sedatives, opioids, antidepressants and everything else."
        found.append(RULE["plan.medicines_not_known"].reason(Finding.UNKNOWN, text))
    unlisted = [medicine.name for medicine in mother.medicines or () if not medicine.classes]
    if unlisted:
        text = f"Not in this program's list of medicines, so checked against nothing: {', '.join(unlisted)}."
        found.append(RULE["plan.medicine_not_listed"].reason(Finding.UNKNOWN, text))
    if not mother.sleep:
        text = "No planned sleep is given: checks that would spare her sleep are planned around the clock."
        found.append(RULE["plan.sleep_not_planned"].reason(Finding.UNKNOWN, text))
    return found


_CALLED = {
    "plan.accompanied": "another adult with her and the children",
    "plan.blood_pressure": "uncontrolled blood pressure",
    "plan.cns_depressants": "alcohol",
    "plan.hypersensitivity": "allergies",
    "plan.intracranial_pressure": "raised pressure in the head or in the eye",
}


def _not_asked(to_ask: Sequence[Reason], where: str) -> Reason:
    topics = dict.fromkeys(
        _CALLED.get(reason.rule, reason.rule.removeprefix("plan.").replace("_", " ")) for reason in to_ask
    )
    text = f"Her {where} does not hold these, ask before the start: {', '.join(topics)}."
    return RULE["plan.not_asked"].reason(Finding.UNKNOWN, text)
