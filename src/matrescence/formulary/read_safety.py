"""What must be watched, what stops an infusion, who may have it, and what happened to those who did."""

from __future__ import annotations

from typing import Any

from matrescence.care.drug import Criterion, Interruption, Observation, SideEffect
from matrescence.care.eligibility.criteria import CRITERIA
from matrescence.facts import BASES, GRADES
from matrescence.reading import Field, read_table
from matrescence.sourced import STATEMENT_FIELDS, read_fact, read_statement

_STATEMENT_KEYS = tuple(field.name for field in STATEMENT_FIELDS)

OBSERVATION_FIELDS = (
    Field("name", "text", required=True),
    Field(
        "kind", "text", required=True, choices=("oximetry", "sedation", "blood-pressure", "dissociation", "readiness")
    ),
    Field("continuous", "boolean", required=True),
    Field("every_h", "number", "h", low=0.01, high=168),
    Field("at_h", "numbers"),
    Field("skipped_in_sleep", "boolean"),
    Field("after_end_h", "number", "h", low=0, high=168),
    Field("unrecorded_after", "table", help="Of a continuous check: how long nobody may have recorded a reading."),
    *STATEMENT_FIELDS,
)
INTERRUPTION_FIELDS = (
    Field("finding", "text", required=True),
    Field("action", "text", required=True, choices=("stop", "pause", "ask")),
    Field("may_resume", "boolean", required=True),
    Field("resume_rate", "text", choices=("same-or-lower", "lower", "same")),
    Field("needs", "text", required=True),
    *STATEMENT_FIELDS,
)
CRITERION_FIELDS = (
    Field("name", "text", required=True, choices=tuple(CRITERIA)),
    Field("finding", "text", required=True, choices=("forbids", "asks", "warns")),
    Field("threshold", "table"),
    Field("classes", "texts"),
    *STATEMENT_FIELDS,
)
SIDE_EFFECT_FIELDS = (
    Field("name", "text", required=True),
    Field("regimen", "text", required=True),
    Field("events", "integer", low=0, high=100_000, required=True),
    Field("people", "integer", low=1, high=100_000, required=True),
    Field("control_events", "integer", low=0, high=100_000),
    Field("control_people", "integer", low=1, high=100_000),
    Field("control", "text"),
    Field("source", "text", required=True),
    Field("at", "text", required=True),
    Field("basis", "text", required=True, choices=BASES),
    Field("grade", "text", required=True, choices=GRADES),
)


THRESHOLD_UNITS = {"days_since_birth_over": "d"}
"""The unit a criterion's threshold is kept in where its name says one; every other is kept in its canonical unit."""


def _statement(values: dict[str, Any], where: str, problems: list[str]) -> Any:
    return read_statement({key: values[key] for key in _STATEMENT_KEYS if key in values}, where, problems)


def read_observation(table: Any, where: str, problems: list[str]) -> Observation | None:
    """Read one ``[[observations]]`` table: continuous, at an interval, or at given hours from the start."""
    before = len(problems)
    values = read_table(table, OBSERVATION_FIELDS, where, problems)
    if len(problems) > before:
        return None
    if not (values["continuous"] or "every_h" in values or values.get("at_h")):
        problems.append(f"{where}: no time is given; write continuous = true, every_h, or at_h.")
        return None
    limit = None
    if "unrecorded_after" in values:
        limit = read_fact(values["unrecorded_after"], f"{where}, unrecorded_after", problems, to_unit="min")
    if limit is not None and not values["continuous"]:
        problems.append(f"{where}: unrecorded_after belongs to continuous = true, and only to it.")
    return Observation(
        name=values["name"],
        kind=values["kind"],
        continuous=values["continuous"],
        every_h=values.get("every_h"),
        at_h=tuple(values.get("at_h", ())),
        skipped_in_sleep=values.get("skipped_in_sleep", False),
        after_end_h=values.get("after_end_h", 0.0),
        statement=_statement(values, where, problems),
        unrecorded_after_min=limit,
    )


def read_interruption(table: Any, where: str, problems: list[str]) -> Interruption | None:
    """Read one ``[[interruptions]]`` table: what a finding does, and whether the infusion may ever run again."""
    before = len(problems)
    values = read_table(table, INTERRUPTION_FIELDS, where, problems)
    if len(problems) > before:
        return None
    if values["may_resume"] != ("resume_rate" in values):
        problems.append(f"{where}: resume_rate belongs to may_resume = true, and only to it.")
        return None
    return Interruption(
        finding=values["finding"],
        action=values["action"],
        may_resume=values["may_resume"],
        resume_rate=values.get("resume_rate"),
        needs=values["needs"],
        statement=_statement(values, where, problems),
    )


def read_criterion(table: Any, where: str, problems: list[str]) -> Criterion | None:
    """Read one ``[[criteria]]`` table: the name of a rule, this drug's threshold, and the sentence behind it."""
    before = len(problems)
    values = read_table(table, CRITERION_FIELDS, where, problems)
    if len(problems) > before:
        return None
    threshold, to_unit = values.get("threshold"), THRESHOLD_UNITS.get(values["name"])
    return Criterion(
        name=values["name"],
        finding=values["finding"],
        statement=_statement(values, where, problems),
        threshold=None if threshold is None else read_fact(threshold, f"{where} threshold", problems, to_unit=to_unit),
        classes=tuple(values.get("classes", ())),
    )


def read_side_effect(table: Any, where: str, problems: list[str]) -> SideEffect | None:
    """Read one ``[[side_effects]]`` table: events of people in one arm, beside its control arm."""
    before = len(problems)
    values = read_table(table, SIDE_EFFECT_FIELDS, where, problems)
    if len(problems) > before:
        return None
    for events, people in (("events", "people"), ("control_events", "control_people")):
        if values.get(events, 0) > values.get(people, 0):
            problems.append(f"{where}: {events} = {values[events]} is more than {people} = {values.get(people)}.")
            return None
    optional = {key: values.get(key) for key in ("control_events", "control_people")}
    return SideEffect(**{**values, **optional, "control": values.get("control", "none")})
