"""The papers behind a drug: ``references.bib`` as entries, readable lines, and BibTeX to print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from matrescence.reading import InputError, read_text

_ENTRY = re.compile(r"@(\w+)\s*\{\s*([^,\s]+)\s*,")
_FIELD = re.compile(r"(\w+)\s*=\s*\{")


@dataclass(frozen=True, slots=True)
class Entry:
    """One reference: its key, its fields, and the BibTeX it was read from."""

    key: str
    kind: str
    fields: dict[str, str]
    bibtex: str

    @property
    def line(self) -> str:
        """One readable line: authors, title, where it appeared, year, and how to find it."""
        parts = [self.fields.get(name, "") for name in ("author", "title", "journal", "publisher", "year")]
        shown = [_short_authors(parts[0]), *parts[1:]]
        found = self.fields.get("doi")
        link = f"https://doi.org/{found}" if found else self.fields.get("url", "")
        return ". ".join(part.rstrip(".") for part in [*shown, link] if part)


def read_bibliography(path: Path) -> dict[str, Entry]:
    """Read ``references.bib``: entries ``@kind{key, field = {value}, ...}`` with balanced braces.

    Raises:
        InputError: the file cannot be read, a brace is not closed, or a key is given twice.
    """
    text = read_text(path)
    entries: dict[str, Entry] = {}
    for match in _ENTRY.finditer(text):
        kind, key = match.groups()
        end = _closing(text, text.index("{", match.start()), f"{path}: {key}")
        if key in entries:
            raise InputError(f"{path}: the key {key!r} is given twice; keep one of the two.")
        bibtex = text[match.start() : end + 1]
        entries[key] = Entry(key, kind.lower(), _fields(bibtex, f"{path}: {key}"), bibtex)
    return entries


def _fields(bibtex: str, where: str) -> dict[str, str]:
    found: dict[str, str] = {}
    position = bibtex.index("{") + 1
    while match := _FIELD.search(bibtex, position):
        end = _closing(bibtex, match.end() - 1, where)
        value = bibtex[match.end() : end]
        found[match.group(1).lower()] = re.sub(r"\s+", " ", value.replace("{", "").replace("}", "")).strip()
        position = end + 1
    return found


def _closing(text: str, opening: int, where: str) -> int:
    depth = 0
    for position in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return position
    raise InputError(f"{where}: a brace is opened and never closed; close it with '}}'.")


def _short_authors(authors: str) -> str:
    names = [name.strip() for name in authors.split(" and ") if name.strip()]
    if len(names) <= 3:
        return ", ".join(names)
    return f"{names[0]} et al."
