"""Numbers that cannot be: a fact outside what its kind of quantity can hold in this field of medicine."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from matrescence.formulary.finding import CheckFinding
from matrescence.units import UNITS, canonical, convert

BOUNDS: dict[str, tuple[float, float]] = {
    "time": (0.0, 100_000.0),
    "age": (0.0, 120.0),
    "body weight": (1.0, 400.0),
    "drug mass": (0.0, 1e7),
    "concentration": (0.0, 1e8),
    "strength": (1e-3, 1e3),
    "volume": (0.1, 5_000.0),
    "volume of distribution": (0.1, 50_000.0),
    "volume per body weight": (0.01, 500.0),
    "clearance": (1e-3, 1_000.0),
    "clearance per body weight": (1e-5, 20.0),
    "rate constant": (1e-5, 1e4),
    "dose rate per body weight": (0.0, 1e6),
    "milk intake": (10.0, 400.0),
    "kidney function": (1.0, 250.0),
    "pressure": (20.0, 300.0),
    "percentage": (0.0, 100.0),
    "ratio": (0.0, 1_000.0),
}
"""Lowest and highest believable value of each kind, in its canonical unit: wide enough for any drug, narrow enough to
catch a slipped decimal point or a wrong unit."""


def check_facts(folder: Path) -> Iterator[CheckFinding]:
    """Values of ``drug.toml`` and ``models/*.toml`` that lie outside the bounds of their kind."""
    for path in sorted([folder / "drug.toml", *folder.glob("models/*.toml")]):
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        for field, fact in _facts(document, ""):
            yield from _out_of_bounds(path, field, fact)


def _facts(value: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        if isinstance(value.get("unit"), str) and "value" in value:
            yield where, value
        for key, item in value.items():
            yield from _facts(item, f"{where}.{key}" if where else key)
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from _facts(item, f"{where} {number}")


def _out_of_bounds(path: Path, field: str, fact: dict[str, Any]) -> Iterator[CheckFinding]:
    row = UNITS.get(fact["unit"])
    if row is None or row.kind not in BOUNDS:
        return
    unit = canonical(row.kind).code
    low, high = BOUNDS[row.kind]
    for key in ("value", "low", "high"):
        number = fact.get(key)
        if isinstance(number, int | float) and not low <= convert(float(number), row.code, unit) <= high:
            fix = f"a {row.kind} lies between {low:g} and {high:g} {unit}: look for a slipped point or a wrong unit"
            yield CheckFinding(str(path), f"{field}.{key}", f"{number} {row.code} is out of bounds", fix)
