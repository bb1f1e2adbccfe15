"""The treatments that are laid side by side, in a fixed order, and what no trial has shown of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from matrescence.facts import Statement
from matrescence.reading import Field, read_table, read_toml, refuse
from matrescence.sourced import STATEMENT_FIELDS, read_statement, statement_of

SHIPPED = Path(__file__).parent
REFERENCES = SHIPPED / "references_options.bib"
"""The sources of both files that are not among the references of the drugs themselves."""
OPTION = (
    Field("key", "text", required=True),
    Field("label", "text", required=True),
    Field("drug", "text", required=True),
    Field("regimen", "text", required=True),
    Field("forecast", "text"),
    Field("relapse", "texts"),
    Field("speed", "table", required=True),
    Field("size", "table"),
    Field("durability", "table", required=True),
    Field("place", "table", required=True),
)
UNSHOWN = (Field("key", "text", required=True), *STATEMENT_FIELDS)


@dataclass(frozen=True, slots=True)
class Option:
    """One treatment: a regimen of the formulary, and what is said of it.

    ``forecast`` names the treatment of the mood posterior; ``None`` where no trial after birth allows a forecast, and
    ``size`` then says what is known elsewhere.  ``relapse`` names the studies that followed responders of it.
    """

    key: str
    label: str
    drug: str
    regimen: str
    forecast: str | None
    relapse: tuple[str, ...]
    speed: Statement
    size: Statement | None
    durability: Statement
    place: Statement


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
        for name in ("speed", "size", "durability", "place")
    }
    if "size" not in values and "forecast" not in values:
        problems.append(f"{where}: without a forecast, size says what is known elsewhere.")
    if len(problems) > before:
        return None
    named = {name: values[name] for name in ("key", "label", "drug", "regimen")}
    statements: dict[str, Any] = said
    return Option(**named, **statements, forecast=values.get("forecast"), relapse=tuple(values.get("relapse", ())))
