"""``matrescence evidence``: simulate published studies, and lay what is predicted beside what was reported."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.table import Table

    from matrescence.actions.evidence import Checked

_STYLES = {"in": "green", "out": "bold red"}


@click.command(name="evidence")
@click.argument("drugs", nargs=-1, metavar="[DRUG]...")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
@click.option("--seed", default=1, show_default=True, help="Of the virtual women.")
@click.pass_context
def command(ctx: click.Context, drugs: tuple[str, ...], as_json: bool, seed: int) -> None:
    """Repeat the published studies of DRUG (of every drug when none is named) with virtual women.

    The status is 1 when a number that must be reproduced is not.
    """
    rows = _run(drugs, seed=seed)
    if as_json:
        click.echo(json.dumps([row.as_json() for row in rows], indent=2, ensure_ascii=False))
    else:
        _show(rows)
    ctx.exit(1 if any(row.fails for row in rows) else 0)


def _run(drugs: tuple[str, ...], *, seed: int) -> tuple[Checked, ...]:
    from matrescence.actions.evidence import check_evidence, count_rows

    if not sys.stderr.isatty():
        return check_evidence(drugs, seed=seed)
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("simulating", total=count_rows(drugs))
        return check_evidence(drugs, seed=seed, done=lambda _: progress.advance(task))


def _show(rows: Sequence[Checked]) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    for drug in dict.fromkeys(row.drug for row in rows):
        console.print(_table(drug, [row for row in rows if row.drug == drug]), "")
    for line in _summary(rows):
        console.print(line)


def _table(drug: str, rows: Sequence[Checked]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(title=drug, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("what was reported, and where", overflow="fold", min_width=24)
    for heading in ("published", "accepted", "predicted"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("asked", no_wrap=True)
    table.add_column("is", no_wrap=True)
    for row in rows:
        mark = " †" if row.calibrated else ""
        word = "in" if row.inside else "out"
        table.add_row(
            Text.assemble(f"{row.what}{mark}\n", (f"{row.source}; {row.grade}", "dim")),
            _range(row.published, row.published_low, row.published_high),
            _accepted(row),
            _range(row.predicted, row.predicted_low, row.predicted_high),
            row.expect,
            Text(word, style="dim" if row.expect == "note" else _STYLES[word]),
        )
    return table


def _accepted(row: Checked) -> str:
    low, high = _number(row.accept_low), _number(row.accept_high)
    return low if low == high else f"{low} to {high}"


def _range(value: float, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return _number(value)
    return f"{_number(value)}\n{_number(low)} to {_number(high)}"


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _summary(rows: Sequence[Checked]) -> Iterator[str]:
    must = [row for row in rows if row.expect == "must"]
    should = [row for row in rows if row.expect == "should"]
    notes = len(rows) - len(must) - len(should)
    yield (
        f"must: {sum(row.inside for row in must)} of {len(must)} in.  "
        f"should: {sum(row.inside for row in should)} of {len(should)} in.  Notes: {notes}."
    )
    for row in rows:
        if row.verdict.value == "out":
            yield f"out: {row.drug} {row.id}: {_number(row.predicted)} against {_accepted(row)}; {row.why}"
    if any(row.calibrated for row in rows):
        yield "† the model was fitted to this number, so agreement shows a faithful fit and no more."
