"""A number or a sentence of an instrument file, with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matrescence.facts import BASES, GRADES, Fact, Statement
from matrescence.reading import Field, problem, read_table

PROVENANCE = (
    Field("source", "text", required=True, help="Write the key of an entry in references.bib, or project-decision."),
    Field("at", "text", required=True, help="Write the section, table or page it stands in."),
    Field("basis", "text", required=True, choices=BASES),
    Field("grade", "text", required=True, choices=GRADES),
)
STATEMENT = (Field("text", "text", required=True), *PROVENANCE)
FACT = (
    Field("value", "number", help="Leave the key out when the number is unknown, and write grade = 'U'."),
    Field("unit", "text", required=True, choices=("{score}", "%", "{count}")),
    Field("low", "number"),
    Field("high", "number"),
    *PROVENANCE,
)
UNKNOWN = Fact(None, "{score}", "", "", "project-decision", "U")
"""What stands in for a number that could not be read; its file is refused before anybody sees it."""


def read_fact(table: Any, where: str, problems: list[str]) -> Fact:
    """Read ``{ value = 85, low = 79, high = 90, unit = "%", source = ..., at = ..., basis = ..., grade = ... }``.

    A fact without ``value`` is unknown and must be graded U; a known one must not be.
    """
    before = len(problems)
    values = read_table(table, FACT, where, problems)
    if len(problems) > before:
        return UNKNOWN
    if ("value" in values) is (values["grade"] == "U"):
        problems.append(f"{where}: {problem('grade', values['grade'], 'U if and only if there is no value')}")
        return UNKNOWN
    try:
        return Fact(values.pop("value", None), **values)
    except ValueError as error:
        problems.append(f"{where}: {error}.")
        return UNKNOWN


def statement_of(values: Mapping[str, Any]) -> Statement:
    """The sentence among the values of a larger table that has been checked against :data:`STATEMENT`."""
    return Statement(**{field.name: values[field.name] for field in STATEMENT})
