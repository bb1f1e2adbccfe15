"""What the tables around the treatment share when they are shown: facts as JSON, and the papers behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from matrescence import __version__
from matrescence.actions.plan_json import keys_used, predicted
from matrescence.facts import Fact, Statement
from matrescence.formulary.bibliography import Entry, read_bibliography
from matrescence.outcomes import library, options, tables

Json = dict[str, Any]
OURS = "project-decision"
"""In place of a source: the number is the project's own choice and no finding."""


@cache
def sources() -> Mapping[str, Entry]:
    """The papers behind the trials of mood, the options, prevention, relapse, prevalence and hormone, by key."""
    files = (library.REFERENCES, options.REFERENCES, tables.REFERENCES)
    return {key: entry for file in files for key, entry in read_bibliography(file).items()}


def fact_json(fact: Fact) -> Json:
    """One number with its range and where it comes from; ``null`` is unknown."""
    return {
        "value": fact.value,
        "low": fact.low,
        "high": fact.high,
        "unit": fact.unit,
        "source": fact.source,
        "at": fact.at,
        "basis": fact.basis,
        "grade": fact.grade,
    }


def told(content: Json, *, also: Mapping[str, str] | None = None) -> Json:
    """The content with the references it uses, each once, and what it was made with.

    ``also`` holds references from elsewhere, such as those of a drug.
    """
    lines = {**{key: entry.line for key, entry in sources().items()}, **(also or {})}
    keys = sorted(set(keys_used(content)) - {OURS})
    return {
        **content,
        "references": [{"key": key, "text": lines.get(key, key)} for key in keys],
        "made_with": {"program": "matrescence", "version": __version__},
    }


def said(statements: Iterable[Statement]) -> list[Json]:
    """Sentences with their sources."""
    return [{"text": s.text, "source": s.source, "at": s.at, "basis": s.basis, "grade": s.grade} for s in statements]


def rounded(value: float | None) -> float | None:
    """A computed number to six significant digits; ``null`` stays ``null``."""
    return None if value is None else predicted(value)
