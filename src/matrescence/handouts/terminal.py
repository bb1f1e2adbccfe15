"""The plan on the terminal: availability first, warnings first, then what to do, then what to expect and how sure.

Readable in colour, without colour and when piped; 100 columns are enough.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from matrescence.facts import GRADE_MEANING
from matrescence.handouts.checks import always, by_day
from matrescence.handouts.clock import Clock
from matrescence.handouts.dosing import Curves, Dosing
from matrescence.handouts.heading import is_invented, name_of
from matrescence.handouts.mood_words import mood_words
from matrescence.handouts.page_words import page_words

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod
    from rich.table import Table

Plan = Mapping[str, Any]
_BLOCKS = "▁▂▃▄▅▆▇█"
_SPARK_WIDTH = 64
_WIDTH = 100
_SIMPLER = str.maketrans(
    {"\u2007": " ", "\u2008": " ", "\u202f": " ", "\u00a0": " ", "\u2013": "-", "\u00b7": ".", "\u00b2": "2"}
)


def show(plan: Plan, console: Console) -> None:
    """Print a plan, as it stands in ``plan.json``, with rich.

    Raises:
        KeyError: the plan lacks something that ``plan.schema.json`` requires.
    """
    if not (console.is_terminal or os.environ.get("COLUMNS")):
        console.width = _WIDTH  # a pipe has no width of its own
    words = page_words(plan)
    number = words["number"]
    _head(plan, words, console)
    _warnings(words["warnings"], number, console)
    _listed("Ask before the start", [f"? {item['text']}" for item in words["ask"]], console)
    _give(words, console)
    _check(plan, console)
    _stop(words["stops"], number, console)
    _expect(plan, words, console)
    _mood(mood_words(plan), number, console)
    _side_effects(words["effects"], number, console)
    _feeding(words["lactation"], words["watch"], number, console)
    _listed("Unknown", [f"? {item}" for item in words["unknown"]], console)
    _listed("References", [f"[{number[row['key']]}] {row['text']}" for row in words["references"]], console)
    _foot(plan, words, console)


def _head(plan: Plan, words: Mapping[str, Any], console: Console) -> None:
    from rich.panel import Panel
    from rich.text import Text

    told = words["availability"]
    style = "bold white on dark_red" if told["look"] == "withdrawn" else "bold"
    said = f"\n{told['text']}{_mark(told['source'], words['number'])}"
    banner = Text.assemble((_safe(told["headline"], console), style), _safe(said, console))
    _heading(console, f"{words['drug']}: {words['regimen']}")
    if is_invented(plan):
        _say(console, "INVENTED EXAMPLE, NOT A PATIENT", style="bold red")
    console.print(Panel(banner, border_style="dim" if told["look"] == "approved" else "red", width=_wide(console)))
    for fact in words["facts"]:
        note = f"  ({fact['note']})" if fact["note"] else ""
        _say(console, f"{fact['name']:<12} {fact['value']}{note}", indent=13)
    if words["her"]["rest"]:
        _say(console, words["her"]["rest"] + ".", style="dim")


def _warnings(rows: Sequence[Mapping[str, Any]], number: Mapping[str, int], console: Console) -> None:
    _heading(console, "Warnings")
    if not rows:
        _say(console, "None from the rules of this plan.")
    for row in rows:
        _say(console, f"! {row['text']}{_mark(row.get('source'), number)}", style="bold", indent=2)
        about = [row.get("finding"), row["rule"], f"grade {row['grade']}" if row.get("grade") else None]
        _say(console, "  " + ", ".join(filter(None, about)), style="dim")


def _give(words: Mapping[str, Any], console: Console) -> None:
    if words["pump"]:
        table = _table("Pump", "From", words["span"] + ">", "micrograms/kg/h>", "set mL/h>")
        for step in words["pump"]:
            exactly = f"  (exactly {step['exact']})" if step["exact"] else ""
            _row(table, console, step["when"], step["hours"], step["rate"], step["ml"] + exactly)
        if words["ended"]:
            _row(table, console, words["ended"]["when"], words["ended"]["hours"], "end", words["ended"]["ml"])
        _print(console, table)
        for sentence in [*words["lower"], *filter(None, [words["as_set"]])]:
            _say(console, sentence)
    if words["bags"]:
        table = _table("Bags", "No.>", "Hang", "Change by", "mL used>")
        for bag in words["bags"]:
            _row(table, console, str(bag["number"]), bag["hang"], bag["change"], bag["volume"])
        _print(console, table)
    if words["doses"]:
        table = _table("Doses by mouth", "No.>", "When", "mg>")
        for index, dose in enumerate(words["doses"], start=1):
            _row(table, console, str(index), dose["when"], dose["amount"])
        _print(console, table)


def _check(plan: Plan, console: Console) -> None:
    groups = by_day(plan, Clock.of(plan))
    if not groups and not always(plan):
        return
    _heading(console, "Checks")
    for check in always(plan):
        _say(console, f"All the time: {check['what']}")
    for group in groups:
        _say(console, f"{group['what']}:")
        for row in group["days"]:
            _say(console, f"  {row['day']:<11} {' '.join(row['times'])}")


def _stop(rows: Sequence[Mapping[str, Any]], number: Mapping[str, int], console: Console) -> None:
    if not rows:
        return
    table = _table("Stop rules", "If", "Then", "Afterwards")
    for row in rows:
        _row(table, console, row["finding"] + _mark(row["source"], number), row["action"], row["after"])
    _print(console, table)


def _expect(plan: Plan, words: Mapping[str, Any], console: Console) -> None:
    grade = plan["forecast"]["grade"]
    if not plan["forecast"].get("model"):
        _heading(console, "Expect")
        _say(console, " ".join(words["basis"]))
        return
    _heading(console, f"Expect: predictions, not measurements; {words['women']} virtual women; grade {grade}")
    basis = " ".join(words["basis"])
    _say(console, f"Grade {grade}: {GRADE_MEANING.get(grade, 'not graded')}. {basis}", style="dim")
    table = _table("", "", "middle>", "", "nine in ten women")
    for tile in words["tiles"]:
        _row(
            table, console, tile["name"], tile["middle"], tile["unit"], tile["range"].replace("nine in ten women: ", "")
        )
    _print(console, table)
    if _safe(_BLOCKS, console) == _BLOCKS:
        _lines(plan, console)


def _lines(plan: Plan, console: Console) -> None:
    """The middle level in plasma and milk as one line each, from the start to some time after the end."""
    until_h, width = Dosing.of(plan).end_h * 1.4, min(_SPARK_WIDTH, _wide(console) - 10)
    for name in ("plasma", "milk"):
        if curves := Curves.of(plan["forecast"].get(name)):
            _say(console, f"{name:<8}{sparkline(curves, until_h=until_h or curves.at_h[-1], width=width)}")


def sparkline(curves: Curves, *, until_h: float, width: int = _SPARK_WIDTH) -> str:
    """The middle curve in one line of text: eight heights from nothing to its highest, evenly spaced in time."""
    end_h = min(until_h, curves.at_h[-1])
    top = max(*curves.middle, 1e-12)
    values = [curves.at(end_h * step / (width - 1))[1] for step in range(width)]
    return "".join(_BLOCKS[min(int(value / top * len(_BLOCKS)), len(_BLOCKS) - 1)] for value in values)


def _mood(words: Mapping[str, Any], number: Mapping[str, int], console: Console) -> None:
    if words["why_not"]:
        _listed("Mood", [f"? {words['why_not']}"], console)
        return
    beside = f"{words['against']}>"
    columns = ("When", "Change>", beside, "Response in 100>", beside, "Remission in 100>", beside)
    table = _table(f"Mood: {words['heading']}; predictions, nine in ten in brackets; grade {words['grade']}", *columns)
    for row in words["rows"]:
        _row(table, console, *row.values())
    _print(console, table)
    for item in words["keeping"]:
        _say(console, item["text"] + (_mark(item["source"], number) if item["source"] else ""))
    for sentence in words["plain"]:
        _say(console, sentence, style="dim")


def _side_effects(rows: Sequence[Mapping[str, Any]], number: Mapping[str, int], console: Console) -> None:
    if not rows:
        return
    columns = ("Effect", "Counted>", "In 100>", "95 % interval", "Compared with")
    table = _table("Side effects: counted in others, not predicted for her", *columns)
    for row in rows:
        name = row["name"] + _mark(row["source"], number)
        _row(table, console, name, row["counted"], row["per_100"], row["interval"], row["control"])
    _print(console, table)


def _feeding(
    rows: Sequence[Mapping[str, Any]], watch: Sequence[Mapping[str, Any]], number: Mapping[str, int], console: Console
) -> None:
    table = _table("Feeding: what each source says", "Who", "Advice", "Feed again", "Grade")
    for row in rows:
        _row(
            table,
            console,
            row["who"] + _mark(row["source"], number),
            row["advice"],
            row["again"],
            row.get("grade") or "",
        )
    if rows:
        _print(console, table)
    for item in watch:
        _say(console, f"Watch the infant for: {item['text']}", indent=2)


def _listed(title: str, rows: Sequence[str], console: Console) -> None:
    if rows:
        _heading(console, title)
    for row in rows:
        _say(console, row, indent=row.index(" ") + 1)


def _foot(plan: Plan, words: Mapping[str, Any], console: Console) -> None:
    made = words["made"]
    _say(console, "")
    _say(console, f"{made['program']} informs and documents; the bedside monitor and the pump keep the primary alarms.")
    about = f"Plan for {name_of(plan)}, made with {made['program']} {made['version']}, seed {made['seed']}."
    _say(console, f"{about} Times are the local clock of {words['zone']}.", style="dim")


def _table(title: str, *columns: str) -> Table:
    """A table without lines; a column whose name ends in ``>`` stands on the right."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(title, style="bold") if title else None, title_justify="left", box=SIMPLE_HEAD, pad_edge=False
    )
    for name in columns:
        justify: JustifyMethod = "right" if name.endswith(">") else "left"
        # Folded, never cut: a unit with its end missing could be read as another.
        table.add_column(name.rstrip(">"), justify=justify, header_style="dim", overflow="fold")
    return table


