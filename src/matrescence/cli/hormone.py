"""``matrescence hormone``: allopregnanolone around birth, the infusion beside it, and who found what."""

from __future__ import annotations

import click


@click.command(name="hormone")
@click.option("--women", type=click.IntRange(1, 100_000), default=1000, show_default=True, help="Virtual women.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of the random numbers.")
@click.option("--out", metavar="DIR", help="Write hormone.json, hormone.html and hormone.svg here.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def command(*, women: int, seed: int, out: str | None, as_json: bool) -> None:
    """Levels of allopregnanolone that were read, each with its assay; the level under the infusion; what is unknown.

    Never a rule for a dose.
    """
    from matrescence.actions.hormone import hormone
    from matrescence.cli.around import answer
    from matrescence.handouts.around.hormone import hormone_content

    answer(hormone(women=women, seed=seed), hormone_content, name="hormone", as_json=as_json, out=out)
