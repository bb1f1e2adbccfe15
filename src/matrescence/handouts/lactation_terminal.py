"""The feeding plans in a terminal: one block for each source, the times first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from matrescence.handouts.lactation_words import lactation_words


def show(told: Mapping[str, Any]) -> str:
    """What ``matrescence lactation --json`` tells, as lines for people."""
    return "\n".join(_lines(told, lactation_words(told)))


def _lines(told: Mapping[str, Any], words: Mapping[str, Any]) -> Iterator[str]:
    yield f"{words['drug']}, {words['regimen']}: feeding plan for {words['name']}"
    yield words["availability"]["headline"]
    yield "; ".join(f"{label} {value}" for label, value in words["facts"])
    for row in words["rows"]:
        yield ""
        yield f"{row['who']} (grade {row['grade']}, {row['source']})"
        yield f"  {row['advice']}"
        yield from (f"  No breast milk: {text}" for text in row["breaks"])
        yield f"  Milk to store first: {row['milk']}" + (f" {row['store']}" if row["store"] else "")
        if row["changed"]:
            yield "  Changed from the plan."
    yield ""
    yield words["expected"]
    yield "Watch the infant for"
    yield from (f"  {said['text']} ({said['source']}, {said['grade']})" for said in words["watch"])
    yield f"  {told['emergency']}"
    yield "Beside this"
    yield from (f"  {row['finding']}: {row['text']} [{row['rule']}; {row['grade']}]" for row in told["reasons"])
    yield ""
    yield words["note"]
