"""Each requirement of a programme at one instant: met, waived, pending, or not met and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from matrescence.care.enrolment import counting
from matrescence.care.enrolment.counting import OPEN_STATES, Case, State
from matrescence.care.enrolment.programme import Party, Programme, Requirement, Timing
from matrescence.care.enrolment.records import Record, Revocation, Session, instant, said
from matrescence.care.verdict import Finding, Reason


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


def statuses(
    programme: Programme, records: Sequence[Record | Revocation], at: datetime, *, session: Session
) -> tuple[RequirementStatus, ...]:
    """Every requirement of the programme at ``at``, in the programme's order.

    Raises:
        ValueError: ``at`` has no time zone.
    """
    moment = instant(at)
    case = counting.case_of(programme, records, session)
    return tuple(_status(case, requirement, moment) for requirement in programme.requirements.values())


def _status(case: Case, requirement: Requirement, at: datetime) -> RequirementStatus:
    about = counting.names_in(case.session, requirement)
    if requirement.ends_session and (ended := counting.standing(case, requirement, about, at)):
        return _closed(requirement, State.OVER, f"this session has ended ({_ids(ended)}); name a new one")
    if requirement.timing in (Timing.SHOWN, Timing.EVENT):
        return _told(requirement, State.SHOWN, requirement.statement.text)
    if counting.waived(case, requirement, at):
        return _told(requirement, State.WAIVED, _waiver_text(requirement))
    unnamed = [party.value for party in requirement.about if not case.session.who(party)]
    if unnamed:
        return _closed(requirement, State.UNNAMED, f"the session names no {' and no '.join(unnamed)}")
    if requirement.timing is Timing.DUE_AFTER:
        return _due_status(case, requirement, at)
    return _start_status(case, requirement, at)


# ---- before the start -----------------------------------------------------------------------------------------


def _start_status(case: Case, requirement: Requirement, at: datetime) -> RequirementStatus:
    about = counting.names_in(case.session, requirement)
    good = counting.records_that_count(case, requirement, about, at)
    if good:
        return _met(case.programme, requirement, good, at)
    own = [record for record in case.of(requirement) if counting.is_about(record, about)]
    if own:
        return _faulty(case, requirement, own, at)
    if case.of(requirement):
        return _closed(requirement, State.OTHER, f"on record, but not for {_shown(about)}")
    return _closed(requirement, State.MISSING, f"not on record yet: {requirement.statement.text}")


def _met(programme: Programme, requirement: Requirement, good: list[Record], at: datetime) -> RequirementStatus:
    last = counting.last_end(requirement, good)
    warning = timedelta(days=programme.expiring_within_days.known)
    notes = []
    if last is not None and last - at <= warning:
        notes.append(_reason(requirement, "expiring", Finding.WARNS, f"runs out at {said(last)}"))
    if requirement.valid_days is not None and requirement.valid_days.value is None:
        notes.append(_reason(requirement, "term_unknown", Finding.UNKNOWN, "how long this lasts is unknown"))
    evidence = tuple(sorted({record.id for record in good}))
    return RequirementStatus(requirement, State.MET, evidence, tuple(notes), ends=last)


def _faulty(case: Case, requirement: Requirement, own: list[Record], at: datetime) -> RequirementStatus:
    found = [(record, fault) for record in own for fault in counting.faults(case, requirement, record, at)]
    reasons = dict.fromkeys(
        _reason(requirement, fault.state.value, Finding.FORBIDS, f"record {record.id}: {fault.text}")
        for record, fault in found
    )
    newest = next(fault for record, fault in found if record is own[-1])
    return RequirementStatus(requirement, newest.state, reasons=tuple(reasons))


# ---- what becomes due -----------------------------------------------------------------------------------------


def _due_status(case: Case, requirement: Requirement, at: datetime) -> RequirementStatus:
    causes = _causes(case, requirement, at)
    if not causes:
        return _told(requirement, State.NOT_DUE, "nothing on record has made this due")
    done = [(cause, _done(case, requirement, cause, at)) for cause in causes]
    evidence = tuple(sorted({record.id for _, records in done for record in records}))
    open_causes = [cause for cause, records in done if not records]
    lasts = [end for _, records in done if (end := counting.last_end(requirement, records)) is not None]
    ends = min(lasts, default=None)
    if not open_causes:
        return RequirementStatus(requirement, State.MET, evidence, ends=ends)
    term = requirement.within_days.value if requirement.within_days is not None else None
    if term is None:
        text = f"due after {_ids(open_causes)}; its deadline is unknown, so it is due at once"
        return _closed(requirement, State.DEADLINE_UNKNOWN, text)
    due = instant(open_causes[0].at) + timedelta(days=term)
    text = f"due after {_ids(open_causes)} by {said(due)}: {requirement.statement.text}"
    if at > due:
        return _closed(requirement, State.OVERDUE, text, due)
    reason = _reason(requirement, "pending", Finding.WARNS, text)
    return RequirementStatus(requirement, State.PENDING, evidence, (reason,), ends, due)


def _causes(case: Case, requirement: Requirement, at: datetime) -> list[Record]:
    """What has made it due for this mother at this setting, oldest first; a cause that was taken back is none."""
    cause = case.programme.requirements[requirement.after or ""]
    lasting = counting.names_in(case.session, cause)
    lasting.pop(Party.SESSION, None)
    return counting.standing(case, cause, lasting, at)


def _done(case: Case, requirement: Requirement, cause: Record, at: datetime) -> list[Record]:
    about = {**counting.names_in(case.session, requirement), **cause.about}
    wanted = {party: about.get(party) for party in requirement.about}
    good = counting.records_that_count(case, requirement, wanted, at)
    return [record for record in good if instant(record.at) >= instant(cause.at)]


# ---- words ----------------------------------------------------------------------------------------------------


def _told(requirement: Requirement, state: State, text: str) -> RequirementStatus:
    return RequirementStatus(requirement, state, reasons=(_reason(requirement, state.value, Finding.ALLOWS, text),))


def _closed(requirement: Requirement, state: State, text: str, due: datetime | None = None) -> RequirementStatus:
    return RequirementStatus(
        requirement, state, reasons=(_reason(requirement, state.value, Finding.FORBIDS, text),), due=due
    )


def _reason(requirement: Requirement, topic: str, finding: Finding, text: str) -> Reason:
    statement = requirement.statement
    return Reason(
        f"enrolment.{topic}", finding, f"{_sentence(text)} ({requirement.id})", statement.source, statement.grade
    )


def _sentence(text: str) -> str:
    """With a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def _waiver_text(requirement: Requirement) -> str:
    waived = requirement.waived
    return "" if waived is None else f"does not apply: {waived.field} is {waived.equals} in {waived.requirement}"


def _shown(about: Mapping[Party, str | None]) -> str:
    return ", ".join(f"{party.value} {name}" for party, name in about.items())


def _ids(records: Iterable[Record]) -> str:
    return ", ".join(dict.fromkeys(record.id for record in records))
