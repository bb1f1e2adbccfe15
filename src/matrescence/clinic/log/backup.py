"""A backup is one SQLite file, whichever database the clinic runs on; it is restored into either.

It holds records, audit, accounts and everything else but sessions and live values: after a restore everybody logs in
again.  Beside it lies a manifest with the counts, both chains, and the hash of the file, signed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connections, models, transaction

from matrescence.clinic.config import sqlite
from matrescence.clinic.files import force, write_once
from matrescence.clinic.log.checkpoints import heads
from matrescence.clinic.log.keys import is_published, is_signed, name_of, public_key, signed, signing_key
from matrescence.clinic.log.models import Audit, Event, Head, Stream
from matrescence.clinic.log.verify import verify
from matrescence.clinic.people.models import User
from matrescence.reading import InputError

LEFT_OUT = frozenset({"sessions", "contenttypes", "auth", "usersessions", "live"})
"""Applications whose tables are not copied: who is logged in, Django's own lists, and values that are no record."""

ALIAS = "backup"
_BATCH = 500


def backup(target: Path, home: Path, *, at: datetime) -> dict[str, Any]:
    """Copy the clinic, as it stands at one instant, into a new file; return its manifest.

    Raises:
        InputError: there is such a file already, or it cannot be written.
    """
    if target.exists():
        raise InputError(f"{target}: there is such a file already; a backup never replaces one. Name a new file.")
    half = target.with_name(f"{target.name}.part")
    _remove(half)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _snapshot(half) as source, _other(ALIAS, half), transaction.atomic(using=ALIAS):
            _copy(source, ALIAS)
            told = _told(ALIAS)
        _one_file(half)
        manifest: dict[str, Any] = {"at": at.isoformat(), "sha256": _sha256(half), **told}
        manifest = _signed(manifest, home)
        force(half)
        _manifest_of(target).unlink(missing_ok=True)  # of a backup that was broken off before its file was there
        write_once(_manifest_of(target), (json.dumps(manifest, indent=2) + "\n").encode())
        force(half.replace(target).parent)
    except (OSError, DatabaseError) as error:
        why = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        raise InputError(f"{target}: no backup was written: {why.lower()}.") from None
    finally:
        _remove(half)
    return manifest


def restore(source: Path, checkpoints: Path) -> dict[str, Any]:
    """Copy a backup into this clinic's empty database; return its manifest.

    Where public keys lie beside the ``checkpoints``, one of them must have signed it.  What comes back is proved
    before it is kept: every line, both chains, and that they end where the manifest says.

    Raises:
        InputError: the file is not the one its manifest names, it is not what was written, or this database holds
            something already.  Nothing is restored then.
    """
    manifest = _checked(source, checkpoints)
    if any(model._default_manager.exists() for model in (Event, Audit, User)):
        raise InputError(
            "This clinic holds records or accounts already; a backup is restored only into an empty one. "
            "Name a new home, and leave out clinic init."
        )
    try:
        with _copied_file(source) as copy, _other(ALIAS, copy), transaction.atomic():
            _copy(ALIAS, "default")
            _renumber()
            _prove(source, manifest)
    except (OSError, DatabaseError) as error:
        raise InputError(f"{source}: nothing was restored: {error}.") from None
    return manifest


def _prove(source: Path, manifest: dict[str, Any]) -> None:
    """What came back is what the manifest names, and each of its links follows from the one before."""
    told = _told("default")
    if told != {name: manifest.get(name) for name in told}:
        raise InputError(f"{source}: {told} came back; the manifest names something else. Nothing was restored.")
    with tempfile.TemporaryDirectory() as nowhere:
        found = verify(Path(nowhere))
    if not found.sound:
        raise InputError(f"{source}: {found.wrong[0]}. Nothing was restored: it is not what was written.")


def _told(alias: str) -> dict[str, Any]:
    """How many rows there are, and where both chains stand."""
    chains = {name: {"seq": mark.seq, "chain": mark.chain} for name, mark in heads(alias).items()}
    return {"rows": _counts(alias), "chains": chains}


