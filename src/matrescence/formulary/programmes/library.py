"""Which risk programmes there are, and one of them, read from its TOML file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from matrescence.care.enrolment.forms import FieldKind, Form, FormField, OnlyIf
from matrescence.care.enrolment.programme import (
    NCIT_REQUIREMENTS,
    Party,
    Programme,
    Protocol,
    Requirement,
    Stakeholder,
    Status,
    Timing,
    Waiver,
)
from matrescence.facts import Statement
from matrescence.formulary.bibliography import Entry, read_bibliography
from matrescence.reading import Field, InputError, nearest, read_table, read_toml, refuse
from matrescence.sourced import STATEMENT_FIELDS, read_fact, read_statement

SHIPPED = Path(__file__).parent
"""The programmes that come with the program."""

OURS = "project-decision"
"""The source of what this project decided itself; every other source is a key of ``references.bib``."""

PROGRAMME_FIELDS = (
    Field("name", "text", required=True),
    Field("label", "text", required=True),
    Field("status", "text", required=True, choices=tuple(item.value for item in Status)),
    Field("as_of", "date", required=True),
    Field("acknowledgement", "text"),
    Field("standing", "table", required=True),
    Field("expiring_within_days", "table", required=True),
    Field("decisions", "tables"),
    Field("requirements", "tables", required=True, low=1),
    Field("forms", "tables"),
)
REQUIREMENT_FIELDS = (
    Field("id", "text", required=True),
    Field("code", "text", choices=tuple(NCIT_REQUIREMENTS)),
    Field("stakeholder", "text", required=True, choices=tuple(item.value for item in Stakeholder)),
    Field("protocol", "text", required=True, choices=tuple(item.value for item in Protocol)),
    Field("timing", "text", required=True, choices=tuple(item.value for item in Timing)),
    Field("about", "texts", required=True, choices=tuple(item.value for item in Party)),
    Field("form", "text"),
    Field("follows", "texts"),
    Field("valid_days", "table"),
    Field("after", "text"),
    Field("within_days", "table"),
    Field("waived", "table"),
    Field("ends_session", "boolean"),
    *STATEMENT_FIELDS,
)
WAIVER_FIELDS = tuple(Field(name, "text", required=True) for name in ("requirement", "field", "equals"))
FORM_FIELDS = (
    Field("name", "text", required=True),
    Field("label", "text", required=True),
    Field("signatures", "texts", required=True),
    Field("fields", "tables", required=True, low=1),
    *STATEMENT_FIELDS,
)
FIELD_FIELDS = (
    Field("name", "text", required=True),
    Field("prompt", "text", required=True),
    Field("kind", "text", required=True, choices=tuple(item.value for item in FieldKind)),
    Field("required", "boolean"),
    Field("choices", "texts"),
    Field("low", "number"),
    Field("high", "number"),
    Field("unit", "text"),
    Field("only_if", "table"),
)
ONLY_IF_FIELDS = (Field("field", "text", required=True), Field("equals", "any", required=True))

_STATEMENT_KEYS = tuple(field.name for field in STATEMENT_FIELDS)


class UnknownProgramme(InputError):  # noqa: N818 - it names what was asked for
    """No programme of this name is shipped; the message offers the nearest."""


def names(*, root: Path | None = None) -> tuple[str, ...]:
    """The programmes, in alphabetical order."""
    return tuple(sorted(path.stem for path in (root or SHIPPED).glob("*.toml")))


def load(name: str, *, root: Path | None = None) -> Programme:
    """One programme by name, read once for the shipped ones.

    Raises:
        UnknownProgramme: there is no such programme.
        InputError: its file cannot be used.
    """
    known = names(root=root)
    if name not in known:
        raise UnknownProgramme(f"programme {name!r} is not known.{nearest(name, known)} Known: {', '.join(known)}.")
    return _load_shipped(name) if root is None else read_programme(root / f"{name}.toml")


def bibliography(*, root: Path | None = None) -> dict[str, Entry]:
    """The references of the programmes by key."""
    return read_bibliography((root or SHIPPED) / "references.bib")


@cache
def _load_shipped(name: str) -> Programme:
    return read_programme(SHIPPED / f"{name}.toml")


def read_programme(path: Path) -> Programme:
    """Read one programme's file; every problem in it is reported at once.

    Raises:
        InputError: a field cannot be used, a source has no reference, or the programme contradicts itself.
    """
    where, problems = str(path), list[str]()
    values = read_table(read_toml(path), PROGRAMME_FIELDS, where, problems)
    refuse(problems, where)
    requirements = [_requirement(table, problems) for table in values["requirements"]]
    forms = [_form(table, problems) for table in values.get("forms", [])]
    known: dict[str, Any] = {
        "requirements": _by_name([item for item in requirements if item], "requirement", problems),
        "forms": _by_name([item for item in forms if item], "form", problems),
        "standing": read_statement(values["standing"], "standing", problems),
        "expiring_within_days": read_fact(
            values["expiring_within_days"], "expiring_within_days", problems, to_unit="d"
        ),
        "decisions": tuple(read_statement(table, "decisions", problems) for table in values.get("decisions", [])),
    }
    if values["name"] != path.stem:
        problems.append(f"name = {values['name']!r} is not the name of its file; write {path.stem!r}.")
    if not problems and known["expiring_within_days"].value is None:
        problems.append("expiring_within_days is unknown; write a number of days.")
    refuse(problems, where)
    plain = {key: values[key] for key in ("name", "label", "as_of")} | {
        "acknowledgement": values.get("acknowledgement")
    }
    return _checked(plain | known | {"status": Status(values["status"])}, path)


def _checked(values: dict[str, Any], path: Path) -> Programme:
    try:
        programme = Programme(**values)
    except ValueError as error:
        raise InputError(f"{path}: the programme contradicts itself: {error}.") from None
    keys = {*bibliography(root=path.parent), OURS}
    refuse(
        [f"source {key!r} has no entry in references.bib." for key in sources(programme) if key not in keys], str(path)
    )
    return programme


def sources(programme: Programme) -> tuple[str, ...]:
    """The distinct source keys a programme rests on, in the order met."""
    facts = [fact for item in programme.requirements.values() for fact in (item.valid_days, item.within_days) if fact]
    statements = [item.statement for item in programme.requirements.values()]
    statements += [item.statement for item in programme.forms.values()]
    statements += [programme.standing, *programme.decisions]
    keys = [
        programme.expiring_within_days.source,
        *(item.source for item in statements),
        *(fact.source for fact in facts),
    ]
    return tuple(dict.fromkeys(keys))


def _by_name(items: list[Any], kind: str, problems: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        name = item.id if isinstance(item, Requirement) else item.name
        if name in found:
            problems.append(f"the {kind} {name!r} is written twice; keep one of the two.")
        found[name] = item
    return found


def _statement(values: dict[str, Any], where: str, problems: list[str]) -> Statement:
    return read_statement({key: values[key] for key in _STATEMENT_KEYS if key in values}, where, problems)


def _requirement(table: dict[str, Any], problems: list[str]) -> Requirement | None:
    where = f"requirement {table.get('id', '?')}"
    before = len(problems)
    values = read_table(table, REQUIREMENT_FIELDS, where, problems)
    if len(problems) > before:
        return None
    facts = {
        name: read_fact(values[name], f"{where}, {name}", problems, to_unit="d") if name in values else None
        for name in ("valid_days", "within_days")
    }
    waiver = read_table(values["waived"], WAIVER_FIELDS, f"{where}, waived", problems) if "waived" in values else None
    return Requirement(
        id=values["id"],
        code=values.get("code"),
        stakeholder=Stakeholder(values["stakeholder"]),
        protocol=Protocol(values["protocol"]),
        timing=Timing(values["timing"]),
        about=tuple(Party(name) for name in values["about"]),
        statement=_statement(values, where, problems),
        form=values.get("form"),
        follows=tuple(values.get("follows", ())),
        after=values.get("after"),
        waived=Waiver(**waiver) if waiver and len(problems) == before else None,
        ends_session=values.get("ends_session", False),
        **facts,
    )


def _form(table: dict[str, Any], problems: list[str]) -> Form | None:
    where = f"form {table.get('name', '?')}"
    before = len(problems)
    values = read_table(table, FORM_FIELDS, where, problems)
    if len(problems) > before:
        return None
    fields = [_form_field(item, where, problems) for item in values["fields"]]
    named = _by_name([item for item in fields if item], f"field of {where}", problems)
    for item in named.values():
        if item.only_if is not None and item.only_if.field not in named:
            problems.append(f"{where}, {item.name}: there is no field {item.only_if.field!r}.")
    statement = _statement(values, where, problems)
    return Form(values["name"], values["label"], named, tuple(values["signatures"]), statement)


def _form_field(table: dict[str, Any], form: str, problems: list[str]) -> FormField | None:
    where = f"{form}, field {table.get('name', '?')}"
    before = len(problems)
    values = read_table(table, FIELD_FIELDS, where, problems)
    only_if = read_table(values["only_if"], ONLY_IF_FIELDS, where, problems) if "only_if" in values else None
    if len(problems) > before:
        return None
    kind = FieldKind(values.pop("kind"))
    if (kind is FieldKind.CHOICE) != ("choices" in values):
        problems.append(f"{where}: choices belong to a field of kind 'choice', and to no other.")
        return None
    values |= {"choices": tuple(values.get("choices", ())), "only_if": OnlyIf(**only_if) if only_if else None}
    return FormField(kind=kind, **values)
