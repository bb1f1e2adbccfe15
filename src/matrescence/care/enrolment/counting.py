"""Whether one record counts for one requirement at one instant, and if not, why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from matrescence.care.enrolment.forms import gaps
from matrescence.care.enrolment.programme import Party, Programme, Requirement
from matrescence.care.enrolment.records import Record, Revocation, Session, instant, said


class State(Enum):
    """How a requirement stands; the value is the topic of the rule that says so."""

    MET = "met"
    WAIVED = "waived"
    PENDING = "pending"
    NOT_DUE = "not_due"
    SHOWN = "shown"
    MISSING = "missing"
    UNNAMED = "unnamed"
    OTHER = "other"
    NOT_YET = "not_yet"
    INCOMPLETE = "incomplete"
    OUT_OF_ORDER = "out_of_order"
    REVOKED = "revoked"
    EXPIRED = "expired"
    OVERDUE = "overdue"
    DEADLINE_UNKNOWN = "deadline_unknown"
    OVER = "over"


OPEN_STATES = frozenset({State.MET, State.WAIVED, State.PENDING, State.NOT_DUE, State.SHOWN})
"""The states in which a requirement does not close the gate; every other one does."""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything one question rests on: the programme, what is on record, and for which session it is asked.

    ``records`` holds those of each requirement, oldest first.  ``counted`` remembers what was already worked out:
    a chain of earlier steps asks the same thing of every record of every step.
    """

    programme: Programme
    records: Mapping[str, Sequence[Record]]
    revoked: Mapping[str, datetime]
    session: Session
    counted: dict[tuple[object, ...], list[Record]] = field(default_factory=dict, compare=False, repr=False)

    def of(self, requirement: Requirement) -> Sequence[Record]:
        """Every record of a requirement, oldest first, whomever it is about."""
        return self.records.get(requirement.id, ())


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one record does not count."""

    state: State
    text: str


def case_of(programme: Programme, records: Sequence[Record | Revocation], session: Session) -> Case:
    """Everything one question rests on; the order of the records does not matter."""
    return Case(programme, _in_time_order(records), _revocations(records), session)


def _in_time_order(records: Iterable[Record | Revocation]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in sorted((r for r in records if isinstance(r, Record)), key=lambda r: (instant(r.at), r.id)):
        found.setdefault(record.requirement, []).append(record)
    return found


def _revocations(records: Iterable[Record | Revocation]) -> dict[str, datetime]:
    first: dict[str, datetime] = {}
    for item in records:
        if isinstance(item, Revocation):
            first[item.revokes] = min(instant(item.at), first.get(item.revokes, instant(item.at)))
    return first


def records_that_count(
    case: Case, requirement: Requirement, about: Mapping[Party, str | None], at: datetime
) -> list[Record]:
    """The records of a requirement about exactly these that have no fault at ``at``."""
    question = (requirement.id, *sorted((party.value, name) for party, name in about.items()), at)
    if question not in case.counted:
        case.counted[question] = [
            record
            for record in case.of(requirement)
            if is_about(record, about) and not faults(case, requirement, record, at)
        ]
    return case.counted[question]


def faults(case: Case, requirement: Requirement, record: Record, at: datetime) -> list[Fault]:
    """Why a record does not count at ``at``: every reason, none when it counts."""
    found = []
    begins, end = instant(record.at), _end(requirement, record)
    if begins > at:
        found.append(Fault(State.NOT_YET, f"begins only at {said(begins)}"))
    if _taken_back(case, record, at):
        found.append(Fault(State.REVOKED, f"taken back at {said(case.revoked[record.id])}"))
    if end is not None and end <= at:
        found.append(Fault(State.EXPIRED, f"ran out at {said(end)}"))
    if requirement.form is not None:
        form = case.programme.forms[requirement.form]
        found += [Fault(State.INCOMPLETE, gap) for gap in gaps(form, record.answers, record.signatures, record.at)]
    for name in requirement.follows:
        if not _already_met(case, case.programme.requirements[name], record):
            found.append(Fault(State.OUT_OF_ORDER, f"made before {name} had been met"))
    return found


def _already_met(case: Case, earlier: Requirement, record: Record) -> bool:
    """Whether an earlier step had been met for the same parties when ``record`` was made."""
    about = {party: record.about.get(party) for party in earlier.about}
    then = instant(record.at)
    return bool(records_that_count(case, earlier, about, then)) or waived(case, earlier, then, about)


def waived(case: Case, requirement: Requirement, at: datetime, about: Mapping[Party, str | None] | None = None) -> bool:
    """Whether a requirement falls away: every counting record of its source says so, and there is one."""
    if requirement.waived is None:
        return False
    source = case.programme.requirements[requirement.waived.requirement]
    wanted = names_in(case.session, source) if about is None else {party: about[party] for party in source.about}
    answers = [record.answers.get(requirement.waived.field) for record in records_that_count(case, source, wanted, at)]
    return bool(answers) and all(answer == requirement.waived.equals for answer in answers)


def _taken_back(case: Case, record: Record, at: datetime) -> bool:
    return record.id in case.revoked and case.revoked[record.id] <= at


def _end(requirement: Requirement, record: Record) -> datetime | None:
    """When the record stops counting: its own term or the programme's, whichever is first; days are 24 hours."""
    ends = [] if record.expires is None else [instant(record.expires)]
    if requirement.valid_days is not None and requirement.valid_days.value is not None:
        ends.append(instant(record.at) + timedelta(days=requirement.valid_days.value))
    return min(ends, default=None)


def last_end(requirement: Requirement, records: list[Record]) -> datetime | None:
    """When the last of several counting records runs out; ``None`` when one of them has no end."""
    ends = [_end(requirement, record) for record in records]
    known = [end for end in ends if end is not None]
    return max(known, default=None) if len(known) == len(ends) else None


def is_about(record: Record, about: Mapping[Party, str | None]) -> bool:
    """Whether a record names exactly these; a name that is missing matches nothing."""
    return all(name and record.about.get(party) == name for party, name in about.items())


def names_in(session: Session, requirement: Requirement) -> dict[Party, str | None]:
    """Whom the session names for a requirement, by party."""
    return {party: session.who(party) for party in requirement.about}


def standing(case: Case, requirement: Requirement, about: Mapping[Party, str | None], at: datetime) -> list[Record]:
    """What has happened by ``at`` and was not taken back, complete or not: an event needs no form to be true."""
    return [
        record
        for record in case.of(requirement)
        if is_about(record, about) and instant(record.at) <= at and not _taken_back(case, record, at)
    ]
