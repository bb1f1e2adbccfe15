"""``matrescence assess``: score a file of answers and triage, urgent paths first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from matrescence.actions.assessment import NOT_A_DIAGNOSIS, Assessment, assess
from matrescence.care.assessment.consultation import Consultation
from matrescence.care.assessment.scales import Kind
from matrescence.care.assessment.scoring import Score
from matrescence.care.assessment.urgent import UrgentPath
from matrescence.care.verdict import Finding, Reason
from matrescence.facts import Fact

_FILE = click.Path(path_type=Path)


@click.command(name="assess")
@click.argument("file", type=_FILE)
@click.option("--wording", type=_FILE, help="A clinic's own text for scales whose wording may not be shipped (TOML).")
@click.option("--lines", type=_FILE, help="A clinic's own telephone numbers (TOML).")
@click.option("--json", "as_json", is_flag=True, help="Print the assessment as JSON.")
def command(file: Path, wording: Path | None, lines: Path | None, as_json: bool) -> None:
    """Score the answers in FILE (TOML or JSON) and triage: urgent paths first, then what it looks like, and why."""
    found = assess(file, wording=wording, lines=lines)
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_page(found)))


def _page(found: Assessment) -> Iterator[str]:
    yield from _urgent(found)
    yield f"{found.sheet.name}: {found.triage.picture.value}"
    yield f"  Next: {found.triage.next_step}"
    yield from _scores(found)
    yield from _reasons(found)
    if found.consultation is not None:
        yield from _consultation(found.consultation)
    yield ""
    yield NOT_A_DIAGNOSIS


def _urgent(found: Assessment) -> Iterator[str]:
    for path in found.triage.urgent:
        yield from _path(path)
    if found.triage.to_ask:
        yield "NOT YET ASKED"
    yield from (f"  {_line(reason)}" for reason in found.triage.to_ask)
    if found.triage.urgent or found.triage.to_ask:
        yield ""


def _path(path: UrgentPath) -> Iterator[str]:
    yield f"URGENT  {path.urgency.value}"
    yield f"  {path.reason.text}"
    yield f"  Do: {path.next_step}"
    yield from (f"  Call: {line.sentence}" for line in path.lines)
    yield f"  Rule {path.reason.rule}; source {path.reason.source}; grade {path.reason.grade}"


def _scores(found: Assessment) -> Iterator[str]:
    if found.scores:
        yield ""
        yield "Scores"
    for score in found.scores:
        yield f"  {_headline(score)}"
        for subscale in score.subscales:
            total = _range(subscale.lowest, subscale.highest) if subscale.total is None else f"{subscale.total}"
            yield f"    {subscale.subscale.label}: {total}"
        for result in score.cutoffs:
            met = {True: "met", False: "not met", None: "open (answers are missing)"}[result.met]
            cutoff = result.cutoff
            yield f"    {cutoff.label}: {met}; {_accuracy(cutoff.sensitivity, cutoff.specificity)}"


def _headline(score: Score) -> str:
    if score.scale.tiers:
        return f"{score.scale.label}: {score.tier.label if score.tier else 'no tier opened'}"
    if score.total is None:
        return f"{score.scale.label}: no total, answers are missing; it lies in {_range(score.lowest, score.highest)}"
    if score.scale.kind is Kind.LEVEL:
        return f"{score.scale.label}: {score.total:g}" + "".join(f", {text}" for text in _chosen(score))
    total = f"about {score.total:.1f}" if score.estimated else f"{score.total:g}"
    bands = "".join(f", {band.label} ({table.name})" for table, band in score.bands)
    return f"{score.scale.label}: {total} of {score.scale.total_high.known:g}{bands}"


def _chosen(score: Score) -> Iterator[str]:
    for item in score.scale.items:
        yield from (o.text for o in item.options if o.text and o.score == score.item_scores.get(item.key))


def _range(low: int, high: int) -> str:
    return f"{low} to {high}"


def _accuracy(sensitivity: Fact, specificity: Fact) -> str:
    return f"sensitivity {_percent(sensitivity)}, specificity {_percent(specificity)}"


def _percent(fact: Fact) -> str:
    if fact.value is None:
        return "unknown"
    interval = "" if fact.low is None or fact.high is None else f" ({fact.low:g} to {fact.high:g})"
    return f"{fact.value:g} %{interval}"


def _reasons(found: Assessment) -> Iterator[str]:
    said = {*(path.reason for path in found.triage.urgent), *found.triage.to_ask}
    rest = [reason for reason in found.triage.reasons if reason not in said]
    known = [reason for reason in rest if reason.finding is not Finding.UNKNOWN]
    unknown = [reason for reason in rest if reason.finding is Finding.UNKNOWN]
    for title, reasons in (("Why", known), ("Not known", unknown)):
        if reasons:
            yield ""
            yield title
        yield from (f"  {_line(reason)}" for reason in reasons)


def _line(reason: Reason) -> str:
    return f"{reason.text} [{reason.rule}; {reason.source}; {reason.grade}]"


def _consultation(found: Consultation) -> Iterator[str]:
    yield ""
    yield f"Consultation: {len(found.answered)} answered, {len(found.open)} open"
    yield from (f"  Step: {item.step}" for item in found.needs_step)
    yield from (f"  Open: {question.text}" for question in found.open)
