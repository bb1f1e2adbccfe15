"""The file of an enrolment (TOML: one session, records, revocations) -> what the gate is asked about.

Nothing is guessed: every record says about whom it is, and every instant has its time zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from matrescence.care.enrolment.forms import Signature
from matrescence.care.enrolment.programme import Party, Programme, Requirement
from matrescence.care.enrolment.records import Record, Revocation, Session
from matrescence.reading import Field, nearest, problem, read_table, read_toml, refuse

FILE_FIELDS = (
    Field("about", "text", help="A line about this file, for example that the people in it are invented."),
    Field("session", "table", required=True),
    Field("records", "tables"),
    Field("revocations", "tables"),
)
SESSION_FIELDS = tuple(
    Field(party.value, "text", required=party in (Party.MOTHER, Party.SETTING, Party.SESSION)) for party in Party
)
RECORD_FIELDS = (
    Field("id", "text", required=True),
    Field("requirement", "text", required=True),
    Field("at", "any", required=True),
    Field("by", "text", required=True),
    Field("about", "table", required=True),
    Field("answers", "table"),
    Field("signatures", "tables"),
    Field("expires", "any"),
)
SIGNATURE_FIELDS = (
    Field("role", "text", required=True),
    Field("name", "text", required=True),
    Field("at", "any", required=True),
)
REVOCATION_FIELDS = (
    Field("id", "text", required=True),
    Field("revokes", "text", required=True),
    Field("at", "any", required=True),
    Field("by", "text", required=True),
    Field("reason", "text", required=True),
)
FIRST_YEAR, LAST_YEAR = 2000, 2099
INSTANT = "a date and time with its UTC offset, such as 2026-03-07T08:00:00-05:00"


@dataclass(frozen=True, slots=True)
class EnrolmentFile:
    """Which session is asked about, and everything on record."""

    session: Session
    records: tuple[Record | Revocation, ...]


def read_enrolment(path: Path | str, programme: Programme) -> EnrolmentFile:
    """Read one enrolment file for one programme.

    Raises:
        InputError: the file cannot be read, or something in it cannot be used; every problem is named.
    """
    return enrolment_from(read_toml(path), programme, where=str(path))


def enrolment_from(table: dict[str, Any], programme: Programme, *, where: str) -> EnrolmentFile:
    """Check a parsed table against the programme; ``where`` names the file in a complaint.

    Raises:
        InputError: something cannot be used; every problem of the table is named.
    """
    problems: list[str] = []
    values = read_table(table, FILE_FIELDS, where, problems)
    session = read_table(values.get("session", {}), SESSION_FIELDS, "session", problems)
    records = [_record(item, programme, problems) for item in values.get("records", [])]
    known = {record.id for record in records if record is not None}
    revocations = [_revocation(item, known, problems) for item in values.get("revocations", [])]
    kept = tuple(item for item in (*records, *revocations) if item is not None)
    ids = [item.id for item in kept]
    problems += [f"the id {name!r} is given twice; every record has its own." for name in _repeated(ids)]
    refuse(problems, where)
    return EnrolmentFile(Session(**session), kept)


def read_instant(raw: Any, field: str, problems: list[str]) -> datetime | None:
    """One instant, as a TOML date-time or as ISO 8601 text; without its offset it is refused."""
    moment = raw
    if isinstance(raw, str):
        try:
            moment = datetime.fromisoformat(raw.strip())
        except ValueError:
            moment = None
    if not isinstance(moment, datetime) or moment.utcoffset() is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        problems.append(problem(field, raw, INSTANT, f"The year lies from {FIRST_YEAR} to {LAST_YEAR}."))
        return None
    return moment


def _record(table: dict[str, Any], programme: Programme, problems: list[str]) -> Record | None:
    where, before = f"record {table.get('id', '?')}", len(problems)
    values = read_table(table, RECORD_FIELDS, where, problems)
    requirement = programme.requirements.get(values.get("requirement", ""))
    if requirement is None and "requirement" in values:
        name = values["requirement"]
        problems.append(
            f"{where}: {programme.name} has no requirement {name!r}.{nearest(name, programme.requirements)}"
        )
    if len(problems) > before or requirement is None:
        return None
    about = _about(values["about"], requirement, where, problems)
    at = read_instant(values["at"], f"{where}, at", problems)
    expires = read_instant(values["expires"], f"{where}, expires", problems) if "expires" in values else None
    signatures = tuple(_signature(item, where, problems) for item in values.get("signatures", []))
    answers = values.get("answers", {})
    problems += [
        problem(f"{where}, {name}", answer, "a text, a number, a date, true or false")
        for name, answer in answers.items()
        if not isinstance(answer, str | bool | int | float | date)
    ]
    if len(problems) > before or at is None:
        return None
    signed = tuple(item for item in signatures if item is not None)
    return Record(values["id"], requirement.id, at, values["by"], about, answers, signed, expires)


def _about(raw: dict[str, Any], requirement: Requirement, where: str, problems: list[str]) -> dict[Party, str]:
    fields = [Field(party.value, "text", required=True) for party in requirement.about]
    values = read_table(raw, fields, f"{where}, about", problems)
    return {Party(name): who for name, who in values.items()}


def _signature(table: dict[str, Any], where: str, problems: list[str]) -> Signature | None:
    values = read_table(table, SIGNATURE_FIELDS, f"{where}, signature", problems)
    at = read_instant(values.get("at"), f"{where}, signature at", problems)
    return Signature(values["role"], values["name"], at) if at is not None and len(values) == 3 else None


def _revocation(table: dict[str, Any], known: set[str], problems: list[str]) -> Revocation | None:
    where, before = f"revocation {table.get('id', '?')}", len(problems)
    values = read_table(table, REVOCATION_FIELDS, where, problems)
    if len(problems) > before:
        return None
    if values["revokes"] not in known:
        problems.append(f"{where}: there is no record {values['revokes']!r}.{nearest(values['revokes'], known)}")
    at = read_instant(values["at"], f"{where}, at", problems)
    return None if at is None else Revocation(**(values | {"at": at}))


def _repeated(ids: list[str]) -> list[str]:
    return sorted({name for name in ids if ids.count(name) > 1})
