"""Open a file, parse it, and read its fields by a table; every complaint says what, where, and how to put it right.

Nothing here knows medicine.  A :class:`Field` says what one key may hold; :func:`read_table` checks a table against
its fields and reports *every* problem it finds at once, so that a file is mended in one go.
"""

from __future__ import annotations

import difflib
import json
import math
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any


class InputError(ValueError):
    """What was given cannot be used.

    The message names the file, the field, the value, what is allowed and how to fix it, one line for each problem.
    The command line prints it on standard error and ends with status 2.
    """


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a table.

    ``kind`` is a key of :data:`KINDS`.  ``low`` and ``high`` bound a number (inclusive), or the length of a list or
    text; ``choices`` closes the set of allowed texts; ``help`` says how to put a wrong value right.
    """

    name: str
    kind: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    required: bool = False
    choices: tuple[str, ...] = ()
    help: str = ""


class _WrongKindError(Exception):
    """The value is not of the field's kind."""


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _WrongKindError
    try:
        number = float(value)
    except OverflowError:
        raise _WrongKindError from None
    if not math.isfinite(number):
        raise _WrongKindError
    return number


def _integer(value: Any) -> int:
    number = _number(value)
    if number != int(number):
        raise _WrongKindError
    return int(number)


def _of_type(kind: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not isinstance(value, kind) or (kind is date and isinstance(value, datetime)):
            raise _WrongKindError
        return value

    return read


# Control characters but tab and line break, and those that turn the reading direction around: on a terminal or a page
# they could make a text read as another.
_UNSEEN = re.compile("\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or _UNSEEN.search(value):
        raise _WrongKindError
    return value.strip()


def _list_of(read: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    def read_list(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise _WrongKindError
        return [read(item) for item in value]

    return read_list


KINDS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "number": ("a number", _number),
    "integer": ("a whole number", _integer),
    "text": ("a text that is not empty, without control characters", _text),
    "boolean": ("true or false", _of_type(bool)),
    "moment": ("a date and time such as 2026-03-07T08:00", lambda value: value),
    "date": ("a date such as 2026-03-07", _of_type(date)),
    "table": ("a table", _of_type(dict)),
    "tables": ("a list of tables", _list_of(_of_type(dict))),
    "numbers": ("a list of numbers", _list_of(_number)),
    "texts": ("a list of texts", _list_of(_text)),
    "list": ("a list", _of_type(list)),
    "any": ("any value", lambda value: value),
}
"""The closed list of kinds: how each is described to a reader, and the function that reads it."""


def read_text(path: Path | str) -> str:
    """The whole file as text (UTF-8, with or without a byte-order mark).

    Raises:
        InputError: no such file, a directory, not readable, or not UTF-8.
    """
    file = Path(path)
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: not UTF-8 text (byte {error.start + 1}); save the file as UTF-8.") from None
    except FileNotFoundError:
        raise InputError(f"{file}: there is no such file.{_nearest_file(file)}") from None
    except (OSError, ValueError) as error:
        raise InputError(_UNREADABLE.get(type(error), "{!r}: cannot be read: {}.").format(str(file), error)) from None


_UNREADABLE: Mapping[type[Exception], str] = {
    IsADirectoryError: "{}: this is a directory; name a file in it.",
    PermissionError: "{}: this file may not be read; check its permissions.",
}


def read_toml(path: Path | str) -> dict[str, Any]:
    """Parse a TOML file.

    Raises:
        InputError: the file cannot be read, or the TOML is broken (with line and column).
    """
    text = read_text(path)
    try:
        return tomllib.loads(text)
    except (RecursionError, ValueError) as error:
        raise InputError(f"{path}: broken TOML: {_too_deep(error)}.") from None


def read_json(path: Path | str) -> Any:
    """Parse a JSON file; ``NaN``, ``Infinity`` and a key written twice are refused.

    Raises:
        InputError: the file cannot be read, or the JSON is broken (with line and column).
    """
    return parse_json(read_text(path), where=str(path))


def read_json_lines(path: Path | str) -> Iterator[tuple[int, Any]]:
    """Each line of a JSON-lines file with its line number (from 1); empty lines are skipped.

    Raises:
        InputError: the file cannot be read, or a line is broken JSON.
    """
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            yield number, parse_json(line, where=f"{path}, line {number}")


def parse_json(text: str, *, where: str) -> Any:
    """Parse one JSON document that came from ``where``.

    Raises:
        InputError: broken JSON, a number that is not finite, or a key written twice.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as error:
        raise InputError(f"{where}: broken JSON: {error.msg} (at line {error.lineno}, column {error.colno}).") from None
    except (RecursionError, ValueError) as error:
        raise InputError(f"{where}: broken JSON: {_too_deep(error)}.") from None


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"{word} is not a number that can be used")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"the key {repeated[0]!r} is written twice")
    return table


def _too_deep(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _nearest_file(file: Path) -> str:
    try:
        names = [other.name for other in file.parent.iterdir()]
    except OSError:
        return ""
    return nearest(file.name, names)


def nearest(word: str, allowed: Iterable[str]) -> str:
    """A sentence that offers the nearest allowed word, with a leading blank; empty when none is near."""
    found = difflib.get_close_matches(word.lower(), {name.lower(): name for name in allowed}, n=1, cutoff=0.5)
    if not found:
        return ""
    return next(f" Did you mean {name!r}?" for name in allowed if name.lower() == found[0])


def read_table(table: Any, fields: Sequence[Field], where: str, problems: list[str] | None = None) -> dict[str, Any]:
    """Check a table against its fields and return the values that are there, by name.

    With ``problems`` given, complaints are added to it and the good values returned, so that a file of several
    tables is reported in one go (see :func:`refuse`); without it the complaints of this table are raised.

    Raises:
        InputError: a key is unknown or missing, or a value is of the wrong kind, out of range or not a choice.
    """
    found: list[str] = []
    values: dict[str, Any] = {}
    if isinstance(table, dict):
        known = {field.name: field for field in fields}
        found += [_unknown_key(key, known, table) for key in table if key not in known]
        for field in fields:
            _read_field(table, field, values, found)
    else:
        found.append(f"{_shown(table)} is given where a table of fields is needed")
    if problems is None:
        refuse(found, where)
    else:
        problems += [f"{where}: {problem}" for problem in found]
    return values


def refuse(problems: Sequence[str], where: str) -> None:
    """Raise everything that was found wrong in ``where``; do nothing when nothing was.

    Raises:
        InputError: ``problems`` is not empty.
    """
    lines = [problem.removeprefix(f"{where}: ") for problem in problems]
    if len(lines) == 1:
        raise InputError(f"{where}: {lines[0]}")
    if lines:
        raise InputError(f"{where}: {len(lines)} problems\n" + "\n".join(f"  - {line}" for line in lines))


def problem(field: str, value: Any, allowed: str, fix: str = "") -> str:
    """One complaint: the field, its value, what is allowed, and how to fix it."""
    return f"{field} = {_shown(value)} cannot be used; allowed: {allowed}.{_sentence(fix)}"


def check_whole(value: int, name: str, *, low: int, high: int) -> None:
    """Refuse a number that is not whole or lies outside its range.

    Raises:
        InputError: the message names the number, its value and its range.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"{name} = {value!r} cannot be used; allowed: a whole number from {low} to {high}.")


def described(field: Field) -> str:
    """What a field allows, in words: ``a number from 25 to 350 kg``."""
    if field.choices:
        return "one of " + ", ".join(field.choices)
    words = [KINDS[field.kind][0]]
    if field.kind in _COUNTED:
        return f"{words[0]}, {_how_many(field)}" if field.high is not None else words[0]
    if field.low is not None and field.high is not None:
        words.append(f"from {field.low:g} to {field.high:g}")
    elif field.low is not None:
        words.append(f"of at least {field.low:g}")
    elif field.high is not None:
        words.append(f"of at most {field.high:g}")
    return " ".join([*words, field.unit] if field.unit else words)


_COUNTED: Mapping[str, str] = {
    "text": "character",
    "tables": "item",
    "numbers": "item",
    "texts": "item",
    "list": "item",
}
"""The kinds whose ``low`` and ``high`` count something, and what they count."""


def _how_many(field: Field) -> str:
    return f"{f'{field.low:g} to' if field.low else 'at most'} {field.high:g} {_COUNTED[field.kind]}s"


def _read_field(table: dict[str, Any], field: Field, values: dict[str, Any], found: list[str]) -> None:
    if field.name not in table:
        if field.required:
            found.append(f"{field.name} is missing; write {described(field)}.{_sentence(field.help)}")
        return
    raw = table[field.name]
    try:
        value = KINDS[field.kind][1](raw)
    except _WrongKindError:
        found.append(problem(field.name, raw, described(field), field.help))
        return
    if _outside(value, field):
        found.append(problem(field.name, raw, described(field), field.help or nearest(str(raw), field.choices)))
        return
    values[field.name] = value


def _outside(value: Any, field: Field) -> bool:
    if field.choices:
        return any(item not in field.choices for item in (value if isinstance(value, list) else [value]))
    size = len(value) if isinstance(value, list | dict | str) else value
    if not isinstance(size, int | float):
        return False
    return (field.low is not None and size < field.low) or (field.high is not None and size > field.high)


def _unknown_key(key: str, known: Mapping[str, Field], table: Mapping[str, Any]) -> str:
    spare = [name for name in known if name not in table] or list(known)
    return f"{key!r} is not a field here.{nearest(key, spare) or ' Allowed: ' + ', '.join(known) + '.'}"


def _shown(value: Any) -> str:
    text = re.sub(r"\s+", " ", json.dumps(value, ensure_ascii=False, default=str))
    text = _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text if len(text) <= 60 else text[:57] + "..."


def _sentence(text: str) -> str:
    return f" {text.strip()}" if text.strip() else ""
