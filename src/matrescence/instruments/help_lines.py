"""Whom to call: the lines that come with the program, with a clinic's own in their place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matrescence.care.assessment.help_lines import HelpLine, HelpLines, LineRole
from matrescence.instruments.library import SHIPPED
from matrescence.reading import Field, read_table, read_toml, refuse
from matrescence.sourced import STATEMENT_FIELDS, statement_of

LINE = (
    Field("role", "text", required=True, choices=tuple(role.value for role in LineRole)),
    Field("name", "text", required=True),
    Field("number", "text", required=True, help="Write the number as a text, in quotation marks."),
    Field("how", "text", required=True),
    *STATEMENT_FIELDS,
)


def load_lines(local: Path | None = None) -> HelpLines:
    """The shipped lines, or those of a clinic: a role the clinic's file names replaces all shipped lines of that role.

    Raises:
        InputError: the clinic's file cannot be used.
    """
    shipped = read_lines(SHIPPED / "help_lines.toml")
    if local is None:
        return HelpLines(shipped)
    own = read_lines(local)
    replaced = {line.role for line in own}
    return HelpLines((*own, *(line for line in shipped if line.role not in replaced)))


def read_lines(path: Path) -> tuple[HelpLine, ...]:
    """Read one file of lines.

    Raises:
        InputError: the file cannot be read, or a line in it cannot be used.
    """
    problems: list[str] = []
    where = str(path)
    listed = read_table(read_toml(path), (Field("lines", "tables", required=True, low=1),), where, problems)
    rows = [read_table(row, LINE, f"{where}: line {n}", problems) for n, row in enumerate(listed.get("lines", []), 1)]
    refuse(problems, where)
    return tuple(_line(row) for row in rows)


def _line(row: dict[str, Any]) -> HelpLine:
    return HelpLine(LineRole(row["role"]), row["name"], row["number"], row["how"], statement_of(row))
