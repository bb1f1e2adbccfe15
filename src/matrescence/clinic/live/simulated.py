"""Simulated bedsides: for a course with a simulated clock, a room whose devices speak through the same port.

A real course never has one.  The rooms live in the process that serves; after a restart they take up where the
records stand.  A room is let go on in short steps, so that its nurse answers as quickly in its own time at any speed.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import close_old_connections

from matrescence.actions.bedside.report import DeviceReport
from matrescence.actions.course import RefusedError, Request
from matrescence.bedside.faults import Planned
from matrescence.bedside.nurse import Nurse
from matrescence.bedside.room import OXIMETER, PUMP, Rhythm, Room
from matrescence.care.infusion.state import Phase
from matrescence.clinic.clockwork.models import PAUSED_BELOW, SimulatedClock
from matrescence.clinic.live.associations import KINDS, bind, open_at
from matrescence.clinic.live.pace import Pace, pace_of
from matrescence.clinic.live.port import accept, heard_until, pass_time, writing_at
from matrescence.clinic.live.watcher import tick
from matrescence.clinic.log.courses import Opened, add, open_course
from matrescence.reading import InputError

EVERY_S = 0.25
STEP = timedelta(seconds=30)
MOST_STEPS = 40
"""Steps of one room at one time; a computer that is too slow lets the room fall behind instead of the pages."""
FOLLOWS = timedelta(seconds=2)
"""So far behind, by the clock on the wall, a room still goes on; further behind it has stumbled."""
IN_ROOM = frozenset(Phase) - {Phase.NEW, Phase.DISCHARGED}

_log = logging.getLogger(__name__)


@dataclass
class Bedside:
    """One room with its nurse; ``nurse_here`` is false where a person plays the nurse."""

    room: Room
    nurse: Nurse
    speed: float
    nurse_here: bool = True
    lock: threading.RLock = field(default_factory=threading.RLock)


_bedsides: dict[str, Bedside] = {}


def names_of(course_id: str) -> tuple[str, str]:
    """What the two devices of a room are called: no two rooms share a device."""
    return f"{OXIMETER} {course_id[:4]}", f"{PUMP} {course_id[:4]}"


def bedside_of(course_id: str) -> Bedside | None:
    """The room of a simulated course; ``None`` for a real one, and before anything was opened."""
    pace = pace_of(course_id)
    if not pace.simulated:
        return None
    found = _bedsides.get(course_id)
    if found is None:
        found = _made(course_id, pace)
        if found is not None:
            _bedsides[course_id] = found
    elif found.speed != pace.speed:
        _change_pace(found, course_id, pace)
    return found


def rhythm_at(speed: float) -> Rhythm:
    """How often the devices speak: at most about five messages in a second of the clock on the wall."""
    return Rhythm(oximeter_every_s=max(1.0, speed / 5.0), pump_every_s=max(10.0, speed / 2.0))


def step(course_id: str) -> None:
    """Let a room go on to now."""
    bedside, pace = bedside_of(course_id), pace_of(course_id)
    if bedside is None or pace.speed < PAUSED_BELOW:
        return
    with bedside.lock:
        for _ in range(MOST_STEPS):
            to = min(bedside.room.at + STEP, pace.at)
            if to <= bedside.room.at:
                return
            go_on(course_id, bedside, to, pace)


def shown_pace(course_id: str) -> Pace:
    """The clocks of a course as its page shows them.

    A simulated room goes on in steps.  Between two of them its clock is ahead of everything that anybody in it could
    know: a pump that has ended its programme has not said so yet.  So the page shows the instant the room has come to.
    A room that stands still for longer than that holds no clock back: then silence is silence.
    """
    pace, bedside = pace_of(course_id), _bedsides.get(course_id)
    if bedside is None or not pace.simulated:
        return pace
    behind = pace.at - bedside.room.at
    return replace(pace, at=bedside.room.at) if timedelta(0) < behind <= FOLLOWS * pace.speed else pace


def forget() -> None:
    """Forget every room, as after a restart."""
    _bedsides.clear()


# ---- inside -----------------------------------------------------------------------------------------------------


def _made(course_id: str, pace: Pace) -> Bedside | None:
    opened = open_course(course_id)
    if opened.known.state.phase not in IN_ROOM or opened.ground.drug.default_model is None:
        return None
    room = room_for(opened, pace, pace.at)
    bound = {row.device for row in open_at(course_id)}
    for name, kind in zip(names_of(course_id), KINDS, strict=True):
        if name not in bound:
            bind(course_id, name, kind, at=pace.at, by="simulated bedside")
    return Bedside(room, Nurse(seed=_seed(course_id)), pace.speed)


def room_for(
    opened: Opened, pace: Pace, at: datetime, *, faults: tuple[Planned, ...] = (), rhythm: Rhythm | None = None
) -> Room:
    """The room of an infusion as the record stands."""
    drug, state = opened.ground.drug, opened.known.state
    return Room(
        state.ordered,
        drug.models[str(drug.default_model)],
        seed=_seed(opened.id),
        at=at,
        rhythm=rhythm or rhythm_at(pace.speed),
        faults=faults,
        state=state,
    )


def _change_pace(bedside: Bedside, course_id: str, pace: Pace) -> None:
    """The same room at another pace: what the pump does is kept, also where the record says otherwise."""
    with bedside.lock:
        before = bedside.room
        room = room_for(open_course(course_id), pace, before.at, faults=before.faults)
        room.pump = before.pump
        room.body, room.woman = before.body, before.woman
        bedside.room, bedside.speed = room, pace.speed
        heard_until(course_id, KINDS, room.at)  # its devices speak at another rhythm from here on


def go_on(course_id: str, bedside: Bedside, to: datetime, pace: Pace, *, live: bool = True) -> None:
    """One step of a room: what its devices said is taken in, then its nurse does what is to be done."""
    names = dict(zip((OXIMETER, PUMP), names_of(course_id), strict=True))
    for report in bedside.room.step(to):
        accept(_named(report, names), pace=replace(pace, at=report.received_at), live=live)
    here = replace(pace, at=bedside.room.at)
    pass_time(course_id, kinds=KINDS, pace=here)
    tick(course_id, here)
    if bedside.nurse_here:
        _nurse(course_id, bedside, here)


def _named(report: DeviceReport, names: dict[str, str]) -> DeviceReport:
    return replace(report, device=names[report.device])


def _nurse(course_id: str, bedside: Bedside, pace: Pace) -> None:
    """She does one thing at a time, and looks again when it is written."""
    for _ in range(4):
        records = bedside.nurse.act(bedside.room, open_course(course_id).known.state)
        if not records:
            return
        for record in records:
            asked = Request("infusion", dict(record.payload), record.key, record.happened_at, record.by)
            try:
                add(course_id, asked, now=max(writing_at(course_id, pace), record.happened_at))
            except RefusedError:
                return
            except InputError as error:
                _log.error("the simulated nurse of %s: %s", course_id, type(error).__name__)
                return


def _seed(course_id: str) -> int:
    return int.from_bytes(course_id.encode()[:4], "big")


class Rooms:
    """A thread that lets every simulated room go on."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulated-bedsides", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def end(self) -> None:
        """Let no room go on any more."""
        self._ended.set()
        self._thread.join(timeout=5.0)

    def _run(self) -> None:
        while not self._ended.is_set():
            began = time.monotonic()
            try:
                self._step_all()
            except Exception:  # the database may be starting again: the rooms go on after it
                _log.exception("the simulated bedsides stumbled")
            self._ended.wait(max(EVERY_S - (time.monotonic() - began), 0.02))

    @staticmethod
    def _step_all() -> None:
        close_old_connections()
        for course_id in SimulatedClock.objects.values_list("stream", flat=True):
            try:
                step(course_id)
            except Exception:  # one room that stumbles must not still the others
                _log.exception("the simulated bedside of %s stumbled", course_id)
