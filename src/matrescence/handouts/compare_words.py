"""The words of a comparison: each cell of each treatment as short lines, on the terminal and on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matrescence.handouts.digits import significant

Told = Mapping[str, Any]
Cell = tuple[str, list[str]]

_AT = ("hour 60", "day 30")


def cells(row: Told) -> list[Cell]:
    """Every cell of one treatment in the fixed order: its name, and its lines."""
    return [
        ("Speed", [row["speed"]["text"]]),
        ("Size", _size(row["size"])),
        ("Durability", [row["durability"]["text"]]),
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
        "Durability": [row["durability"]["source"]],
        "Sedation": [item["source"] for item in row["sedation"]["counted"]],
        "Milk": [item["source"] for item in row["milk"]["advice"]],
        "Place": [row["place"]["source"]],
        "Programme": [row["programme"]["source"]],
        "Cost": [line["source"] for line in row["cost"]["lines"]],
        "Availability": [row["availability"]["source"]],
    }
    return {name: list(dict.fromkeys(keys)) for name, keys in found.items()}


def _size(size: Told) -> list[str]:
    if size["forecast"] is None:
        return [size["unknown"], *([] if size["elsewhere"] is None else [size["elsewhere"]["text"]])]
    return [_at(found) for found in size["forecast"] if found["label"] in _AT]


def _at(found: Told) -> str:
    response, placebo = found["response"], found["response_placebo"]
    return (
        f"{_capital(found['label'])}: the score has halved in {round(response['value'])} of 100 women "
        f"({round(response['low'])} to {round(response['high'])}), with placebo in {round(placebo['value'])}."
    )


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
    return [first, f"Of {count} sources on feeding, {found['go_on']} say to go on; see the feeding plan."]


def _cost(found: Told) -> list[str]:
    if found["total"] is None:
        return ["Unknown."]
    dated = sorted({line["dated"] for line in found["lines"] if line["dated"]})
    asked = [line["what"] for line in found["lines"] if line["charge"] is None]
    lines = [f"{_capital(found['words'])} for the course (prices of {', '.join(dated)})."]
    return [*lines, *(f"{what}: unknown." for what in asked)]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
