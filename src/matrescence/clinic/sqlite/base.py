"""Django's own SQLite backend, run on the SQLite that comes with ``pysqlite3`` instead of the system's.

SQLite 3.7.0 to 3.51.2 can corrupt a write-ahead log when two connections write and one of them resets it (fixed in
3.51.3).  Most systems still carry an older one, so the clinic brings its own, and refuses to run on an old one.
"""

from __future__ import annotations

import sys
from importlib import import_module

from django.core.exceptions import ImproperlyConfigured

OLDEST = (3, 51, 3)


def _on_bundled_sqlite():  # type: ignore[no-untyped-def]
    """Django's backend module, imported while ``sqlite3`` means the bundled one."""
    name = "django.db.backends.sqlite3.base"
    try:
        import pysqlite3
    except ImportError:  # no wheel for this system: its own SQLite has to be new enough
        return import_module(name)
    kept = {key: sys.modules.pop(key) for key in ("sqlite3", "sqlite3.dbapi2", name) if key in sys.modules}
    sys.modules |= {"sqlite3": pysqlite3, "sqlite3.dbapi2": pysqlite3.dbapi2}
    try:
        return import_module(name)
    finally:
        for key in ("sqlite3", "sqlite3.dbapi2"):
            sys.modules.pop(key)
        sys.modules |= {key: module for key, module in kept.items() if key != name}


_base = _on_bundled_sqlite()
Database = _base.Database


def refuse_old(version: tuple[int, ...]) -> None:
    """Refuse an SQLite whose write-ahead log can be corrupted.

    Raises:
        ImproperlyConfigured: it is older than :data:`OLDEST`.
    """
    if version < OLDEST:
        found, oldest = (".".join(map(str, numbers)) for numbers in (version, OLDEST))
        raise ImproperlyConfigured(
            f"SQLite {found} can corrupt its write-ahead log with two writers; {oldest} or newer is needed. "
            'Install it with: pip install "pysqlite3>=0.6.1", or use PostgreSQL (MATRESCENCE_DATABASE).'
        )


refuse_old(Database.sqlite_version_info)


class DatabaseWrapper(_base.DatabaseWrapper):  # type: ignore[name-defined,misc]
    """The backend under the name that Django looks for."""
