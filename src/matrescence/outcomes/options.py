"""The treatments that are laid side by side, in a fixed order, and what no trial has shown of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from matrescence.facts import Statement
from matrescence.reading import Field, read_table, read_toml, refuse
from matrescence.sourced import STATEMENT_FIELDS, read_statement, read_statements, statement_of

SHIPPED = Path(__file__).parent
REFERENCES = SHIPPED / "references_options.bib"
"""The sources of both files that are not among the references of the drugs themselves."""
OPTION = (
    Field("key", "text", required=True),
    Field("label", "text", required=True),
    Field("drug", "text", required=True),
    Field("regimen", "text", required=True),
    Field("forecast", "text"),
    Field("sessions", "text"),
    Field("last_seen_day", "integer", "days", 1, 365),
    Field("relapse", "texts"),
    Field("speed", "table", required=True),
    Field("size", "table"),
    Field("durability", "table", required=True),
    Field("place", "table", required=True),
    Field("moderate", "table"),
    Field("maintenance", "tables"),
)
UNSHOWN = (Field("key", "text", required=True), *STATEMENT_FIELDS)


@dataclass(frozen=True, slots=True)
class Option:
    """One treatment: a regimen of the formulary, and what is said of it.

    ``forecast`` names the treatment of the HAM-D17 posterior; ``None`` where no trial after birth allows one, and
    ``size`` then says what is known elsewhere.  ``sessions`` names the treatment of the MADRS model, which is borrowed
    from other people.  ``last_seen_day`` is the last visit of the trials, ``moderate`` what to know when her depression
    is not severe, ``relapse`` the studies that followed responders, ``maintenance`` what going on did elsewhere.
    """

    key: str
    label: str
    drug: str
    regimen: str
    forecast: str | None
    sessions: str | None
    last_seen_day: int | None
    relapse: tuple[str, ...]
    speed: Statement
    size: Statement | None
    durability: Statement
    place: Statement
    moderate: Statement | None
    maintenance: tuple[Statement, ...]


@cache
def options(path: Path = SHIPPED / "options.toml") -> tuple[Option, ...]:
    """Every option, in the order of the file.

    Raises:
        InputError: every problem of the file in one message.
    """
    problems: list[str] = []
    rows = _tables(path, "options")
    found = [_option(row, f"{path}: options {number}", problems) for number, row in enumerate(rows, start=1)]
    refuse(problems, str(path))
    return tuple(option for option in found if option is not None)


def option_of(drug: str, regimen: str) -> Option | None:
    """The option that is this regimen; ``None`` where none is (a regimen for prevention, say)."""
    return next((option for option in options() if (option.drug, option.regimen) == (drug, regimen)), None)


@cache
def unshown(path: Path = SHIPPED / "unshown.toml") -> Mapping[str, Statement]:
    """What no trial has shown, by key, in the order of the file.

    Raises:
        InputError: every problem of the file in one message.
    """
    problems: list[str] = []
    rows = [
        read_table(row, UNSHOWN, f"{path}: unshown {number}", problems)
        for number, row in enumerate(_tables(path, "unshown"), start=1)
    ]
    refuse(problems, str(path))
    return {row["key"]: statement_of(row) for row in rows}


def _tables(path: Path, name: str) -> list[Any]:
    found: list[Any] = read_table(read_toml(path), (Field(name, "tables", required=True, low=1),), str(path))[name]
    return found


def _option(table: Any, where: str, problems: list[str]) -> Option | None:
    before = len(problems)
    values = read_table(table, OPTION, where, problems)
    said = {
        name: read_statement(values[name], f"{where}: {name}", problems) if name in values else None
        for name in ("speed", "size", "durability", "place", "moderate")
    }
    maintenance = read_statements(values.get("maintenance", ()), f"{where}: maintenance", problems)
    problems += _forecast_problems(values, where)
    if len(problems) > before:
        return None
    named = {name: values[name] for name in ("key", "label", "drug", "regimen")}
    known = {name: values.get(name) for name in ("forecast", "sessions", "last_seen_day")}
    statements: dict[str, Any] = said
    return Option(**named, **known, **statements, relapse=tuple(values.get("relapse", ())), maintenance=maintenance)


def _forecast_problems(values: Mapping[str, Any], where: str) -> list[str]:
    found = []
    if "size" not in values and "forecast" not in values:
        found.append(f"{where}: without a forecast, size says what is known elsewhere.")
    if "sessions" in values and "forecast" in values:
        found.append(f"{where}: forecast (HAM-D17) and sessions (MADRS) are two scales; write one of them.")
    if "forecast" in values and "last_seen_day" not in values:
        found.append(f"{where}: last_seen_day is missing; write the day of the last visit of its trials.")
    return found
