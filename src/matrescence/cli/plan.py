"""``matrescence plan``: one mother's file and a drug -> the plan on the terminal, and its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


@click.command(help="Plan one mother's treatment: pump, bags, checks, forecast, milk, warnings, every number's source.")
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option("--drug", "drug_name", required=True, metavar="NAME", help="A drug of the formulary.")
@click.option("--regimen", "regimen_name", metavar="NAME", help="One of its regimens; the drug's default if left out.")
@click.option("--women", type=int, default=2000, show_default=True, help="Virtual women in the forecast.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the random numbers.")
@click.option("--out", metavar="DIR", help="Write plan.json, plan.html and calendar.ics here.")
@click.option("--pdf", "as_pdf", is_flag=True, help="Write plan.pdf too, for the ward (needs the extra: clinic).")
@click.option("--json", "as_json", is_flag=True, help="Print plan.json instead of tables.")
def command(
    *,
    file: Path,
    drug_name: str,
    regimen_name: str | None,
    women: int,
    seed: int,
    out: str | None,
    as_pdf: bool,
    as_json: bool,
) -> None:
    """Plan one mother's treatment."""
    from matrescence.actions.mother_file import read_mother
    from matrescence.actions.plan_json import text_of
    from matrescence.actions.planning import plan
    from matrescence.formulary import library
    from matrescence.reading import InputError

    if out is not None and not out.strip():
        raise InputError('--out = "" cannot be used; name a directory, or "." for this one.')
    if as_pdf and out is None:
        raise InputError("--pdf writes a file; add --out DIR.")
    drug = library.load(drug_name)
    told = plan(read_mother(file), drug, regimen_name=regimen_name, women=women, seed=seed).as_json()
    written = () if out is None else _write(told, out, as_pdf=as_pdf)
    if as_json:
        click.echo(text_of(told), nl=False)
        return
    _show(told)
    for path in written:
        click.echo(f"wrote {path}")


def _write(told: dict[str, Any], out: str, *, as_pdf: bool) -> tuple[Path, ...]:
    from matrescence.actions.plan_json import text_of
    from matrescence.handouts.calendar import calendar
    from matrescence.handouts.page import plan_page
    from matrescence.writing import write_files

    files: dict[str, bytes | str] = {
        "plan.json": text_of(told),
        "plan.html": plan_page(told),
        "calendar.ics": calendar(told),
    }
    if as_pdf:
        files["plan.pdf"] = _pdf(told)
    return write_files(out, files)


def _pdf(told: dict[str, Any]) -> bytes:
    from matrescence.cli.printing import printed_at
    from matrescence.handouts.print.plan import plan_pdf

    return plan_pdf(told, created_at=printed_at())


def _show(told: dict[str, Any]) -> None:
    from rich.console import Console

    from matrescence.handouts.terminal import show

    show(told, Console())
