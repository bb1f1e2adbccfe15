"""``matrescence clinic``: set up, serve, verify, back up and restore the clinic on one machine."""

from __future__ import annotations

import os
from pathlib import Path

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
