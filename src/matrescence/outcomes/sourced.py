"""A number or a sentence in a table of outcomes, with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matrescence.facts import BASES, GRADES, Fact, Statement
from matrescence.reading import Field, read_table, read_toml, refuse
from matrescence.units import UnitError, convert

HERE = Path(__file__).parent
REFERENCES = HERE / "references_around.bib"
"""The sources of prevention, relapse, prevalence and hormone."""

PROVENANCE = (
    Field("source", "text", required=True, help="Write the key of an entry in references_around.bib."),
    Field("at", "text", required=True, help="Write the section, table or page it stands in."),
    Field("basis", "text", required=True, choices=BASES),
    Field("grade", "text", required=True, choices=GRADES),
)
FACT = (
    Field("value", "number", help="Leave the key out when the number is unknown, and write grade = 'U'."),
    Field("unit", "text", required=True),
    Field("low", "number"),
    Field("high", "number"),
    *PROVENANCE,
)
STATEMENT = (Field("text", "text", required=True), *PROVENANCE)


def read_fact(table: Any, where: str, problems: list[str], *, unit: str) -> Fact:
    """Read one number with its source and convert it to ``unit``; without ``value`` it is unknown and graded U."""
    unknown = Fact(None, unit, "", "", "project-decision", "U")
    before = len(problems)
    values = read_table(table, FACT, where, problems)
    if len(problems) > before:
        return unknown
    if ("value" in values) is (values["grade"] == "U"):
        problems.append(f"{where}: an unknown number has no value and grade 'U'; every other number has both.")
        return unknown
    try:
        for key in {"value", "low", "high"} & set(values):
            values[key] = convert(values[key], values["unit"], unit)
        convert(1.0, values.pop("unit"), unit)
        return Fact(values.pop("value", None), unit, **values)
    except (UnitError, ValueError) as error:
        problems.append(f"{where}: {error}.")
        return unknown


def statement_of(values: Mapping[str, Any], text: str = "text") -> Statement:
    """The sentence among the values of a table that has been checked; ``text`` is its key there."""
    return Statement(values[text], values["source"], values["at"], values["basis"], values["grade"])


def read_statements(tables: Sequence[Any], where: str, problems: list[str]) -> tuple[Statement, ...]:
    """Read a list of sentences; each is named by its place in the list, from 1."""
    found = []
    for number, table in enumerate(tables, start=1):
        before = len(problems)
        values = read_table(table, STATEMENT, f"{where} {number}", problems)
        if len(problems) == before:
            found.append(statement_of(values))
    return tuple(found)


def read_file(path: Path, fields: Sequence[Field]) -> tuple[dict[str, Any], list[str]]:
    """A TOML file checked against its fields, and an empty list to collect what is wrong further in.

    Raises:
        InputError: the file cannot be read, or a field of its top level is wrong.
    """
    return read_table(read_toml(path), fields, str(path)), []


def finish(path: Path, problems: Sequence[str]) -> None:
    """Raise everything that was found wrong in a file.

    Raises:
        InputError: something was.
    """
    refuse(problems, str(path))
