"""What a reader cannot see: gaps in bands, items nobody scores, lost sources, wording that may not ship."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from matrescence.care.assessment.rules import OURS, RULE, RULES
from matrescence.care.assessment.scales import BandTable, Kind, Missing, Scale
from matrescence.facts import Fact, Statement
from matrescence.instruments.consultation import load_questions
from matrescence.instruments.help_lines import load_lines
from matrescence.instruments.library import SHIPPED, load, names
from matrescence.reading import read_text

_ENTRY = re.compile(r"^@\w+\{([^,\s]+),", re.MULTILINE)


def check(root: Path | None = None) -> tuple[str, ...]:
    """Every finding over all scales, the two lists and the rules; empty when all is well."""
    folder = root or SHIPPED
    known = reference_keys(folder / "references.bib")
    findings = [
        f"{name}: {finding}"
        for name in names(root=root)
        for scale in [load(name, root=root)]
        for finding in (*check_scale(scale), *_unknown_sources(sources_of(scale), known))
    ]
    shared = (
        *(line.statement.source for line in load_lines().lines),
        *(question.statement.source for question in load_questions()),
        *(rule.source for rule in RULES),
    )
    return (*findings, *_unknown_sources(shared, known))


def reference_keys(path: Path) -> frozenset[str]:
    """The keys of a BibTeX file."""
    return frozenset(_ENTRY.findall(read_text(path)))


def check_scale(scale: Scale) -> tuple[str, ...]:
    """Every finding on one scale."""
    return tuple(finding for look in _LOOKS for finding in look(scale))


def sources_of(scale: Scale) -> tuple[str, ...]:
    """Every source key a scale names."""
    facts: list[Fact] = [scale.total_low, scale.total_high, *scale.facts.values()]
    facts += [fact for cutoff in scale.cutoffs for fact in (cutoff.sensitivity, cutoff.specificity)]
    statements: list[Statement] = [scale.statement, scale.missing.statement, scale.licence.statement, *scale.notes]
    statements += [table.statement for table in scale.band_tables]
    statements += [subscale.statement for subscale in scale.subscales]
    statements += [cutoff.statement for cutoff in scale.cutoffs]
    statements += [tier.statement for tier in scale.tiers]
    if scale.self_harm is not None:
        statements.append(scale.self_harm.statement)
    return (*(fact.source for fact in facts), *(s.source for s in statements), *(code.source for code in scale.codes))


def _unknown_sources(sources: Iterable[str], known: frozenset[str]) -> Iterator[str]:
    for source in dict.fromkeys(sources):
        if source != OURS and source not in known:
            yield f"source {source!r} is not in references.bib"


def _items(scale: Scale) -> Iterator[str]:
    keys = [item.key for item in scale.items]
    if len(set(keys)) != len(keys):
        yield "two items have the same key"
    for item in scale.items:
        if item.low >= item.high:
            yield f"item {item.key}: low {item.low} is not below high {item.high}"
        scores = sorted(option.score for option in item.options)
        if item.options and scores != list(range(item.low, item.high + 1)):
            yield f"item {item.key}: the options do not cover {item.low} to {item.high} once each"
        printed = [item.printed_option_of(option.score) for option in item.options]
        if printed != sorted(printed):
            yield f"item {item.key}: the options are not in the order in which they are printed"


def _mentioned(scale: Scale) -> Iterator[str]:
    keys = {item.key for item in scale.items}
    named = [key for cutoff in scale.cutoffs for key, _ in cutoff.needs]
    named += [key for subscale in scale.subscales for key in subscale.items]
    named += [key for tier in scale.tiers for key in tier.any_of]
    named += [item.ask_if for item in scale.items if item.ask_if is not None]
    named += [code.item for code in scale.codes if code.item]
    named += [scale.self_harm.item] if scale.self_harm is not None else []
    yield from (f"there is no item {key!r}" for key in dict.fromkeys(named) if key not in keys)
    places = {"total", *(subscale.key for subscale in scale.subscales)}
    yield from (f"cut-off {c.key}: there is no subscale {c.on!r}" for c in scale.cutoffs if c.on not in places)
    yield from (f"tier {t.key}: there is no rule {t.rule!r}" for t in scale.tiers if t.rule not in RULE)


def _total(scale: Scale) -> Iterator[str]:
    low = sum(item.low for item in scale.scored_items)
    high = sum(item.high for item in scale.scored_items)
    for fact, total, end in ((scale.total_low, low, "lowest"), (scale.total_high, high, "highest")):
        if scale.kind is not Kind.TIERS and fact.value != total:
            yield f"the {end} total is given as {fact.value} but the items sum to {total}"


def _bands(scale: Scale) -> Iterator[str]:
    for table in scale.band_tables:
        yield from (f"bands {table.name}: {finding}" for finding in _band_table(scale, table))


def _band_table(scale: Scale, table: BandTable) -> Iterator[str]:
    bands = table.bands
    if (bands[0].low, bands[-1].high) != (scale.total_low.value, scale.total_high.value):
        yield "they do not reach from the lowest to the highest total"
    for before, after in pairwise(bands):
        if after.low != before.high + 1:
            yield f"there is a gap or an overlap between {before.label} and {after.label}"


def _missing(scale: Scale) -> Iterator[str]:
    if (scale.missing.kind is Missing.PRORATE) is (scale.missing.at_most == 0):
        yield "at_most is given if and only if missing answers may be prorated"
    if scale.missing.at_most >= len(scale.scored_items):
        yield "as many answers may be missing as there are items"


def _wording(scale: Scale) -> Iterator[str]:
    full = all(item.wording for item in scale.items)
    if scale.licence.wording_ships and not full:
        yield "the wording may ship but an item has none"
    if not scale.licence.wording_ships and (scale.stem or any(item.wording for item in scale.items)):
        yield "the wording may not ship, but there is some"


def loinc_check_digit(number: str) -> int:
    """The last digit of a LOINC code from the digits before it (Luhn, modulo 10; LOINC Users' Guide).

    Every second digit from the right is doubled, the digits of the results are added up, and the check digit fills
    the sum to the next ten.
    """
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(number))]
    return -sum(value // 10 + value % 10 for value in doubled) % 10


def _codes(scale: Scale) -> Iterator[str]:
    for code in scale.codes:
        number, _, digit = code.code.partition("-")
        if code.system == "http://loinc.org" and str(loinc_check_digit(number)) != digit:
            yield f"LOINC code {code.code}: the check digit should be {loinc_check_digit(number)}"


_LOOKS: tuple[Callable[[Scale], Iterator[str]], ...] = (_items, _mentioned, _total, _bands, _missing, _wording, _codes)
