"""Feeding around one mother's course: every source's plan, its times, milk to store, what a pause or a stop changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from matrescence import __version__
from matrescence.actions import plan_json
from matrescence.actions.course_log import is_course
from matrescence.actions.course_open import open_course
from matrescence.actions.forecasting import Forecast, forecast
from matrescence.actions.infusion import latest_record, read_log, zone_of
from matrescence.actions.planning import regimen_of
from matrescence.care.drug import Drug, RegimenPlan
from matrescence.care.infusion.evolve import replay
from matrescence.care.infusion.plan import Treatment, plan_treatment
from matrescence.care.infusion.state import State
from matrescence.care.journey.fold import fold
from matrescence.care.lactation.course import CourseError, Given, Interval, as_given
from matrescence.care.lactation.log import given_by_log, given_by_logs
from matrescence.care.lactation.plan import LactationPlan, SourcePlan, Threshold, lactation_plan
from matrescence.care.lactation.rules import RULE
from matrescence.care.lactation.storing import Milk, Window
from matrescence.care.mother import Mother
from matrescence.instruments.help_lines import load_lines
from matrescence.reading import InputError

NOT_PAPERS = {"project-decision": "A decision of this project."}

NOT_ADVICE = (
    "This informs and documents. It shows what each source says and chooses none; she and her clinician choose."
)


@dataclass(frozen=True, slots=True)
class LactationAnswer:
    """One mother's feeding plans; :meth:`as_json` is what is stored, shown and printed."""

    mother: Mother
    drug: Drug
    regimen: RegimenPlan
    plan: LactationPlan
    forecast: Forecast

    def as_json(self) -> plan_json.Json:
        """The plans as plain data; the same plans give the same data.

        ``references`` holds exactly the keys that stand somewhere in it as a source.
        """
        start, given = self.mother.start, self.plan.given
        told: plan_json.Json = {
            **plan_json.drug_json(self.drug, self.regimen),
            "mother": plan_json.mother_json(self.mother),
            "start": start.isoformat(),
            "time_zone": plan_json.zone_name(start),
            "course": _course(given, start),
            "lactation": [_source(source, start) for source in self.plan.sources],
            "threshold": _threshold(self.plan.threshold),
            "infant": _infant(self.forecast),
            "intake": [_fact(fact) for fact in self._intakes()],
            "watch_infant_for": [plan_json.statement_json(said) for said in self.plan.watch_infant_for],
            "emergency": RULE["lactation.infant_emergency"].text,
            "reasons": [plan_json.reason_json(reason) for reason in self.plan.reasons],
            "lines": [{"role": line.role.value, "sentence": line.sentence} for line in load_lines().lines],
            "note": NOT_ADVICE,
        }
        keys = sorted({*plan_json.keys_used(told)})
        told["references"] = [
            {"key": key, "text": NOT_PAPERS.get(key) or self.drug.citations.get(key, key)} for key in keys
        ]
        told["made_with"] = {"program": "matrescence", "version": __version__, "seed": self.forecast.seed}
        return told

    def _intakes(self) -> tuple[Any, Any]:
        return self.drug.lactation.intake_ml_per_kg_day, self.drug.lactation.intake_upper_ml_per_kg_day


def lactation(
    mother: Mother,
    drug: Drug,
    *,
    regimen_name: str | None = None,
    pauses: Sequence[Interval] = (),
    stopped_at_h: float | None = None,
    log: Path | None = None,
    women: int = 2000,
    seed: int = 1,
) -> LactationAnswer:
    """Lay out feeding for one mother and one course: as planned, with pauses or a stop, or as a log tells it.

    With ``log`` the start, and what was given, are those of the log.

    Raises:
        InputError: there is no such regimen; a pause or the stop does not fit the course; the log cannot be used or
            belongs to another drug.
    """
    regimen = regimen_of(drug, regimen_name)
    try:
        if log is not None:
            mother, planned, given = _from_log(mother, drug, regimen, log)
        else:
            planned = _planned(mother, drug, regimen)
            given = as_given(planned, pauses=pauses, stopped_at_h=stopped_at_h)
    except CourseError as error:
        raise InputError(f"{drug.name}, {regimen.name}: {error}.") from None
    return _answer(mother, drug, regimen, planned, given, women=women, seed=seed)


def lactation_in_course(
    mother: Mother,
    drug: Drug,
    states: Sequence[State],
    *,
    now: datetime,
    regimen_name: str | None = None,
    women: int = 2000,
    seed: int = 1,
) -> LactationAnswer:
    """Lay out feeding for a course as its infusions tell it by ``now``; with none that ran, as it is planned.

    Hour 0 is the first confirmed rate; of a regimen with one session, that of the newest infusion.

    Raises:
        InputError: there is no such regimen, or the infusions do not fit it.
    """
    regimen = regimen_of(drug, regimen_name)
    ran = [state for state in states if state.started_at is not None and state.rates]
    if not ran:
        return lactation(mother, drug, regimen_name=regimen.name, women=women, seed=seed)
    several = len(regimen.session_days) > 1
    first = ran[0] if several else ran[-1]
    assert first.started_at is not None  # only those that ran are here
    mother = replace(mother, start=first.started_at.astimezone(mother.start.tzinfo))
    planned = _planned(mother, drug, regimen)
    try:
        given = given_by_logs(planned, ran, now=now) if several else given_by_log(planned, first, now=now)
    except CourseError as error:
        raise InputError(f"{drug.name}, {regimen.name}: {error}.") from None
    return _answer(mother, drug, regimen, planned, given, women=women, seed=seed)


