"""The Spanish catalogue beside a page: what of the page stands there in English, and what is wrongly called English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from babel.messages.catalog import Catalog
from reading_aloud import read_aloud

from matrescence.clinic import translating

SPANISH = "es"
HOLE = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")


@cache
def written() -> Catalog:
    """The catalogue as people wrote it."""
    return translating.read_catalogue(translating.po_path(SPANISH), SPANISH)


def pairs() -> Iterator[tuple[str, str]]:
    """Every English sentence with its Spanish one; one that counts gives two pairs."""
    for message in written():
        if message.id:
            english = message.id if isinstance(message.id, tuple | list) else (message.id,)
            spanish = message.string if isinstance(message.string, tuple | list) else (message.string,)
            yield from zip(english, spanish, strict=True)


@cache
def _english() -> tuple[set[str], list[re.Pattern[str]]]:
    """The English of the pages where Spanish differs: whole sentences, and those with something filled in."""
    said = {english for english, spanish in pairs() if english != spanish and re.search("[A-Za-z]{3}", english)}
    plain = {text.replace("%%", "%") for text in said if not re.search(r"%\(|\{", text)}
    filled = [re.compile(".+?".join(map(re.escape, HOLE.split(text)))) for text in said - plain if _words(text)]
    return plain, filled


def _words(text: str) -> int:
    """How many words stand in a sentence beside what is filled in."""
    return len(re.findall("[A-Za-z]{3,}", HOLE.sub(" ", text))) > 1


def left_in_english(page: str) -> list[str]:
    """Texts of the pages that stand there in English without saying so."""
    plain, filled = _english()
    spanish = {words for _english, words in pairs()}
    return [
        text
        for language, text in read_aloud(page)
        if language == SPANISH
        and text not in spanish
        and (text in plain or any(pattern.fullmatch(text) for pattern in filled))
    ]


def wrongly_marked(page: str) -> list[str]:
    """Spanish texts that are said to be English."""
    spanish = {words for english, words in pairs() if english != words} - {english for english, _ in pairs()}
    return [text for language, text in read_aloud(page) if language == "en" and text in spanish]
