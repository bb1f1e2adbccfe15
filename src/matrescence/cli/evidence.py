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

_STYLES = {"in": "green", "out": "bold red", "note": "dim"}


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
    from rich.table import Table
    from rich.text import Text

    table = Table(title=drug, title_justify="left")
    table.add_column("what was reported", overflow="fold", min_width=28)
    table.add_column("published", justify="right")
    table.add_column("accepted", justify="right")
    table.add_column("predicted", justify="right")
    table.add_column("verdict")
    table.add_column("source", overflow="fold")
    for row in rows:
        mark = "\N{NO-BREAK SPACE}†" if row.calibrated else ""
        verdict = Text(row.verdict.value, style=_STYLES[row.verdict.value])
        if row.verdict.value == "note":
            verdict.append(" (in)" if row.inside else " (out)")
        elif row.expect == "should":
            verdict.append(" (should)")
        table.add_row(
            row.what + mark,
            _range(row.published, row.published_low, row.published_high),
            _accepted(row),
            _range(row.predicted, row.predicted_low, row.predicted_high),
            verdict,
            f"{row.source}; {row.grade}",
        )
    return table


def _accepted(row: Checked) -> str:
    low, high = _number(row.accept_low), _number(row.accept_high)
    return low if low == high else f"{low}-{high}"


def _range(value: float, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return _number(value)
    return f"{_number(value)} ({_number(low)}-{_number(high)})"


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
