"""What is given and observed, as plain data: pump steps, doses, bags, vials, and checks, in hours and by the clock."""

from __future__ import annotations

from datetime import datetime

from matrescence.actions.plan_json import Json, exact, iso, statement_json
from matrescence.care.drug import Preparation
from matrescence.care.infusion.plan import PUMP_RESOLUTION_ML_PER_H, Check, PumpStep, Treatment


def treatment_json(treatment: Treatment, preparation: Preparation | None, start: datetime) -> Json:
    """Pump steps, doses, bags, vials, and checks, each with hours and clock times."""
    return {
        "sessions": [{"number": s.number, **_span(start, s.start_h, s.end_h)} for s in treatment.sessions],
        "pump_steps": [_step_json(step, start) for step in treatment.steps],
        "doses": [{"at_h": exact(d.at_h), "at": iso(start, d.at_h), "amount_mg": d.amount_mg} for d in treatment.doses],
        "total_dose_mg": exact(treatment.total_dose_mg),
        "total_volume_ml": exact(treatment.total_volume_ml),
        "pump": _pump_json(treatment),
        "bags": [
            {
                "number": bag.number,
                "hang_at_h": exact(bag.hang_at_h),
                "change_by_h": exact(bag.change_by_h),
                "volume_ml": exact(bag.volume_ml),
                "hang_at": iso(start, bag.hang_at_h),
                "change_by": iso(start, bag.change_by_h),
                "why": bag.why,
            }
            for bag in treatment.bags
        ],
        "vials": None if treatment.vials is None else treatment.vials.total,
        "preparation": _preparation_json(treatment, preparation),
        "checks": [_check_json(check, start) for check in treatment.checks],
    }


def _span(start: datetime, start_h: float, end_h: float) -> Json:
    return {
        "start_h": exact(start_h),
        "end_h": exact(end_h),
        "starts_at": iso(start, start_h),
        "ends_at": iso(start, end_h),
    }


def _step_json(step: PumpStep, start: datetime) -> Json:
    return {
        "session": step.session,
        **_span(start, step.start_h, step.end_h),
        "rate_ug_per_kg_h": exact(step.rate_ug_per_kg_h),
        "rate_ml_per_h": exact(step.rate_ml_per_h),
        "rate_ml_per_h_set": step.rate_ml_per_h_set,
        "volume_ml": exact(step.volume_ml),
        "lower_ug_per_kg_h": step.lower_ug_per_kg_h,
        "lower_ml_per_h": exact(step.lower_ml_per_h),
        "lower_ml_per_h_set": step.lower_ml_per_h_set,
    }


def _pump_json(treatment: Treatment) -> Json | None:
    if treatment.set_dose_mg is None:
        return None
    difference_mg = treatment.set_dose_mg - treatment.total_dose_mg
    return {
        "resolution_ml_per_h": PUMP_RESOLUTION_ML_PER_H,
        "total_dose_mg_as_set": exact(treatment.set_dose_mg),
        "difference_mg": exact(round(difference_mg, 9)),
        "difference_percent": exact(round(100.0 * difference_mg / treatment.total_dose_mg, 9)),
    }


def _preparation_json(treatment: Treatment, preparation: Preparation | None) -> Json | None:
    if preparation is None or not treatment.steps:
        return None
    facts = {
        "concentration_mg_per_ml": preparation.concentration_mg_per_ml,
        "bag_ml": preparation.bag_ml,
        "hang_h": preparation.hang_h,
        "refrigerated_h": preparation.refrigerated_h,
        "vial_mg": preparation.vial_mg,
        "vial_ml": preparation.vial_ml,
        "extra_bag_from_kg": preparation.extra_bag_from_kg,
    }
    return {
        "vials_per_bag": None if treatment.vials is None else treatment.vials.per_bag,
        **{
            name: None
            if fact is None
            else {"value": fact.value, "source": fact.source, "at": fact.at, "grade": fact.grade}
            for name, fact in facts.items()
        },
        "recipe": [statement_json(said) for said in preparation.recipe],
    }


def _check_json(check: Check, start: datetime) -> Json:
    until_h = check.until_h
    return {
        "at": iso(start, check.at_h),
        "at_h": exact(check.at_h),
        "until": None if until_h is None else iso(start, until_h),
        "until_h": exact(until_h),
        "continuous": until_h is not None,
        "what": check.what,
        "kind": check.kind,
        "source": check.statement.source,
        "grade": check.statement.grade,
    }


def observations_json(treatment: Treatment) -> list[Json]:
    """What is observed, each once, in the words of its source."""
    said = {check.what: check for check in treatment.checks}
    return [{"what": what, "kind": check.kind, **statement_json(check.statement)} for what, check in said.items()]
