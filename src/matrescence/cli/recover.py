"""``matrescence recover``: leaving, driving, follow-up, outcome, next session, cost, from one mother's file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click


@click.command(name="recover")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(file: Path, as_json: bool) -> None:
    """Look at the recovery in FILE (TOML): may she leave, is she well, what comes next, what does it cost."""
    from matrescence.actions.recovery import recover

    told = recover(file).as_json()
    click.echo(json.dumps(told, indent=2, ensure_ascii=False) if as_json else "\n".join(_page(told)))


def _page(told: dict[str, Any]) -> Iterator[str]:
    yield f"{told['mother']}: {told['drug']}, {told['regimen']}; ended {_clock(told['ended'])}"
    if told["discharge"] is not None:
        yield ""
        yield f"Leaving: {told['discharge']['leaving']}"
        yield from _reasons(told["discharge"]["reasons"])
    yield ""
    before = told["driving"]["not_before"]
    yield "Driving: " + ("no time is known" if before is None else f"not before {_clock(before)}")
    yield from _reasons([told["driving"]])
    if told["follow_up"]:
        yield ""
        yield "Follow-up"
    for visit in told["follow_up"]:
        yield f"  {_clock(visit['at'])}  {visit['name']} [{visit['source']}; {visit['grade']}]"
    if told["outcome"] is not None:
        yield from _outcome(told["outcome"])
    yield ""
    following = told["next_session"]
    yield f"Next: {following['what']}" + ("" if following["at"] is None else f", {_clock(following['at'])}")
    yield from _reasons(following["reasons"])
    yield from _cost(told["cost"])
    yield ""
    yield told["note"]


def _outcome(found: dict[str, Any]) -> Iterator[str]:
    yield ""
    totals = f"{_number(found['baseline'])} before, {_number(found['latest'])} at the last score"
    yield f"{found['label']}: {totals}"
    words = {True: "yes", False: "no", None: "unknown"}
    yield f"  Response: {words[found['response']]}; remission: {words[found['remission']]}"
    change = found["change"] or "whether it changed reliably is unknown"
    relapse = "none to speak of, without a response" if found["relapse"] is None else found["relapse"]
    yield f"  Change: {change}; relapse: {relapse}"
    yield from _reasons(found["reasons"])


def _cost(found: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield f"Cost: {found['total']['words']}"
    for line in found["lines"]:
        charge = "unknown" if line["charge"] is None else line["charge"]["words"]
        price = line["price"]
        code = "" if line["code"] is None else f" {line['code']['system']} {line['code']['code']}"
        times = "" if line["quantity"] is None else f", {line['quantity']} x {line['per']}"
        dated = "no price" if price["dated"] is None else f"price of {price['dated']}"
        yield f"  {line['what']}{times}: {charge} [{dated}; {price['source']}; {price['grade']}]{code}"
    for key, label in (("hers", "Her share"), ("insurer", "Insurer"), ("tax_saved", "Tax saved")):
        if found[key] is not None:
            yield f"  {label}: {found[key]['words']}"
    yield from _reasons(found["reasons"])


def _reasons(reasons: list[dict[str, Any]]) -> Iterator[str]:
    for reason in reasons:
        yield f"  {reason['finding']}: {reason['text']} [{reason['rule']}; {reason['source']}; {reason['grade']}]"


def _clock(iso: str) -> str:
    return iso[:16].replace("T", " ")


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:g}"
