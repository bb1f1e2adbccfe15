"""``matrescence eligible``: every criterion for one mother and one drug, with its reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from matrescence.actions.eligibility import NOTE, Judgement, judge
from matrescence.care.verdict import Finding, Reason

_FILE = click.Path(path_type=Path)

_TITLES = {
    Finding.FORBIDS: "Forbids",
    Finding.ASKS: "A clinician decides",
    Finding.UNKNOWN: "Not known",
    Finding.WARNS: "Warnings",
    Finding.ALLOWS: "Nothing against it",
}


@click.command(name="eligible")
@click.argument("mother", type=_FILE)
@click.option("--drug", required=True, help="A drug of the formulary.")
@click.option("--facts", type=_FILE, help="Health facts beyond the mother's file (TOML); without it none is known.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def command(mother: Path, drug: str, facts: Path | None, as_json: bool) -> None:
    """Ask every criterion of a drug about MOTHER (TOML): eligible, not eligible, or a clinician decides; and why."""
    found = judge(mother, drug_name=drug, health_path=facts)
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_page(found)))


def _page(found: Judgement) -> Iterator[str]:
    eligibility = found.eligibility
    yield f"{found.mother.name}, {found.drug.label}: {eligibility.outcome.value.upper()}"
    yield _line(eligibility.standing)
    for finding, title in _TITLES.items():
        reasons = [item.reason for item in eligibility.judged if item.reason.finding is finding]
        if reasons:
            yield ""
            yield title
            yield from map(_line, reasons)
    yield ""
    yield NOTE


def _line(reason: Reason) -> str:
    return f"  {reason.text} [{reason.rule}; {reason.source}; {reason.grade}]"
