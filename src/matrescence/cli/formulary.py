"""``matrescence formulary``: which drugs there are, what is known of one, and whether the folders are sound."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from matrescence.formulary.calibrate import Fit

_ROOT = click.option(
    "--root", type=click.Path(file_okay=False, path_type=Path), help="Another folder of drugs than the shipped one."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(name="formulary")
def command() -> None:
    """List, show, check and calibrate the drugs: one folder of the formulary is one drug."""


@command.command(name="list")
@_ROOT
@_JSON
def list_drugs(root: Path | None, as_json: bool) -> None:
    """Every drug with its availability, its regimens and its models."""
    from matrescence.cli.formulary_pages import drug_table
    from matrescence.formulary import library

    drugs = [library.load(name, root=root) for name in _names(root)]
    if as_json:
        from matrescence.cli.formulary_json import drug_summary

        click.echo(json.dumps([drug_summary(drug) for drug in drugs], indent=2, ensure_ascii=False))
        return
    _print(drug_table(drugs))


@command.command()
@click.argument("drug")
@_ROOT
@_JSON
def show(drug: str, root: Path | None, as_json: bool) -> None:
    """Everything known of one DRUG, each line with its source and grade."""
    from matrescence.formulary import library

    found = library.load(drug, root=root)
    if as_json:
        from matrescence.cli.formulary_json import drug_document

        click.echo(json.dumps(drug_document(found), indent=2, ensure_ascii=False))
        return
    from matrescence.cli.formulary_pages import drug_page

    _print(*drug_page(found))


@command.command()
@click.argument("drugs", nargs=-1)
@_ROOT
@_JSON
@click.pass_context
def check(ctx: click.Context, drugs: tuple[str, ...], root: Path | None, as_json: bool) -> None:
    """Look for wrong units, impossible values, missing or unused citations, gaps and overlaps; status 1 if any."""
    from matrescence.formulary import library
    from matrescence.formulary.checks import check as check_folders

    looked_at = tuple(library.folder_of(name, root=root).name for name in drugs) or _names(root)
    findings = check_folders(root, drugs=looked_at)
    if as_json:
        rows = [{"file": f.file, "field": f.field, "found": f.value, "fix": f.fix} for f in findings]
        click.echo(json.dumps({"drugs": list(looked_at), "findings": rows}, indent=2, ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(str(finding))
        verdict = f"{len(findings)} to put right" if findings else "nothing to put right"
        click.echo(f"{', '.join(looked_at)}: {verdict}.")
    ctx.exit(1 if findings else 0)


@command.command()
@click.argument("drug")
@click.option("--write", is_flag=True, help="Write the fitted values into the model's file.")
@_ROOT
@_JSON
def calibrate(drug: str, write: bool, root: Path | None, as_json: bool) -> None:
    """Fit DRUG's model to the published targets in its calibration.toml, and lay both side by side."""
    from matrescence.formulary.calibrate import calibrate as fit_drug
    from matrescence.formulary.calibrate import written

    found = fit_drug(drug, root=root)
    path, text = written(drug, found, root=root)
    if write:
        from matrescence.writing import write_file

        write_file(path, text)
    if as_json:
        from matrescence.cli.formulary_json import fit_document

        click.echo(json.dumps(fit_document(found), indent=2, ensure_ascii=False))
        return
    _print_fit(found)
    same = path.read_text(encoding="utf-8") == text
    click.echo(f"{'Written' if write else 'The same as' if same else 'Differs from'} models/{path.name}.")


def _names(root: Path | None) -> tuple[str, ...]:
    """The drugs of a folder: one without any is a mistake, and nothing there would be found wrong."""
    from matrescence.formulary import library
    from matrescence.reading import InputError

    found = library.names(root=root)
    if not found:
        raise InputError(f"{root}: no drug is in here; name a folder that holds a folder with a drug.toml for each.")
    return found


def _print_fit(found: Fit) -> None:
    from matrescence.cli.formulary_pages import fit_tables

    _print(*fit_tables(found))


def _print(*parts: object) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    for part in parts:
        console.print(part)
