"""The next session: of the series, then of maintenance as its protocol says, then whatever a clinician decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from matrescence.care.clock import clock_time, same_clock_h
from matrescence.care.drug import RegimenPlan, Schedule
from matrescence.care.recovery.guidance import Guidance, Maintenance
from matrescence.care.recovery.rules import RULE
from matrescence.care.verdict import Finding, Reason


class Next(Enum):
    """What comes next."""

    SERIES = "the next session of the series"
    MAINTENANCE = "a maintenance session"
    CLINICIAN = "clinician decides"
    NONE = "no session: the course has one"


@dataclass(frozen=True, slots=True)
class NextSession:
    """What comes next, when (``None``: not said), and why."""

    what: Next
    at: datetime | None
    reasons: tuple[Reason, ...]


def next_session(
    regimen: RegimenPlan, guidance: Guidance, *, done: Sequence[datetime], response: bool | None
) -> NextSession:
    """What follows the sessions that are done.

    Args:
        regimen: what she is on.
        guidance: the drug's recovery data.
        done: when each session that was given began, in any order; at least one.
        response: at the latest score; ``None`` is unknown.

    Raises:
        ValueError: nothing is done yet.
    """
    if not done:
        raise ValueError("the next session needs at least one that is done")
    given = sorted(done)
    warned = tuple(_non_response(guidance, len(given), response))
    if regimen.schedule is not Schedule.SESSIONS:
        return NextSession(Next.NONE, None, warned)
    if len(given) < len(regimen.session_days):
        days = regimen.session_days[len(given)] - regimen.session_days[0]
        at = max(clock_time(given[0], same_clock_h(given[0], days)), given[-1])
        reason = Reason(
            "recovery.next_in_series", Finding.ALLOWS, _number(given, regimen), regimen.source, regimen.grade
        )
        return NextSession(Next.SERIES, at, (reason, *warned))
    rule = guidance.maintenance
    if rule is None or regimen.name not in rule.after_regimens:
        return NextSession(
            Next.CLINICIAN, None, (RULE["recovery.maintenance_unknown"].reason(Finding.UNKNOWN), *warned)
        )
    return _maintenance(rule, given, len(given) - len(regimen.session_days), response, warned)


def _maintenance(
    rule: Maintenance, given: Sequence[datetime], had: int, response: bool | None, warned: tuple[Reason, ...]
) -> NextSession:
    said = rule.statement

    def because(finding: Finding, text: str) -> tuple[Reason, ...]:
        return (Reason("recovery.maintenance", finding, f"{text} {said.text}", said.source, said.grade), *warned)

    if had >= rule.times:
        return NextSession(Next.CLINICIAN, None, because(Finding.ASKS, f"All {rule.times} of the protocol are done."))
    if rule.responders_only and response is not True:
        text = "Whether she responded is not known." if response is None else "She has not responded."
        finding = Finding.UNKNOWN if response is None else Finding.ASKS
        return NextSession(Next.CLINICIAN, None, because(finding, text))
    at = clock_time(given[-1], same_clock_h(given[-1], rule.every_days))
    return NextSession(Next.MAINTENANCE, at, because(Finding.ALLOWS, f"Number {had + 1} of {rule.times}."))


def _number(given: Sequence[datetime], regimen: RegimenPlan) -> str:
    return f"Session {len(given) + 1} of {len(regimen.session_days)}."


def _non_response(guidance: Guidance, had: int, response: bool | None) -> Sequence[Reason]:
    rule = guidance.non_response
    if rule is None or response is not False or had < rule.after_sessions:
        return ()
    said = rule.statement
    return (Reason("recovery.non_response", Finding.WARNS, said.text, said.source, said.grade),)
