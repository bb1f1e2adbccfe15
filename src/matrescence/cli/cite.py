"""``matrescence cite``: the BibTeX of exactly the sources that a plan used."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(help="Print the BibTeX of exactly the sources that a plan.json used.")
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option("--json", "as_json", is_flag=True, help="Print keys, readable lines and BibTeX as JSON.")
def command(*, file: Path, as_json: bool) -> None:
    """Print the sources of a plan."""
    from matrescence.actions.citing import sources_of

    entries = sources_of(file)
    if as_json:
        import json

        rows = [{"key": entry.key, "text": entry.line, "bibtex": entry.bibtex} for entry in entries]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    click.echo("\n\n".join(entry.bibtex for entry in entries))
