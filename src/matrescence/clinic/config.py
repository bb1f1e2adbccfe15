"""What one installation is told from outside: where it lives, its database, its addresses.  Read once, at start."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from matrescence.clinic.files import write_once
from matrescence.reading import InputError

HOME = "MATRESCENCE_HOME"
DATABASE = "MATRESCENCE_DATABASE"
HOSTS = "MATRESCENCE_HOSTS"
HTTPS = "MATRESCENCE_HTTPS"
DEMO = "MATRESCENCE_DEMO"
SECOND_FACTOR = "MATRESCENCE_SECOND_FACTOR"
CHECKPOINTS = "MATRESCENCE_CHECKPOINTS"

_KEPT = {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
"""A thread keeps its connection, and looks before each request whether it still works."""
_YES = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class Config:
    """One installation.

    ``home`` holds the database, the secret key and the signing key; ``checkpoints`` should lie on another disk.
    ``https`` is ``False`` only on the machine itself (a demo, a test): then no cookie asks for a secure connection.
    ``second_factor`` says whether everybody who works here has to set one up; it is off only there, unless told.
    """

    home: Path
    database: Mapping[str, object]
    hosts: tuple[str, ...]
    https: bool
    demo: bool
    checkpoints: Path
    second_factor: bool = True

    @property
    def secret_key(self) -> str:
        """The key that signs sessions; made once, readable by nobody else."""
        file = self.home / "secret-key"
        if not file.exists():
            self.home.mkdir(parents=True, exist_ok=True)
            write_once(file, secrets.token_urlsafe(64).encode(), mode=0o600)
        return file.read_text().strip()


def read_config(environment: Mapping[str, str]) -> Config:
    """The configuration in these environment variables.

    Raises:
        InputError: a variable cannot be used; the message names it.
    """
    home = Path(environment.get(HOME) or "clinic-data").expanduser().resolve()
    https, demo = _flag(environment, HTTPS, default=True), _flag(environment, DEMO, default=False)
    return Config(
        home=home,
        database=_database(environment.get(DATABASE, ""), home),
        hosts=tuple(host.strip() for host in (environment.get(HOSTS) or "127.0.0.1,localhost").split(",")),
        https=https,
        demo=demo,
        checkpoints=Path(environment.get(CHECKPOINTS) or home / "checkpoints").expanduser().resolve(),
        second_factor=_flag(environment, SECOND_FACTOR, default=https and not demo),
    )


def _flag(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    said = environment.get(name, "").strip().lower()
    if not said:
        return default
    if said not in _YES:
        raise InputError(f"{name} = {said!r} cannot be used. Allowed: {', '.join(_YES)}.")
    return _YES[said]


def _database(address: str, home: Path) -> Mapping[str, object]:
    if not address:
        return sqlite(home / "clinic.sqlite3")
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise InputError(
            f"{DATABASE} = {address!r} cannot be used. Leave it out for SQLite, or write it like "
            "postgresql://user:password@host:5432/name."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # An acknowledged record is on the disk: said for each connection, whatever the server's default is.
        "OPTIONS": {"options": "-c synchronous_commit=on"},
        **_KEPT,
    }


def sqlite(file: Path) -> Mapping[str, object]:
    """Django's settings for a database in this file: acknowledged means forced to the disk."""
    return {
        "ENGINE": "matrescence.clinic.sqlite",
        "NAME": str(file),
        "OPTIONS": {
            # WAL lets readers go on while one writes; FULL forces each commit to the disk before it is acknowledged.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        },
        **_KEPT,
    }
