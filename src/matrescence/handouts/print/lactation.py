"""The mother's feeding handout as PDF: large type, exact clock times, every source's advice side by side.

Made from what ``matrescence lactation --json`` tells, in the language of one words file (``language.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from matrescence.handouts.clock import Clock
from matrescence.handouts.digits import hours
from matrescence.handouts.lactation_words import Teller, lactation_words
from matrescence.handouts.language import Language
from matrescence.handouts.language import language as read_language
from matrescence.handouts.print.compile import compile_pdf

LAYOUT = "lactation.typ"
_MOST_DAYS = 9  # names of days under the drawing
_LAST_DAY = 0.92  # a name that begins later would run out of the sheet

Told = Mapping[str, Any]


def lactation_pdf(told: Told, *, created_at: datetime, language: str = "en", review_on: date | None = None) -> bytes:
    """Lay the feeding plans out as one PDF; the same plans, language and dates give the same bytes.

    ``review_on`` is the day by which the clinic wants the page looked at again; without it a line is left to write on.

    Raises:
        InputError: typst is not installed, or there are no words in that language.
        KeyError: something that belongs there is missing.
        ValueError: ``created_at`` has no time zone.
    """
    data = lactation_data(told, created_at=created_at, language=language, review_on=review_on)
    return compile_pdf(LAYOUT, data, created_at=created_at)


def lactation_data(
    told: Told, *, created_at: datetime, language: str = "en", review_on: date | None = None
) -> dict[str, Any]:
    """Everything the layout says, as plain data."""
    words, clock = read_language(language), Clock.of(told)
    said = lactation_words(told, words, twelve=True)
    teller = Teller(clock, words, twelve=True)
    rows = [
        {**row, "pauses": [_pause(pause, teller) for pause in source["pauses"]]}
        for row, source in zip(said["rows"], told["lactation"], strict=True)
    ]
    used = ("drug", "availability", "facts", "changes", "differ", "known_weight", "formula", "mixed", "expected")
    return {
        **{name: said[name] for name in (*used, "watch", "lines", "unknown", "number", "note")},
        **_sheet(told, said, words, created_at),
        "rows": rows,
        "chart": _chart(told, clock, words),
        "references": [row["text"] for row in told["references"]],
        "grades": dict(words.words["grades"]),
        "say": _said_as_it_stands(words),
        "teach": list(words.list_of("print.teach")),
        "kicker": words.say("page.kicker", name=said["name"]),
        "regimen": words.say("page.regimen", drug=said["drug"], regimen=said["regimen"]),
        "store_amount": words.say("page.store_amount", usual=said["intake"][0], upper=said["intake"][1]),
        "zone_note": words.say("page.zone", zone=said["zone"]),
        "made": words.say("page.made", **{key: told["made_with"][key] for key in ("program", "version", "seed")}),
        "review": list(_review(told, words, review_on)),
    }


def _said_as_it_stands(words: Language) -> dict[str, str]:
    """The words of page and print that need nothing filled in."""
    own = {**words.words["page"], **words.words["print"]}
    return {name: text for name, text in own.items() if isinstance(text, str) and "{" not in text}


def _pause(pause: Mapping[str, Any], teller: Teller) -> list[str]:
    """From when there is no breast milk, when she feeds again, and how long that is."""
    until = teller.when(pause["until"])
    if pause["at_least"]:
        return [teller.when(pause["from"]), teller.words.say("print.not_before", at=until), ""]
    return [teller.when(pause["from"]), until, hours(round(pause["hours"], 1))]


def _sheet(told: Told, said: Mapping[str, Any], words: Language, created_at: datetime) -> dict[str, str]:
    clock = Clock.of(told)
    printed = created_at.astimezone(clock.zone)
    lang, _, region = words.tag.partition("-")
    return {
        "title": words.say("page.window_title", drug=said["drug"], name=said["name"]),
        "author": told["made_with"]["program"],
        "lang": lang,
        "region": region,
        "head": words.say("page.window_title", drug=said["drug"], name=said["name"]),
        "foot": words.say("print.printed", at=f"{words.date(printed.date().isoformat())}, {words.time(printed)}"),
        "page_word": words.text("print.page"),
        "invented": words.text("page.invented") if said["invented"] else "",
    }


def _review(told: Told, words: Language, review_on: date | None) -> Iterator[dict[str, Any]]:
    """When the sources were checked, and when the page is to be looked at again: a date, or a line to write it on."""
    checked = told["availability"].get("checked_on")
    key = "print.review_checked" if checked else "print.review_checked_unknown"
    yield {"text": words.say(key, date=words.date(checked or "")), "line": False}
    if review_on is None:
        yield {"text": words.text("print.review_open"), "line": True}
    else:
        yield {"text": words.say("print.review_on", date=words.date(review_on.isoformat())), "line": False}


def _chart(told: Told, clock: Clock, words: Language) -> dict[str, Any]:
    """The times of every source on one axis, each place as a share of its width."""
    sessions = told["course"]["sessions"]
    ends = [pause["until_h"] for source in told["lactation"] for pause in source["pauses"]]
    last_h = 1.06 * max([*ends, sessions[-1]["end_h"] + 12.0])
    return {
        "lanes": [
            {"who": words.said(source["who"]), "parts": list(_lane(source, last_h))} for source in told["lactation"]
        ],
        "given": [[session["start_h"] / last_h, session["end_h"] / last_h] for session in sessions],
        "days": _days(clock, words, last_h),
    }


def _lane(source: Mapping[str, Any], last_h: float) -> Iterator[list[Any]]:
    """``[from, until, kind]``: no breast milk, feed, or no word on time."""
    if not source["pauses"]:
        yield [0.0, 1.0, "feed" if source["wait_h"] == 0 else "no-word"]
        return
    at_h = 0.0
    for pause in source["pauses"]:
        if pause["from_h"] > at_h:
            yield [at_h / last_h, pause["from_h"] / last_h, "feed"]
        yield [pause["from_h"] / last_h, pause["until_h"] / last_h, "no-milk"]
        at_h = pause["until_h"]
    yield [at_h / last_h, 1.0, "no-word" if source["pauses"][-1]["at_least"] else "feed"]


def _days(clock: Clock, words: Language, last_h: float) -> list[list[Any]]:
    """Midnights with the name of the day that begins; of many days every second, third or so."""
    midnights = clock.midnights(0.0, last_h)
    every = -(-len(midnights) // _MOST_DAYS)
    return [
        [tick.at_h / last_h, words.day(clock.at(tick.at_h))]
        for tick in midnights[:: max(every, 1)]
        if tick.at_h < _LAST_DAY * last_h
    ]
