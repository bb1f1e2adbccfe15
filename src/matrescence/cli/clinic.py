"""``matrescence clinic``: set up, serve, verify, back up and restore the clinic on one machine."""

from __future__ import annotations

import dataclasses
import json
import os
import time
from pathlib import Path
from typing import Any

import click

from matrescence.reading import InputError


@click.group(help="The clinic in a browser: set up, serve, verify, back up, restore.")
@click.option("--home", type=click.Path(path_type=Path), metavar="DIR", help="Where it lives (default: clinic-data).")
def command(*, home: Path | None) -> None:
    """The clinic on one machine."""
    from matrescence.clinic.config import HOME

    if home is not None:
        os.environ[HOME] = str(home)


@command.command(help="Make the tables, the keys and the first account. Run it again after an upgrade.")
@click.option("--user", metavar="NAME", help="User name of the site's representative.")
@click.option("--name", metavar="TEXT", help="Her name as it stands in every record she makes.")
def init(*, user: str | None, name: str | None) -> None:
    """Set up the clinic."""
    from matrescence.clinic.bootstrap import first_account, ready

    ready()
    if user is not None:
        if not name:
            raise InputError("--name is missing: the name of this person as it stands in every record.")
        password = click.prompt("Password (12 letters or more)", hide_input=True, confirmation_prompt=True)
        first_account(user, name=name, password=password)
    click.echo("The clinic is set up. Serve it with: matrescence clinic serve")


@command.command(help="Serve the pages.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def serve(*, host: str, port: int) -> None:
    """Serve the clinic until it is stopped."""
    from matrescence.clinic.bootstrap import serve as run

    run(host, port)


@command.command(help="Prove that every record and every audit row is what was written. Exit code 1 when one is not.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def verify(*, as_json: bool) -> None:
    """Look at every line, both chains and every checkpoint."""
    from matrescence.clinic.bootstrap import config

    place = config()
    from matrescence.clinic.log.verify import verify as look

    found = look(place.checkpoints)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(found) | {"sound": found.sound}, indent=2))
    else:
        for text in found.wrong:
            click.echo(f"WRONG  {text}")
        looked = f"{found.records} records, {found.rows} audit rows, {found.checkpoints} checkpoints"
        click.echo(f"{looked}: {'everything is as it was written' if found.sound else 'NOT as it was written'}.")
        if not found.checkpoints:
            click.echo(
                "No checkpoint was found: a cut end would not be noticed. Write one: matrescence clinic checkpoint"
            )
    if not found.sound:
        raise SystemExit(1)


@command.command(help="Write a signed checkpoint of both chains; serving does so every few minutes.")
def checkpoint() -> None:
    """Write down where both chains stand."""
    from matrescence.clinic.bootstrap import config

    place = config()
    from matrescence.clinic.clockwork.clock import now
    from matrescence.clinic.log.checkpoints import write_checkpoint

    written = write_checkpoint(place.home, place.checkpoints, at=now())
    click.echo(f"{'Written to' if written else 'Nothing has changed since the last one in'} {place.checkpoints}.")


@command.command(help="Copy everything, as it stands at one instant, into one new file; nobody has to stop working.")
@click.argument("file", type=click.Path(path_type=Path))
def backup(*, file: Path) -> None:
    """Write a backup with its signed manifest."""
    from matrescence.clinic.bootstrap import config

    place = config()
    from matrescence.clinic.clockwork.clock import now
    from matrescence.clinic.log.backup import backup as write

    manifest = write(file, place.home, at=now())
    click.echo(f"wrote {file} and its manifest: {_counted(manifest)}")


@command.command(help="Copy a backup into this clinic, which must be empty, and verify it.")
@click.argument("file", type=click.Path(path_type=Path))
def restore(*, file: Path) -> None:
    """Restore a backup; tell how long it took."""
    from matrescence.clinic.bootstrap import config, ready

    began = time.monotonic()
    ready()
    from matrescence.clinic.log.backup import restore as read
    from matrescence.clinic.log.verify import verify as look

    manifest = read(file, config().checkpoints)
    found = look(config().checkpoints)
    for text in found.wrong:
        click.echo(f"WRONG  {text}")
    click.echo(f"restored {_counted(manifest)} of {manifest['at']} in {time.monotonic() - began:.1f} s")
    click.echo("Everybody logs in again; live values are not in a backup.")
    if not found.sound:
        raise SystemExit(1)


@command.command(help="Serve an invented clinic with a mother at every stage and one infusion running.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--speed", type=click.FloatRange(1, 3600), default=600.0, show_default=True, metavar="TIMES",
              help="How fast the time of the running infusion goes.")  # fmt: skip
def demo(*, port: int, speed: float) -> None:
    """Serve the demonstration until it is stopped."""
    from matrescence.clinic.config import HOME
    from matrescence.clinic.demo.runner import run

    run(Path(os.environ.get(HOME) or "demo/clinic").resolve(), port=port, speed=speed, say=click.echo)


@command.command(help="Make every list again from the log.")
def rebuild() -> None:
    """Throw the cards of the lists away and make them again."""
    from matrescence.clinic.bootstrap import setup

    setup()
    from matrescence.clinic.log.cards import rebuild_cards

    click.echo(f"made {rebuild_cards()} cards again")


def _counted(manifest: dict[str, Any]) -> str:
    rows = manifest["rows"]
    return f"{rows['streams']} streams, {rows['records']} records, {rows['audit']} audit rows"
