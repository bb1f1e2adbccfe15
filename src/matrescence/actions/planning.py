"""Plan one mother's treatment: what is given, observed, expected and advised, every number with its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from matrescence import __version__
from matrescence.actions import plan_json
from matrescence.actions.around import sources
from matrescence.actions.forecasting import Forecast, forecast
from matrescence.actions.mood import mood
from matrescence.actions.treatment_json import observations_json, treatment_json
from matrescence.care.drug import Drug, RegimenPlan, SideEffect
from matrescence.care.eligibility.facts import HealthFacts
from matrescence.care.infusion.plan import Treatment, plan_treatment
from matrescence.care.infusion.warnings import Caution, caution
from matrescence.care.lactation.feeding import FeedingAdvice, feeding_advice
from matrescence.care.mother import Mother
from matrescence.pharmacology.tolerability import rate_per_100
from matrescence.reading import InputError, check_whole, nearest

MOST_WOMEN = 100_000  # a series of six with more does not fit the memory of a small machine
LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a plan says; :meth:`as_json` is what is stored and shown."""

    mother: Mother
    drug: Drug
    regimen: RegimenPlan
    treatment: Treatment
    forecast: Forecast
    advice: tuple[FeedingAdvice, ...]
    caution: Caution
    mood: plan_json.Json | None
    mood_unknown: str | None

    def as_json(self) -> plan_json.Json:
        """The plan as plain data, in the shape of ``plan.json``; the same plan gives the same data.

        ``references`` holds exactly the keys that stand somewhere in it as a source.
        """
        start, treatment = self.mother.start, self.treatment
        told: plan_json.Json = {
            **plan_json.drug_json(self.drug, self.regimen),
            "mother": plan_json.mother_json(self.mother),
            "start": start.isoformat(),
            "time_zone": plan_json.zone_name(start),
            "end_h": plan_json.exact(treatment.end_h),
            "end": plan_json.iso(start, treatment.end_h),
            **treatment_json(treatment, self.drug.preparation, start),
            "observations": observations_json(treatment),
            "interruptions": [plan_json.interruption_json(rule) for rule in self.drug.interruptions],
            "forecast": plan_json.forecast_json(self.forecast),
            "mood": self.mood,
            "mood_unknown": self.mood_unknown,
            "lactation": [plan_json.advice_json(item, start) for item in self.advice],
            "watch_infant_for": [plan_json.statement_json(said) for said in self.drug.lactation.watch_infant_for],
            "side_effects": side_effects(self.drug, self.regimen),
            "warnings": [plan_json.reason_json(reason) for reason in self.caution.warnings],
            "ask_before_start": [plan_json.reason_json(reason) for reason in self.caution.to_ask],
        }
        keys = sorted(set(plan_json.keys_used(told)))
        told["references"] = [{"key": key, "text": self.drug.citations.get(key) or _of_trials(key)} for key in keys]
        told["made_with"] = {"program": "matrescence", "version": __version__, "seed": self.forecast.seed}
        return told


def plan(
    mother: Mother,
    drug: Drug,
    *,
    regimen_name: str | None = None,
    women: int = 2000,
    seed: int = 1,
    health: HealthFacts | None = None,
) -> Plan:
    """Plan one mother's treatment with one drug.

    Args:
        mother: her facts; what is ``None`` is not known and is said to be.
        drug: from the formulary.
        regimen_name: one of the drug's regimens; its default when ``None``.
        women: how many virtual women the forecast is made of (1 to 100,000).
        seed: of the random numbers; the same seed gives the same plan to the last byte.
        health: what is on record of her health beyond her file; ``None``: the plan asks for all of it.

    Raises:
        InputError: there is no such regimen, ``women`` or ``seed`` is out of range, or the drug's model needs a fact
            that is not known of her.
    """
    regimen = regimen_of(drug, regimen_name)
    check_whole(women, "women", low=1, high=MOST_WOMEN)
    check_whole(seed, "seed", low=0, high=LARGEST_SEED)
    model = None if drug.default_model is None else drug.models[drug.default_model]
    treatment = plan_treatment(
        regimen,
        drug.preparation,
        drug.observations,
        weight_kg=mother.weight_kg,
        start=mother.start,
        sleep=mother.sleep,
    )
    ends_h = [session.end_h for session in treatment.sessions]
    course, why_not = mood(mother, treatment, drug=drug.name, regimen=regimen.name, seed=seed)
    return Plan(
        mother=mother,
        drug=drug,
        regimen=regimen,
        treatment=treatment,
        forecast=forecast(mother, drug, treatment, women=women, seed=seed),
        advice=feeding_advice(drug.lactation, start=mother.start, ends_h=ends_h),
        caution=caution(mother, drug, regimen, model, health),
        mood=course,
        mood_unknown=why_not,
    )


def regimen_of(drug: Drug, name: str | None) -> RegimenPlan:
    """One regimen of a drug by name; its default when ``name`` is ``None``.

    Raises:
        InputError: there is no such regimen; the message offers the nearest.
    """
    wanted = drug.default_regimen if name is None else name
    if wanted not in drug.regimens:
        known = ", ".join(drug.regimens)
        raise InputError(f"{drug.name} has no regimen {wanted!r}.{nearest(wanted, drug.regimens)} Known: {known}.")
    return drug.regimens[wanted]


def _of_trials(key: str) -> str:
    """One readable line for a source of the mood forecast that no drug's own references hold."""
    found = sources().get(key)
    return key if found is None else found.line


def side_effects(drug: Drug, regimen: RegimenPlan) -> list[plan_json.Json]:
    """Counts out of 100 with 95 % intervals, beside the control arm, for the arms that had this regimen."""
    return [_side_effect(row) for row in drug.side_effects if row.regimen in (regimen.name, "any")]


def _side_effect(row: SideEffect) -> plan_json.Json:
    per_100, low, high = _per_100(row.events, row.people)
    control: tuple[float | None, float | None, float | None] = (None, None, None)
    if row.control_events is not None and row.control_people is not None:
        control = _per_100(row.control_events, row.control_people)
    return {
        "name": row.name,
        "per_100": per_100,
        "low": low,
        "high": high,
        "basis": row.basis,
        "events": row.events,
        "people": row.people,
        "control": row.control,
        "control_events": row.control_events,
        "control_people": row.control_people,
        "control_per_100": control[0],
        "control_low": control[1],
        "control_high": control[2],
        "source": row.source,
        "at": row.at,
        "grade": row.grade,
    }


@lru_cache(maxsize=4096)
def _per_100(events: int, people: int) -> tuple[float | None, float | None, float | None]:
    rate = rate_per_100(events=events, people=people)
    return plan_json.predicted(rate.per_100), plan_json.predicted(rate.low), plan_json.predicted(rate.high)
