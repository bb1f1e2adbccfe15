"""What may be written in a trial's file, and reading it; every problem of a file is reported at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matrescence.facts import BASES, GRADES
from matrescence.outcomes.trial import OUTCOMES, SCALES, SETTINGS, SEVERITIES, USES, Arm, Baseline, Result, Trial
from matrescence.reading import Field, read_table, read_toml, refuse

_PROVENANCE = (
    Field("source", "text", required=True, help="Write the key of an entry in references.bib."),
    Field("at", "text", required=True, help="Write the section, table or visit it stands at."),
    Field("basis", "text", required=True, choices=BASES),
    Field("grade", "text", required=True, choices=GRADES),
)
TRIAL_FIELDS = (
    Field("label", "text", required=True),
    Field("registry", "text"),
    Field("scale", "text", required=True, choices=SCALES),
    Field("population", "text", required=True),
    Field("severity", "text", required=True, choices=SEVERITIES),
    Field("setting", "text", required=True, choices=SETTINGS),
    Field("use", "text", required=True, choices=USES),
    Field("entry", "table"),
    Field("pooled_from", "texts"),
    Field("notes", "texts", required=True),
    Field("not_for", "texts", required=True, low=1, help="Say at least one thing the trial cannot answer."),
    Field("arms", "tables", required=True, low=1),
)
ENTRY_FIELDS = (Field("low", "number", low=0, high=60), Field("high", "number", low=0, high=60))
ARM_FIELDS = (
    Field("name", "text", required=True),
    Field("treatment", "text", required=True),
    Field("n", "integer", low=1, required=True),
    Field("sessions_at_h", "numbers", low=1),
    Field("baseline", "table"),
    Field("results", "tables", required=True, low=1),
)
BASELINE_FIELDS = (
    Field("mean", "number", low=0, high=60, required=True),
    Field("sd", "number", low=0.1, high=20, required=True),
    Field("sd_basis", "text", choices=BASES),
    *_PROVENANCE,
)
RESULT_FIELDS = (
    Field("outcome", "text", required=True, choices=OUTCOMES),
    Field("at_h", "number", "h", low=0, required=True),
    Field("value", "number", required=True),
    Field("se", "number", low=0.01),
    Field("sd", "number", low=0.01),
    Field("low", "number"),
    Field("high", "number"),
    Field("n", "integer", low=1),
    Field("spread", "text", choices=BASES),
    Field("inflate", "number", low=1, high=5),
    Field("use", "text", required=True, choices=USES),
    *_PROVENANCE,
)
_PERCENTAGES = ("response", "remission", "sustained-response", "sustained-remission", "relapse")


def read_trial(path: Path) -> Trial:
    """Read one trial; its name is the file's.

    Raises:
        InputError: every problem of the file in one message.
    """
    where, problems = str(path), []
    values = read_table(read_toml(path), TRIAL_FIELDS, where)
    entry = read_table(values.pop("entry", {}), ENTRY_FIELDS, f"{where}: entry", problems)
    tables = values.pop("arms")
    arms = [_arm(table, f"{where}: arms {number}", problems) for number, table in enumerate(tables, start=1)]
    names = [arm.name for arm in arms if arm is not None]
    problems += [f"{where}: the arm {name!r} is given twice." for name in sorted(set(names)) if names.count(name) > 1]
    refuse(problems, where)
    lists = {key: tuple(values.pop(key, ())) for key in ("notes", "not_for", "pooled_from")}
    return Trial(
        name=path.stem,
        arms=tuple(arm for arm in arms if arm is not None),
        entry=(entry.get("low"), entry.get("high")),
        **lists,
        **values,
    )


def _arm(table: Any, where: str, problems: list[str]) -> Arm | None:
    before = len(problems)
    values = read_table(table, ARM_FIELDS, where, problems)
    if len(problems) > before:
        return None
    baseline = None
    if "baseline" in values:
        found = read_table(values.pop("baseline"), BASELINE_FIELDS, f"{where} baseline", problems)
        baseline = Baseline(**found) if len(problems) == before else None
    tables = values.pop("results")
    results = [_result(row, f"{where} results {number}", problems) for number, row in enumerate(tables, start=1)]
    if len(problems) > before:
        return None
    known = sorted((row for row in results if row is not None), key=lambda row: row.at_h)
    sessions = tuple(values.pop("sessions_at_h", ()))
    return Arm(baseline=baseline, results=tuple(known), sessions_at_h=sessions, **values)


def _result(table: Any, where: str, problems: list[str]) -> Result | None:
    before = len(problems)
    values = read_table(table, RESULT_FIELDS, where, problems)
    if len(problems) > before:
        return None
    if values["outcome"] in _PERCENTAGES and not 0 <= values["value"] <= 100:
        problems.append(f"{where}: value = {values['value']} is a percentage and lies outside 0 to 100.")
    if values["outcome"] == "change" and values["use"] == "fit" and "se" not in values:
        problems.append(f"{where}: se is missing; a change that is fitted needs its standard error.")
    if "se" in values and "spread" not in values:
        problems.append(f"{where}: spread is missing; say how the standard error came here (read, derived).")
    return Result(**values) if len(problems) == before else None
