"""``matrescence course``: one mother's log from the first question to recovery; where she is, and what is next."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from matrescence.actions.course import Added, Request
    from matrescence.actions.course_log import CourseLog

_FILE = click.Path(path_type=Path)


class AnyCase(click.Group):
    """A group whose commands are found in small and in capital letters."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name in small letters."""
        return super().get_command(ctx, cmd_name.lower())

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or offer the nearest one."""
        from matrescence.reading import InputError, nearest

        if args[0].lower() not in self.commands and not args[0].startswith("-"):
            allowed = ", ".join(self.commands)
            raise InputError(
                f"course: there is no command {args[0]!r}.{nearest(args[0], self.commands)} Allowed: {allowed}."
            )
        return super().resolve_command(ctx, args)


@click.group(name="course", cls=AnyCase)
def command() -> None:
    """Keep one mother's log, and see where she is and what is next."""


@command.command()
@click.argument("file", type=_FILE)
@click.option("--mother", type=_FILE, required=True, help="The mother's file (TOML).")
@click.option("--drug", "drug_name", required=True, metavar="NAME", help="A drug of the formulary.")
@click.option("--by", default="not named", help="Who writes this down.")
@click.option("--at", "at_text", metavar="ISO", help="When it is written down, with its offset; without it, now.")
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON.")
def new(*, file: Path, mother: Path, drug_name: str, by: str, at_text: str | None, as_json: bool) -> None:
    """Begin the log FILE for the mother and the drug."""
    from matrescence.actions import course

    added = course.new(file, mother=mother, drug_name=drug_name, now=_instant(at_text, "--at"), by=by)
    _tell(added, file, as_json)


@command.command()
@click.argument("file", type=_FILE)
@click.argument("record", required=False)
@click.option("--kind", help="The kind of record, when its content comes with --from.")
@click.option("--from", "from_file", type=_FILE, help="The content of the record: a TOML or JSON file.")
@click.option("--id", "key", help="A key of your own; sent again it writes nothing.")
@click.option("--by", help="Who says so.")
@click.option("--happened", metavar="ISO", help="When it happened; without it, when it is written down.")
@click.option("--at", "at_text", metavar="ISO", help="When it is written down, with its offset; without it, now.")
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON.")
def add(
    *,
    file: Path,
    record: str | None,
    kind: str | None,
    from_file: Path | None,
    key: str | None,
    by: str | None,
    happened: str | None,
    at_text: str | None,
    as_json: bool,
) -> None:
    """Add one record to FILE: from RECORD (JSON or TOML, - for standard input), or --kind with --from.

    A record has kind and payload, and may have id, happened_at and by.
    """
    from matrescence.actions import course

    where, document = _document(record, kind, from_file)
    said = {"id": key, "by": by, "happened_at": happened}
    document = {**document, **{name: value for name, value in said.items() if value is not None}}
    request: Request = course.read_request(document, where=where)
    added = course.add(file, request, now=_instant(at_text, "--at"), where=where, by_clock=at_text is None)
    _tell(added, file, as_json)


@command.command()
@click.argument("file", type=_FILE)
@click.option("--at", "at_text", metavar="ISO", help="Show what was known at this instant; without it, now.")
@click.option("--json", "as_json", is_flag=True, help="Print the view as JSON.")
def show(file: Path, at_text: str | None, as_json: bool) -> None:
    """Show where she is: urgent first, what is next, the six stages, what is overdue."""
    from matrescence.actions import course, course_json
    from matrescence.cli.course_page import page

    opened, known, found = course.show(file, at=_instant(at_text, "--at"), by_clock=at_text is None)
    _say_torn(opened.log)
    told = course_json.as_json(opened, known, found)
    click.echo(json.dumps(told, indent=2, ensure_ascii=False) if as_json else page(told))


def _instant(text: str | None, option: str) -> datetime:
    from matrescence.actions.enrolment_file import read_instant
    from matrescence.reading import refuse

    if text is None:
        return datetime.now(UTC).replace(microsecond=0)
    problems: list[str] = []
    moment = read_instant(text, option, problems)
    refuse(problems, "course")
    assert moment is not None  # otherwise a problem was raised
    return moment


def _document(record: str | None, kind: str | None, from_file: Path | None) -> tuple[str, dict[str, Any]]:
    """Where the record stands, and the record as it was written."""
    from matrescence.reading import InputError

    if record is not None and kind is None and from_file is None:
        where = "standard input" if record == "-" else record
        return where, _parsed(sys.stdin.read(), where) if record == "-" else _read(Path(record))
    if record is None and kind is not None and from_file is not None:
        return str(from_file), {"kind": kind, "payload": _read(from_file)}
    raise InputError("course add: give a RECORD (a file, or - for standard input), or --kind together with --from.")


def _read(path: Path) -> dict[str, Any]:
    from matrescence.reading import read_text

    return _parsed(read_text(path), str(path))


def _parsed(text: str, where: str) -> dict[str, Any]:
    """JSON when it begins with a brace, else TOML."""
    import tomllib

    from matrescence.reading import InputError, parse_json

    if text.lstrip().startswith("{"):
        found: dict[str, Any] = parse_json(text, where=where)
        return found
    try:
        return tomllib.loads(text)
    except (RecursionError, ValueError) as error:
        raise InputError(f"{where}: neither a JSON object nor TOML: {error}.") from None


def _tell(added: Added, file: Path, as_json: bool) -> None:
    if added.torn_aside is not None:
        click.echo(
            f"matrescence: the last line of {file} was torn (a writing was cut off). It is kept in "
            f"{added.torn_aside}; look whether it has to be recorded again.",
            err=True,
        )
    record = added.record
    if as_json:
        click.echo(json.dumps({"already_recorded": added.already, "record": record}, indent=2, ensure_ascii=False))
    elif record is None:
        click.echo("Nothing to record: this changes nothing.")
    elif added.already:
        click.echo(
            f"Already recorded as {record['position']} ({record['kind']}) at {record['recorded_at']}; nothing was "
            "written. If it happened again, add it with --happened or an --id of its own."
        )
    else:
        click.echo(f"Recorded as {record['position']} ({record['kind']}) in {file}")
        for task in added.known.open_tasks:
            click.echo(click.style(f"URGENT {task.id}  {task.path.urgency.value}: {task.path.reason.text}", fg="red"))


def _say_torn(log: CourseLog) -> None:
    if log.torn:
        click.echo(
            f"matrescence: {log.path}, line {len(log.lines) + 1}: torn (a writing was cut off, {len(log.torn)} bytes). "
            f"The {len(log.lines)} records before it stand. The next record keeps the torn line aside in "
            f"{log.path}.torn-1 or the next free number.",
            err=True,
        )
