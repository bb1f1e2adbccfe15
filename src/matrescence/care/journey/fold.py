"""Fold records into what is known.  Nothing is refused here: what is recorded has happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from matrescence.care.enrolment.records import instant
from matrescence.care.infusion.events import Event, Opened, RateConfirmed, StartAuthorised
from matrescence.care.infusion.evolve import evolve
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.state import State
from matrescence.care.journey import tasks, words
from matrescence.care.journey.eligible import open_reasons
from matrescence.care.journey.infuse import AskStart, answer
from matrescence.care.journey.known import Decision, Filing, Infusion, Known


def fold(entries: Iterable[words.Entry], ground: words.Ground, known: Known | None = None) -> Known:
    """What is known after all of these records, which follow what is ``known`` already.

    The same as one :func:`step` after another, but the records are gathered in one table instead of one for each step.
    """
    known = Known() if known is None else known
    table = dict(known.entries)
    known = replace(known, entries=table)
    for entry in entries:
        kept, stood = _kept(known, entry)
        table |= {entry.position: entry, kept.position: kept}
        known = _stepped(known, entry, kept, ground, stood)
    return known


def step(known: Known, entry: words.Entry, ground: words.Ground) -> Known:
    """What is known after one more record.  Total: every record is accepted after every other."""
    kept, stood = _kept(known, entry)
    known = replace(known, entries={**known.entries, entry.position: entry, kept.position: kept})
    return _stepped(known, entry, kept, ground, stood)


def _kept(known: Known, entry: words.Entry) -> tuple[words.Entry, words.Entry | None]:
    """The record as it is kept, and what stood in its place if it corrects another."""
    if isinstance(entry.what, words.Corrected):
        return _as_corrected(known, entry, entry.what), known.entries.get(entry.what.of)
    return entry, None


def _stepped(
    known: Known, entry: words.Entry, kept: words.Entry, ground: words.Ground, stood: words.Entry | None
) -> Known:
    """What is known after a record that stands among the entries already; ``stood`` is what it corrects."""
    if not isinstance(entry.what, words.Infused):
        known = replace(known, told={**known.told, entry.position: entry, kept.position: kept})
    told = _changed(known, kept, ground, stood, position=entry.position)
    back = (*known.set_back, entry.position) if _clock_was_set_back(known, entry) else known.set_back
    return replace(told, recorded_at=entry.recorded_at, set_back=back)


def _clock_was_set_back(known: Known, entry: words.Entry) -> bool:
    last = known.recorded_at
    return entry.clock_at is not None or (last is not None and instant(entry.recorded_at) < instant(last))


def _as_corrected(known: Known, entry: words.Entry, told: words.Corrected) -> words.Entry:
    """The record with what is right in it.

    Who she is and her health facts are told whole each time, so their correction is the newest telling and keeps its
    own place; everything else takes the place of what it corrects, at the time that happened.
    """
    if isinstance(told.told, words.MotherKnown | words.HealthKnown) or told.of not in known.entries:
        return replace(entry, what=told.told)
    return replace(known.entries[told.of], what=told.told)


def _changed(
    known: Known, entry: words.Entry, ground: words.Ground, stood: words.Entry | None, *, position: int
) -> Known:
    match entry.what:
        case words.Assessed() as told:
            before = stood.what if stood is not None and isinstance(stood.what, words.Assessed) else None
            found = tasks.opened(known, told, ground.lines, before, position=position, since=entry.happened_at)
            return replace(known, tasks=found)
        case words.Disposed() as told:
            return replace(known, tasks=tasks.disposed(known.tasks, told))
        case words.ClinicianDecided(go_on=go_on, why=why):
            return replace(known, decision=Decision(go_on, why, entry.by, open_reasons(known, ground)))
        case words.Filed(session=session, items=items):
            filed = tuple(Filing(item, entry.recorded_at) for item in items)
            return replace(known, session=session, filings=(*known.filings, *filed))
        case words.Infused(events=events) | words.Left(events=events):
            return _infused(known, entry, events, ground)
        case _:
            return known  # kept among the entries, and read from there


def _infused(known: Known, entry: words.Entry, events: tuple[Event, ...], ground: words.Ground) -> Known:
    for event in events:
        if _would_be_refused(known, ground, event) and entry.position not in known.ungated:
            known = replace(known, ungated=(*known.ungated, entry.position))
        known = replace(known, infusions=_evolved(known, event, entry.position))
    return known


def _would_be_refused(known: Known, ground: words.Ground, event: Event) -> bool:
    """Whether other hands wrote what leads to a running pump: the rules are asked again, of the log up to here."""
    if isinstance(event, Opened):
        return not known.between_infusions
    if known.infusion is None:
        return True
    if isinstance(event, StartAuthorised):
        asked = answer(known, ground, AskStart(event.stamp, event.cause.key))
        return isinstance(asked, Refused) or not asked
    return isinstance(event, RateConfirmed) and known.state.gate is None


def _evolved(known: Known, event: Event, position: int) -> tuple[Infusion, ...]:
    if isinstance(event, Opened):
        return (*known.infusions, Infusion(evolve(State(), event), known.session, position))
    newest = known.infusion
    if newest is None:  # of no infusion in this log; it is shown as such
        return known.infusions
    return (*known.infusions[:-1], replace(newest, state=evolve(newest.state, event)))