def _answer(
    mother: Mother, drug: Drug, regimen: RegimenPlan, planned: Treatment, given: Given, *, women: int, seed: int
) -> LactationAnswer:
    expected = forecast(mother, drug, given.treatment, women=women, seed=seed)
    threshold = _threshold_of(drug, expected)
    found = lactation_plan(mother, drug.lactation, planned=planned, given=given, threshold=threshold)
    return LactationAnswer(mother, drug, regimen, found, expected)


def read_pause(text: str) -> Interval:
    """A pause as written on the command line: ``30-32``, hours from the start.

    Raises:
        InputError: not two numbers.
    """
    parts = text.replace("–", "-").split("-")
    try:
        start_h, end_h = (float(part) for part in parts)
    except ValueError:
        raise InputError(f"--pause {text!r}: write two hours from the start, such as 30-32.") from None
    return Interval(start_h, end_h)


def _planned(mother: Mother, drug: Drug, regimen: RegimenPlan) -> Treatment:
    return plan_treatment(
        regimen, drug.preparation, drug.observations, weight_kg=mother.weight_kg, start=mother.start, sleep=mother.sleep
    )


def _from_log(mother: Mother, drug: Drug, regimen: RegimenPlan, path: Path) -> tuple[Mother, Treatment, Given]:
    state, now = _infusion_in(path, mother)
    if state.ordered.drug != drug.name:
        raise InputError(f"{path}: this is the log of {state.ordered.drug}; name that drug, or the log of {drug.name}.")
    if state.started_at is not None:
        mother = replace(mother, start=state.started_at.astimezone(zone_of(state)))
    planned = _planned(mother, drug, regimen)
    return mother, planned, given_by_log(planned, state, now=now)


def _infusion_in(path: Path, mother: Mother) -> tuple[State, datetime]:
    """The infusion that a log tells, and when it was last written: its own log, or the newest one in a course's."""
    if not is_course(path):
        log = read_log(path)
        return replay(log.events), latest_record(log)
    course = open_course(path)
    known = fold(course.entries, course.ground)
    if known.mother is not None and known.mother.name != mother.name:
        raise InputError(f"{path}: this course is about {known.mother.name!r}, not about {mother.name!r}.")
    if known.infusion is None or known.recorded_at is None:
        raise InputError(f"{path}: this course holds no infusion yet.")
    return known.state, known.recorded_at


def _threshold_of(drug: Drug, expected: Forecast) -> Threshold | None:
    level, milk = drug.lactation.published_level_ng_per_ml, expected.milk
    if level is None or level.value is None or milk is None or milk.below_level_after_end_h is None:
        return None
    hours = milk.below_level_after_end_h
    return Threshold(level.value, hours.p50, hours.p95, level.source, expected.grade)


# ---- plain data -----------------------------------------------------------------------------------------------


def _course(given: Given, start: datetime) -> plan_json.Json:
    return {
        "happened": given.happened.value,
        "pauses": [
            {
                "start_h": plan_json.exact(pause.start_h),
                "end_h": plan_json.exact(pause.end_h),
                "starts_at": plan_json.iso(start, pause.start_h),
                "ends_at": plan_json.iso(start, pause.end_h),
            }
            for pause in given.pauses
        ],
        "stopped_at_h": plan_json.exact(given.stopped_at_h),
        "stopped_at": None if given.stopped_at_h is None else plan_json.iso(start, given.stopped_at_h),
        "sessions": [
            {
                "number": session.number,
                "start_h": plan_json.exact(session.start_h),
                "end_h": plan_json.exact(session.end_h),
                "starts_at": plan_json.iso(start, session.start_h),
                "ends_at": plan_json.iso(start, session.end_h),
            }
            for session in given.treatment.sessions
        ],
        "total_dose_mg": plan_json.exact(given.treatment.total_dose_mg),
    }


def _source(source: SourcePlan, start: datetime) -> plan_json.Json:
    advice = plan_json.advice_json(source.advice, start)
    planned = None if source.planned_again is None else [at.isoformat() for at in source.planned_again]
    pairs = zip(source.windows, source.milk, strict=True)
    return {
        **advice,
        "planned_feed_again_after_each": planned,
        "changed": planned not in (None, advice["feed_again_after_each"]),
        "pauses": [_window(window, milk, start) for window, milk in pairs],
    }


def _window(window: Window, milk: Milk, start: datetime) -> plan_json.Json:
    return {
        "from_h": plan_json.exact(window.from_h),
        "until_h": plan_json.exact(window.until_h),
        "from": plan_json.iso(start, window.from_h),
        "until": plan_json.iso(start, window.until_h),
        "hours": plan_json.exact(window.hours),
        "at_least": window.open_ended,
        "sessions": window.sessions,
        "milk_ml_usual": plan_json.exact(milk.usual_ml),
        "milk_ml_upper": plan_json.exact(milk.upper_ml),
    }


def _threshold(found: Threshold | None) -> plan_json.Json | None:
    if found is None:
        return None
    return {
        "level_ng_per_ml": found.level_ng_per_ml,
        "half_h": plan_json.predicted(found.half_h),
        "most_h": plan_json.predicted(found.most_h),
        "source": found.source,
        "grade": found.grade,
    }


def _infant(expected: Forecast) -> plan_json.Json:
    """What an infant fed without a pause would get, as forecast; ``null`` where no model gives it."""
    milk = expected.milk
    return {
        "relative_infant_dose_percent": plan_json.quantiles_json(
            None if milk is None else milk.relative_infant_dose_percent
        ),
        "infant_dose_ug_per_kg": plan_json.quantiles_json(None if milk is None else milk.infant_dose_ug_per_kg),
        "grade": expected.grade,
        "women": expected.women,
        "unknown": list(expected.unknown),
    }


def _fact(fact: Any) -> plan_json.Json:
    return {"value": fact.value, "unit": fact.unit, "source": fact.source, "at": fact.at, "grade": fact.grade}
