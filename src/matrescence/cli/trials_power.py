"""``matrescence trials power``: how many women a design needs."""

from __future__ import annotations

import click


@click.command(name="power")
@click.argument("design")
@click.option("--target", type=float, default=0.9, show_default=True, metavar="SHARE", help="The power to reach.")
@click.option("--replicates", type=int, default=1000, show_default=True, metavar="N", help="Trials at each size.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same numbers.")
@click.option("--workers", type=int, metavar="N", help="Processes on this machine (default: one for each core).")
@click.option("--out", metavar="DIR", help="Write power.json and power.html here.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def command(
    *, design: str, target: float, replicates: int, seed: int, workers: int | None, out: str | None, as_json: bool
) -> None:
    """Search the smallest trial by DESIGN, a path or a name, that succeeds often enough."""
    from matrescence.cli.around import answer
    from matrescence.cli.progress import sizes
    from matrescence.handouts.around.virtual_trial import power_content
    from matrescence.trials.power import women_needed
    from matrescence.trials.read_design import load_design

    read = load_design(design)
    with sizes(read.name) as told:
        found = women_needed(
            read, target_percent=100.0 * target, replicates=replicates, seed=seed, workers=workers, told=told
        )
    answer(found.as_json(), power_content, name="power", as_json=as_json, out=out)
