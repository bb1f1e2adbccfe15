"""May this record be added?  Whatever was wrongly said is refused here, with every reason, before it is written."""

from __future__ import annotations

from datetime import datetime

from matrescence.care.enrolment.records import instant, said
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion.events import Event
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.state import OVER
from matrescence.care.journey import words
from matrescence.care.journey.confirming import against_confirming
from matrescence.care.journey.infuse import Command, answer
from matrescence.care.journey.known import Known
from matrescence.care.journey.leaving import against_leaving
from matrescence.care.journey.rules import reason
from matrescence.care.verdict import Reason

NOT_NAMED = "not named"
"""Written where nobody was named; allowed only for what changes nothing at the bedside."""

_NEEDS_A_NAME = (
    words.Disposed,
    words.ClinicianDecided,
    words.Confirmed,
    words.Infused,
    words.LeavingChecked,
    words.Left,
)


def admit(known: Known, ground: words.Ground, entry: words.Entry) -> tuple[Reason, ...]:
    """Why a record that tells something may not be added; empty when it may.

    An infusion's events never come in this way (see :func:`infused`).
    """
    what = entry.what
    return (
        *_time(known, entry.happened_at, entry.recorded_at),
        *_named(what, entry.by),
        *(_events(what)),
        *(_disposition(known, what) if isinstance(what, words.Disposed) else ()),
        *(_correction(known, what) if isinstance(what, words.Corrected) else ()),
        *_answers(what.told if isinstance(what, words.Corrected) else what),
        *_whose(known, what.told if isinstance(what, words.Corrected) else what),
        *(_plan(ground, what) if isinstance(what, words.PlanChosen) else ()),
        *(against_confirming(known, ground, what) if isinstance(what, words.Confirmed) else ()),
        *(_feeding(ground, what) if isinstance(what, words.FeedingChosen) else ()),
        *(_checklist(known, entry.happened_at) if isinstance(what, words.LeavingChecked) else ()),
    )


def infused(known: Known, ground: words.Ground, command: Command) -> tuple[Event, ...] | Refused:
    """What a command to the infusion leads to; the order of the log's times holds here too."""
    stamp = command.stamp
    late = (*_time(known, stamp.happened_at, stamp.recorded_at), *_named(words.Infused(()), stamp.by))
    if late:
        return Refused(late)
    if isinstance(command, cmd.Discharge):
        return Refused((reason("discharge", "Record how she left: that discharges the infusion too."),))
    return answer(known, ground, command)


def left(
    known: Known, ground: words.Ground, command: cmd.Discharge, decided: words.Decided | None = None
) -> tuple[Event, ...] | Refused:
    """What her leaving leads to.  Without an open infusion there is nothing to end, and she may leave.

    The infusion's own rules and the checklist both have a say; ``decided`` answers for the checklist alone.
    """
    reasons = (
        *_time(known, command.stamp.happened_at, command.stamp.recorded_at),
        *_named(words.Left("", ()), command.stamp.by),
        *(() if decided is None else _named(words.Left("", ()), decided.by)),
    )
    if reasons:
        return Refused(reasons)
    if known.between_infusions:
        return ()
    if known.state.phase not in OVER:
        return Refused((reason("discharge", f"The infusion is {known.state.phase.value}: it is not over."),))
    outcome = answer(known, ground, command)
    against = against_leaving(known, ground, command.stamp.happened_at, decided)
    if not against or outcome == ():
        return outcome
    return Refused((*(outcome.reasons if isinstance(outcome, Refused) else ()), *against))


def _time(known: Known, happened_at: datetime, recorded_at: datetime) -> tuple[Reason, ...]:
    found = []
    if instant(happened_at) > instant(recorded_at):
        found.append(reason("time", f"This is said to happen at {said(happened_at)}, after it is recorded."))
    if known.recorded_at is not None and instant(recorded_at) < instant(known.recorded_at):
        last = said(known.recorded_at)
        found.append(reason("time", f"The log already holds a record of {last}, later than {said(recorded_at)}."))
    return tuple(found)


def _named(what: words.What, by: str) -> tuple[Reason, ...]:
    named = by.strip() not in {"", NOT_NAMED}
    return () if named or not isinstance(what, _NEEDS_A_NAME) else (reason("named", "Say who acts: by is missing."),)


def _events(what: words.What) -> tuple[Reason, ...]:
    return (reason("events"),) if isinstance(what, words.Infused | words.Left) and what.events else ()


def _disposition(known: Known, what: words.Disposed) -> tuple[Reason, ...]:
    still_open = [task.id for task in known.open_tasks]
    wrong = [task for task in what.tasks if task not in still_open]
    if not wrong:
        return ()
    listed = ", ".join(still_open) or "none"
    return (reason("disposition", f"No open urgent task {', '.join(wrong)}. Open: {listed}."),)


def _correction(known: Known, what: words.Corrected) -> tuple[Reason, ...]:
    there = known.entries.get(what.of)
    if there is None:
        return (reason("correction", f"There is no record at position {what.of} to correct."),)
    kind = type(there.what)
    if kind not in words.CORRECTABLE:
        return (reason("correction", f"Position {what.of} is not corrected like this. {_INSTEAD[kind]}"),)
    if type(what.told) is not kind:
        return (reason("correction", f"Position {what.of} holds another kind of record."),)
    return ()


_INSTEAD: dict[type, str] = {
    words.Disposed: "Record another disposition; a closed task is opened again by answers only.",
    words.ClinicianDecided: "Record another decision.",
    words.Filed: "File a revocation, and the right record.",
    words.PlanChosen: "Choose the plan anew.",
    words.Confirmed: "Choose the plan anew; what was confirmed before then counts no more.",
    words.Infused: "Use the infusion's own command correct-observation.",
    words.Corrected: "Correct the first record again.",
    words.Left: "Write down what was wrong as another record.",
}


def _answers(what: words.What) -> tuple[Reason, ...]:
    if not isinstance(what, words.Assessed) or what.consultation or what.history.says_how_she_is:
        return ()
    answered = any(value is not None for form in what.forms for value in form.given.values())
    return () if answered else (reason("answers", "Nothing was answered: give at least one answer."),)


def _whose(known: Known, what: words.What) -> tuple[Reason, ...]:
    name = what.name if isinstance(what, words.Assessed) else None
    name = what.session.mother if isinstance(what, words.Filed) else name
    if known.mother is None or name in {None, known.mother.name}:
        return ()
    return (reason("whose", f"This is about {name!r}, not about {known.mother.name!r}."),)


def _checklist(known: Known, at: datetime) -> tuple[Reason, ...]:
    ended_at = known.state.ended_at
    if known.between_infusions or known.state.phase not in OVER or ended_at is None:
        return (reason("leaving", "No infusion waits for her to leave: the checklist is filled after its end."),)
    if instant(at) < instant(ended_at):
        return (reason("leaving", f"The infusion ended at {said(ended_at)}, after this checklist."),)
    return ()


def _plan(ground: words.Ground, what: words.PlanChosen) -> tuple[Reason, ...]:
    if what.regimen in ground.drug.regimens:
        return ()
    known = ", ".join(ground.drug.regimens)
    return (reason("plan", f"{ground.drug.name} has no regimen {what.regimen!r}; known: {known}."),)


def _feeding(ground: words.Ground, what: words.FeedingChosen) -> tuple[Reason, ...]:
    who = [advice.who for advice in ground.drug.lactation.advice]
    if what.follows is None or what.follows in who:
        return ()
    return (reason("feeding", f"Nobody called {what.follows!r} advises on feeding here; known: {', '.join(who)}."),)
