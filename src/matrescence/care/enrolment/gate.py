"""May this infusion start now?  Only when every requirement of the programme is met at that instant.

The gate has no override: not a parameter, not a role, not an emergency.  A life-saving drug would need one; a drug
for postpartum depression under a risk programme does not, and an override would be the one path that gets used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from matrescence.care.enrolment.programme import Programme
from matrescence.care.enrolment.records import Record, Revocation, Session, instant
from matrescence.care.enrolment.status import RequirementStatus, statuses
from matrescence.care.verdict import Reason


@dataclass(frozen=True, slots=True)
class GateOpen:
    """The start was allowed at ``at``, for this session only; ``evidence`` names the record behind each requirement.

    Only :func:`gate` makes one.  ``until`` is the first instant at which the answer must be asked again because a
    record runs out, something falls overdue, or something dated later than ``at`` begins (``None``: no such instant).
    """

    evidence: tuple[str, ...]
    at: datetime
    programme: str
    session: Session
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class GateClosed:
    """The start is refused: every requirement that is not met, and why."""

    reasons: tuple[Reason, ...]


def gate(
    programme: Programme, records: Sequence[Record | Revocation], at: datetime, *, session: Session
) -> GateOpen | GateClosed:
    """Ask whether ``session`` may start at ``at``, given everything on record.

    Open if and only if every requirement is met, waived, or not yet due; the order of the records does not matter.

    Raises:
        ValueError: ``at`` has no time zone.
    """
    found = statuses(programme, records, at, session=session)
    closing = tuple(reason for status in found if status.closes for reason in status.reasons)
    if closing:
        return GateClosed(closing)
    evidence = tuple(f"{status.requirement.id}: {record}" for status in found for record in status.evidence)
    return GateOpen(evidence, at, programme.name, session, _until(found, records, instant(at)))


def _until(found: Sequence[RequirementStatus], records: Sequence[Record | Revocation], at: datetime) -> datetime | None:
    ends = [moment for status in found for moment in (status.ends, status.due) if moment is not None]
    later = [moment for item in records if (moment := instant(item.at)) > at]
    return min([*ends, *later], default=None)
