"""A regimen before anybody's weight is known: a staircase of rates, sessions on some days, or doses by mouth."""

from __future__ import annotations

from typing import Any

from matrescence.care.drug import RateInterval, RegimenPlan, Schedule
from matrescence.facts import GRADES
from matrescence.reading import Field, read_table
from matrescence.sourced import read_statements

STEP_FIELDS = (
    Field("start_h", "number", "h", low=0, required=True),
    Field("end_h", "number", "h", low=0, required=True),
    Field("rate_ug_per_kg_h", "number", "ug/kg/h", low=0, high=1000, required=True),
    Field("lower_ug_per_kg_h", "number", "ug/kg/h", low=0, high=1000),
)
REGIMEN_FIELDS = (
    Field("label", "text", required=True),
    Field("schedule", "text", required=True, choices=tuple(schedule.value for schedule in Schedule)),
    Field("use", "text", required=True, choices=("treatment", "prevention")),
    Field("source", "text", required=True),
    Field("at", "text", required=True),
    Field("grade", "text", required=True, choices=GRADES),
    Field("steps", "tables"),
    Field("dose_mg_per_kg", "number", "mg/kg", low=0, high=100),
    Field("duration_min", "number", "min", low=1, high=10_000),
    Field("session_days", "numbers"),
    Field("dose_mg", "number", "mg", low=0, high=10_000),
    Field("every_h", "number", "h", low=1, high=168),
    Field("doses", "integer", low=1, high=1000),
    Field("evening", "boolean", help="true when the source says that doses are taken in the evening."),
    Field("notes", "tables"),
)
NEEDS = {
    Schedule.STAIRCASE: ("steps",),
    Schedule.SESSIONS: ("dose_mg_per_kg", "duration_min", "session_days"),
    Schedule.ORAL: ("dose_mg", "every_h", "doses"),
}
"""What each kind of schedule must give."""


def read_regimen(name: str, table: Any, where: str, problems: list[str]) -> RegimenPlan | None:
    """Read one ``[regimens.<name>]`` table; ``None`` when it cannot be used (the reason is in ``problems``)."""
    before = len(problems)
    values = read_table(table, REGIMEN_FIELDS, where, problems)
    if len(problems) > before:
        return None
    schedule = Schedule(values["schedule"])
    missing = [key for key in NEEDS[schedule] if key not in values]
    problems += [f"{where}: {key} is missing; a schedule {schedule.value!r} needs it." for key in missing]
    stairs = _staircase(values.get("steps", []), where, problems)
    notes = read_statements(values.get("notes", []), f"{where} notes", problems)
    if len(problems) > before:
        return None
    return RegimenPlan(
        name=name,
        label=values["label"],
        schedule=schedule,
        source=values["source"],
        at=values["at"],
        grade=values["grade"],
        use=values["use"],
        staircase=stairs,
        dose_mg_per_kg=values.get("dose_mg_per_kg"),
        duration_min=values.get("duration_min"),
        session_days=tuple(values.get("session_days", ())),
        dose_mg=values.get("dose_mg"),
        every_h=values.get("every_h"),
        doses=values.get("doses"),
        evening=values.get("evening", False),
        notes=notes,
    )


def _staircase(steps: list[Any], where: str, problems: list[str]) -> tuple[RateInterval, ...]:
    before = len(problems)
    stairs = [read_table(step, STEP_FIELDS, f"{where} steps {n}", problems) for n, step in enumerate(steps, start=1)]
    if len(problems) > before:
        return ()
    return tuple(RateInterval(**stair) for stair in stairs)
