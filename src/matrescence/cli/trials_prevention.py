"""``matrescence trials prevention``: ketamine and esketamine around birth, pooled."""

from __future__ import annotations

import click

WINDOWS = ("weeks", "week-1")
MEASURES = ("risk-ratio", "odds-ratio")
METHODS = ("reml", "dl", "none")


@click.command(name="prevention")
@click.option("--window", type=click.Choice(WINDOWS), default="weeks", show_default=True, help="Weeks 4 to 6, or 1.")
@click.option("--measure", type=click.Choice(MEASURES), default="risk-ratio", show_default=True)
@click.option("--between", type=click.Choice(METHODS), default="reml", show_default=True, help="Spread of trials.")
@click.option("--out", metavar="DIR", help="Write prevention.json, prevention.html and prevention.svg here.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def command(*, window: str, measure: str, between: str, out: str | None, as_json: bool) -> None:
    """Depression after birth, prevented around birth: every trial, the pools, and published reviews beside them."""
    from matrescence.actions.prevention import prevention
    from matrescence.cli.around import answer
    from matrescence.handouts.around.prevention import prevention_content
    from matrescence.outcomes.prevention import Window
    from matrescence.pharmacology.pooling import Between, Measure

    told = prevention(
        window={"weeks": Window.WEEKS_4_TO_6, "week-1": Window.WEEK_1}[window],
        measure={"risk-ratio": Measure.RISK_RATIO, "odds-ratio": Measure.ODDS_RATIO}[measure],
        between={"reml": Between.REML, "dl": Between.DERSIMONIAN_LAIRD, "none": Between.NONE}[between],
    )
    answer(told, prevention_content, name="prevention", as_json=as_json, out=out)
