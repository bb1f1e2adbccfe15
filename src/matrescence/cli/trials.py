"""``matrescence trials``: the published trials, the model fitted to them, and how well it reproduces them.

A subcommand ``x`` that is not here lives in ``cli/trials_x.py`` as a click command object called ``command``; it is
imported only when it is asked for.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from matrescence.trials.fit import Fit

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_SUFFIX = "trials_"


class _Subcommands(click.Group):
    """Subcommands of this module, and those of the files ``cli/trials_<name>.py``, found without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_files()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if found := super().get_command(ctx, cmd_name):
            return found
        if cmd_name not in _files():
            return None
        command: click.Command = importlib.import_module(f"matrescence.cli.{_SUFFIX}{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from matrescence.reading import InputError, nearest

        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            raise InputError(
                f"trials: no subcommand {args[0]!r}.{nearest(args[0], known)} Allowed: {', '.join(known)}."
            )
        return super().resolve_command(ctx, args)


def _files() -> tuple[str, ...]:
    return tuple(path.stem.removeprefix(_SUFFIX) for path in Path(__file__).parent.glob(f"{_SUFFIX}*.py"))


@click.group(name="trials", cls=_Subcommands)
def command() -> None:
    """The published trials, the model fitted to them, and virtual trials."""


@command.command(name="list")
@_JSON
def list_trials(as_json: bool) -> None:
    """Every trial of mood with its arms, how it is used, and what it may not be used for."""
    from dataclasses import asdict

    from matrescence.outcomes.library import load_trial, trial_names

    trials = [load_trial(name) for name in trial_names()]
    if as_json:
        click.echo(json.dumps([asdict(trial) for trial in trials], indent=2, ensure_ascii=False))
        return
    rows = [
        (t.name, t.scale, t.severity, t.use, "; ".join(f"{a.name} n={a.n}" for a in t.arms), "; ".join(t.not_for))
        for t in trials
    ]
    _table(("trial", "scale", "severity", "use", "arms", "not for"), rows)


@command.command()
@click.option("--scale", type=click.Choice(["HAM-D17", "MADRS"]), default="HAM-D17", show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=4, show_default=True, help="Seed of the chains.")
@click.option("--chains", type=click.IntRange(min=2, max=16), default=4, show_default=True)
@click.option("--warmup", type=click.IntRange(min=50), default=800, show_default=True, help="Warm-up steps.")
@click.option("--draws", type=click.IntRange(min=50), default=1000, show_default=True, help="Draws of each chain.")
@click.option("--write", "write_it", is_flag=True, help="Publish the draws; a bad fit is refused.")
@click.option("--on", metavar="DATE", help="Date to write into the provenance; needed with --write.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
@_JSON
def fit(
    *,
    scale: str,
    seed: int,
    chains: int,
    warmup: int,
    draws: int,
    write_it: bool,
    on: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Fit the model of one scale to the trial files by NUTS, and compare with the shipped posterior.

    HAM-D17: brexanolone, zuranolone, SSRIs, placebo, no treatment.  MADRS: ketamine sessions.
    """
    from matrescence.outcomes.library import trials_of
    from matrescence.outcomes.posterior import SHIPPED
    from matrescence.reading import InputError
    from matrescence.trials import fit as fitting

    fitted_on = _date(on)
    if write_it and fitted_on is None:
        raise InputError("--on is missing; write the date of the fit, such as --on 2026-03-07.")
    trials = trials_of(scale)
    settings = fitting.Settings(seed=seed, chains=chains, warmup=warmup, draws=draws)
    shipped = _shipped(scale)
    found = fitting.fit(trials, settings, scale=scale, progress=not quiet)
    apart = None if shipped is None else fitting.apart(found, shipped)
    if write_it and fitted_on is not None:
        fitting.write(fitting.published(found, trials, fitted_on=fitted_on), SHIPPED)
    if as_json:
        told = {"diagnostics": found.diagnostics.as_dict(), "mean": _means(found)}
        if apart is not None:
            told["apart_in_monte_carlo_errors"] = {name: values.tolist() for name, values in apart.items()}
        click.echo(json.dumps(told, indent=2))
        return
    _show_fit(found, shipped, apart)


@command.command()
@click.option("--leave-one-out", "left_out", is_flag=True, help="Show predictions of each trial by the others.")
@click.option("--again", is_flag=True, help="With --leave-one-out: fit them again (minutes) and write the result.")
@click.option("--seed", type=click.IntRange(min=0), default=7, show_default=True, help="Seed of the new trials.")
@click.option("--out", metavar="DIR", help="Write check.json, check.html and check.svg here.")
@_JSON
@click.pass_context
def check(ctx: click.Context, *, left_out: bool, again: bool, seed: int, out: str | None, as_json: bool) -> None:
    """Lay the model beside every published number; status 1 if one that must agree does not, or is unexplained."""
    from matrescence.trials import checked

    told = (
        checked.leave_one_out_table(again=again, tell=lambda name: click.echo(f"without {name} ...", err=True))
        if (left_out)
        else checked.check_table(seed=seed)
    )
    written = () if out is None else _write_check(told, out)
    if as_json:
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        _show_check(told)
        for path in written:
            click.echo(f"wrote {path}")
    ctx.exit(1 if told["failed"] else 0)


def _date(text: str | None) -> date | None:
    from matrescence.reading import InputError

    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise InputError(f"--on = {text!r} cannot be used; allowed: a date such as 2026-03-07.") from None


def _means(found: Fit) -> dict[str, Any]:
    return {name: values.mean(axis=(0, 1)).tolist() for name, values in found.draws.items()}


def _shipped(scale: str) -> Mapping[str, Any] | None:
    """The provenance of the shipped posterior as it is before the fit; ``None``, with the reason told, if unusable."""
    from matrescence.outcomes.posterior import mood_posterior, session_posterior
    from matrescence.reading import InputError

    try:
        return (mood_posterior() if scale == "HAM-D17" else session_posterior()).provenance
    except InputError as error:
        click.echo(f"matrescence: {error}", err=True)
        return None


def _show_fit(found: Fit, shipped: Mapping[str, Any] | None, apart: Mapping[str, Any] | None) -> None:
    import numpy as np

    rows = []
    for name, mean in _means(found).items():
        for index, value in enumerate(np.atleast_1d(mean)):
            row = (f"{name}[{index}]" if np.ndim(mean) else name, f"{value:.4g}")
            if shipped is None or apart is None:
                rows.append((*row, "", ""))
            else:
                before, errors = np.atleast_1d(shipped["mean"][name]), np.atleast_1d(apart[name])
                rows.append((*row, f"{before[index]:.4g}", f"{errors[index]:.1f}"))
    _table(("parameter", "mean", "shipped", "Monte Carlo errors apart"), rows)
    if apart is not None:
        every = np.concatenate([np.atleast_1d(values) for values in apart.values()])
        click.echo(
            f"{every.size} means against the shipped ones: at most {every.max():.1f} Monte Carlo errors apart; 4.5 is "
            "the line of the test."
        )
    told = found.diagnostics
    click.echo(f"R-hat {told.r_hat:.4f} ({told.r_hat_of}), least effective draws {told.effective:.0f} "
               f"({told.effective_of}), divergences {told.divergences}.")  # fmt: skip
    for complaint in told.complaints:
        click.echo(complaint)


def _write_check(told: dict[str, Any], out: str) -> tuple[Path, ...]:
    from matrescence.cli.around import write_page
    from matrescence.handouts.around.trial_check import trial_check_content

    return write_page(told, trial_check_content(told), name="check", out=out)


def _show_check(told: dict[str, Any]) -> None:
    """A table for each trial, so that its name is read whole on a narrow terminal."""
    for trial in dict.fromkeys(row["trial"] for row in told["rows"]):
        rows = [
            (
                row["arm"], row["outcome"], _when(row["at_h"]), f"{row['published']:g}",
                f"{row['predicted']:.1f} ({row['low']:.1f}, {row['high']:.1f})",
                ("agrees" if row["agrees"] else "MISS") if row["use"] != "show" else "shown",
            )
            for row in told["rows"] if row["trial"] == trial
        ]  # fmt: skip
        _table(("arm", "outcome", "at", "published", "predicted (95 %)", ""), rows, title=trial)
    for line in told["lines"]:
        click.echo(line)


def _when(at_h: float) -> str:
    return f"hour {at_h:g}" if at_h < 72 else f"day {at_h / 24:g}"


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]], *, title: str = "") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*heads, title=title or None, title_justify="left", title_style="bold")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False).print(table)
