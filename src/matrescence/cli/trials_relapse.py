"""``matrescence trials relapse``: staying well after response, with and without maintenance."""

from __future__ import annotations

import click


@click.command(name="relapse")
@click.option("--out", metavar="DIR", help="Write relapse.json, relapse.html and relapse.svg here.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def command(*, out: str | None, as_json: bool) -> None:
    """Curves of relapse after response, in whom they were found, and the published numbers they must agree with."""
    from matrescence.actions.relapse import relapse
    from matrescence.cli.around import answer
    from matrescence.handouts.around.relapse import relapse_content

    answer(relapse(), relapse_content, name="relapse", as_json=as_json, out=out)
