"""The words of a comparison: each cell of each treatment as short lines, on the terminal and on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matrescence.handouts.digits import plain, significant
from matrescence.handouts.mood_words import keeping

Told = Mapping[str, Any]
Cell = tuple[str, list[str]]

_AT = ("hour 60", "day 30")
"""The times that are told in words; of sessions the first day, the day after the last one, and day 30."""
_AT_SESSIONS = ("hour 24", "a day after the last session", "day 30")


def cells(row: Told) -> list[Cell]:
    """Every cell of one treatment in the fixed order: its name, and its lines."""
    return [
        ("Speed", [row["speed"]["text"]]),
        ("Size", _size(row["size"])),
        ("Durability", [row["durability"]["text"], *_keeping(row)]),
        ("Sedation", _sedation(row["sedation"])),
        ("Milk", _milk(row["milk"])),
        ("Place", [row["place"]["text"]]),
        ("Programme", [row["programme"].get("label") or row["programme"]["text"]]),
        ("Cost", _cost(row["cost"])),
        ("Availability", [row["availability"]["text"]]),
    ]


def keys_of(row: Told) -> dict[str, list[str]]:
    """The citation keys behind each cell, by its name."""
    found = {
        "Speed": [row["speed"]["source"]],
        "Size": [] if row["size"]["elsewhere"] is None else [row["size"]["elsewhere"]["source"]],
        "Durability": [row["durability"]["source"], *_keys_of_keeping(row["size"])],
        "Sedation": [item["source"] for item in row["sedation"]["counted"]],
        "Milk": [item["source"] for item in row["milk"]["advice"]],
        "Place": [row["place"]["source"]],
        "Programme": [row["programme"]["source"]],
        "Cost": [line["source"] for line in row["cost"]["lines"]],
        "Availability": [row["availability"]["source"]],
    }
    return {name: list(dict.fromkeys(keys)) for name, keys in found.items()}


def _size(size: Told) -> list[str]:
    elsewhere = [] if size["elsewhere"] is None else [size["elsewhere"]["text"]]
    if size["forecast"] is None:
        return [size["unknown"], *elsewhere]
    if size["sessions"] is None:
        return [_at(found, size) for found in size["forecast"] if found["label"] in _AT]
    rows = [_at(found, size) for found in size["forecast"] if found["label"] in _AT_SESSIONS]
    return [size["unknown"], f"{_borrowed(size)} {rows[0]}", *rows[1:], *elsewhere]


def _borrowed(size: Told) -> str:
    """Where the numbers of sessions come from, and on which scale."""
    count, base = size["sessions"], size["baseline"]
    sessions = f"{count} session{'' if count == 1 else 's'}"
    start = f"{plain(base['score'], decimals=1)}{', which is assumed' if base['assumed'] else ''}"
    return f"By a model of {size['in_whom']}, on the {size['scale']} from {start}, {sessions}:"


def _at(found: Told, size: Told) -> str:
    response, placebo = found["response"], found["placebo_response"]
    return (
        f"{_capital(found['label'])}: the score has halved in {round(response['p50'])} of 100 "
        f"{'women' if size['in_whom'] is None else 'people'} ({round(response['low'])} to {round(response['high'])}), "
        f"with {size['against']} in {round(placebo['p50'])}."
    )


def _keeping(row: Told) -> list[str]:
    """What the durability of the row does not say yet: the model's own lines, and what going on did elsewhere."""
    size = row["size"]
    said = [item for item in keeping(size["relapse"]) if item["source"] != row["durability"]["source"]]
    return [item["text"] for item in said]


def _keys_of_keeping(size: Told) -> list[str]:
    return [item["source"] for item in keeping(size["relapse"]) if item["source"]]


def _sedation(found: Told) -> list[str]:
    if not found["counted"]:
        return [found["unknown"]]
    return [_count(item) for item in found["counted"]]


def _count(item: Told) -> str:
    control = item.get("control_per_100")
    beside = "" if control is None else f"; without it {significant(control)}"
    return f"{item['name']}: {significant(item['per_100'])} of 100{beside}."


def _milk(found: Told) -> list[str]:
    dose = found["relative_infant_dose_percent"]
    first = (
        str(found["unknown"])
        if dose is None
        else f"The infant takes in {significant(dose['p50'])} % of her dose by weight (95 % of women below "
        f"{significant(dose['p95'])} %)."
    )
    count = len(found["advice"])
    if not count:
        return [first, "No source says whether to feed."]
    said = (
        f"{found['go_on']} say to go on, {found['pause']} ask for a pause"
        if found["pause"]
        else "none asks for a pause"
    )
    return [first, f"Of {count} sources on feeding, {said}; see the feeding plan."]


def _cost(found: Told) -> list[str]:
    if found["total"] is None:
        return ["Unknown."]
    dated = sorted({line["dated"] for line in found["lines"] if line["dated"]})
    asked = [line["what"] for line in found["lines"] if line["charge"] is None]
    lines = [f"{_capital(found['words'])} for the course (prices of {', '.join(dated)})."]
    return [*lines, *(f"{what}: unknown." for what in asked)]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
