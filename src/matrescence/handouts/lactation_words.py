"""What the feeding handout says, in plain words: read by the page, the print, the terminal and nobody else.

Amounts are rounded up, because too much milk is better than too little; times are those of the plan.  The words are
those of one language (``language.py``); the terminal, which staff read, is English.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from matrescence.handouts.clock import Clock
from matrescence.handouts.digits import hours, plain, significant
from matrescence.handouts.heading import availability, drug_name, is_invented, name_of, regimen_name
from matrescence.handouts.language import Language, language

Told = Mapping[str, Any]
_STEP_ML = 10  # amounts are rounded up to this
_LOOKS = ("withdrawn", "approved", "off-label")


@dataclass(frozen=True, slots=True)
class Teller:
    """The clock and the language of one handout; with ``twelve`` each time is also said as at home (3:00 p.m.)."""

    clock: Clock
    words: Language
    twelve: bool = False

    def when(self, iso: str) -> str:
        """An instant with its day."""
        return self.words.day_and_time(self.clock.local(iso), twelve=self.twelve)

    def span(self, begins: str, ends: str) -> str:
        """From one instant to another; the day is said once where it is the same."""
        first, last = self.clock.local(begins), self.clock.local(ends)
        same_day = first.date() == last.date()
        until = self.words.time(last, twelve=self.twelve) if same_day else self.when(ends)
        return self.words.say("clock.span", begins=self.when(begins), ends=until)


def lactation_words(told: Told, words: Language | None = None, *, twelve: bool = False) -> dict[str, Any]:
    """The values of the template, by name, in one language (default: English)."""
    words = words or language()
    teller = Teller(Clock.of(told), words, twelve)
    reasons = list(told["reasons"])
    return {
        "drug": words.said(drug_name(told)),
        "regimen": words.said(regimen_name(told)),
        "invented": is_invented(told),
        "availability": {**availability(told), "headline": _headline(told["availability"], words)},
        "name": _name(told, words),
        "facts": list(_facts(told, teller)),
        "happened": told["course"]["happened"],
        "changes": list(_changes(told["course"], teller)),
        "rows": [_row(source, teller) for source in told["lactation"]],
        "differ": any(row["rule"] == "lactation.side_by_side" for row in reasons),
        "intake": [plain(fact["value"], decimals=0) for fact in told["intake"]],
        "known_weight": told["mother"].get("infant_weight_kg") is not None,
        "formula": told["mother"].get("feeding") == "formula",
        "mixed": told["mother"].get("feeding") == "mixed",
        "expected": _expected(told, words),
        "watch": [{**row, "text": words.said(row["text"])} for row in told["watch_infant_for"]],
        "lines": [words.said(line["sentence"]) for line in told["lines"]],
        "unknown": [_unknown(row, words) for row in reasons if row["finding"] == "unknown"],
        "references": told["references"],
        "number": {reference["key"]: index for index, reference in enumerate(told["references"], start=1)},
        "made": told["made_with"],
        "zone": told["time_zone"],
        "note": words.said(told["note"]),
    }


def _name(told: Told, words: Language) -> str:
    return name_of(told) if told["mother"].get("name") else words.text("facts.unnamed")


def _headline(told: Mapping[str, Any], words: Language) -> str:
    key = told["status"] if told["status"] in _LOOKS else "other"
    date = words.date(str(told.get("as_of", "")))
    return words.say(f"availability.{key}", date=date, status=str(told["status"]).upper())


def _unknown(row: Mapping[str, Any], words: Language) -> str:
    """A rule's word as it is said to a mother; a rule without own words speaks for itself."""
    own = words.words["unknown"].get(row["rule"].removeprefix("lactation."))
    return words.said(row["text"]) if own is None else str(own)


def _facts(told: Told, teller: Teller) -> Iterator[tuple[str, str]]:
    sessions, words = told["course"]["sessions"], teller.words
    yield words.text("facts.start"), teller.when(sessions[0]["starts_at"])
    yield words.text("facts.last_end" if len(sessions) > 1 else "facts.end"), teller.when(sessions[-1]["ends_at"])
    if len(sessions) > 1:
        yield words.text("facts.sessions"), str(len(sessions))
    yield words.text("facts.course"), words.text(f"facts.{told['course']['happened'].replace(' ', '_')}")
    weight = told["mother"].get("infant_weight_kg")
    known = words.say("facts.weight", weight=plain(weight, decimals=1))
    yield words.text("facts.baby"), words.text("facts.weight_unknown") if weight is None else known


def _changes(course: Mapping[str, Any], teller: Teller) -> Iterator[str]:
    words, stopped_at = teller.words, course["stopped_at"]
    stays = "" if stopped_at is not None else f" {words.text('changes.stays')}"
    for pause in course["pauses"]:
        yield words.say("changes.pause", span=teller.span(pause["starts_at"], pause["ends_at"])) + stays
    if stopped_at is not None:
        yield words.say("changes.stopped", at=teller.when(stopped_at))


def _row(source: Mapping[str, Any], teller: Teller) -> dict[str, Any]:
    pauses, words = source["pauses"], teller.words
    return {
        "who": words.said(source["who"]),
        "advice": words.said(source["advice"]),
        "source": source["source"],
        "grade": source["grade"],
        "changed": source["changed"],
        "breaks": [_break(pause, teller) for pause in pauses] or [_no_break(source, words)],
        "milk": _milk(pauses, words) if pauses else _no_milk(source, words),
        "store": _store(source, teller),
    }


def _no_break(source: Mapping[str, Any], words: Language) -> str:
    return words.text("breaks.goes_on" if source["wait_h"] == 0 else "breaks.no_time")


def _no_milk(source: Mapping[str, Any], words: Language) -> str:
    return words.text("milk.none" if source["wait_h"] == 0 else "milk.no_time")


def _break(pause: Mapping[str, Any], teller: Teller) -> str:
    begins, ends = pause["from"], pause["until"]
    if pause["at_least"]:
        return teller.words.say("breaks.at_least", begins=teller.when(begins), ends=teller.when(ends))
    return teller.words.say("breaks.exact", span=teller.span(begins, ends), hours=hours(round(pause["hours"], 1)))


def _store(source: Mapping[str, Any], teller: Teller) -> str:
    at = source["store_milk_from"]
    return "" if at is None else teller.words.say("milk.store", at=teller.when(at))


def _milk(pauses: list[Mapping[str, Any]], words: Language) -> str:
    usual = [pause["milk_ml_usual"] for pause in pauses]
    upper = [pause["milk_ml_upper"] for pause in pauses]
    if None in usual or None in upper:
        return words.text("milk.no_weight")
    key = ("milk.one" if len(pauses) == 1 else "milk.each") + (
        "_at_least" if any(pause["at_least"] for pause in pauses) else ""
    )
    amounts = {"usual": max(usual), "upper": max(upper), "usual_in_all": sum(usual), "upper_in_all": sum(upper)}
    return words.say(key, **{name: _ml(amount) for name, amount in amounts.items()})


def _ml(amount_ml: float) -> str:
    return str(math.ceil(amount_ml / _STEP_ML - 1e-9) * _STEP_ML)


def _expected(told: Told, words: Language) -> str:
    relative = told["infant"]["relative_infant_dose_percent"]
    if relative is None:
        return words.text("expected.unknown")
    return words.say("expected.known", middle=significant(relative["p50"]), most=significant(relative["p95"]))