def _signed(manifest: dict[str, Any], home: Path) -> dict[str, Any]:
    key = signing_key(home)
    named = {**manifest, "key": name_of(key.public_key())}
    return {**named, "signature": signed(key, json.dumps(named, sort_keys=True).encode())}


def _checked(source: Path, checkpoints: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(_manifest_of(source).read_text(encoding="utf-8"))
        found = _sha256(source)
    except FileNotFoundError as error:
        raise InputError(f"{error.filename}: there is no such file; a backup is a file with its manifest.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{source}: this backup cannot be read: {error}.") from None
    if not isinstance(manifest, dict) or manifest.get("sha256") != found:
        raise InputError(f"{source}: this is not the file that its manifest names; it was changed or is incomplete.")
    if any(checkpoints.glob("*.pub")):  # on a new machine no key is known yet, and the signature cannot be checked
        _check_signature(source, manifest, checkpoints)
    return manifest


def _check_signature(source: Path, manifest: dict[str, Any], checkpoints: Path) -> None:
    name, signature = str(manifest.get("key", "")), str(manifest.get("signature", ""))
    if not is_published(checkpoints, name):
        raise InputError(f"{source}: no key in {checkpoints} has signed it. Name the checkpoints of its clinic.")
    content = json.dumps({key: value for key, value in manifest.items() if key != "signature"}, sort_keys=True)
    if not is_signed(public_key(checkpoints, name), content.encode(), signature):
        raise InputError(f"{source}: the signature of its manifest is not good; it was changed after it was written.")


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _manifest_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


@contextmanager
def _snapshot(beside: Path) -> Iterator[str]:
    """The clinic's database standing still, by the name under which it can be read; nobody waits for it meanwhile."""
    connection = connections["default"]
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        from matrescence.clinic.sqlite.base import Database

        file = beside.with_name(f"{beside.name}.now")
        file.unlink(missing_ok=True)
        with closing(Database.connect(file)) as still:
            connection.connection.backup(still)
        try:
            with _other("snapshot", file):
                yield "snapshot"
        finally:
            _remove(file)
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield "default"


@contextmanager
def _copied_file(source: Path) -> Iterator[Path]:
    """A copy of the backup to read from: reading may upgrade its tables, and a backup is never changed."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(shutil.copy(source, folder))


@contextmanager
def _other(alias: str, file: Path) -> Iterator[None]:
    """A second database beside the clinic's: an SQLite file, with every table in it."""
    connections.databases[alias] = {**connections.databases["default"], **sqlite(file)}
    try:
        call_command("migrate", database=alias, interactive=False, verbosity=0)
        yield
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


def _remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _copied() -> list[type[models.Model]]:
    """The tables, each after those that it points to."""
    left = [model for model in apps.get_models() if model._meta.app_label not in LEFT_OUT]
    done: list[type[models.Model]] = []
    while left:
        ready = [model for model in left if not (_points_to(model) - {model}) & set(left)]
        done += ready
        left = [model for model in left if model not in ready]
    return done


def _points_to(model: type[models.Model]) -> set[type[models.Model]]:
    return {field.related_model for field in model._meta.concrete_fields if field.related_model is not None}


def _copy(source: str, target: str) -> None:
    Head.objects.using(target).all().delete()
    for model in _copied():
        rows = model._default_manager.using(source).order_by("pk").iterator(chunk_size=_BATCH)
        batch = []
        for row in rows:
            batch.append(row)
            if len(batch) == _BATCH:
                model._default_manager.using(target).bulk_create(batch)
                batch = []
        model._default_manager.using(target).bulk_create(batch)


def _counts(alias: str) -> dict[str, int]:
    counted = {"streams": Stream, "records": Event, "audit": Audit}
    return {name: model._default_manager.using(alias).count() for name, model in counted.items()}


def _renumber() -> None:
    """Where the database hands out numbers itself, let it go on after the highest that came back."""
    from django.core.management.color import no_style

    connection = connections["default"]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _copied()):
            cursor.execute(statement)


def _one_file(file: Path) -> None:
    """Fold the write-ahead log into the file, so that the backup is one file and no more."""
    from matrescence.clinic.sqlite.base import Database

    with closing(Database.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
