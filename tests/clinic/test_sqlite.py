"""The database of a clinic on one machine: new enough, and forced to the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from outside import clinic_in

from matrescence.clinic.sqlite.base import OLDEST, Database, refuse_old

ASK = """
from django.db import connection
with connection.cursor() as cursor:
    for name in ("journal_mode", "synchronous", "foreign_keys"):
        print(name, cursor.execute(f"PRAGMA {name}").fetchone()[0])
"""


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2)])
def test_an_sqlite_that_can_corrupt_its_log_is_refused_and_it_is_said_what_to_install(version: tuple[int, ...]) -> None:
    with pytest.raises(ImproperlyConfigured, match="pysqlite3"):
        refuse_old(version)


def test_the_one_that_comes_with_the_program_is_new_enough() -> None:
    assert Database.sqlite_version_info >= OLDEST
    refuse_old(OLDEST)


@pytest.mark.rule("clinic.kept")
def test_every_connection_forces_each_record_to_the_disk(tmp_path: Path) -> None:
    with clinic_in(tmp_path / "home", server="") as clinic:
        said = clinic.script(ASK)
    assert said.split() == ["journal_mode", "wal", "synchronous", "2", "foreign_keys", "1"]
