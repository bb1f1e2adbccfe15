"""Two people confirm the dose plan and the programme of the pump: what exactly, who has, and what is still missing.

A confirmation carries the digest of what was on the page when it was confirmed.  It counts while that is what holds:
for this session, since the newest plan and since her weight last changed.  One person counts once.  The digests are
written into logs, and old starts are judged by them again: what goes into one does not change once it has been used.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matrescence.care.enrolment.records import instant
from matrescence.care.infusion.order import InfusionOrder
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.plan import Treatment
from matrescence.care.journey.known import Known
from matrescence.care.journey.planned import order_of, treatment_of
from matrescence.care.journey.rules import reason
from matrescence.care.journey.words import Confirmable, Confirmed, Entry, Ground, MotherKnown, PlanChosen
from matrescence.care.people import reads_as
from matrescence.care.verdict import Reason

PEOPLE = 2
"""How many different people confirm."""

TOPIC = {Confirmable.DOSE_PLAN: "two_person_plan", Confirmable.PUMP_PROGRAMME: "two_person_pump"}
NAME = {Confirmable.DOSE_PLAN: "the dose plan", Confirmable.PUMP_PROGRAMME: "the programme of the pump"}


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One thing to confirm: the digest that holds now, who has confirmed it, and how many people are missing.

    ``digest`` is ``None`` where there is nothing to confirm yet.  ``outdated_by`` confirmed something that has been
    changed since.
    """

    what: Confirmable
    digest: str | None
    confirmed_by: tuple[str, ...]
    outdated_by: tuple[str, ...]

    @property
    def missing(self) -> int:
        """How many people have yet to confirm it."""
        return max(PEOPLE - len(self.confirmed_by), 0)


@dataclass(frozen=True, slots=True)
class PumpLine:
    """One line of the pump's programme: from when to when (h), and the rate as the pump shows it (mL/h)."""

    start_h: float
    end_h: float
    rate_ml_per_h: float


# ---- what is confirmed ----------------------------------------------------------------------------------------


def dose_plan_digest(known: Known, ground: Ground) -> str | None:
    """The fingerprint of the order that would be opened now; ``None`` where none would be.

    Drug, mother, session, regimen, weight, stairs with their rates, bags, and the limits that stop or ask.
    """
    return _digests(known, ground)[Confirmable.DOSE_PLAN]


def pump_programme_digest(known: Known, ground: Ground) -> str | None:
    """The fingerprint of the pump's programme; ``None`` where no order would be opened, or its mL/h are not known."""
    return _digests(known, ground)[Confirmable.PUMP_PROGRAMME]


def _digests(known: Known, ground: Ground) -> dict[Confirmable, str | None]:
    """Both, from one plan: it is laid out once."""
    mother, plan = known.mother, known.plan
    treatment = None if mother is None or plan is None else treatment_of(mother, plan.regimen, ground)
    order = order_of(known, ground, treatment)
    if isinstance(order, Refused):
        return dict.fromkeys(Confirmable)
    lines = _pump_lines(known, treatment)
    steps = [[line.start_h, line.end_h, line.rate_ml_per_h] for line in lines]
    said = {"shape": 1, "drug": order.drug, "mother": order.mother, "session": order.session, "steps": steps}
    return {
        Confirmable.DOSE_PLAN: _digest(_dose_plan(order)),
        Confirmable.PUMP_PROGRAMME: _digest(said) if lines else None,
    }


def pump_programme(known: Known, ground: Ground) -> tuple[PumpLine, ...]:
    """What the pump of this session is set to; empty where there is no plan, or a rate in mL/h is not known."""
    mother, plan = known.mother, known.plan
    if mother is None or plan is None:
        return ()
    return _pump_lines(known, treatment_of(mother, plan.regimen, ground))


def _pump_lines(known: Known, treatment: Treatment | None) -> tuple[PumpLine, ...]:
    plan = known.plan
    if plan is None or treatment is None:
        return ()
    begins_h = next((item.start_h for item in treatment.sessions if item.number == plan.session_number), 0.0)
    steps = [step for step in treatment.steps if step.session == plan.session_number]
    lines = [
        PumpLine(step.start_h - begins_h, step.end_h - begins_h, step.rate_ml_per_h_set)
        for step in steps
        if step.rate_ml_per_h_set is not None
    ]
    return tuple(lines) if len(lines) == len(steps) else ()


def _dose_plan(order: InfusionOrder) -> dict[str, Any]:
    return {
        "shape": 1,
        "drug": order.drug,
        "mother": order.mother,
        "session": order.session,
        "regimen": order.regimen,
        "weight_kg": order.weight_kg,
        "stairs": [[s.start_h, s.end_h, s.rate_ug_per_kg_h, s.rate_ml_per_h] for s in order.stairs],
        "bags": [[bag.number, bag.hang_at_h, bag.change_by_h, bag.volume_ml] for bag in order.bags],
        "limits": [
            [limit.measure.value, limit.finding, limit.below, limit.at_or_below, limit.at_or_above, limit.scale]
            for limit in order.limits
        ],
    }


