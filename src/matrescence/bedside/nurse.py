"""A simulated nurse: invented, and marked so in everything she writes.

She looks at what is due by the rules of the infusion and does it: starts the pump when a start was authorised, confirms
rates, hangs bags, checks sedation, answers a stop request by stopping the pump and saying so, and goes on after a
sedation has passed.  What belongs to a clinician (an open question, a pump that deviated, a consciousness that was
lost) she leaves alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from matrescence.actions.bedside.policy import POLICY
from matrescence.actions.bedside.rates import as_ordered
from matrescence.actions.bedside.record import Record
from matrescence.bedside.chance import normal
from matrescence.bedside.pump import OCCLUDED
from matrescence.bedside.room import Look, Room
from matrescence.care.infusion.findings import EXCESSIVE_SEDATION
from matrescence.care.infusion.monitoring import DueItem, continuous, due
from matrescence.care.infusion.order import ResumeRate
from matrescence.care.infusion.state import PUMP_MAY_RUN, Phase, State, past_end, planned_rate_at, rate_before_stop

NAME = "N. Sim (invented, simulated nurse)"


@dataclass(frozen=True, slots=True)
class Habits:
    """How quick she is, in seconds: invented."""

    starts_after_s: float = 20.0
    stops_after_s: float = 60.0
    works_every_s: float = 60.0
    works_after_s: float = 120.0
    looks_every_s: float = 300.0
    goes_on_after_s: float = 600.0


class Nurse:
    """The nurse.  She acts when she is asked to, at the instant the room has come to, and remembers little."""

    def __init__(self, name: str = NAME, habits: Habits | None = None, *, seed: int = 0) -> None:
        self.name, self.habits, self.seed = name, habits or Habits(), seed
        self._worked_at: datetime | None = None
        self._looked_at: datetime | None = None
        self._well_since: datetime | None = None
        self._noted: set[str] = set()

    def act(self, room: Room, state: State) -> tuple[Record, ...]:
        """Do what is to be done now, with her hands in the room, and say what she did.

        One thing that others build on at a time: ask again when it is written.
        """
        if state.order is None or state.phase in {Phase.NEW, Phase.OPENED, Phase.DISCHARGED}:
            return ()
        pump = _WITH_PUMP.get(state.phase)
        records = () if pump is None else tuple(pump(self, room, state))
        return records or (*self._watch(room, state), *self._work(room, state))

    def _record(self, room: Room, command: str, about: str = "", **fields: Any) -> Record:
        key = f"{self.name}/{command}/{about}/{room.at.isoformat()}"
        return Record({"command": command, **fields}, key, room.at, self.name)

    def _waited(self, room: Room, since: datetime | None, seconds: float) -> bool:
        return since is None or room.at >= since + timedelta(seconds=seconds)

    def _confirm_rate(self, room: Room, state: State) -> Iterator[Record]:
        """Read the pump's face and say what it gives."""
        face = room.look().pump
        rate = as_ordered(face.rate_ml_per_h, state, room.at, POLICY.pump_resolution_ml_per_h) if face.running else None
        if rate:
            yield self._record(room, "confirm-rate", rate_ug_per_kg_h=rate)

    # ---- hands on the pump

    def _start(self, room: Room, state: State) -> Iterator[Record]:
        """Hang the first bag, start, and confirm the rate she sees; a start that has lapsed is not used."""
        since = state.authorised_at
        if since is None or not self._waited(room, since, self.habits.starts_after_s):
            return
        if room.at > since + timedelta(minutes=state.ordered.confirm_within_min):
            return
        if state.ordered.bags and not state.bags:
            yield self._record(room, "hang-bag", number=1)
        room.start_pump(at_most_ug_per_kg_h=state.resume_to_ug_per_kg_h)
        yield from self._confirm_rate(room, state)

    def _stop(self, room: Room, state: State) -> Iterator[Record]:
        """Answer a stop request: press stop, look, and say that it has stopped only if it has."""
        asked_at = state.stop_requests[0].at
        if not self._waited(room, asked_at, self.habits.stops_after_s):
            return
        room.stop_pump()
        if not room.look().pump.running:
            yield self._record(room, "confirm-stopped")
        elif self._first(f"stubborn {asked_at.isoformat()}"):
            yield self._record(room, "write-note", text="The pump does not obey its stop key. I stay and try again.")

    def _go_on(self, room: Room, state: State) -> Iterator[Record]:
        """After a stop: say that a sedation has passed, then go on, where the rules let a nurse do so."""
        look = room.look()
        well = not look.signs.oversedated and not look.line_blocked
        self._well_since = (self._well_since or room.at) if well else None
        if self._well_since is None or not self._waited(room, self._well_since, self.habits.goes_on_after_s):
            return
        waiting = [finding.finding for finding in state.unresolved]
        if waiting == [EXCESSIVE_SEDATION]:
            yield self._record(room, "report-resolved", finding=EXCESSIVE_SEDATION)
        elif not waiting and self._may_go_on(room, state, look):
            self._well_since = None
            yield self._record(room, "resume", rate_ug_per_kg_h=_resume_rate(state, room.at))

    def _may_go_on(self, room: Room, state: State, look: Look) -> bool:
        cleared = look.pump.alarm == OCCLUDED or any(one.finding == EXCESSIVE_SEDATION for one in state.findings)
        barred = state.barred is not None or bool(state.questions) or past_end(state, room.at)
        unwatched = any(check.kind in state.silent for check in continuous(state, room.at))
        return cleared and not barred and not unwatched

    # ---- watching and working

    def _watch(self, room: Room, state: State) -> Iterator[Record]:
        """Look in on her; stay with her while the oximeter is silent."""
        for kind, since in state.silent.items():
            if kind in {check.kind for check in continuous(state, room.at)} and self._first(f"{kind} {since}"):
                yield self._record(room, "write-note", kind, text=f"I stay with her while {kind} is silent.")
        if not self._waited(room, self._looked_at, self.habits.looks_every_s):
            return
        self._looked_at = room.at
        known = EXCESSIVE_SEDATION in {finding.finding for finding in state.unresolved}
        if state.phase in PUMP_MAY_RUN and room.look().signs.oversedated and not known:
            yield self._record(room, "observe", "sedation", reading=_sedation(room.look()))

    def _work(self, room: Room, state: State) -> Iterator[Record]:
        """Do what is due: a bag at once, for its time is over; anything else when she comes to it."""
        if not self._waited(room, self._worked_at, self.habits.works_every_s):
            return
        self._worked_at = room.at
        for item in due(state, room.at):
            comes_s = 0.0 if item.kind == "bag" else self.habits.works_after_s
            if item.kind in _WORK and self._waited(room, item.due_at, comes_s):
                yield from _WORK[item.kind](self, room, state, item)

    def _check(self, room: Room, state: State, item: DueItem) -> Iterator[Record]:
        kind = next(check.kind for check in state.ordered.checks if check.name == item.what)
        if kind == "sedation":
            yield self._record(room, "observe", item.what, reading=_sedation(room.look()))
        elif kind == "blood-pressure":
            yield self._record(room, "observe", item.what, reading=self._blood_pressure(room))
        else:
            yield self._record(room, "do-check", item.what, name=item.what)

    def _reading(self, room: Room, state: State, item: DueItem) -> Iterator[Record]:
        """A reading that nobody recorded: she takes one with an oximeter of her own."""
        vitals = room.look().vitals
        reading = {"spo2_percent": vitals.spo2_percent, "pulse_per_min": vitals.pulse_per_min}
        yield self._record(room, "observe", item.what, reading={"reading": "oximetry", **reading})

    def _rate(self, room: Room, state: State, item: DueItem) -> Iterator[Record]:
        yield from self._confirm_rate(room, state)

    def _bag(self, room: Room, state: State, item: DueItem) -> Iterator[Record]:
        yield self._record(room, "hang-bag", number=len(state.bags) + 1)

    def _blood_pressure(self, room: Room) -> dict[str, Any]:
        number = round(room.at.timestamp())
        systolic = 121.0 + round(5.0 * normal(self.seed, "systolic", number))
        diastolic = 77.0 + round(3.0 * normal(self.seed, "diastolic", number))
        return {"reading": "blood-pressure", "systolic_mmhg": systolic, "diastolic_mmhg": diastolic}

    def _first(self, what: str) -> bool:
        new = what not in self._noted
        self._noted.add(what)
        return new


def _sedation(look: Look) -> dict[str, Any]:
    return {"reading": "sedation", "excessive": look.signs.oversedated}


def _resume_rate(state: State, at: datetime) -> float:
    """The rate before the stop, or the next lower one of the order where a finding asks for that."""
    before = min(rate_before_stop(state), planned_rate_at(state, at))
    rules = [state.ordered.interruption(finding.finding) for finding in state.findings]
    if any(rule is not None and rule.resume_rate is ResumeRate.LOWER for rule in rules):
        lower = [stair.rate_ug_per_kg_h for stair in state.ordered.stairs if stair.rate_ug_per_kg_h < before]
        return max(lower, default=before)
    return before


_WITH_PUMP: Mapping[Phase, Callable[[Nurse, Room, State], Iterator[Record]]] = {
    Phase.STARTING: Nurse._start,
    Phase.RESUMING: Nurse._start,
    Phase.STOP_REQUESTED: Nurse._stop,
    Phase.STOPPED: Nurse._go_on,
}
_WORK: Mapping[str, Callable[[Nurse, Room, State, DueItem], Iterator[Record]]] = {
    "check": Nurse._check,
    "reading": Nurse._reading,
    "rate": Nurse._rate,
    "bag": Nurse._bag,
}
