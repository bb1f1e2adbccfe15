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
    authors: tuple[str, ...]
    bibtex: str

    @property
    def line(self) -> str:
        """One readable line: authors, title, where it appeared, year, and how to find it."""
        shown = [_short(self.authors), *(self.fields.get(n, "") for n in ("title", "journal", "publisher", "year"))]
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
        fields = _fields(bibtex, f"{path}: {key}")
        authors = _authors(fields.get("author", ""))
        entries[key] = Entry(key, kind.lower(), {k: _clean(v) for k, v in fields.items()}, authors, bibtex)
    return entries


def _fields(bibtex: str, where: str) -> dict[str, str]:
    found: dict[str, str] = {}
    position = bibtex.index("{") + 1
    while match := _FIELD.search(bibtex, position):
        end = _closing(bibtex, match.end() - 1, where)
        found[match.group(1).lower()] = bibtex[match.end() : end]
        position = end + 1
    return found


def _closing(text: str, opening: int, where: str) -> int:
    depth = 0
    for position in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return position
    raise InputError(f"{where}: a brace is opened and never closed; close it with '}}'.")


def _clean(value: str) -> str:
    plain = re.sub(r"\\[\"'`^~](\w)", r"\1", value.replace("{", "").replace("}", ""))
    return re.sub(r"\s+", " ", plain).strip()


def _authors(value: str) -> tuple[str, ...]:
    """Split at `` and `` outside braces, so that the name of an institution may hold an "and"."""
    names, depth = [""], 0
    for word in value.split():
        if word == "and" and depth == 0:
            names.append("")
            continue
        depth += word.count("{") - word.count("}")
        names[-1] += f" {word}"
    return tuple(_clean(name) for name in names if name)


def _short(authors: tuple[str, ...]) -> str:
    named = [name for name in authors if name != "others"]
    if len(named) == len(authors) <= 3:
        return ", ".join(named)
    return f"{named[0]} et al."
