"""A clinic's own text in the empty slots of a scale.

The wording of some scales may not travel with this program.  A clinic that has permission writes a file::

    permission = "RCPsych letter of 3 March 2026, kept by the practice manager"

    [epds]
    stem = "..."
    [epds.items]
    1 = { text = "...", options = ["first printed answer", "second", "third", "fourth"] }

Options are listed as printed, from the top.  Every item must be there: half a questionnaire is not the questionnaire.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from matrescence.care.assessment.scales import Item, Option, Scale
from matrescence.instruments.library import load, names
from matrescence.reading import Field, nearest, problem, read_table, read_toml, refuse

SLOT = (Field("stem", "text"), Field("items", "table", required=True))
ITEM = (Field("text", "text", required=True), Field("options", "texts", required=True, low=2))


def load_wording(path: Path) -> Mapping[str, Scale]:
    """The scales of a wording file, each with its slots filled; by name.

    Raises:
        InputError: no permission is stated, a scale or item is unknown or missing, a scale already ships its wording,
            or the number of options does not fit the item's range.
    """
    return wording_from(read_toml(path), where=str(path))


def wording_from(document: Mapping[str, Any], *, where: str) -> Mapping[str, Scale]:
    """The same from a parsed table; ``where`` names the file in a complaint.

    Raises:
        InputError: see :func:`load_wording`.
    """
    document = dict(document)
    problems: list[str] = []
    if not str(document.pop("permission", "")).strip():
        problems.append(
            "permission is missing; write who allowed the use of this wording, when, and where that is kept."
        )
    for name in document:
        if name not in names():
            problems.append(f"{name!r} is not a scale.{nearest(name, names()) or ' Allowed: ' + ', '.join(names())}")
        elif load(name).licence.wording_ships:
            problems.append(f"{name!r} has no empty slots: its wording comes with the program. Leave it out.")
    refuse(problems, where)
    filled = {name: fill(load(name), table, f"{where}: {name}", problems) for name, table in document.items()}
    refuse(problems, where)
    return filled


def fill(scale: Scale, table: Any, where: str, problems: list[str]) -> Scale:
    """The scale with a clinic's text in its slots; what is wrong with the text is added to ``problems``."""
    values = read_table(table, SLOT, where, problems)
    given: dict[str, Any] = values.get("items", {})
    keys = [item.key for item in scale.items]
    problems += [f"{where}: {key!r} is not an item.{nearest(key, keys)}" for key in given if key not in keys]
    problems += [f"{where}: item {key} has no wording; every item is needed." for key in keys if key not in given]
    items = tuple(
        _filled(item, given[item.key], f"{where} item {item.key}", problems) if item.key in given else item
        for item in scale.items
    )
    return replace(scale, items=items, stem=values.get("stem", scale.stem))


def _filled(item: Item, table: Any, where: str, problems: list[str]) -> Item:
    values = read_table(table, ITEM, where, problems)
    texts = values.get("options", [])
    wanted = item.high - item.low + 1
    if "options" in values and len(texts) != wanted:
        problems.append(f"{where}: {problem('options', texts, f'{wanted} texts, as printed from the top')}")
    options = tuple(Option(item.score_of(place), text) for place, text in enumerate(texts, 1))
    return replace(item, wording=values.get("text"), options=options)
