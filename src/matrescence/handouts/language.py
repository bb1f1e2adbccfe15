"""The languages of what a mother reads: one file of words for each, all with the same keys.

``words/en.toml`` names every key.  A sentence that comes from the formulary or from a rule is English there; another
language holds its own beside the exact English one, so that a sentence that changes loses its old translation instead
of keeping it, and is then shown in English and marked.  Only what a mother reads is translated: the ward works in
English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from matrescence.handouts.clock import time_of_day

DEFAULT = "en"
_HOLE = re.compile(r"\\\{(\w+)\\\}")


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its code (``es``), its tag on a page (``es-US``), its words by section, and what it says."""

    code: str
    tag: str
    name: str
    words: Mapping[str, Mapping[str, Any]]
    sentences: tuple[tuple[re.Pattern[str], str], ...]

    def text(self, key: str) -> str:
        """The words of ``section.name``, with their holes open.

        Raises:
            KeyError: there is no such key.
        """
        section, name = key.split(".")
        return str(self.words[section][name])

    def say(self, key: str, **values: object) -> str:
        """The words of ``section.name`` with their holes filled."""
        return self.text(key).format(**values)

    def list_of(self, key: str) -> tuple[str, ...]:
        """The lines of a key that holds several."""
        section, name = key.split(".")
        return tuple(self.words[section][name])

    def said(self, english: str) -> str:
        """A sentence of the formulary in this language; one that nobody has translated stays English and says so."""
        if self.code == DEFAULT:
            return english
        for pattern, words in self.sentences:
            if (found := pattern.fullmatch(english)) is not None:
                return words.format(**found.groupdict())
        return self.say("facts.not_translated", text=english)

    def day(self, moment: datetime) -> str:
        """``Fri 7 Mar``."""
        weekday = self.list_of("clock.days")[moment.weekday()]
        month = self.list_of("clock.months")[moment.month - 1]
        return self.say("clock.day", weekday=weekday, day=moment.day, month=month)

    def day_and_time(self, moment: datetime, *, twelve: bool = False) -> str:
        """``Fri 7 Mar 08:00``."""
        return f"{self.day(moment)} {self.time(moment, twelve=twelve)}"

    def time(self, moment: datetime, *, twelve: bool = False) -> str:
        """``15:00``; with ``twelve`` also as it is said at home: ``15:00 (3:00 p.m.)``."""
        return time_of_day(moment) + (f" ({self._twelve(moment)})" if twelve else "")

    def date(self, iso: str) -> str:
        """``14 April 2025`` from an ISO date; anything else is given back as it is."""
        try:
            moment = datetime.fromisoformat(iso)
        except ValueError:
            return iso
        month = self.list_of("clock.months_in_full")[moment.month - 1]
        return self.say("clock.date", day=moment.day, month=month, year=moment.year)

    def _twelve(self, moment: datetime) -> str:
        if (moment.hour % 12, moment.minute) == (0, 0):
            return self.text("clock.noon" if moment.hour else "clock.midnight")
        half = "clock.afternoon" if moment.hour >= 12 else "clock.morning"
        return self.say(half, hour=moment.hour % 12 or 12, minute=f"{moment.minute:02d}")


def codes() -> tuple[str, ...]:
    """Every language that there is a file for, in the order of their codes."""
    names = (entry.name for entry in files("matrescence.handouts").joinpath("words").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def language(code: str = DEFAULT) -> Language:
    """Read one language.

    Raises:
        InputError: there is no file for it.
    """
    from matrescence.reading import InputError, nearest

    if code not in codes():
        raise InputError(f"language {code!r} is not known.{nearest(code, codes())} Allowed: {', '.join(codes())}.")
    import tomllib

    told = tomllib.loads(files("matrescence.handouts").joinpath("words", f"{code}.toml").read_text(encoding="utf-8"))
    sentences = tuple(_sentences(told.pop("said", ())))
    return Language(code, told.pop("tag"), told.pop("name"), told, sentences)


def _sentences(entries: Any) -> Iterator[tuple[re.Pattern[str], str]]:
    for entry in entries:
        yield re.compile(_HOLE.sub(r"(?P<\1>.+?)", re.escape(entry["en"]))), entry["is"]
