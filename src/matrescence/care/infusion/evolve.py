"""Fold events into a state.  Nothing is refused here: what is recorded has happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from matrescence.care.infusion import events as ev
from matrescence.care.infusion.state import OVER, Done, Observation, Pending, Phase, RatePoint, State


def replay(log: Iterable[ev.Event]) -> State:
    """The state after a whole log."""
    state = State()
    for event in log:
        state = evolve(state, event)
    return state


def evolve(state: State, event: ev.Event) -> State:
    """The state after one more event.  Total: every event is accepted in every state."""
    at = event.stamp.happened_at
    is_late = state.latest_at is not None and at < state.latest_at
    late_key = (event.cause.key,) if is_late and event.cause.key not in state.late else ()
    return _changed(
        replace(
            state,
            latest_at=at if state.latest_at is None else max(state.latest_at, at),
            seen={**state.seen, event.cause.key: event.cause.digest},
            late=state.late + late_key,
        ),
        event,
    )


def _changed(state: State, event: ev.Event) -> State:  # noqa: PLR0911, PLR0912 -- one arm for each kind of event
    at = event.stamp.happened_at
    match event:
        case ev.Opened(order=order):
            return replace(state, phase=Phase.OPENED, order=order, nurse=event.stamp.by)
        case ev.StartAuthorised(gate=gate):
            return replace(state, phase=Phase.STARTING, gate=gate, authorised_at=at)
        case ev.RateConfirmed(rate_ug_per_kg_h=rate):
            return _runs(state, event, rate)
        case ev.PumpDeviated(rate_ug_per_kg_h=rate):
            return _placed(state, RatePoint(at, rate, within_plan=False))
        case ev.StopRequested(finding=finding, why=why):
            request = Pending(finding, at, why)
            return replace(
                state,
                phase=Phase.STOP_REQUESTED,
                stop_requests=(*state.stop_requests, request),
                resume_to_ug_per_kg_h=None,
                acknowledged={},
            )
        case ev.Stopped():
            return _stopped(state, event)
        case ev.ResumeBarred(finding=finding):
            return replace(state, barred=state.barred or finding)
        case ev.ResumeAuthorised(rate_ug_per_kg_h=rate):
            return replace(state, phase=Phase.RESUMING, resume_to_ug_per_kg_h=rate, authorised_at=at)
        case ev.CeilingLifted():
            return replace(state, ceiling_ug_per_kg_h=None, ceiling_at=None)
        case ev.Observed(reading=reading):
            seen = Observation(event.cause.key, at, reading, event.stamp.by)
            return replace(state, observations=(*state.observations, seen))
        case ev.ObservationCorrected(of=of, reading=reading):
            return replace(
                state,
                observations=tuple(
                    replace(o, reading=reading, corrected=True) if o.key == of else o for o in state.observations
                ),
            )
        case ev.Found(finding=finding):
            others = tuple(open_ for open_ in state.findings if open_.finding != finding)
            return replace(state, findings=(*others, Pending(finding, at)))
        case ev.SymptomsResolved(finding=finding):
            return replace(
                state,
                findings=tuple(replace(f, resolved=True) if f.finding == finding else f for f in state.findings),
            )
        case ev.ClinicianAsked(finding=finding, why=why):
            others = tuple(open_ for open_ in state.questions if open_.finding != finding)
            return replace(state, questions=(*others, Pending(finding, at, why)))
        case ev.ClinicianAnswered(finding=finding):
            return replace(state, questions=tuple(q for q in state.questions if q.finding != finding))
        case ev.CheckDone(name=name):
            return replace(state, checks=(*state.checks, Done(name, at)))
        case ev.BagHung(number=number):
            return replace(state, bags=(*state.bags, Done(str(number), at)))
        case ev.SignalLost(device=device):
            return replace(state, silent={device: at, **state.silent})
        case ev.SignalBack(device=device):
            return replace(state, silent={name: since for name, since in state.silent.items() if name != device})
        case ev.HandoverOffered(to=to):
            return replace(state, handover=Pending(to, at))
        case ev.HandoverAccepted():
            return replace(state, nurse=event.stamp.by, handover=None)
        case ev.AlarmAcknowledged(rule=rule):
            return replace(state, acknowledged={**state.acknowledged, rule: at})
        case ev.NoteWritten(text=text):
            return replace(state, notes=(*state.notes, (event.stamp, text)))
        case ev.Ended(full=full):
            phase = Phase.COMPLETED if full else Phase.ENDED_EARLY
            return replace(state, phase=phase, ended=phase, ended_at=at)
        case ev.Discharged():
            return replace(state, phase=Phase.DISCHARGED)
        case _:  # pragma: no cover -- the type checker closes it
            assert_never(event)


def _placed(state: State, point: RatePoint) -> State:
    """Put a point where it belongs in time; equal instants keep the order of recording."""
    before = sum(known.at <= point.at for known in state.rates)
    return replace(state, rates=(*state.rates[:before], point, *state.rates[before:]))


def _runs(state: State, event: ev.RateConfirmed, rate: float) -> State:
    """A confirmed rate.  A late one finds its place in the past and leaves the present as it is."""
    at, last = event.stamp.happened_at, state.last_point
    if last is not None and at < last.at:
        known = [point for point in state.rates if point.at <= at]
        return _placed(state, RatePoint(at, rate, ceiling_ug_per_kg_h=known[-1].ceiling_ug_per_kg_h if known else None))
    resumed = state.phase is Phase.RESUMING
    ceiling = rate if resumed else state.ceiling_ug_per_kg_h
    return replace(
        _placed(state, RatePoint(at, rate, ceiling_ug_per_kg_h=ceiling)),
        phase=state.phase if state.phase in OVER | {Phase.STOP_REQUESTED} else Phase.RUNNING,
        started_at=state.started_at or at,
        resume_to_ug_per_kg_h=None,
        ceiling_ug_per_kg_h=ceiling,
        ceiling_at=at if resumed else state.ceiling_at,
        findings=state.unresolved,
    )


def _stopped(state: State, event: ev.Stopped) -> State:
    at = event.stamp.happened_at
    requested_at = min((request.at for request in state.stop_requests), default=None)
    point = RatePoint(at, 0.0, ceiling_ug_per_kg_h=state.ceiling_ug_per_kg_h, requested_at=requested_at)
    after = Phase.STOPPED if state.started_at is not None else Phase.OPENED
    return replace(
        _placed(state, point),
        phase=state.ended or after,
        stop_requests=(),
        resume_to_ug_per_kg_h=None,
    )
