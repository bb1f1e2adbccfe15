"""``matrescence trials run``: a published trial, or a design of your own, repeated many times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

ENGINES = ("exact", "packages")
DEVIATIONS = ("new", "own")


@click.command(name="run")
@click.argument("trial")
@click.option("--replicates", type=int, default=1000, show_default=True, metavar="N", help="How many times.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same numbers.")
@click.option("--workers", type=int, metavar="N", help="Processes on this machine (default: one for each core).")
@click.option("--cluster", metavar="ADDRESS", help="Use a running Dask cluster, by the address of its scheduler.")
@click.option("--fixed", is_flag=True, help="Take the mean effect as true each time, instead of one draw of it.")
@click.option(
    "--deviation",
    type=click.Choice(DEVIATIONS),
    default="new",
    show_default=True,
    help="How the trial differs from a typical one: as a new trial would, or as this one did.",
)
@click.option("--engine", type=click.Choice(ENGINES), default="exact", show_default=True, help="Who computes the fits.")
@click.option("--out", metavar="DIR", help="Write trial.json, trial.html, trial.svg and replicates.csv here.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def command(
    *,
    trial: str,
    replicates: int,
    seed: int,
    workers: int | None,
    cluster: str | None,
    fixed: bool,
    deviation: str,
    engine: str,
    out: str | None,
    as_json: bool,
) -> None:
    """Repeat TRIAL, a name or the path of a design, and lay its estimates beside the published ones."""
    from matrescence.cli.around import answer
    from matrescence.cli.progress import counting
    from matrescence.handouts.around.virtual_trial import virtual_trial_content
    from matrescence.trials.analysis import Engine
    from matrescence.trials.read_design import load_design
    from matrescence.trials.report import report
    from matrescence.trials.run import run
    from matrescence.trials.truth import Deviation

    design = load_design(trial)
    with counting(f"{design.name}, {replicates} replicates", total=replicates) as told:
        found = run(
            design,
            replicates=replicates,
            seed=seed,
            fixed=fixed,
            deviation=Deviation(deviation),
            workers=workers,
            cluster=cluster,
            engine=Engine(engine),
            told=told,
        )
    answer(report(found), virtual_trial_content, name="trial", as_json=as_json, out=out)
    if out is not None:
        _write_replicates(found, out, echo=None if as_json else click.echo)


def _write_replicates(found: Any, out: str, *, echo: Callable[[str], None] | None) -> None:
    from matrescence.trials.report import replicates_csv
    from matrescence.writing import write_files

    for path in write_files(out, {"replicates.csv": replicates_csv(found)}):
        if echo is not None:
            echo(f"wrote {path}")
