"""The same sentences and tables on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matrescence.handouts.around.content import Page, Table

if TYPE_CHECKING:
    from rich.console import Console


WIDE = 120
"""Columns of a terminal from which on every column of a table is shown."""


def show(page: Page, console: Console) -> None:
    """Print a page: title, sentences, tables, notes; the papers are counted and left to ``--json`` and ``--out``."""
    from rich.text import Text

    console.print(Text(page.title, style="bold"), "")
    for line in page.lead:
        console.print(Text(line))
    for table in page.tables:
        console.print("", _drawn(table, wide=console.width >= WIDE))
        if table.note:
            console.print(Text(table.note, style="dim"))
    for heading, items in page.notes:
        console.print("", Text(heading, style="bold"))
        for item in items:
            console.print(Text(f"- {item}"))
    console.print("", Text(f"{len(page.references)} sources; --json and --out list them.", style="dim"))


def _drawn(table: Table, *, wide: bool) -> object:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable
    from rich.text import Text

    title = Text(table.title, style="bold")
    drawn = RichTable(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    shown = [place for place in range(len(table.head)) if wide or place not in table.spare]
    for place in shown:
        right = place in table.numbers
        drawn.add_column(table.head[place], justify="right" if right else "left", overflow="fold", no_wrap=False)
    for row in table.rows:
        drawn.add_row(*(Text(row[place]) for place in shown))
    return drawn
