"""The event log as JSON lines: one event a line, each with its kind and the version of its shape.

Pure: text in, events out, and back.  Reading a file, and a last line torn by a power cut, is the business of
``actions.infusion``.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import types
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from matrescence.care.infusion import events as ev
from matrescence.care.infusion import readings
from matrescence.care.infusion.stamp import Cause, Stamp

SHAPE = 3
"""The newest version of the shape.  A reader of version n reads every version up to n.

Shape 2 added ``unrecorded_after_min`` to the checks of an order; an order of shape 1 set no such limit.  Shape 3 added
the reading ``PlasmaLevel``; whatever holds none is still written in shape 2, which more programs can read.
"""

KINDS: Mapping[str, type[ev.Event]] = {kind.__name__: kind for kind in get_args(ev.Event)}
_HEAD = ("kind", "shape", "key", "digest", "happened_at", "recorded_at", "by", "payload")
_READINGS: Mapping[str, type[readings.Reading]] = {kind.__name__: kind for kind in get_args(readings.Reading)}


class LogError(ValueError):
    """A line that is not an event of this log; the message says what is wrong with it."""


def as_line(event: ev.Event) -> str:
    """One event as one line of text, without the line break."""
    return json.dumps(as_dict(event), ensure_ascii=False, allow_nan=False)


def from_line(line: str) -> ev.Event:
    """The event of one line.

    Raises:
        LogError: the line is not JSON, or not an event of a known kind and shape.
    """
    try:
        found = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise LogError(f"not one JSON object: {error}") from None
    return from_dict(found)


def as_dict(event: ev.Event) -> dict[str, Any]:
    """One event as plain values, flat at the head, its own fields under ``payload``."""
    own = [field.name for field in dataclasses.fields(event) if field.name not in {"stamp", "cause"}]
    return {
        "kind": type(event).__name__,
        "shape": _shape_of(event),
        "key": event.cause.key,
        "digest": event.cause.digest,
        "happened_at": event.stamp.happened_at.isoformat(),
        "recorded_at": event.stamp.recorded_at.isoformat(),
        "by": event.stamp.by,
        "payload": {name: _plain(getattr(event, name)) for name in own},
    }


def from_dict(found: Any) -> ev.Event:
    """The event of one table of plain values.

    Raises:
        LogError: a key is missing or unknown, the kind or shape is not known, or a value is of the wrong type.
    """
    if not isinstance(found, dict):
        raise LogError("an event is a JSON object")
    _same_keys(found, _HEAD, "event")
    if found["shape"] not in range(1, SHAPE + 1) or isinstance(found["shape"], bool):
        raise LogError(f"shape {found['shape']!r} is not known; this program reads shapes 1 to {SHAPE}")
    if not isinstance(found["kind"], str) or found["kind"] not in KINDS:
        raise LogError(f"kind {found['kind']!r} is not known; kinds: {', '.join(KINDS)}")
    text = {name: _read(str, found[name], name) for name in ("key", "digest", "by")}
    instants = {name: _read(datetime, found[name], name) for name in ("happened_at", "recorded_at")}
    try:
        stamp = Stamp(instants["happened_at"], instants["recorded_at"], text["by"])
    except (ValueError, OverflowError) as error:
        raise LogError(str(error)) from None
    head = {"stamp": stamp, "cause": Cause(text["key"], text["digest"])}
    payload = _of_shape_1(found["payload"]) if found["shape"] == 1 else found["payload"]
    event: ev.Event = read_fields(KINDS[found["kind"]], payload, "payload", head)
    if _shape_of(event) == SHAPE != found["shape"]:
        raise LogError(f"shape {found['shape']!r} holds no plasma level")
    return event


def _shape_of(event: ev.Event) -> int:
    """The oldest shape written today that can hold this event."""
    return SHAPE if isinstance(getattr(event, "reading", None), readings.PlasmaLevel) else SHAPE - 1


def _of_shape_1(payload: Any) -> Any:
    """A payload of shape 1 as it is written today; what is not an order stays as it is."""
    order = payload.get("order") if isinstance(payload, dict) else None
    checks = order.get("checks") if isinstance(order, dict) else None
    if not isinstance(order, dict) or not isinstance(checks, list):
        return payload
    now = [{"unrecorded_after_min": None, **item} if isinstance(item, dict) else item for item in checks]
    return {**payload, "order": {**order, "checks": now}}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"reading": type(value).__name__, **fields} if isinstance(value, readings.Reading) else fields
    return value


def _read(kind: Any, value: Any, where: str) -> Any:
    """Read a plain value as the type that a field is declared with."""
    origin, choices = get_origin(kind), get_args(kind)
    if kind == readings.Reading:
        return _read_reading(value, where)
    if origin in {Union, types.UnionType}:
        return None if value is None else _read(next(c for c in choices if c is not types.NoneType), value, where)
    if origin is tuple:
        items = _of(list, value, where)
        return tuple(_read(choices[0], item, f"{where}[{place}]") for place, item in enumerate(items))
    if dataclasses.is_dataclass(kind):
        return read_fields(kind, value, where, {})
    return _read_simple(kind, value, where)


def _read_simple(kind: Any, value: Any, where: str) -> Any:
    if get_origin(kind) is Literal:
        return _choice(value, get_args(kind), where)
    if issubclass(kind, Enum):
        return kind(_choice(value, tuple(member.value for member in kind), where))
    if kind is datetime:
        try:
            return datetime.fromisoformat(_of(str, value, where))
        except ValueError:
            raise LogError(f"{where}: {value!r} is not an ISO 8601 instant") from None
    if kind is float:
        number = _of(int | float, value, where)
        if isinstance(number, bool) or not abs(number) <= sys.float_info.max:
            raise LogError(f"{where}: {value!r} is not a number")
        return float(number)
    if kind is int and isinstance(value, bool):
        raise LogError(f"{where}: {value!r} is not a whole number")
    return _of(kind, value, where)


def _read_reading(value: Any, where: str) -> Any:
    table = dict(_of(dict, value, where))
    name = table.pop("reading", None)
    return read_fields(_READINGS[_choice(name, tuple(_READINGS), f"{where}.reading")], table, where, {})


def read_fields(kind: Any, value: Any, where: str, given: Mapping[str, Any]) -> Any:
    """Make a value of a dataclass from a table with exactly its fields; ``given`` holds those not read from it.

    Raises:
        LogError: a field is missing or not known, or a value is of the wrong type.
    """
    declared = _declared(kind)
    own = tuple(name for name in declared if name not in given)
    table = _of(dict, value, where)
    _same_keys(table, own, where)
    values = {name: _read(declared[name], table[name], f"{where}.{name}") for name in own}
    try:
        return kind(**given, **values)
    except (ValueError, OverflowError) as error:
        raise LogError(f"{where}: {error}") from None


@cache
def _declared(kind: Any) -> Mapping[str, Any]:
    """The fields of a dataclass, each with its type; worked out once a class, for a log has thousands of each."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _same_keys(table: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    wrong = [f"{name!r} is missing" for name in names if name not in table]
    wrong += [f"{name!r} is not known" for name in table if name not in names]
    if wrong:
        raise LogError(f"{where}: {', '.join(wrong)}")


def _of(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, kind):
        raise LogError(f"{where}: {value!r} is of the wrong type")
    return value


def _choice(value: Any, choices: tuple[Any, ...], where: str) -> Any:
    if not isinstance(value, str) or value not in choices:
        raise LogError(f"{where}: {value!r} is not one of {', '.join(map(str, choices))}")
    return value


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"{word} is not a number")
