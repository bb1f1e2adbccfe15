"""A reader of the PDFs made here: what each page says, without any PDF library.

typst writes each font with a table from glyph codes to letters (``/ToUnicode``), and each text as two-byte codes in
literal strings; that is all this reader knows.  A blank stands wherever a text begins anew.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

AT = datetime(2026, 3, 6, 14, 5, tzinfo=UTC)
Pages = list[str]

_TOKENS = re.compile(rb"/(f\d+) [\d.]+ Tf|\b(BT|ET)\b|(\()")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def pages_of() -> Callable[[bytes], Pages]:
    return read_pages


@pytest.fixture
def said_by() -> Callable[[bytes], str]:
    return lambda pdf: " ".join(read_pages(pdf))


def read_pages(pdf: bytes) -> Pages:
    """The text of each page, in the order of the pages, with single blanks."""
    objects = {int(m[1]): m[2] for m in re.finditer(rb"(\d+) 0 obj(.*?)endobj", pdf, re.DOTALL)}
    tree = next(body for body in objects.values() if b"/Type/Pages" in body)
    kids = re.search(rb"/Kids\[(.*?)\]", tree)
    assert kids is not None
    return [_page(objects, objects[int(number)]) for number in re.findall(rb"(\d+) 0 R", kids[1])]


def _page(objects: dict[int, bytes], page: bytes) -> str:
    resources = objects[_reference(page, b"Resources")]
    named = re.search(rb"/Font<<(.*?)>>", resources)
    assert named is not None
    letters = {
        name: _letters(objects, objects[int(number)]) for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", named[1])
    }
    text: list[str] = []
    for font, codes in _texts(_stream(objects[_reference(page, b"Contents")])):
        text += [letters[font].get(codes[i : i + 2], "?") for i in range(0, len(codes), 2)] if font else [" "]
    return re.sub(r"\s+", " ", "".join(text).replace("\u2007", " ").replace("\u2008", " ").replace("\u200b", ""))


def _texts(stream: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each string with its font; an empty font where a text begins anew.  Strings outside a text are not said."""
    font, inside, place = b"", False, 0
    while (found := _TOKENS.search(stream, place)) is not None:
        use, edge, opened = found.groups()
        place = found.end()
        if opened:
            literal, place = _literal(stream, place)
            if inside:
                yield font, literal
        elif edge:
            inside = edge == b"BT"
            yield b"", b""
        else:
            font = use


def _literal(stream: bytes, place: int) -> tuple[bytes, int]:
    """A string up to its closing parenthesis; inner ones may stand bare when they are balanced."""
    out, depth = bytearray(), 1
    while True:
        byte = stream[place : place + 1]
        if byte == b"\\":
            found = _ESCAPE.match(stream, place)
            assert found is not None
            out += bytes([int(found[1], 8)]) if found[1].isdigit() else _NAMED.get(found[1], found[1])
            place = found.end()
            continue
        depth += {b"(": 1, b")": -1}.get(byte, 0)
        place += 1
        if not depth:
            return bytes(out), place
        out += byte


def _letters(objects: dict[int, bytes], font: bytes) -> dict[bytes, str]:
    table = _stream(objects[_reference(font, b"ToUnicode")])
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", table)
    return {bytes.fromhex(code.decode()): bytes.fromhex(word.decode()).decode("utf-16-be") for code, word in pairs}


def _reference(body: bytes, key: bytes) -> int:
    found = re.search(rb"/" + key + rb" (\d+) 0 R", body)
    assert found is not None
    return int(found[1])


def _stream(body: bytes) -> bytes:
    found = re.search(rb"stream\r?\n(.*)\r?\nendstream", body, re.DOTALL)
    assert found is not None
    return zlib.decompress(found[1])
