"""``matrescence lactation``: feed, store or discard, and until when, by every source side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

_FILE = click.Path(path_type=Path)


@click.command(name="lactation")
@click.argument("file", type=_FILE)
@click.option("--drug", "drug_name", required=True, metavar="NAME", help="A drug of the formulary.")
@click.option("--regimen", "regimen_name", metavar="NAME", help="One of its regimens; the drug's default if left out.")
@click.option("--pause", "pauses", multiple=True, metavar="FROM-TO", help="Hours without drug, such as 30-32; repeat.")
@click.option("--stopped-at", "stopped_at_h", type=float, metavar="H", help="The course ended for good at this hour.")
@click.option("--log", type=_FILE, help="Take start, pauses and end from this log: an infusion's own, or a course's.")
@click.option("--women", type=click.IntRange(1, 1_000_000), default=2000, show_default=True, help="Virtual women.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of the random numbers.")
@click.option("--out", type=_FILE, help="Write lactation.json, lactation.html and lactation.ics here.")
@click.option("--language", default="en", show_default=True, metavar="CODE", help="Language of page and print: en, es.")
@click.option("--pdf", "as_pdf", is_flag=True, help="Write lactation.pdf too (needs the extra: clinic).")
@click.option("--json", "as_json", is_flag=True, help="Print lactation.json instead of words.")
def command(
    *,
    file: Path,
    drug_name: str,
    regimen_name: str | None,
    pauses: tuple[str, ...],
    stopped_at_h: float | None,
    log: Path | None,
    women: int,
    seed: int,
    out: Path | None,
    language: str,
    as_pdf: bool,
    as_json: bool,
) -> None:
    """Lay out every source's feeding plan for the mother in FILE: clock times, milk to store, signs to watch for."""
    from matrescence.actions.lactation import lactation, read_pause
    from matrescence.actions.mother_file import read_mother
    from matrescence.actions.plan_json import text_of
    from matrescence.formulary import library
    from matrescence.handouts.lactation_terminal import show
    from matrescence.handouts.language import language as read_language
    from matrescence.reading import InputError

    if log is not None and (pauses or stopped_at_h is not None):
        raise InputError("--log tells of pauses and the end itself; leave out --pause and --stopped-at.")
    if as_pdf and out is None:
        raise InputError("--pdf writes a file; add --out DIR.")
    read_language(language)
    told = lactation(
        read_mother(file),
        library.load(drug_name),
        regimen_name=regimen_name,
        pauses=[read_pause(text) for text in pauses],
        stopped_at_h=stopped_at_h,
        log=log,
        women=women,
        seed=seed,
    ).as_json()
    written = () if out is None else _write(told, out, language=language, as_pdf=as_pdf)
    click.echo(text_of(told) if as_json else show(told), nl=not as_json)
    for path in () if as_json else written:
        click.echo(f"wrote {path}")


def _write(told: dict[str, Any], out: Path, *, language: str, as_pdf: bool) -> tuple[Path, ...]:
    from matrescence.actions.plan_json import text_of
    from matrescence.handouts.lactation_calendar import lactation_calendar
    from matrescence.handouts.lactation_page import lactation_page
    from matrescence.writing import write_files

    files: dict[str, bytes | str] = {
        "lactation.json": text_of(told),
        "lactation.html": lactation_page(told, language=language),
        "lactation.ics": lactation_calendar(told),
    }
    if as_pdf:
        files["lactation.pdf"] = _pdf(told, language)
    return write_files(out, files)


def _pdf(told: dict[str, Any], language: str) -> bytes:
    from matrescence.cli.printing import printed_at
    from matrescence.handouts.print.lactation import lactation_pdf

    return lactation_pdf(told, created_at=printed_at(), language=language)
