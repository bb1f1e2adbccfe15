"""One number, or one sentence, with its source, as a TOML file writes it: the smallest thing all data is made of.

Drug folders, rating scales and the record of outcomes are read through here, so a number without a source cannot enter
any of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matrescence.facts import BASES, GRADES, Fact, Statement
from matrescence.reading import Field, read_table
from matrescence.units import UNITS, UnitError, canonical, convert, unit

PROVENANCE = (
    Field("source", "text", required=True, help="Write the key of an entry in the bibliography beside this file."),
    Field("at", "text", required=True, help="Write the section, table or page it stands in."),
    Field("basis", "text", required=True, choices=BASES),
    Field("grade", "text", required=True, choices=GRADES),
)
FACT_FIELDS = (
    Field("value", "number", help="Leave the key out when the number is unknown, and write grade = 'U'."),
    Field("unit", "text", required=True),
    Field("low", "number"),
    Field("high", "number"),
    *PROVENANCE,
)
STATEMENT_FIELDS = (Field("text", "text", required=True), *PROVENANCE)

UNKNOWN = Fact(None, "1", "", "", "project-decision", "U")
"""What stands in for a number that could not be read; its file is refused before anybody sees it."""


def read_fact(table: Any, where: str, problems: list[str], *, to_unit: str | None = None) -> Fact:
    """Read ``{ value = 5, unit = "mg/mL", source = "...", at = "...", basis = "read", grade = "A" }``.

    The value and its range are converted to ``to_unit`` (or, without it, to the canonical unit of their own kind).
    A fact without ``value`` is unknown and must be graded U.
    """
    before = len(problems)
    values = read_table(table, FACT_FIELDS, where, problems)
    if len(problems) > before:
        return UNKNOWN
    if ("value" in values) == (values["grade"] == "U"):
        problems.append(f"{where}: an unknown number has no value and grade 'U'; every other number has both.")
        return UNKNOWN
    return _converted(values, where, problems, to_unit)


def read_statement(table: Any, where: str, problems: list[str]) -> Statement:
    """Read ``{ text = "...", source = "...", at = "...", basis = "read", grade = "A" }``."""
    before = len(problems)
    values = read_table(table, STATEMENT_FIELDS, where, problems)
    if len(problems) > before:
        return Statement("", "", "", "project-decision", "U")
    return statement_of(values)


def statement_of(values: Mapping[str, Any], *, text: str = "text") -> Statement:
    """The sentence among the values of a larger table that has been checked; ``text`` is its key there."""
    return Statement(values[text], values["source"], values["at"], values["basis"], values["grade"])


def read_statements(tables: Sequence[Any], where: str, problems: list[str]) -> tuple[Statement, ...]:
    """Read a list of statements; each is named by its place in the list, from 1."""
    return tuple(read_statement(table, f"{where} {number}", problems) for number, table in enumerate(tables, start=1))


def _converted(values: dict[str, Any], where: str, problems: list[str], to_unit: str | None) -> Fact:
    written = values["unit"]
    target = to_unit
    try:
        target = to_unit or canonical_code(written)
        numbers = {key: convert(values[key], written, target) for key in ("value", "low", "high") if key in values}
        if "value" not in values:
            convert(1.0, written, target)
        return Fact(
            numbers.get("value"),
            target,
            values["source"],
            values["at"],
            values["basis"],
            values["grade"],
            low=numbers.get("low"),
            high=numbers.get("high"),
        )
    except UnitError as error:
        problems.append(f"{where}: unit = {written!r} cannot be used: {error}.{_wanted(target)}")
    except ValueError as error:
        problems.append(f"{where}: {error}; write low below value below high.")
    return UNKNOWN


def canonical_code(code: str) -> str:
    """The canonical UCUM code of the kind of quantity that ``code`` measures."""
    return canonical(unit(code).kind).code


def _wanted(target: str | None) -> str:
    if target is None or target not in UNITS:
        return ""
    same_kind = [row.code for row in UNITS.values() if row.kind == UNITS[target].kind]
    return f" Write it in one of: {', '.join(same_kind)}."
