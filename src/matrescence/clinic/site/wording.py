"""How an uploaded file of licensed wording becomes a table that fits the items of its scale."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from matrescence.instruments.library import load, names
from matrescence.instruments.wording import wording_from
from matrescence.reading import InputError, parse_json

LARGEST_BYTES = 200_000
_ITEM = re.compile(r"^(\w+)[.)]\s+(.+)$")


def scales_with_slots() -> tuple[str, ...]:
    """The scales whose wording may not travel with the program, in alphabetical order."""
    return tuple(name for name in names() if not load(name).licence.wording_ships)


def read_upload(content: str, file: str, scale: str, permission: str) -> Mapping[str, Any]:
    """The payload of an uploaded file: TOML or JSON by its ending, else numbered text.  It is checked whole.

    Raises:
        InputError: the file is not what it says it is, or its texts do not fit the scale's items.
    """
    document = _document(content, file)
    said = permission.strip() or str(document.pop("permission", "")).strip()
    document.pop("permission", None)
    table = document.get(scale, document if "items" in document else None)
    if table is None:
        raise InputError(f"{file}: it holds no table {scale!r}. Write [{scale}] above its stem and items.")
    wording_from({"permission": said, scale: table}, where=file)
    return {"scale": scale, "permission": said, "file": file, "table": table}


def _document(content: str, file: str) -> dict[str, Any]:
    if file.lower().endswith(".json"):
        found = parse_json(content, where=file)
        if not isinstance(found, dict):
            raise InputError(f"{file}: it holds no table; write an object with permission and the name of the scale.")
        return found
    if file.lower().endswith(".toml"):
        try:
            return tomllib.loads(content)
        except (RecursionError, ValueError) as error:
            raise InputError(f"{file}: broken TOML: {error}.") from None
    return _numbered(content)


def _numbered(content: str) -> dict[str, Any]:
    """Plain text: the stem first, then ``1. the item`` with its answers below it as ``- the answer``, from the top."""
    stem: list[str] = []
    items: dict[str, dict[str, Any]] = {}
    newest: dict[str, Any] | None = None
    for line in (raw.strip() for raw in content.splitlines()):
        begins = _ITEM.match(line)
        if begins is not None:
            newest = items.setdefault(begins[1], {"text": begins[2], "options": []})
        elif line.startswith(("- ", "* ")) and newest is not None:
            newest["options"].append(line[2:].strip())
        elif line and newest is None:
            stem.append(line)
        elif line and newest is not None and not newest["options"]:
            newest["text"] += f" {line}"
    return {"items": items, **({"stem": " ".join(stem)} if stem else {})}
