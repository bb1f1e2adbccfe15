"""Empty every table between two tests, although the tables of the log refuse it: the triggers step aside for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

from matrescence.clinic.log.models import Head

TABLES = ("log_event", "log_audit")


@contextmanager
def triggers_aside() -> Iterator[None]:
    """As somebody with every right in the database works: without the triggers."""
    kept: list[tuple[str, str]] = []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            kept = cursor.fetchall()
        for statement in [f"DROP TRIGGER {name}" for name, _ in kept] or _switched("DISABLE"):
            cursor.execute(statement)
    yield
    with connection.cursor() as cursor:
        for statement in [sql for _, sql in kept] or _switched("ENABLE"):
            cursor.execute(statement)


def _switched(how: str) -> list[str]:
    """What waits for the end of the transaction is settled first: a table with such checks cannot be altered."""
    return ["SET CONSTRAINTS ALL IMMEDIATE", *(f"ALTER TABLE {table} {how} TRIGGER USER" for table in TABLES)]


@contextmanager
def emptying_allowed() -> Iterator[None]:
    """While this holds, the test runner's own emptying of the database works."""
    plain = BaseDatabaseOperations.execute_sql_flush

    def aside(self: Any, statements: list[str]) -> None:
        with triggers_aside():
            plain(self, statements)
        for name in (Head.EVENTS, Head.AUDIT):
            Head.objects.create(name=name)

    BaseDatabaseOperations.execute_sql_flush = aside
    try:
        yield
    finally:
        BaseDatabaseOperations.execute_sql_flush = plain
