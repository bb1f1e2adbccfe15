"""Each requirement of a programme at one instant: met, waived, pending, or not met and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from matrescence.care.enrolment.forms import gaps
from matrescence.care.enrolment.programme import Party, Programme, Requirement, Timing
from matrescence.care.enrolment.records import Record, Revocation, Session, instant
from matrescence.care.verdict import Finding, Reason


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
class RequirementStatus:
    """One requirement at one instant, with the records it rests on, its reasons, and when it ends or is due."""

    requirement: Requirement
    state: State
    evidence: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    ends: datetime | None = None
    due: datetime | None = None

    @property
    def closes(self) -> bool:
        """Whether it keeps the infusion from starting."""
        return self.state not in OPEN_STATES


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything one question rests on: the programme, what is on record, and for which session it is asked."""

    programme: Programme
    records: tuple[Record, ...]
    revoked: Mapping[str, datetime]
    session: Session

    def of(self, requirement: Requirement) -> list[Record]:
        return [record for record in self.records if record.requirement == requirement.id]


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why one record does not count."""

    state: State
    text: str


def statuses(
    programme: Programme, records: Sequence[Record | Revocation], at: datetime, *, session: Session
) -> tuple[RequirementStatus, ...]:
    """Every requirement of the programme at ``at``, in the programme's order.

    Raises:
        ValueError: ``at`` has no time zone.
    """
    moment = instant(at)
    case = _Case(programme, _in_time_order(records), _revocations(records), session)
    return tuple(_status(case, requirement, moment) for requirement in programme.requirements.values())


def _in_time_order(records: Iterable[Record | Revocation]) -> tuple[Record, ...]:
    return tuple(
        sorted((r for r in records if isinstance(r, Record)), key=lambda record: (instant(record.at), record.id))
    )


def _revocations(records: Iterable[Record | Revocation]) -> dict[str, datetime]:
    first: dict[str, datetime] = {}
    for item in records:
        if isinstance(item, Revocation):
            first[item.revokes] = min(instant(item.at), first.get(item.revokes, instant(item.at)))
    return first


def _status(case: _Case, requirement: Requirement, at: datetime) -> RequirementStatus:
    if requirement.ends_session and (ended := _standing(case, requirement, _names(case.session, requirement), at)):
        return _closed(requirement, State.OVER, f"this session has ended ({_ids(ended)}); name a new one")
    if requirement.timing in (Timing.SHOWN, Timing.EVENT):
        return _told(requirement, State.SHOWN, requirement.statement.text)
    if _waived(case, requirement, at):
        return _told(requirement, State.WAIVED, _waiver_text(requirement))
    unnamed = [party.value for party in requirement.about if not case.session.who(party)]
    if unnamed:
        return _closed(requirement, State.UNNAMED, f"the session names no {' and no '.join(unnamed)}")
    if requirement.timing is Timing.DUE_AFTER:
        return _due_status(case, requirement, at)
    return _start_status(case, requirement, at)


# ---- before the start -----------------------------------------------------------------------------------------


def _start_status(case: _Case, requirement: Requirement, at: datetime) -> RequirementStatus:
    about = _names(case.session, requirement)
    counting = _counting(case, requirement, about, at)
    if counting:
        return _met(case.programme, requirement, counting, at)
    own = [record for record in case.of(requirement) if _is_about(record, about)]
    if own:
        return _faulty(case, requirement, own, at)
    if case.of(requirement):
        return _closed(requirement, State.OTHER, f"on record, but not for {_shown(about)}")
    return _closed(requirement, State.MISSING, f"not on record for {_shown(about)}: {requirement.statement.text}")


def _met(programme: Programme, requirement: Requirement, counting: list[Record], at: datetime) -> RequirementStatus:
    last = _last_end(requirement, counting)
    warning = timedelta(days=programme.expiring_within_days.known)
    notes = []
    if last is not None and last - at <= warning:
        notes.append(_reason(requirement, "expiring", Finding.WARNS, f"runs out at {last.isoformat()}"))
    if requirement.valid_days is not None and requirement.valid_days.value is None:
        notes.append(_reason(requirement, "term_unknown", Finding.UNKNOWN, "how long this lasts is unknown"))
    evidence = tuple(sorted({record.id for record in counting}))
    return RequirementStatus(requirement, State.MET, evidence, tuple(notes), ends=last)


def _faulty(case: _Case, requirement: Requirement, own: list[Record], at: datetime) -> RequirementStatus:
    found = [(record, fault) for record in own for fault in _faults(case, requirement, record, at)]
    reasons = dict.fromkeys(
        _reason(requirement, fault.state.value, Finding.FORBIDS, f"record {record.id}: {fault.text}")
        for record, fault in found
    )
    newest = next(fault for record, fault in found if record is own[-1])
    return RequirementStatus(requirement, newest.state, reasons=tuple(reasons))


# ---- what becomes due -----------------------------------------------------------------------------------------


def _due_status(case: _Case, requirement: Requirement, at: datetime) -> RequirementStatus:
    causes = _causes(case, requirement, at)
    if not causes:
        return _told(requirement, State.NOT_DUE, "nothing on record has made this due")
    done = [(cause, _done(case, requirement, cause, at)) for cause in causes]
    evidence = tuple(sorted({record.id for _, records in done for record in records}))
    open_causes = [cause for cause, records in done if not records]
    if not open_causes:
        lasts = [end for _, records in done if (end := _last_end(requirement, records)) is not None]
        return RequirementStatus(requirement, State.MET, evidence, ends=min(lasts, default=None))
    term = requirement.within_days.value if requirement.within_days is not None else None
    if term is None:
        text = f"due after {_ids(open_causes)}; its deadline is unknown, so it is due at once"
        return _closed(requirement, State.DEADLINE_UNKNOWN, text)
    due = instant(open_causes[0].at) + timedelta(days=term)
    text = f"due after {_ids(open_causes)} by {due.isoformat()}: {requirement.statement.text}"
    if at > due:
        return _closed(requirement, State.OVERDUE, text, due)
    reason = _reason(requirement, "pending", Finding.WARNS, text)
    return RequirementStatus(requirement, State.PENDING, evidence, (reason,), due=due)


def _causes(case: _Case, requirement: Requirement, at: datetime) -> list[Record]:
    """What has made it due for this mother at this setting, oldest first; a cause that was taken back is none."""
    cause = case.programme.requirements[requirement.after or ""]
    lasting = _names(case.session, cause)
    lasting.pop(Party.SESSION, None)
    return _standing(case, cause, lasting, at)


def _standing(case: _Case, requirement: Requirement, about: Mapping[Party, str | None], at: datetime) -> list[Record]:
    """What has happened by ``at`` and was not taken back, complete or not: an event needs no form to be true."""
    return [
        record
        for record in case.of(requirement)
        if _is_about(record, about) and instant(record.at) <= at and not _taken_back(case, record, at)
    ]


def _done(case: _Case, requirement: Requirement, cause: Record, at: datetime) -> list[Record]:
    about = {**_names(case.session, requirement), **cause.about}
    wanted = {party: about.get(party) for party in requirement.about}
    counting = _counting(case, requirement, wanted, at)
    return [record for record in counting if instant(record.at) >= instant(cause.at)]


# ---- whether a record counts ----------------------------------------------------------------------------------


def _counting(case: _Case, requirement: Requirement, about: Mapping[Party, str | None], at: datetime) -> list[Record]:
    return [
        record
        for record in case.of(requirement)
        if _is_about(record, about) and not _faults(case, requirement, record, at)
    ]


def _faults(case: _Case, requirement: Requirement, record: Record, at: datetime) -> list[_Fault]:
    found = []
    begins, end = instant(record.at), _end(requirement, record)
    if begins > at:
        found.append(_Fault(State.NOT_YET, f"begins only at {begins.isoformat()}"))
    if _taken_back(case, record, at):
        found.append(_Fault(State.REVOKED, f"taken back at {case.revoked[record.id].isoformat()}"))
    if end is not None and end <= at:
        found.append(_Fault(State.EXPIRED, f"ran out at {end.isoformat()}"))
    if requirement.form is not None:
        form = case.programme.forms[requirement.form]
        found += [_Fault(State.INCOMPLETE, gap) for gap in gaps(form, record.answers, record.signatures, record.at)]
    for name in requirement.follows:
        if not _already_met(case, case.programme.requirements[name], record):
            found.append(_Fault(State.OUT_OF_ORDER, f"made before {name} had been met"))
    return found


def _already_met(case: _Case, earlier: Requirement, record: Record) -> bool:
    """Whether an earlier step had been met for the same parties when ``record`` was made."""
    about = {party: record.about.get(party) for party in earlier.about}
    then = instant(record.at)
    return bool(_counting(case, earlier, about, then)) or _waived(case, earlier, then, about)


def _waived(
    case: _Case, requirement: Requirement, at: datetime, about: Mapping[Party, str | None] | None = None
) -> bool:
    if requirement.waived is None:
        return False
    source = case.programme.requirements[requirement.waived.requirement]
    names = _names(case.session, source) if about is None else {party: about[party] for party in source.about}
    answers = [record.answers.get(requirement.waived.field) for record in _counting(case, source, names, at)]
    return bool(answers) and all(answer == requirement.waived.equals for answer in answers)


def _taken_back(case: _Case, record: Record, at: datetime) -> bool:
    return record.id in case.revoked and case.revoked[record.id] <= at


def _end(requirement: Requirement, record: Record) -> datetime | None:
    """When the record stops counting: its own term or the programme's, whichever is first; days are 24 hours."""
    ends = [] if record.expires is None else [instant(record.expires)]
    if requirement.valid_days is not None and requirement.valid_days.value is not None:
        ends.append(instant(record.at) + timedelta(days=requirement.valid_days.value))
    return min(ends, default=None)