def _row(table: Table, console: Console, *cells: str) -> None:
    """Add a row of plain text: a name from a file is never read as markup."""
    from rich.text import Text

    table.add_row(*(Text(_safe(cell, console)) for cell in cells))


def _print(console: Console, table: Table) -> None:
    """Print a table not wider than a hundred columns."""
    console.print()
    console.print(table, width=_wide(console))


def _heading(console: Console, words: str) -> None:
    console.print()
    _say(console, words, style="bold")


def _say(console: Console, words: str, *, style: str = "", indent: int = 0) -> None:
    """Print plain text, wrapped with a hanging indent."""
    for line in wrap(_safe(words, console), _wide(console), subsequent_indent=" " * indent, drop_whitespace=True):
        console.print(line, style=style or None, markup=False, highlight=False, soft_wrap=True)


def _safe(words: str, console: Console) -> str:
    """The words in letters that the output can carry: a pipe on an old system may not know a superscript two."""
    try:
        words.encode(console.encoding)
    except (UnicodeEncodeError, LookupError):
        return words.translate(_SIMPLER).encode("ascii", "replace").decode()
    return words


def _mark(key: str | None, number: Mapping[str, int]) -> str:
    return f" [{number[key]}]" if key is not None and key in number else ""


def _wide(console: Console) -> int:
    return min(console.width, _WIDTH)
