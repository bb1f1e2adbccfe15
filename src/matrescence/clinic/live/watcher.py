"""What time alone brings, looked for once a second: silent devices, samples that are settled, the end of a plan.

It runs in the process that serves.  Whatever it writes goes through the rules of the course, under keys that follow
from the content: two watchers would write one record.
"""

from __future__ import annotations

import logging
import threading
import time

from django.db import close_old_connections

from matrescence.actions.course import Request
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion.decide import decide
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.stamp import Stamp
from matrescence.care.infusion.state import Phase
from matrescence.clinic.live.associations import open_at
from matrescence.clinic.live.models import Association
from matrescence.clinic.live.pace import Pace, pace_of
from matrescence.clinic.live.port import pass_time, writing_at
from matrescence.clinic.log.courses import add, open_course
from matrescence.clinic.log.models import Card
from matrescence.reading import InputError

EVERY_S = 1.0
TIMED = (Phase.RUNNING, Phase.RESUMING, Phase.STOPPED)
"""Phases in which time alone changes something (see ``care.infusion.pump.tick``)."""

_log = logging.getLogger(__name__)


def look_once() -> None:
    """Everything that time alone brings, once."""
    bound = set(Association.objects.filter(until=None).values_list("course", flat=True))
    timed = set(Card.objects.filter(phase__in=[phase.value for phase in TIMED]).values_list("stream_id", flat=True))
    for course_id in sorted(bound | timed):
        try:
            _look(course_id, with_devices=course_id in bound)
        except InputError as error:  # one course that cannot be read must not hide the silence of another
            _log.error("watch over %s: %s", course_id, type(error).__name__)


def _look(course_id: str, *, with_devices: bool) -> None:
    pace = pace_of(course_id)
    if pace.simulated:  # its own room looks after it, in its own time
        return
    if with_devices:
        pass_time(course_id, kinds=kinds_at(course_id), pace=pace)
    tick(course_id, pace)


def kinds_at(course_id: str) -> set[str]:
    """The kinds of device that are bound: their silence is noticed."""
    return {row.kind for row in open_at(course_id)}


def tick(course_id: str, pace: Pace) -> None:
    """Tell the infusion what time it is, where that leads to anything."""
    state = open_course(course_id).known.state
    if state.phase not in TIMED or state.order is None:
        return
    key = f"tick/{state.phase.value}/{len(state.rates)}/{len(state.stop_requests)}"
    asked = cmd.Tick(Stamp(pace.at, pace.at, "clock"), key)
    outcome = decide(state, asked, state.order)
    if outcome and not isinstance(outcome, Refused):
        request = Request("infusion", {"command": "tick"}, id=f"{key}/{pace.at.isoformat()}", by="clock")
        add(course_id, request, now=writing_at(course_id, pace))


class Watcher:
    """A thread that looks once a second until it is told to end."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bedside-watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join(timeout=5.0)

    def _run(self) -> None:
        while not self._ended.is_set():
            began = time.monotonic()
            close_old_connections()
            try:
                look_once()
            except Exception:  # a watch that ends unseen is worse than one that stumbles
                _log.exception("the watch over devices stumbled")
            self._ended.wait(max(EVERY_S - (time.monotonic() - began), 0.05))
