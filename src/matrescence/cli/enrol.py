"""``matrescence enrol``: what a risk programme asks for one session, and what of it is met, missing or running out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from matrescence.actions.enrolment import NOTE, Enrolment, enrol
from matrescence.actions.enrolment_file import read_instant
from matrescence.care.enrolment.gate import GateOpen
from matrescence.care.enrolment.programme import NCIT_REQUIREMENTS
from matrescence.care.enrolment.status import RequirementStatus, State
from matrescence.reading import refuse


@click.command(name="enrol")
@click.argument("programme")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--at", help="The instant asked about, ISO 8601 with its offset; without it, now.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(programme: str, file: Path, at: str | None, as_json: bool) -> None:
    """Show what PROGRAMME asks for the session in FILE (TOML): what is met, what is missing, what runs out."""
    found = enrol(programme, file, at=_instant(at))
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_page(found)))


def _instant(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    problems: list[str] = []
    moment = read_instant(text, "--at", problems)
    refuse(problems, "enrol")
    return moment or datetime.now(UTC)


def _page(found: Enrolment) -> Iterator[str]:
    session = found.file.session
    yield f"{found.programme.label} [{found.programme.status.value}]"
    yield f"  {found.programme.standing.text}"
    yield f"Session {session.session} of {session.mother} at {session.setting}, asked at {found.at.isoformat()}"
    yield from _gate(found)
    yield from _part("Not met", found.closing)
    yield from _part("Due", found.in_states(State.PENDING))
    yield from _part("Met", found.in_states(State.MET))
    yield from _part("Does not apply", found.in_states(State.WAIVED))
    yield from _part("Not due", found.in_states(State.NOT_DUE))
    yield from _part("Kept elsewhere", found.in_states(State.SHOWN))
    yield ""
    yield NOTE


def _gate(found: Enrolment) -> Iterator[str]:
    if isinstance(found.answer, GateOpen):
        until = found.answer.until
        yield "GATE OPEN" + ("" if until is None else f" until {until.isoformat()}, when it has to be asked again")
    else:
        yield f"GATE CLOSED: {len(found.closing)} of {len(found.statuses)} requirements are not met"


def _part(title: str, statuses: tuple[RequirementStatus, ...]) -> Iterator[str]:
    if statuses:
        yield ""
        yield title
    for status in statuses:
        requirement = status.requirement
        code = f" ({requirement.code} {NCIT_REQUIREMENTS[requirement.code]})" if requirement.code else ""
        ends = "" if status.ends is None else f", until {status.ends.isoformat()}"
        yield f"  {requirement.id}{code}, {requirement.stakeholder.value}{ends}"
        yield from (
            f"    {_told(status, reason.text)} [{reason.rule}; {reason.source}; {reason.grade}]"
            for reason in status.reasons
        )


def _told(status: RequirementStatus, text: str) -> str:
    return text.removesuffix(f" ({status.requirement.id})")
