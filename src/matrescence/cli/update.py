"""``matrescence update``: what was measured in one mother -> her own forecast, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click


@click.command(name="update")
@click.argument("course", type=click.Path(path_type=Path))
@click.option("--relapse-risk", type=float, metavar="PERCENT", help="The risk of relapse accepted before a session.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the random numbers.")
@click.option("--out", metavar="DIR", help="Write update.json and update.html here.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(*, course: Path, relapse_risk: float | None, seed: int, out: str | None, as_json: bool) -> None:
    """Her own forecast from COURSE: the log of a course, or a file of measurements (TOML)."""
    from matrescence.actions.plan_json import text_of
    from matrescence.actions.update import update
    from matrescence.actions.update_file import read_measured
    from matrescence.reading import InputError

    if out is not None and not out.strip():
        raise InputError('--out = "" cannot be used; name a directory, or "." for this one.')
    told = update(read_measured(course), relapse_risk_percent=relapse_risk, seed=seed)
    written = () if out is None else _write(told, out)
    if as_json:
        click.echo(text_of(told), nl=False)
        return
    click.echo("\n".join(_page(told)))
    for path in written:
        click.echo(f"wrote {path}")


def _write(told: dict[str, Any], out: str) -> tuple[Path, ...]:
    from matrescence.actions.plan_json import text_of
    from matrescence.handouts.update_page import update_page
    from matrescence.writing import write_files

    return write_files(out, {"update.json": text_of(told), "update.html": update_page(told)})


def _page(told: dict[str, Any]) -> Iterator[str]:
    yield f"{told['mother']['name']}: {told['drug_label']}, {told['regimen_label']}"
    yield ""
    yield from told["plain"]
    if told["mood"] is not None:
        yield from _mood(told["mood"])
    if told["levels"] is not None:
        yield from _levels(told["levels"])
    if told["next_session"] is not None:
        yield from _due(told["next_session"])
    if told["unknown"]:
        yield ""
        yield "Unknown"
        yield from (f"  {line}" for line in told["unknown"])


def _mood(found: dict[str, Any]) -> Iterator[str]:
    if not found["at"]:
        return
    yield ""
    yield f"Chance by then, of 100, before and after her scores ({found['scale']}, grade {found['grade']})"
    wide = max(8, *(len(row["label"]) for row in found["at"]))
    for row in found["at"]:
        pairs = (f"{name} {row[name]['before']:.0f} -> {row[name]['after']:.0f}" for name in ("response", "remission"))
        yield f"  {row['label']:<{wide}} {'; '.join(pairs)}"


def _levels(found: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield f"Her most probable parameters (model {found['model']}, grade {found['grade']}; 90 % interval)"
    for row in found["parameters"]:
        ends = f"{row['low']:.4g} to {row['high']:.4g}"
        yield f"  {row['name']}: {row['hers']:.4g} ({ends}); typical {row['typical']:.4g}"
    worth = ", ".join(f"{item['women']} {item['drawn']}, worth {item['worth']:.0f}" for item in found["rounds"])
    yield f"  Virtual women: {worth}"


def _due(found: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield f"When {found['risk_percent']:g} of 100 responders had relapsed, counted from {found['last_session'][:16]}"
    for row in found["by_study"]:
        between = "" if row["low_days"] is None else f" ({row['low_days']:.0f} to {row['high_days']:.0f} at best)"
        yield f"  {row['study']}: day {row['days']:.0f}{between}, {row['due'][:10]}; {row['how']} [{row['source']}]"