def _digest(content: dict[str, Any]) -> str:
    said = json.dumps(_settled(content), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _settled(value: Any) -> Any:
    """Numbers to nine figures, so that a last bit of arithmetic is no change."""
    if isinstance(value, dict):
        return {key: _settled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_settled(item) for item in value]
    return f"{value:.9g}" if isinstance(value, int | float) else value


# ---- who has confirmed ----------------------------------------------------------------------------------------


def confirmations(known: Known, ground: Ground, *, by_then: datetime | None = None) -> tuple[Confirmation, ...]:
    """Both, whether or not the plan asks for them; ``by_then`` leaves out what was written down later."""
    return tuple(_confirmation(known, what, digest, by_then) for what, digest in _digests(known, ground).items())


def asked_for(known: Known, ground: Ground) -> tuple[Confirmation, ...]:
    """What the newest plan wants confirmed by two people; empty where it does not ask for that."""
    return confirmations(known, ground) if known.plan is not None and known.plan.two_person else ()


def not_confirmed(known: Known, ground: Ground, *, by_then: datetime) -> tuple[Reason, ...]:
    """Why it may not start yet, as far as two people are asked for; empty where they are not, or have confirmed."""
    if known.plan is None or not known.plan.two_person:
        return ()
    found = confirmations(known, ground, by_then=by_then)
    missing = [reason(TOPIC[item.what], told(item)) for item in found if item.missing]
    return (*missing, *_opened_otherwise(known, found[0].digest))


def against_confirming(known: Known, ground: Ground, said: Confirmed) -> tuple[Reason, ...]:
    """Why a confirmation is not taken: there is nothing to confirm, or it is not what holds now."""
    item = next(item for item in confirmations(known, ground) if item.what is said.what)
    if item.digest == said.digest:
        return ()
    name = NAME[said.what]
    text = f"This is not {name} that holds now: it was changed since it was shown. Look at it again, then confirm it."
    return (reason(TOPIC[said.what], _nothing(said.what) if item.digest is None else text),)


def told(item: Confirmation) -> str:
    """One sentence: what is missing, who has confirmed, and whose confirmation no longer counts."""
    if item.digest is None:
        return _nothing(item.what)
    who = {0: "Two people confirm", 1: "A second person confirms"}.get(len(item.confirmed_by), "Confirmed:")
    has = f"confirmed by {', '.join(item.confirmed_by)}" if item.confirmed_by else "nobody has yet"
    late = f"; {', '.join(item.outdated_by)} confirmed it before it was changed" if item.outdated_by else ""
    return f"{who} {NAME[item.what]}: {has}{late}."


def _nothing(what: Confirmable) -> str:
    if what is Confirmable.DOSE_PLAN:
        return "There is no dose plan to confirm yet: record plan and session first."
    return "There is no programme of the pump to confirm yet: plan, session and the rates in mL/h must be known."


def _confirmation(known: Known, what: Confirmable, digest: str | None, by_then: datetime | None) -> Confirmation:
    since = _last_change(known)
    counted: dict[str, str] = {}
    outdated: dict[str, str] = {}
    for entry in _said(known, what, by_then):
        holds = isinstance(entry.what, Confirmed) and entry.what.digest == digest and entry.position > since
        (counted if holds else outdated).setdefault(reads_as(entry.by), entry.by.strip())
    late = tuple(name for person, name in outdated.items() if person not in counted)
    return Confirmation(what, digest, tuple(counted.values()), late)


def _said(known: Known, what: Confirmable, by_then: datetime | None) -> list[Entry]:
    return [
        entry
        for _, entry in sorted(known.told.items())
        if isinstance(entry.what, Confirmed)
        and entry.what.what is what
        and (by_then is None or instant(entry.recorded_at) <= instant(by_then))
    ]


def _last_change(known: Known) -> int:
    """The position since which plan and weight are what they are now: what was confirmed before counts no more."""
    since, weight_kg = 0, None
    for position, entry in sorted(known.told.items()):
        if isinstance(entry.what, PlanChosen):
            since = position
        elif isinstance(entry.what, MotherKnown) and entry.what.mother.weight_kg != weight_kg:
            since, weight_kg = position, entry.what.mother.weight_kg
    return since


def _opened_otherwise(known: Known, digest: str | None) -> tuple[Reason, ...]:
    """The pump runs by the order that was opened: what two people confirmed must be that order."""
    if known.between_infusions or known.state.order is None or _digest(_dose_plan(known.state.order)) == digest:
        return ()
    text = "This infusion was opened with another order than the plan that holds now. End it (end-early), and open "
    return (reason("two_person_plan", f"{text}a new session."),)
