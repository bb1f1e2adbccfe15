"""The view of a course in the terminal: urgent first, then what is next, then one line for each stage."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

Json = dict[str, Any]
WIDTH = 100
_COLOUR = {"done": "green", "waiting": "yellow", "blocked": "red", "not begun": "bright_black"}
_MARK = {"done": "✓", "waiting": "…", "blocked": "✕", "not begun": "·"}
MOST_REASONS = 6


RECORDED_AS = {
    "journey.assessment": "kind assessment",
    "journey.eligibility": "kind eligibility-facts",
    "journey.start_eligible": "kind eligibility-decision",
    "journey.gate": "kind enrolment, and then as kind infusion",
    "journey.plan": "kind plan-chosen",
    "journey.two_person_plan": "kind confirmation",
    "journey.two_person_pump": "kind confirmation",
    "journey.leaving": "kind leaving-checklist, and then as kind discharge",
    "journey.discharge": "kind discharge",
    "journey.feeding": "kind feeding-choice",
    "journey.follow_up": "kind follow-up",
}
"""How the step that is next is added to a course kept in a file, by the rule that asks for it."""


def page(told: Json) -> str:
    """The whole page, from the data of ``course show --json``."""
    return "\n".join(_page(told))


def _page(told: Json) -> Iterator[str]:
    yield from _urgent(told)
    standing = told["availability"]
    yield click.style(f"{told['mother']} · {told['drug']}", bold=True) + f" ({standing['status']})"
    yield click.style(f"as known on {_when(told['at'])}", dim=True)
    yield ""
    yield from _next(told["next"])
    yield ""
    for stage in told["stages"]:
        yield _stage(stage)
    yield from _reasons(told["stages"])
    yield from _two_people(told["confirmations"])
    yield from _bedside(told)
    yield from _rows("Overdue", [(i["since"], i["what"], i["rule"]) for i in told["overdue"]], colour="red")
    yield from _scores(told["scores"])
    yield ""
    yield click.style(f"{told['log']['shown']} records in {told['log']['file']}. {told['note']}", dim=True)


def _urgent(told: Json) -> Iterator[str]:
    for item in told["ungated_starts"]:
        yield click.style("WRONG  a start that the rules would have refused", fg="red", bold=True)
        yield from _wrapped(_cited(item), "  ")
        yield ""
    for item in told["clock"]:
        yield click.style("CLOCK  times that are in doubt", fg="yellow", bold=True)
        yield from _wrapped(_cited(item), "  ")
        yield ""
    for task in told["urgent"]:
        yield click.style(f"URGENT {task['task']}  {task['urgency']}", fg="red", bold=True)
        yield from _wrapped(task["text"], "  ")
        yield from _wrapped(f"Do: {task['next_step']}", "  ")
        for line in task["lines"]:
            yield from _wrapped(f"Call: {line['sentence']}", "  ")
        times = "1 time" if task["attempts"] == 1 else f"{task['attempts']} times"
        tried = f" Tried {times} without reaching her." if task["attempts"] else ""
        yield from _wrapped(
            f"Open since {_when(task['since'])}.{tried} It leaves only by a recorded disposition (kind "
            f"urgent-disposition, task {task['task']}).",
            "  ",
        )
        yield click.style(f"  [{task['rule']}; {task['source']}; {task['grade']}]", dim=True)
        yield ""


def _next(step: Json | None) -> Iterator[str]:
    if step is None:
        yield "Next   Nothing waits."
        return
    yield from _wrapped(step["text"], "       ", first=click.style("Next", bold=True) + "   ")
    if step["rule"] in RECORDED_AS:
        yield f"       It is recorded as {RECORDED_AS[step['rule']]}."
    yield click.style(f"       [{step['rule']}; {step['source']}; {step['grade']}]", dim=True)


def _stage(stage: Json) -> str:
    colour = _COLOUR[stage["status"]]
    mark = click.style(f"{_MARK[stage['status']]} {stage['status']:<9}", fg=colour)
    return f"  {stage['stage'].capitalize():<12}{mark}  {stage['line']}"


def _reasons(stages: list[Json]) -> Iterator[str]:
    """What each unfinished stage waits for, where there is more to say than its line."""
    for stage in stages:
        if stage["status"] in {"waiting", "blocked"} and stage["stage"] in {"assessment", "eligibility", "enrolment"}:
            if stage["line"].startswith("urgent"):
                continue
            yield ""
            yield click.style(f"{stage['stage'].capitalize()} {stage['status']}", bold=True)
            for reason in stage["reasons"][:MOST_REASONS]:
                yield from _wrapped(_cited(reason), "    ", first="  - ")
            more = len(stage["reasons"]) - MOST_REASONS
            if more > 0:
                yield f"  and {more} more (--json shows all)"


def _two_people(confirmations: list[Json]) -> Iterator[str]:
    """What two people confirm before a start, with the fingerprint that a confirmation names."""
    if confirmations:
        yield ""
        yield click.style("Two people confirm", bold=True)
    for item in confirmations:
        who = ", ".join(item["confirmed_by"]) or "nobody yet"
        missing = f"; {item['missing']} missing" if item["missing"] else ""
        yield from _wrapped(f"{item['what']}: {who}{missing}", "    ", first="  - ")
        if item["digest"] is not None:
            yield click.style(f"    digest {item['digest']}", dim=True)


def _bedside(told: Json) -> Iterator[str]:
    infusion = told["infusion"]
    if infusion is None:
        return
    yield ""
    yield click.style(f"Infusion {infusion['session']}", bold=True) + f"  {infusion['phase']}"
    yield (
        f"  {infusion['rate_ug_per_kg_h']:g} ug/kg/h confirmed, {infusion['planned_rate_ug_per_kg_h']:g} planned; "
        f"given {infusion['confirmed_ug_per_kg']:.0f} of {infusion['planned_ug_per_kg']:.0f} ug/kg; "
        f"responsible: {infusion['responsible']}"
    )
    if infusion["never_resumed_because"]:
        yield click.style(f"  Never resumed: {infusion['never_resumed_because']}", fg="red", bold=True)
    for alarm in told["alarms"]:
        if alarm["priority"] != "high" and alarm["text"].startswith("Overdue: "):
            continue  # said under Overdue, with its time
        colour = {"high": "red", "medium": "yellow", "low": "cyan"}[alarm["priority"]]
        yield from _wrapped(
            f"{alarm['text']} [{alarm['rule']}; {alarm['source']}; {alarm['grade']}]",
            " " * 10,
            first=_alarm(alarm["priority"], colour),
        )
    if told["leaving"] is not None:
        yield click.style(f"  Leaving: {told['leaving']['leaving']}", bold=True)
        unmet = (item for item in told["leaving"]["reasons"] if item["finding"] != "allows")
        for reason in unmet:
            yield from _wrapped(_cited(reason), "      ", first="    - ")
    check = told["next_check"]
    if check is not None:
        yield f"  Next check: {_when(check['due_at'])}, {check['what']} ({check['status']})"


def _alarm(priority: str, colour: str) -> str:
    return "  " + click.style(f"{priority:<8}", fg=colour, bold=priority == "high")


def _rows(title: str, rows: list[tuple[str | None, str, str]], *, colour: str) -> Iterator[str]:
    if rows:
        yield ""
        yield click.style(title, fg=colour, bold=True)
    for at, what, rule in rows:
        since = "" if at is None else f"since {_when(at)}: "
        yield from _wrapped(f"{since}{what} [{rule}]", "    ", first="  - ")


def _scores(scores: list[Json]) -> Iterator[str]:
    if scores:
        yield ""
        yield click.style("Scores", bold=True)
    for score in scores:
        totals = " → ".join(_total(point) for point in score["points"])
        yield f"  {score['label']:<10} {totals}{_change(score['change'])}{_outcome(score['outcome'])}"


def _total(point: Json) -> str:
    total = "no total" if point["total"] is None else f"{point['total']:g}"
    return f"{total} ({datetime.fromisoformat(point['at']):%d %b})"


def _change(change: float | None) -> str:
    if change is None:
        return ""
    return "; no change" if change == 0 else f"; {'down' if change < 0 else 'up'} {abs(change):g}"


def _outcome(outcome: Json | None) -> str:
    if outcome is None:
        return ""
    words = {True: "response", False: "no response", None: "response unknown"}[outcome["response"]]
    words += {True: ", remission", False: ", no remission", None: ""}[outcome["remission"]]
    change = "" if outcome["reliable_change"] is None else f", {outcome['reliable_change']}"
    relapse = "" if outcome["relapse"] in {None, "no"} else f", relapse {outcome['relapse']}"
    return f" ({words}{change}{relapse})"


def _cited(reason: Json) -> str:
    return f"{reason['text']} [{reason['rule']}; {reason['source']}; {reason['grade']}]"


def _wrapped(text: str, indent: str, *, first: str | None = None) -> Iterator[str]:
    lines = textwrap.wrap(text, WIDTH - len(indent), break_on_hyphens=False) or [""]
    yield (indent if first is None else first) + lines[0]
    yield from (indent + line for line in lines[1:])


def _when(text: str) -> str:
    return f"{datetime.fromisoformat(text):%a %d %b %Y %H:%M %z}"
