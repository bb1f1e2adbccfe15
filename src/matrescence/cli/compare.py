"""``matrescence compare``: one mother's file -> every treatment side by side, never ranked."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click


@click.command(name="compare")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--hamd17", type=float, metavar="SCORE", help="Her HAM-D17 before treatment; else her file's.")
@click.option("--madrs", type=float, metavar="SCORE", help="Her MADRS before treatment, for sessions; else her file's.")
@click.option("--women", type=int, default=500, show_default=True, help="Virtual women in each forecast of levels.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the random numbers.")
@click.option("--out", metavar="DIR", help="Write compare.json and compare.html here.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(
    *, file: Path, hamd17: float | None, madrs: float | None, women: int, seed: int, out: str | None, as_json: bool
) -> None:
    """Lay the treatments side by side for the mother in FILE (TOML): what is known of each, and what is not."""
    from matrescence.actions.compare import compare
    from matrescence.actions.mother_file import read_mother
    from matrescence.actions.plan_json import text_of
    from matrescence.reading import InputError

    if out is not None and not out.strip():
        raise InputError('--out = "" cannot be used; name a directory, or "." for this one.')
    told = compare(read_mother(file), hamd17=hamd17, madrs=madrs, women=women, seed=seed)
    written = () if out is None else _write(told, out)
    if as_json:
        click.echo(text_of(told), nl=False)
        return
    click.echo("\n".join(line for said in _page(told) for line in _folded(said)))
    for path in written:
        click.echo(f"wrote {path}")


def _write(told: dict[str, Any], out: str) -> tuple[Path, ...]:
    from matrescence.actions.plan_json import text_of
    from matrescence.handouts.compare_page import compare_page
    from matrescence.writing import write_files

    return write_files(out, {"compare.json": text_of(told), "compare.html": compare_page(told)})


def _page(told: dict[str, Any]) -> Iterator[str]:
    from matrescence.handouts.compare_words import cells

    yield f"{told['mother']['name']}: treatments side by side"
    for row in told["options"]:
        yield ""
        yield f"{row['label']} ({row['regimen_label']}) [grade {row['grade']}]"
        for name, lines in cells(row):
            yield f"  {name}: {' '.join(lines)}"
    yield ""
    yield from told["plain"]


def _folded(said: str) -> list[str]:
    """A line broken between words where somebody reads it on a terminal; a pipe gets it whole."""
    if not sys.stdout.isatty():
        return [said]
    width = min(shutil.get_terminal_size().columns, 110)
    return textwrap.wrap(said, width=width, subsequent_indent="    ") or [""]
