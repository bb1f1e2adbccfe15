"""The gate of the risk programme, asked of the log itself."""

from __future__ import annotations

from datetime import datetime

from matrescence.care.enrolment.gate import GateClosed, GateOpen, gate
from matrescence.care.enrolment.programme import Party, Programme
from matrescence.care.enrolment.records import Record, Revocation, instant
from matrescence.care.enrolment.status import RequirementStatus, statuses
from matrescence.care.journey.known import Infusion, Known
from matrescence.care.journey.rules import reason
from matrescence.care.journey.words import Ground


def programme_records(known: Known, programme: Programme) -> tuple[Record | Revocation, ...]:
    """Everything filed, and the end of every infusion in this log as the event that the programme waits for."""
    ends = [name for name, item in programme.requirements.items() if item.ends_session]
    given = [_given(infusion, name) for infusion in known.infusions for name in ends]
    ended = tuple(record for record in given if record is not None)
    ids = {record.id for record in ended}
    filed = tuple(filing.item for filing in known.filings)
    # What this log itself saw end cannot be taken back by a paper.
    return (*(item for item in filed if not (isinstance(item, Revocation) and item.revokes in ids)), *ended)


def _given(infusion: Infusion, requirement: str) -> Record | None:
    state, session = infusion.state, infusion.session
    if state.ended_at is None or session is None:
        return None
    about = {party: name for party in Party if (name := session.who(party)) is not None}
    return Record(f"log-{session.session}", requirement, state.ended_at, state.nurse, about)


def papers_at(known: Known, ground: Ground, at: datetime) -> tuple[RequirementStatus, ...]:
    """Where every requirement of her session stands at ``at``; none before a session is recorded."""
    if known.session is None:
        return ()
    return statuses(ground.programme, programme_records(known, ground.programme), at, session=known.session)


def asked_of_log(known: Known, ground: Ground, at: datetime) -> GateOpen | GateClosed:
    """The gate at ``at``: by what had been written down by then, and by everything known now; both must be open.

    A record written down after ``at`` cannot open what was closed; a revocation or an event written down after it
    can close what seemed open.
    """
    if known.session is None:
        return GateClosed((reason("gate", "No session of the risk programme is recorded."),))
    everything = programme_records(known, ground.programme)
    late = {
        filing.item.id
        for filing in known.filings
        if isinstance(filing.item, Record) and instant(filing.recorded_at) > instant(at)
    }
    by_then = tuple(item for item in everything if item.id not in late)
    answers = [gate(ground.programme, items, at, session=known.session) for items in (by_then, everything)]
    then, now = answers
    if isinstance(then, GateOpen) and isinstance(now, GateOpen):
        return then
    told = (reason("start_record"),) if isinstance(now, GateOpen) else ()
    closing = dict.fromkeys(r for answer in answers if isinstance(answer, GateClosed) for r in answer.reasons)
    return GateClosed((*told, *closing))
