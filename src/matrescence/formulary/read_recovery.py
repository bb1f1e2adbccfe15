"""One drug's ``recovery.toml``: leaving, driving, visits, maintenance.  A folder without it tells nothing of these."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from matrescence.care.recovery.guidance import (
    Criterion,
    DischargeCriterion,
    Driving,
    Guidance,
    Maintenance,
    NonResponse,
    Visit,
)
from matrescence.facts import Fact, Statement
from matrescence.formulary.bibliography import read_bibliography
from matrescence.formulary.library import folder_of
from matrescence.reading import Field, read_table, read_toml, refuse
from matrescence.sourced import STATEMENT_FIELDS, read_fact, read_statement

FILE = "recovery.toml"

RECOVERY_FIELDS = (
    Field("discharge", "tables"),
    Field("driving", "table"),
    Field("visits", "tables"),
    Field("maintenance", "table"),
    Field("non_response", "table"),
)
DISCHARGE_FIELDS = (
    Field("kind", "text", required=True, choices=tuple(kind.value for kind in Criterion)),
    Field("threshold", "table"),
    Field("scale", "text"),
    *STATEMENT_FIELDS,
)
DRIVING_FIELDS = (Field("after_end", "table"), Field("next_day", "boolean"), *STATEMENT_FIELDS)
VISIT_FIELDS = (
    Field("name", "text", required=True),
    Field("after_end_days", "number", "days", low=0, high=730, required=True),
    *STATEMENT_FIELDS,
)
MAINTENANCE_FIELDS = (
    Field("after_regimens", "texts", required=True, low=1),
    Field("every_days", "number", "days", low=1, high=365, required=True),
    Field("times", "integer", "sessions", low=1, high=100, required=True),
    Field("responders_only", "boolean", required=True),
    *STATEMENT_FIELDS,
)
NON_RESPONSE_FIELDS = (
    Field("after_sessions", "integer", "sessions", low=1, high=100, required=True),
    *STATEMENT_FIELDS,
)
THRESHOLD_UNITS = {Criterion.OBSERVED: "h", Criterion.BLOOD_PRESSURE: "mm[Hg]"}
_STATEMENT = tuple(field.name for field in STATEMENT_FIELDS)


@cache
def load_guidance(name: str) -> Guidance:
    """The recovery data of one shipped drug; an empty :class:`Guidance` where its folder has none.

    Raises:
        UnknownDrug: there is no such drug.
        InputError: the file cannot be used.
    """
    return read_guidance(folder_of(name))


def read_guidance(folder: Path) -> Guidance:
    """Read ``recovery.toml`` of a drug folder.

    Raises:
        InputError: something in it cannot be used; every problem is named.
    """
    path = folder / FILE
    if not path.is_file():
        return Guidance()
    where, problems = str(path), list[str]()
    values = read_table(read_toml(path), RECOVERY_FIELDS, where, problems)
    discharge = [_discharge(row, f"{where}: discharge {n}", problems) for n, row in _rows(values, "discharge")]
    found = Guidance(
        discharge=tuple(item for item in discharge if item is not None),
        driving=_one(_driving, values.get("driving"), f"{where}: driving", problems),
        visits=tuple(_visit(row, f"{where}: visits {n}", problems) for n, row in _rows(values, "visits")),
        maintenance=_one(_maintenance, values.get("maintenance"), f"{where}: maintenance", problems),
        non_response=_one(_non_response, values.get("non_response"), f"{where}: non_response", problems),
        citations={key: entry.line for key, entry in read_bibliography(folder / "references.bib").items()},
    )
    refuse(problems, where)
    return found


def _rows(values: dict[str, Any], key: str) -> enumerate[Any]:
    return enumerate(values.get(key, []), start=1)


def _one(read: Any, table: Any, where: str, problems: list[str]) -> Any:
    return None if table is None else read(table, where, problems)


def _statement(values: dict[str, Any], where: str, problems: list[str]) -> Statement:
    return read_statement({key: values[key] for key in _STATEMENT if key in values}, where, problems)


def _fact(values: dict[str, Any], key: str, unit: str, where: str, problems: list[str]) -> Fact | None:
    return read_fact(values[key], f"{where} {key}", problems, to_unit=unit) if key in values else None


def _discharge(table: Any, where: str, problems: list[str]) -> DischargeCriterion | None:
    values = read_table(table, DISCHARGE_FIELDS, where, problems)
    if "kind" not in values:
        return None
    kind = Criterion(values["kind"])
    if "threshold" in values and kind not in THRESHOLD_UNITS:
        problems.append(f"{where}: a threshold belongs to {', '.join(k.value for k in THRESHOLD_UNITS)} alone.")
        return None
    threshold = _fact(values, "threshold", THRESHOLD_UNITS.get(kind, ""), where, problems)
    return DischargeCriterion(kind, _statement(values, where, problems), threshold, values.get("scale"))


def _driving(table: Any, where: str, problems: list[str]) -> Driving:
    values = read_table(table, DRIVING_FIELDS, where, problems)
    after = _fact(values, "after_end", "h", where, problems)
    return Driving(_statement(values, where, problems), after, values.get("next_day", False))


def _visit(table: Any, where: str, problems: list[str]) -> Visit:
    values = read_table(table, VISIT_FIELDS, where, problems)
    name, days = values.get("name", ""), values.get("after_end_days", 0.0)
    return Visit(name, days, _statement(values, where, problems))


def _maintenance(table: Any, where: str, problems: list[str]) -> Maintenance | None:
    before = len(problems)
    values = read_table(table, MAINTENANCE_FIELDS, where, problems)
    if len(problems) > before:
        return None
    return Maintenance(
        tuple(values["after_regimens"]),
        values["every_days"],
        values["times"],
        values["responders_only"],
        _statement(values, where, problems),
    )


def _non_response(table: Any, where: str, problems: list[str]) -> NonResponse | None:
    values = read_table(table, NON_RESPONSE_FIELDS, where, problems)
    return NonResponse(values.get("after_sessions", 1), _statement(values, where, problems))
