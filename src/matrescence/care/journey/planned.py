"""What would be opened now: the newest plan laid out for her, and the order made from it."""

from __future__ import annotations

from dataclasses import replace

from matrescence.care.infusion.order import InfusionOrder
from matrescence.care.infusion.ordering import order_from
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.plan import Treatment, plan_treatment
from matrescence.care.journey.known import Known
from matrescence.care.journey.rules import reason
from matrescence.care.journey.words import Ground
from matrescence.care.mother import Mother


def treatment_of(mother: Mother, regimen: str, ground: Ground) -> Treatment:
    """One regimen of the drug laid out for her weight, her start and her sleep."""
    return plan_treatment(
        ground.drug.regimens[regimen],
        ground.drug.preparation,
        ground.drug.observations,
        weight_kg=mother.weight_kg,
        start=mother.start,
        sleep=mother.sleep,
    )


def order_of(known: Known, ground: Ground, treatment: Treatment | None = None) -> InfusionOrder | Refused:
    """The order of the session that is planned, for the session the programme's records name.

    ``treatment`` is her regimen laid out, where somebody has done that already.
    """
    mother, plan, session = known.mother, known.plan, known.session
    if mother is None or plan is None or session is None:
        return Refused((reason("plan", "Before an infusion is opened, plan and session are recorded."),))
    try:
        order = order_from(
            ground.drug,
            plan.regimen,
            treatment or treatment_of(mother, plan.regimen, ground),
            session=session,
            session_number=plan.session_number,
            weight_kg=mother.weight_kg,
            start=mother.start,
            sleep=mother.sleep,
            limits=plan.limits,
            overdue_after_min=plan.overdue_after_min,
            unrecorded_after_min=plan.unrecorded_after_min,
        )
    except ValueError as error:
        return Refused((reason("plan", f"This plan gives no infusion: {error}."),))
    return replace(order, programme=ground.programme.name)
