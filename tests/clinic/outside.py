"""A clinic of its own, in processes of its own: run as whoever installed it runs it."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SERVER = os.environ.get("MATRESCENCE_TEST_DATABASE", "")
"""The PostgreSQL server of this run; empty on SQLite, where a clinic's database is a file in its home."""


@dataclass(frozen=True, slots=True)
class Clinic:
    """One installation: its home, and the environment its processes run in."""

    home: Path
    environment: dict[str, str]

    def run(self, *words: str, expect: int = 0) -> str:
        """Run ``matrescence clinic ...``; return what it printed."""
        return self._python("-m", "matrescence", "clinic", *words, expect=expect)

    def script(self, text: str) -> str:
        """Run a few lines inside this clinic."""
        return self._python("-c", f"from matrescence.clinic.bootstrap import ready; ready()\n{text}", expect=0)

    def _python(self, *words: str, expect: int) -> str:
        done = subprocess.run(
            [sys.executable, *words], env=self.environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == expect, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr


@contextmanager
def clinic_in(home: Path, *, server: str = SERVER) -> Iterator[Clinic]:
    """A clinic with nothing in it yet; on PostgreSQL with a database of its own, dropped afterwards."""
    with _database(server) as address:
        names = {
            "MATRESCENCE_HOME": str(home),
            "MATRESCENCE_DATABASE": address,
            "MATRESCENCE_HTTPS": "0",
            "MATRESCENCE_DEMO": "1",  # nobody here has a telephone with a second factor
            "MATRESCENCE_HOSTS": "127.0.0.1",
        }
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("MATRESCENCE", "DJANGO"))}
        tests = str(Path(__file__).parent)
        yield Clinic(home, {**inherited, **names, "PYTHONPATH": tests, "PYTHONWARNINGS": "ignore"})


@contextmanager
def _database(server: str) -> Iterator[str]:
    if not server:
        yield ""
        return
    import psycopg

    name = f"clinic_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
