"""``matrescence prevalence``: mothers a year in a catchment, positive screens, beds and chairs."""

from __future__ import annotations

import click


@click.command(name="prevalence")
@click.argument("place", required=False, metavar="[STATE|COUNTRY]")
@click.option("--births", type=int, required=True, metavar="N", help="Live births a year in the catchment.")
@click.option("--group", metavar="KEY", help="Use the figure of one group of mothers, such as age-19.")
@click.option("--uptake", "uptakes", type=float, multiple=True, metavar="%", help="Have an infusion; repeat for more.")
@click.option("--occupancy", "occupancies", type=float, multiple=True, metavar="%", help="Places in use at most.")
@click.option("--turned-away", "refused", type=float, multiple=True, metavar="%", help="Find no place at most.")
@click.option("--chair-h", "chair_h", type=float, multiple=True, metavar="H", help="Hours in the chair a session.")
@click.option("--open-h", "open_h", type=float, multiple=True, metavar="H", help="Hours a week the chairs are open.")
@click.option("--bed-turnover-h", type=float, default=0.0, show_default=True, metavar="H", help="Bed empty between.")
@click.option("--out", metavar="DIR", help="Write prevalence.json and prevalence.html here.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def command(
    *,
    place: str | None,
    births: int,
    group: str | None,
    uptakes: tuple[float, ...],
    occupancies: tuple[float, ...],
    refused: tuple[float, ...],
    chair_h: tuple[float, ...],
    open_h: tuple[float, ...],
    bed_turnover_h: float,
    out: str | None,
    as_json: bool,
) -> None:
    """How many mothers, positive screens, beds and chairs, for a place with so many births a year.

    What is not given of the service is shown for scenarios, which are this project's own and marked so.
    """
    from matrescence.actions.places import Service
    from matrescence.actions.prevalence import Asked, prevalence
    from matrescence.cli.around import answer
    from matrescence.handouts.around.prevalence import prevalence_content

    service = Service(uptakes, occupancies, refused, chair_h, open_h, bed_turnover_h)
    told = prevalence(Asked(births=births, place=place, group=group, service=service))
    answer(told, prevalence_content, name="prevalence", as_json=as_json, out=out)
