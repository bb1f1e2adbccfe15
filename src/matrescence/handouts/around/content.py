"""What a page of evidence is made of: sentences, figures, tables, notes and papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matrescence.handouts.digits import plain, significant

Told = Mapping[str, Any]
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Columns are named by their place, from 0: those in ``numbers`` are aligned to the right, those in ``spare`` are left
    out on a narrow terminal.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    numbers: tuple[int, ...] = ()
    spare: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One drawing (SVG) with its caption."""

    svg: str
    caption: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on a page, in its order; ``notes`` are lists with a heading."""

    title: str
    lead: tuple[str, ...]
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    notes: tuple[tuple[str, tuple[str, ...]], ...]
    references: tuple[str, ...]
    made: str


def made_with(told: Told) -> str:
    """The program and its version."""
    made = told["made_with"]
    return f"{made['program']} {made['version']}"


def papers(told: Told) -> tuple[str, ...]:
    """The references as lines."""
    return tuple(row["text"] for row in told["references"])


def interval(low: float | None, high: float | None, *, decimals: int = 2) -> str:
    """``0.37 to 0.79``; a dash where there is none."""
    if low is None or high is None:
        return "–"
    return f"{plain(low, decimals=decimals)} to {plain(high, decimals=decimals)}"


def ratios(low: float | None, high: float | None) -> str:
    """An interval of ratios: two decimals, or two digits where a bound is below a tenth."""
    if low is None or high is None:
        return "–"
    return " to ".join(significant(bound) if bound < 0.1 else plain(bound) for bound in (low, high))


def number(value: float | None, *, decimals: int = 0) -> str:
    """A number with separators of thousands; ``None`` is unknown."""
    if value is None:
        return UNKNOWN
    return f"{value:,.{decimals}f}"


def rows_of(rows: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """The rows of a table as tuples."""
    return tuple(tuple(row) for row in rows)
