"""Citations: every source that is named stands in references.bib, and every entry there is named somewhere."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from matrescence.formulary.bibliography import read_bibliography
from matrescence.formulary.finding import CheckFinding
from matrescence.reading import InputError, nearest


def check_citations(folder: Path) -> Iterator[CheckFinding]:
    """Missing and unused keys of one drug folder; a file that cannot be read at all is somebody else's finding."""
    bib = folder / "references.bib"
    try:
        entries = read_bibliography(bib)
    except InputError:
        return
    used: set[str] = set()
    for path in sorted([*folder.glob("*.toml"), *folder.glob("models/*.toml")]):
        for field, key in _named_sources(path):
            used |= _mentioned(key, entries)
            if field.endswith("source") or field.endswith("sources"):
                used.add(key)
                if key not in entries:
                    yield CheckFinding(
                        str(path), field, f"{key!r} is not in references.bib", f"add its entry.{nearest(key, entries)}"
                    )
    for key in sorted(set(entries) - used):
        yield CheckFinding(str(bib), key, "unused", "nothing here cites it: take it out")


def _named_sources(path: Path) -> Iterator[tuple[str, str]]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    yield from _walk(document, "")


def _walk(value: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, f"{where}.{key}" if where else key)
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from _walk(item, where if isinstance(item, str) else f"{where} {number}")
    elif isinstance(value, str):
        yield where, value


def _mentioned(text: str, entries: dict[str, Any]) -> set[str]:
    """Keys that are named inside a sentence, such as the place of a number."""
    return {key for key in entries if key in text}
