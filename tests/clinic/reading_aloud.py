"""A page as a screen reader takes it: every text with the language that it is said to be in."""

from __future__ import annotations

from html.parser import HTMLParser

SAID = ("aria-label", "title", "alt", "placeholder")
"""The attributes that are read out."""
UNREAD = {"script", "style"}
EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Reader(HTMLParser):
    """Reads a page: ``texts`` holds each text with its language."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        as_it_is = given.get("translate") == "no"  # data: of no language, and nobody may translate it
        language = "" if as_it_is else given.get("lang") or self._language
        self.texts += [(language, _plain(given[name] or "")) for name in SAID if given.get(name)]
        if tag not in EMPTY:
            self._open.append((tag, language))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if _plain(data) and self._open and self._open[-1][0] not in UNREAD:
            self.texts.append((self._language, _plain(data)))

    @property
    def _language(self) -> str:
        return self._open[-1][1] if self._open else ""


def read_aloud(page: str) -> list[tuple[str, str]]:
    """Each text of a page, with the language that it is said to be in."""
    reader = Reader()
    reader.feed(page)
    return reader.texts


def _plain(text: str) -> str:
    return " ".join(text.split())
