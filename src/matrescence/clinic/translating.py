"""The catalogues of the pages: find every sentence that the clinic says, and keep each language's file in step.

``make messages`` runs this module.  It reads the templates and the Python files of the clinic, writes
``locale/<language>/LC_MESSAGES/django.po`` (what was translated stays, what nobody says any more goes, what is new
stands there empty), and compiles the ``.mo`` beside it.  ``make messages ARGS=pt`` begins a language; it is compiled,
and so offered to readers, once every sentence has its words.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from matrescence.clinic.languages import CATALOGUES
from matrescence.clinic.people.matrix import matrix

CLINIC = Path(__file__).parent
TEMPLATES = CLINIC / "templates"
MARKS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
"""The functions that mark a sentence for translation, and which of their arguments are sentences."""

HEADING = "# What the pages of the clinic say.  make messages finds the sentences; people write the words."
"""What stands at the top of a new catalogue; a translator may write more there, and it stays."""

TIMELESS = datetime(2000, 1, 1, tzinfo=UTC)

Sentence = str | tuple[str, ...]
"""What is translated: a sentence, or its singular and its plural."""


def po_path(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return CATALOGUES / language / "LC_MESSAGES" / "django.po"


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.parent.parent.name for path in CATALOGUES.glob("*/LC_MESSAGES/django.po"))


def sentences() -> Iterator[tuple[Path, Sentence, str | None]]:
    """Every sentence that is marked: its file, what it says, and the context that tells it from another."""
    for path in sorted(CLINIC.rglob("*")):
        if path.suffix in {".html", ".txt"} and path.is_relative_to(TEMPLATES):
            # Indentation means nothing to a template: within brackets it means nothing to Python either.
            source = f"({templatize(path.read_text(encoding='utf-8'), origin=str(path))}\n)"
        elif path.suffix == ".py" and "migrations" not in path.parts:
            source = path.read_text(encoding="utf-8")
        else:
            continue
        for _, said, _, context in extract("python", BytesIO(source.encode()), keywords=MARKS):
            yield path.relative_to(CLINIC), said, context
    for action in matrix().values():
        yield Path("people/roles.toml"), action.about, None


def gathered(language: str, known: Catalog | None = None) -> Catalog:
    """The catalogue of a language as the clinic's sentences want it, with every translation that is known."""
    catalogue = Catalog(language, fuzzy=False, charset="utf-8", header_comment=HEADING)
    if known is not None:  # how a language counts, and what its translators noted, stays as its file says
        catalogue.mime_headers = known.mime_headers
        catalogue.header_comment = known.header_comment
    for path, said, context in sentences():
        catalogue.add(said, locations=[(path.as_posix(), 0)], context=context)
    for message in catalogue:
        before = known.get(message.id, context=message.context) if known and message.id else None
        if before is not None and _same_kind(before, message):
            message.string = before.string
            message.user_comments = before.user_comments
    return catalogue


def _same_kind(one: Message, other: Message) -> bool:
    """A sentence that came to be counted needs its words anew, and the other way round."""
    return bool(one.pluralizable == other.pluralizable)


def read_catalogue(path: Path, language: str) -> Catalog:
    """The catalogue in a file."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def untranslated(catalogue: Catalog) -> list[Sentence]:
    """The sentences that say nothing yet in this language."""
    return [message.id for message in catalogue if message.id and not _is_said(message)]


def _is_said(message: Message) -> bool:
    said = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(said) and not message.fuzzy


def po_text(catalogue: Catalog, language: str) -> bytes:
    """The catalogue as the file is written: no dates and no line numbers, so that a diff shows words alone."""
    out = BytesIO()
    write_po(out, catalogue, width=0, omit_header=True, sort_by_file=True, include_lineno=False)
    return _header(catalogue, language) + out.getvalue()


def _header(catalogue: Catalog, language: str) -> bytes:
    return (
        f"{catalogue.header_comment}\n"
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Language: {language}\\n"\n"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    ).encode()


def mo_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as Django reads it; without the time of day, so that the same words give the same file."""
    catalogue.creation_date = catalogue.revision_date = TIMELESS
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def update(language: str) -> Catalog:
    """Bring the files of a language in step with the pages; what the catalogue holds then.

    A language is first compiled when it is complete: from then on the pages offer it.
    """
    path = po_path(language)
    known = read_catalogue(path, language) if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(po_text(gathered(language, known), language))
    written = read_catalogue(path, language)
    compiled = path.with_suffix(".mo")
    if compiled.exists() or not untranslated(written):
        compiled.write_bytes(mo_bytes(written))
    return written


def main(arguments: list[str] | None = None) -> int:
    """Update one language, or all there are; say what still has no words."""
    parser = argparse.ArgumentParser(description="Find what the pages say and update the catalogues.")
    parser.add_argument("language", nargs="*", help="for example es; a new one is begun (default: all there are)")
    for language in parser.parse_args(arguments).language or languages():
        try:
            Locale.parse(language)
        except (UnknownLocaleError, ValueError):
            print(f"LANGUAGE: {language!r} is no language code; write one as in es or pt_BR", file=sys.stderr)
            return 2
        catalogue = update(language)
        missing = untranslated(catalogue)
        print(f"{language}: {len(catalogue)} sentences, {len(missing)} without words")
        for said in missing:
            print(f"  {said if isinstance(said, str) else said[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
