"""``matrescence infusion``: read the log of a course, and print the reference pages that are asked of ``decide``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

_COLOUR = {"high": "bold red", "medium": "yellow", "low": "cyan", "overdue": "bold red", "due": "yellow"}


@click.group(name="infusion")
def command() -> None:
    """Run the log of an infusion: alarms, what is due, what has happened."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--at", "at_text", metavar="ISO", help="Show the course as known at this instant (default: last record).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--save-torn", type=click.Path(path_type=Path), help="Save the bytes of a torn last line here.")
def replay(file: Path, at_text: str | None, as_json: bool, save_torn: Path | None) -> None:
    """Print the course in FILE: its state, alarms, what is due, and its timeline."""
    from matrescence.actions import infusion

    log = infusion.read_log(file)
    report = infusion.course_report(log, None if at_text is None else infusion.parse_at(at_text, log))
    if save_torn is not None:
        saved = infusion.save_torn(log, save_torn)
        click.echo(f"matrescence: the torn line was saved in {saved}", err=True)
    if log.torn:
        kept = len(log.events)
        click.echo(
            f"matrescence: {file}, line {log.torn_line}: torn (the writing was cut off); the {kept} complete events "
            f"before it are kept. Torn text: {report['torn']['text']!r}",
            err=True,
        )
    if as_json:
        import json

        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _show(report)


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FILE", help="Write the PDF here.")
@click.option("--at", "at_text", metavar="ISO", help="Report the session as known then (default: last record).")
def report(file: Path, out: Path, at_text: str | None) -> None:
    """Write the report of the session in FILE as PDF (needs the extra: clinic)."""
    from matrescence.actions import infusion
    from matrescence.cli.printing import printed_at
    from matrescence.handouts.print.session_report import session_report_pdf
    from matrescence.writing import write_file

    log = infusion.read_log(file)
    at = None if at_text is None else infusion.parse_at(at_text, log)
    made = session_report_pdf(log.events, created_at=printed_at(), at=at, torn_line=log.torn_line)
    click.echo(f"wrote {write_file(out, made)}")


@command.command()
def states() -> None:
    """Print the state table: what decide answers in every phase to every command (Markdown)."""
    from matrescence.actions.infusion_pages import states_page

    click.echo(states_page(), nl=False)


@command.command()
def rules() -> None:
    """Print the rules of the infusion with their sources (Markdown)."""
    from matrescence.actions.infusion_pages import rules_page

    click.echo(rules_page(), nl=False)


@command.command()
@click.argument("directory", type=click.Path(path_type=Path))
def examples(directory: Path) -> None:
    """Write the invented example logs into DIRECTORY."""
    from matrescence.actions.infusion_examples import EXAMPLES, example_text
    from matrescence.writing import write_files

    for path in write_files(directory, {f"{name}.jsonl": example_text(name) for name in EXAMPLES}):
        click.echo(str(path))


def _show(report: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    state = report["state"]
    console.print(
        f"[bold]{state['drug']} {state['regimen']}[/bold], {state['weight_kg']:g} kg, at {_clock(report['at'])}"
    )
    console.print(f"Phase: [bold]{state['phase']}[/bold]; responsible: {state['responsible']}")
    console.print(
        f"Rate: {state['rate_ug_per_kg_h']:g} ug/kg/h confirmed, {state['planned_rate_ug_per_kg_h']:g} planned. "
        f"Given: {state['confirmed_ug_per_kg']:.0f} of {state['planned_ug_per_kg']:.0f} ug/kg"
        + _could_be(state["confirmed_ug_per_kg"], state["at_most_ug_per_kg"])
    )
    if state["never_resumed_because"]:
        console.print(f"[bold red]Never resumed: {state['never_resumed_because']}[/bold red]")
    _list(
        console,
        "Alarms",
        [(a["priority"], a["since"], f"{a['text']} ({a['rule']}; {a['source']})") for a in report["alarms"]],
    )
    _list(console, "Due", [(i["status"], i["due_at"], i["what"]) for i in report["due"]])
    _list(console, "Coming", [("", i["due_at"], i["what"]) for i in report["coming"]])
    _list(console, "Missed", [("", i["due_at"], i["what"]) for i in report["missed"]])
    _list(
        console,
        "Timeline",
        [("late" if t["late"] else "", t["happened_at"], f"{t['text']} - {t['by']}") for t in report["timeline"]],
    )
    console.print(f"\n{report['note']}")


def _could_be(confirmed: float, at_most: float) -> str:
    if at_most - confirmed < 0.5:
        return "."
    return f"; with what ran unconfirmed or against the plan, up to {at_most:.0f}."


def _list(console: Console, title: str, rows: list[tuple[str, str, str]]) -> None:
    console.print(f"\n[bold]{title}[/bold]" + ("" if rows else ": none"))
    for word, at, text in rows:
        style = _COLOUR.get(word, "")
        console.print(
            f"  {_clock(at)}  ", f"{word:<8}" if word else "        ", text, style=style, markup=False, sep=""
        )


def _clock(text: str) -> str:
    return f"{datetime.fromisoformat(text):%a %d %b %H:%M %z}"