def _last_end(requirement: Requirement, counting: list[Record]) -> datetime | None:
    """When the last of several counting records runs out; ``None`` when one of them has no end."""
    ends = [_end(requirement, record) for record in counting]
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None


def _is_about(record: Record, about: Mapping[Party, str | None]) -> bool:
    return all(name and record.about.get(party) == name for party, name in about.items())


def _names(session: Session, requirement: Requirement) -> dict[Party, str | None]:
    return {party: session.who(party) for party in requirement.about}


# ---- words ----------------------------------------------------------------------------------------------------


def _told(requirement: Requirement, state: State, text: str) -> RequirementStatus:
    return RequirementStatus(requirement, state, reasons=(_reason(requirement, state.value, Finding.ALLOWS, text),))


def _closed(requirement: Requirement, state: State, text: str, due: datetime | None = None) -> RequirementStatus:
    return RequirementStatus(
        requirement, state, reasons=(_reason(requirement, state.value, Finding.FORBIDS, text),), due=due
    )


def _reason(requirement: Requirement, topic: str, finding: Finding, text: str) -> Reason:
    statement = requirement.statement
    return Reason(f"enrolment.{topic}", finding, f"{requirement.id}: {text}", statement.source, statement.grade)


def _waiver_text(requirement: Requirement) -> str:
    waived = requirement.waived
    return "" if waived is None else f"does not apply: {waived.field} is {waived.equals} in {waived.requirement}"


def _shown(about: Mapping[Party, str | None]) -> str:
    return ", ".join(f"{party.value} {name}" for party, name in about.items())


def _ids(records: Iterable[Record]) -> str:
    return ", ".join(dict.fromkeys(record.id for record in records))
