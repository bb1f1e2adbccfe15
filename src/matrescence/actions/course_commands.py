"""The payload of a record of kind ``infusion`` -> a command to the infusion's own rules."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, get_args

from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import readings
from matrescence.care.infusion.log import LogError, read_fields
from matrescence.care.infusion.stamp import Stamp
from matrescence.care.journey.infuse import AskStart, Command
from matrescence.reading import InputError, nearest

_READINGS = {kind.__name__: kind for kind in get_args(readings.Reading)}


def _kebab(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


COMMANDS: Mapping[str, type[cmd.Asked]] = {
    **{_kebab(kind.__name__): kind for kind in get_args(cmd.Command) if kind is not cmd.Discharge},
    "start": AskStart,
}
"""Every command by the name it is written with.  Her discharge is a kind of its own."""


def command_from(payload: Mapping[str, Any], *, key: str, stamp: Stamp, where: str) -> Command:
    """The command of one payload: its name under ``command``, its own fields beside it.

    Raises:
        InputError: the command is not known, or a field is missing, not known, or of the wrong type.
    """
    name = payload.get("command")
    if not isinstance(name, str) or name not in COMMANDS:
        offer = nearest(name, COMMANDS) if isinstance(name, str) else ""
        raise InputError(f"{where}: command = {name!r} is not known.{offer} Allowed: {', '.join(COMMANDS)}.")
    kind = COMMANDS[name]
    fields = {key_: value for key_, value in payload.items() if key_ != "command"}
    if isinstance(fields.get("reading"), dict):
        fields["reading"] = _reading(fields["reading"])
    try:
        command: Command = read_fields(kind, fields, where, {"stamp": stamp, "key": key})
    except LogError as error:
        raise InputError(f"{error}. The command {name} is written with: {_fields(kind)}.") from None
    return command


def _reading(table: Mapping[str, Any]) -> dict[str, Any]:
    """The reading with its name as the log writes it, and with what was left out as not known."""
    name = "".join(part.capitalize() for part in str(table.get("reading", "")).split("-"))
    kind = _READINGS.get(name) or _READINGS.get(str(table.get("reading", "")))
    if kind is None:
        return dict(table)
    left_out = {f.name: f.default for f in dataclasses.fields(kind) if f.default is not dataclasses.MISSING}
    return {**left_out, **table, "reading": kind.__name__}


def _fields(kind: type[cmd.Asked]) -> str:
    return ", ".join(f.name for f in dataclasses.fields(kind) if f.name not in {"stamp", "key"}) or "nothing else"
