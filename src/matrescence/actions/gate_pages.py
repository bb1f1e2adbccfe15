"""The reference pages of eligibility and enrolment, written from the tables the program runs on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from matrescence.care.eligibility.rules import RULE_OF
from matrescence.care.eligibility.rules import RULES as ELIGIBILITY_RULES
from matrescence.care.enrolment.programme import NCIT_REQUIREMENTS, Programme, Requirement
from matrescence.care.enrolment.rules import RULES as ENROLMENT_RULES
from matrescence.care.verdict import Rule
from matrescence.facts import Fact
from matrescence.formulary import library as drugs
from matrescence.formulary.programmes import library as programmes


def eligibility_page() -> str:
    """``docs/reference/rules/eligibility.md``: every rule, then what each drug asks."""
    return "\n".join(_eligibility()) + "\n"


def enrolment_page() -> str:
    """``docs/reference/rules/enrolment.md``: every rule, then each programme with its requirements and decisions."""
    return "\n".join(_enrolment()) + "\n"


def _eligibility() -> Iterator[str]:
    yield _ELIGIBILITY_HEAD
    yield from _rules(ELIGIBILITY_RULES)
    for name in drugs.names():
        drug = drugs.load(name)
        yield ""
        yield f"## {drug.label}"
        yield ""
        yield "| rule | when met | threshold or classes | what the source says | source | grade |"
        yield "|---|---|---|---|---|---|"
        for item in drug.criteria:
            said, limit = item.statement, _limit(item.threshold, item.classes)
            rule = RULE_OF[item.name].id
            yield f"| `{rule}` | {item.finding} | {limit} | {_cell(said.text)} | {said.source} | {said.grade} |"


def _enrolment() -> Iterator[str]:
    yield _ENROLMENT_HEAD
    yield from _rules(ENROLMENT_RULES)
    for name in programmes.names():
        yield from _programme(programmes.load(name))


def _programme(programme: Programme) -> Iterator[str]:
    yield ""
    yield f"## {programme.label}"
    yield ""
    yield f"`{programme.name}`, {programme.status.value}. {programme.standing.text}"
    yield ""
    yield "| requirement | who | protocol | code | gate | what is asked | source | grade |"
    yield "|---|---|---|---|---|---|---|---|"
    yield from map(_requirement, programme.requirements.values())
    yield ""
    yield "Decisions of our own:"
    yield ""
    yield from (f"- {statement.text}" for statement in programme.decisions)


def _requirement(item: Requirement) -> str:
    code = f"{item.code} {NCIT_REQUIREMENTS[item.code]}" if item.code else "–"
    said = item.statement
    cells = (
        f"`{item.id}`",
        item.stakeholder.value,
        item.protocol.value,
        code,
        _gate(item),
        _cell(said.text),
        said.source,
        said.grade,
    )
    return f"| {' | '.join(cells)} |"


def _gate(item: Requirement) -> str:
    words = [item.timing.value]
    if item.after is not None:
        words.append(f"{item.after}, within {_days(item.within_days)}")
    if item.valid_days is not None:
        words.append(f"lasts {_days(item.valid_days)}")
    if item.follows:
        words.append(f"after {', '.join(item.follows)}")
    if item.waived is not None:
        words.append(f"not when {item.waived.field} is {item.waived.equals}")
    return "; ".join(words)


def _days(fact: Fact | None) -> str:
    if fact is None or fact.value is None:
        return "an unknown time"
    return f"{fact.value:g} days" if fact.value >= 1 else f"{fact.value * 24:g} hours"


def _limit(threshold: Fact | None, classes: tuple[str, ...]) -> str:
    words = list(classes)
    if threshold is not None:
        bounds = [bound for bound in (threshold.low, threshold.value, threshold.high) if bound is not None]
        shown = " / ".join(f"{bound:g}" for bound in bounds) or "unknown"
        words.append(f"{shown} {threshold.unit}" if bounds else shown)
    return _cell(", ".join(words)) or "–"


def _rules(rules: Iterable[Rule]) -> Iterator[str]:
    yield "| rule | what it says | source | grade |"
    yield "|---|---|---|---|"
    yield from (f"| `{rule.id}` | {_cell(rule.text)} | {rule.source} | {rule.grade} |" for rule in rules)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


_ELIGIBILITY_HEAD = """\
# Rules of eligibility

Generated from `care/eligibility/rules.py` and from each `drug.toml`. A criterion that is met *forbids*, *asks* (a
clinician decides) or *warns*; a fact that is not known is a reason of its own and never lets "eligible" through where
the criterion forbids or asks. A reason about one mother carries the source and grade of the drug's own sentence.
"""

_ENROLMENT_HEAD = """\
# Rules of enrolment

Generated from `care/enrolment/rules.py` and from the files in `formulary/programmes/`. An infusion may start only when
every requirement of its programme is met at that very instant. There is no override.
"""
