"""Append-only, said to the database itself: who goes round the program still cannot change what is written.

A record may only be added at the next position of its stream, and never be changed or removed.
"""

from __future__ import annotations

from typing import Any

_TABLES = ("log_event", "log_audit")

_SQLITE = [
    f"""
    CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
    """
    for table in _TABLES
    for verb in ("UPDATE", "DELETE")
] + [
    """
    CREATE TRIGGER log_event_next BEFORE INSERT ON log_event
    WHEN NEW.position <> (SELECT COALESCE(MAX(position), 0) + 1 FROM log_event WHERE stream_id = NEW.stream_id)
      OR NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM log_event)
    BEGIN SELECT RAISE(ABORT, 'log_event: not the next record'); END
    """,
    """
    CREATE TRIGGER log_audit_next BEFORE INSERT ON log_audit
    WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM log_audit)
    BEGIN SELECT RAISE(ABORT, 'log_audit: not the next row'); END
    """,
]

_POSTGRESQL = [
    """
    CREATE FUNCTION log_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
    """,
    """
    CREATE FUNCTION log_event_is_next() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.position <> (SELECT COALESCE(MAX(position), 0) + 1 FROM log_event WHERE stream_id = NEW.stream_id)
        OR NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM log_event)
      THEN RAISE EXCEPTION 'log_event: not the next record'; END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION log_audit_is_next() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM log_audit)
      THEN RAISE EXCEPTION 'log_audit: not the next row'; END IF;
      RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER log_event_next BEFORE INSERT ON log_event FOR EACH ROW EXECUTE FUNCTION log_event_is_next()",
    "CREATE TRIGGER log_audit_next BEFORE INSERT ON log_audit FOR EACH ROW EXECUTE FUNCTION log_audit_is_next()",
] + [
    f"""
    CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
    FOR EACH {"STATEMENT" if verb == "TRUNCATE" else "ROW"} EXECUTE FUNCTION log_append_only()
    """
    for table in _TABLES
    for verb in ("UPDATE", "DELETE", "TRUNCATE")
]

STATEMENTS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def create(apps: Any, schema_editor: Any) -> None:
    """Put the triggers in place, in the words of this database, and begin both chains."""
    for statement in STATEMENTS[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)
    heads = apps.get_model("log", "Head").objects.using(schema_editor.connection.alias)
    for name in ("events", "audit"):
        heads.create(name=name)
