"""Decisions at the bedside: readings, findings, answers, checks, bags, devices, handover, and the end."""

from __future__ import annotations

from datetime import timedelta

from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion.evolve import evolve
from matrescence.care.infusion.findings import meaning
from matrescence.care.infusion.interrupt import interrupt, react
from matrescence.care.infusion.outcome import Outcome, Refused, refuse
from matrescence.care.infusion.readings import impossible
from matrescence.care.infusion.rules import BY_ID, reason
from matrescence.care.infusion.stamp import Cause
from matrescence.care.infusion.state import PUMP_MAY_RUN, Phase, State

PUMP = "pump"
"""The one device that no check of an order names."""


def observe(state: State, command: cmd.Observe, cause: Cause) -> Outcome:
    """Record a reading and act on what it shows, also when it is entered late."""
    slip = impossible(command.reading)
    if slip is not None:
        return refuse("infusion.plausible", slip)
    observed = ev.Observed(command.stamp, cause, command.reading)
    findings = meaning(command.reading, state.ordered).findings
    return (observed, *react(evolve(state, observed), command, cause, findings))


def correct(state: State, command: cmd.CorrectObservation, cause: Cause) -> Outcome:
    """Put a reading right.  What the wrong one stopped stays stopped; what only the right one shows acts now."""
    wrong = next((seen for seen in state.observations if seen.key == command.of), None)
    if wrong is None:
        return refuse("infusion.correction", f"no reading was recorded under {command.of!r}")
    if type(wrong.reading) is not type(command.reading):
        return refuse("infusion.correction", "a reading is corrected by one of the same kind")
    slip = impossible(command.reading)
    if slip is not None:
        return refuse("infusion.plausible", slip)
    before = meaning(wrong.reading, state.ordered).findings
    new = tuple(found for found in meaning(command.reading, state.ordered).findings if found not in before)
    corrected = ev.ObservationCorrected(command.stamp, cause, command.of, command.reading)
    return (corrected, *react(evolve(state, corrected), command, cause, new))


def report_finding(state: State, command: cmd.ReportFinding, cause: Cause) -> Outcome:
    """A person's word counts like a reading's, however it is written: "Excessive sedation" is excessive-sedation."""
    return react(state, command, cause, (command.finding.strip().lower().replace(" ", "-"),))


def report_resolved(state: State, command: cmd.ReportResolved, cause: Cause) -> Outcome:
    """A finding has passed; one that was seen again later has not."""
    found = next((open_ for open_ in state.unresolved if open_.finding == command.finding), None)
    if found is None:
        return refuse("infusion.resume", f"{command.finding} is not open")
    if command.stamp.happened_at < found.at:
        return refuse("infusion.time", f"{command.finding} was seen after this")
    return (ev.SymptomsResolved(command.stamp, cause, command.finding),)


def answer(state: State, command: cmd.Answer, cause: Cause) -> Outcome:
    """A clinician decides an open question; "stop" does what the finding itself would do, before the start too."""
    if command.finding not in {question.finding for question in state.questions}:
        return refuse("infusion.question", f"nobody has asked about {command.finding}")
    answered = ev.ClinicianAnswered(command.stamp, cause, command.finding, command.go_on)
    if command.go_on or state.phase not in PUMP_MAY_RUN | {Phase.OPENED, Phase.STOPPED}:
        return (answered,)
    return (answered, *interrupt(evolve(state, answered), command, cause, command.finding))


def do_check(state: State, command: cmd.DoCheck, cause: Cause) -> Outcome:
    """An ordered check was done."""
    names = [check.name for check in state.ordered.checks if not check.continuous]
    if command.name not in names:
        return refuse("infusion.check-due", f"no check is called {command.name!r}; ordered: {', '.join(names)}")
    return (ev.CheckDone(command.stamp, cause, command.name),)


