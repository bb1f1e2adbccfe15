"""Where the clinic's parts are joined: Django set up, tables made, the server started."""

from __future__ import annotations

import os
import signal
from functools import cache
from types import FrameType
from typing import TYPE_CHECKING

from matrescence.reading import InputError

if TYPE_CHECKING:
    from matrescence.clinic.config import Config


@cache
def setup() -> None:
    """Set Django up, once.

    Raises:
        InputError: what the clinic needs is not installed, or a variable of its configuration cannot be used.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matrescence.clinic.settings")
    try:
        import django
    except ImportError:
        raise InputError('The clinic is not installed. Install it with: pip install "matrescence[clinic]"') from None
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise InputError(str(error)) from None


def config() -> Config:
    """The configuration that the clinic runs with."""
    setup()
    from django.conf import settings

    found: Config = settings.CONFIG
    return found


def ready() -> None:
    """Make or upgrade every table."""
    config().home.mkdir(parents=True, exist_ok=True)
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def first_account(user: str, *, name: str, password: str) -> None:
    """Make the account of the site's representative, who makes the others.

    Raises:
        InputError: the name is taken, or the password too weak.
    """
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from matrescence.clinic.people import accounts
    from matrescence.clinic.people.models import User

    user, name = accounts.normal(user), accounts.normal(name)
    wrong = accounts.wrong_names(user, name)
    if wrong:
        raise InputError(" ".join(f"--{field.replace('user_name', 'user')}: {why}" for field, why in wrong.items()))
    account = User(username=user, name=name, roles=["site-representative"])
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise InputError("Password: " + " ".join(error.messages)) from None
    account.set_password(password)
    account.save()


def _stop(number: int, frame: FrameType | None) -> None:
    """Let what runs beside the pages end as it should: the last checkpoint is written then."""
    raise SystemExit(0)


def serve(host: str, port: int) -> None:
    """Serve until stopped: one process, the only one that writes to an SQLite database."""
    ready()
    import uvicorn

    from matrescence.clinic.live.running import watch_bedsides
    from matrescence.clinic.log.keeper import keep_checkpoints

    signal.signal(signal.SIGTERM, _stop)
    with keep_checkpoints(config()), watch_bedsides():
        uvicorn.run(
            "matrescence.clinic.asgi:application",
            host=host,
            port=port,
            lifespan="off",
            log_level="warning",
            server_header=False,
        )
