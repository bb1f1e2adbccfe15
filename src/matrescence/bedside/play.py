"""Let a room play against the infusion: devices speak, the port answers, records are written, the nurse acts.

Where records go is the caller's business: :class:`Play` hands each to ``write`` and is given the infusion's state
back.  The web application writes into a mother's course; :mod:`rehearse` writes into a log in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from matrescence.actions.bedside.association import Binding, route
from matrescence.actions.bedside.intake import take, tick, watch
from matrescence.actions.bedside.policy import POLICY, Policy
from matrescence.actions.bedside.record import Record
from matrescence.actions.bedside.report import OXIMETRY
from matrescence.actions.bedside.seen import Live, Problem, Seen, Taken
from matrescence.bedside.nurse import Nurse
from matrescence.bedside.room import OXIMETER, PUMP, Room
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion.bedside import PUMP as PUMP_KIND
from matrescence.care.infusion.decide import decide
from matrescence.care.infusion.stamp import Stamp, utc
from matrescence.care.infusion.state import Phase, State

CLOCK = "clock"

Write = Callable[[Record, datetime], State]
"""Write one record, recorded at this instant, and give the state after it (unchanged where it was refused)."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What a stretch of time brought: the state after it, live values that changed, and problems that are new."""

    state: State
    live: tuple[Live, ...]
    problems: tuple[Problem, ...]


class Play:
    """A room at one course.

    Args:
        room: the room.
        course: the name of the course; with ``bindings`` left out, both devices of the room are bound to it now.
        bindings: which device belongs where.
        nurse: who does what is due; ``None``: nobody does.
        policy: the numbers of the port.
        seen: what the port remembers, when a play goes on.
        beat_s: how often silence, the clock and the nurse are asked, in seconds of the room's time.
    """

    def __init__(
        self,
        room: Room,
        course: str,
        *,
        bindings: Iterable[Binding] | None = None,
        nurse: Nurse | None = None,
        policy: Policy = POLICY,
        seen: Seen | None = None,
        beat_s: float = 10.0,
    ) -> None:
        self.room, self.nurse, self.policy = room, nurse, policy
        self.bindings = bound(room, course) if bindings is None else tuple(bindings)
        self.seen = watching(room.at) if seen is None else seen
        self.beat = timedelta(seconds=beat_s)

    def advance(self, to: datetime, state: State, write: Write) -> Passed:
        """Let time pass up to ``to``."""
        self._state, self._write = state, write
        live: dict[str, Live] = {}
        problems: list[Problem] = []
        end = utc(to)
        while self.room.at < end:
            for taken in self._beat(min(self.room.at + self.beat, end)):
                live |= {one.measure: one for one in taken.live}
                problems += taken.problems
        return Passed(self._state, tuple(live.values()), tuple(problems))

    def _beat(self, to: datetime) -> list[Taken]:
        answers = []
        for report in self.room.step(to):
            binding, now = route(self.bindings, report), report.received_at
            taken = take(self.seen, report, state=self._state, binding=binding, now=now, policy=self.policy)
            answers.append(self._keep(taken, now))
        answers.append(self._keep(tick(self.seen, now=to, policy=self.policy), to))
        self._written([record for record in (clock_record(self._state, to),) if record is not None], to)
        if self.nurse is not None:
            self._written(self.nurse.act(self.room, self._state), to)
        return answers

    def _keep(self, taken: Taken, now: datetime) -> Taken:
        self.seen = taken.seen
        self._written(taken.records, now)
        return taken

    def _written(self, records: Iterable[Record], now: datetime) -> None:
        for record in records:
            self._state = self._write(record, now)


def bound(room: Room, course: str, *, by: str = "simulator") -> tuple[Binding, ...]:
    """Both devices of a room, bound to one course from now on."""
    return tuple(Binding(device, course, room.at, None, by) for device in (OXIMETER, PUMP))


def watching(at: datetime) -> Seen:
    """A memory that holds nothing yet and expects an oximeter and a pump from now on."""
    return watch(watch(Seen(), OXIMETRY, at=at), PUMP_KIND, at=at)


def clock_record(state: State, at: datetime) -> Record | None:
    """The word of the clock, where time alone changes something: the end of the plan, or of its dose."""
    if state.order is None or state.phase not in {Phase.RUNNING, Phase.RESUMING, Phase.STOPPED}:
        return None
    key = f"clock/{utc(at).isoformat()}"
    told = decide(state, cmd.Tick(Stamp(at, at, CLOCK), key), state.order)
    return Record({"command": "tick"}, key, utc(at), CLOCK) if told else None