def hang_bag(state: State, command: cmd.HangBag, cause: Cause) -> Outcome:
    """Bags hang in their order; one more than planned is allowed, because a bag can leak."""
    following = int(state.bags[-1].what) + 1 if state.bags else 1
    if command.number != following:
        return refuse("infusion.bag-due", f"the next bag is number {following}, not {command.number}")
    if state.bags and command.stamp.happened_at < state.bags[-1].at:
        return refuse("infusion.time", "the bag before was hung after this")
    return (ev.BagHung(command.stamp, cause, command.number),)


def report_silent(state: State, command: cmd.ReportSilent, cause: Cause) -> Outcome:
    """A device is lost once; said again, nothing changes.

    A device is called by what the order watches with it, so that no silence goes unnoticed under another name.
    """
    known = dict.fromkeys([*(check.kind for check in state.ordered.checks), PUMP])
    if command.device not in known:
        return refuse("infusion.device-silent", f"no device is called {command.device!r}; known: {', '.join(known)}")
    return () if command.device in state.silent else (ev.SignalLost(command.stamp, cause, command.device),)


def report_back(state: State, command: cmd.ReportBack, cause: Cause) -> Outcome:
    """A device comes back once; a sign of life from before it fell silent does not bring it back."""
    since = state.silent.get(command.device)
    if since is None:
        return ()
    if command.stamp.happened_at < since:
        return refuse("infusion.time", f"{command.device} fell silent after this")
    return (ev.SignalBack(command.stamp, cause, command.device),)


def offer_handover(state: State, command: cmd.OfferHandover, cause: Cause) -> Outcome:
    """Only the responsible nurse hands over, and not to herself."""
    if command.stamp.by != state.nurse:
        return refuse("infusion.handover", f"{state.nurse} is responsible, not {command.stamp.by}")
    if not command.to.strip() or command.to == state.nurse:
        return refuse("infusion.handover", "name the nurse who takes over")
    return (ev.HandoverOffered(command.stamp, cause, command.to),)


def accept_handover(state: State, command: cmd.AcceptHandover, cause: Cause) -> Outcome:
    """Only the nurse it was offered to takes over."""
    if state.handover is None or state.handover.finding != command.stamp.by:
        return refuse("infusion.handover", f"nothing was handed over to {command.stamp.by}")
    return (ev.HandoverAccepted(command.stamp, cause),)


def acknowledge(command: cmd.Acknowledge, cause: Cause) -> Outcome:
    """An alarm has been seen.  That takes nothing away from it."""
    if command.rule not in BY_ID:
        return refuse("infusion.phase", f"no rule is called {command.rule!r}")
    return (ev.AlarmAcknowledged(command.stamp, cause, command.rule),)


def write_note(command: cmd.WriteNote, cause: Cause) -> Outcome:
    """A sentence for the record."""
    if not command.text.strip():
        return refuse("infusion.plausible", "an empty note says nothing")
    return (ev.NoteWritten(command.stamp, cause, command.text),)


def end_early(command: cmd.EndEarly, cause: Cause) -> Outcome:
    """A clinician ends a course that does not run; a running one is stopped first."""
    return (ev.Ended(command.stamp, cause, full=False, why=command.why),)


def discharge(state: State, command: cmd.Discharge, cause: Cause) -> Outcome:
    """She leaves when nothing is open and the ordered watch after the end is over."""
    reasons = [
        *(reason("infusion.discharge", f"{found.finding} has not resolved") for found in state.unresolved),
        *(reason("infusion.question", f"nobody has answered about {open_.finding}") for open_ in state.questions),
    ]
    watch_h = max((check.after_end_h for check in state.ordered.checks), default=0.0)
    if state.ended_at is not None and command.stamp.happened_at < state.ended_at + timedelta(hours=watch_h):
        reasons.append(reason("infusion.discharge", f"she is watched for {watch_h:g} h after the end"))
    return Refused(tuple(reasons)) if reasons else (ev.Discharged(command.stamp, cause),)
