"""Eligibility as it stands today, and whether a clinician's decision still covers it."""

from __future__ import annotations

from matrescence.care.eligibility.decide import Eligibility, Judged, Outcome, decide
from matrescence.care.journey.known import Known
from matrescence.care.journey.rules import reason
from matrescence.care.journey.words import Ground
from matrescence.care.verdict import Finding, Reason


def eligibility(known: Known, ground: Ground) -> Eligibility | None:
    """The verdict from what is known today; ``None`` before her health facts are recorded."""
    if known.mother is None or known.health is None:
        return None
    return decide(known.mother, known.health, ground.drug)


def undecided(found: Eligibility) -> tuple[Judged, ...]:
    """The criteria that leave it to a clinician."""
    return tuple(item for item in found.judged if item.outcome is Outcome.CLINICIAN_DECIDES)


def open_reasons(known: Known, ground: Ground) -> frozenset[tuple[str, str]]:
    """The open criteria, by name and by what was found: a decision is about exactly these."""
    found = eligibility(known, ground)
    judged = () if found is None else undecided(found)
    return frozenset((item.criterion, item.reason.text) for item in judged)


def covered(known: Known, ground: Ground) -> bool:
    """Whether the newest decision was made knowing everything that is open today."""
    return known.decision is not None and open_reasons(known, ground) <= known.decision.about


def against(known: Known, ground: Ground) -> tuple[Reason, ...]:
    """Why she may not be treated by what is known today; empty when she may."""
    found = eligibility(known, ground)
    if found is None:
        return (reason("start_eligible", "Her health facts are not recorded."),)
    if found.outcome is Outcome.NOT_ELIGIBLE:
        return tuple(item.reason for item in found.judged if item.reason.finding is Finding.FORBIDS)
    if known.decision is not None and not known.decision.go_on:
        text = f"{known.decision.by} has decided against it: {known.decision.why}"
        return (reason("start_eligible", text),)
    if found.outcome is Outcome.CLINICIAN_DECIDES and not covered(known, ground):
        return tuple(item.reason for item in undecided(found))
    return ()
