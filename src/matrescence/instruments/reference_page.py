"""The reference pages of assessment, written from the same tables the program runs on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from matrescence.care.assessment.scales import Cutoff, Item, Kind, Scale
from matrescence.care.verdict import Rule
from matrescence.facts import GRADE_MEANING, Fact, Statement
from matrescence.instruments.library import load, names


def instruments_page() -> str:
    """``docs/reference/instruments.md``: every scale with its range, bands, cut-offs, codes and licence."""
    return "\n".join(_instruments()) + "\n"


def rules_page(title: str, rules: Iterable[Rule], cases: Sequence[Mapping[str, Any]]) -> str:
    """One page of rules: each rule with its sentence, source and grade, and the cases that prove it.

    A case is a table with ``rule``, ``case`` and ``then``; the same cases are the tests of the rule.
    """
    return "\n".join(_rules(title, rules, cases)) + "\n"


def _rules(title: str, rules: Iterable[Rule], cases: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield f"# {title}"
    yield ""
    yield "Written from the table of rules and from the cases that test them. Grades: " + _grades() + "."
    for rule in rules:
        yield ""
        yield f"## `{rule.id}`"
        yield ""
        yield f"{rule.text}"
        yield ""
        yield f"Source: `{rule.source}`. Grade: {rule.grade}."
        own = [case for case in cases if case["rule"] == rule.id]
        if own:
            yield ""
            yield from _table(("Given", "Then"), [(case["case"], case["then"]) for case in own])


def _grades() -> str:
    return "; ".join(f"{grade}, {meaning}" for grade, meaning in GRADE_MEANING.items())


def _instruments() -> Iterator[str]:
    yield "# Instruments"
    yield ""
    yield "Written from the files of `src/matrescence/instruments/`. Where wording may not travel with the program, the"
    yield "scale has empty slots; a clinic with permission supplies its own text (`matrescence assess --wording FILE`)."
    yield f"Grades: {_grades()}."
    yield ""
    scales = [load(name) for name in names()]
    rows = [(f"`{s.name}`", s.title, str(len(s.items)), _span(s), _ships(s), s.missing.kind.value) for s in scales]
    yield from _table(("Name", "Scale", "Items", "Range", "Wording", "Missing answers"), rows)
    for scale in scales:
        yield from _scale(scale)


def _scale(scale: Scale) -> Iterator[str]:
    yield ""
    yield f"## {scale.label}"
    yield ""
    yield _said(scale.statement)
    yield ""
    yield f"- Answered by: {scale.rater.value}; about {scale.recall}; {_direction(scale)}."
    yield f"- Missing answers: {_said(scale.missing.statement)}"
    yield f"- Licence: {_said(scale.licence.statement)}"
    if scale.self_harm is not None:
        yield f"- Self-harm: {_said(scale.self_harm.statement)}"
    yield from (f"- {_said(note)}" for note in scale.notes)
    yield ""
    yield from _table(("Item", "Range", "Printed order", "Beside the total"), [_item_row(item) for item in scale.items])
    yield from _further(scale)


def _further(scale: Scale) -> Iterator[str]:
    for table in scale.band_tables:
        yield ""
        yield f"Bands, {table.name} (`{table.statement.source}`, {table.statement.grade}):"
        yield ""
        yield from _table(("Band", "From", "To"), [(band.label, str(band.low), str(band.high)) for band in table.bands])
    if scale.cutoffs:
        yield ""
        yield from _table(
            ("Cut-off", "For", "Sensitivity", "Specificity", "Source"),
            [_cutoff_row(cutoff) for cutoff in scale.cutoffs],
        )
    if scale.tiers:
        rows = [
            (tier.label, ", ".join(tier.any_of), tier.statement.source, tier.statement.grade) for tier in scale.tiers
        ]
        yield ""
        yield from _table(("Tier", "Yes to any of", "Source", "Grade"), rows)
    if scale.facts:
        rows = [(name.replace("_", " "), _number(fact), fact.source, fact.grade) for name, fact in scale.facts.items()]
        yield ""
        yield from _table(("Also known", "Value", "Source", "Grade"), rows)
    if scale.codes:
        yield ""
        codes = [(code.code, code.system, code.means, code.source, code.grade) for code in scale.codes]
        yield from _table(("Code", "System", "Means", "Source", "Grade"), codes)


def _said(statement: Statement) -> str:
    return f"{statement.text} (`{statement.source}`, {statement.grade})"


def _item_row(item: Item) -> tuple[str, ...]:
    order = "highest score first" if item.reversed else "lowest score first"
    return item.name, f"{item.low} to {item.high}", order, "" if item.scored else "yes"


def _cutoff_row(cutoff: Cutoff) -> tuple[str, ...]:
    said = cutoff.statement
    return (
        cutoff.label,
        cutoff.purpose.value,
        _number(cutoff.sensitivity),
        _number(cutoff.specificity),
        f"`{said.source}`, {said.grade}",
    )


def _number(fact: Fact) -> str:
    if fact.value is None:
        return "unknown"
    unit = " %" if fact.unit == "%" else ""
    interval = "" if fact.low is None or fact.high is None else f" ({fact.low:g} to {fact.high:g})"
    return f"{fact.value:g}{unit}{interval}"


def _span(scale: Scale) -> str:
    return (
        "tiers, no total" if scale.kind is Kind.TIERS else f"{_number(scale.total_low)} to {_number(scale.total_high)}"
    )


def _ships(scale: Scale) -> str:
    return "ships" if scale.licence.wording_ships else "empty slots"


def _direction(scale: Scale) -> str:
    if scale.higher_is_worse is None:
        return "both ends are worse than the middle"
    return "higher is worse" if scale.higher_is_worse else "lower is worse"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    yield from ("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
