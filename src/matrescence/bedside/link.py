"""The way from a device to us: a little delay, and what can go wrong on it."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from matrescence.actions.bedside.report import DeviceReport
from matrescence.bedside.chance import uniforms
from matrescence.bedside.faults import Fault, Planned, Where, active

_DELAY_S, _DELAY_SPREAD_S = 0.1, 0.2
_OVERTAKES_S, _SECOND_COPY_S = 2.0, 0.5
_BURST_STEP = timedelta(milliseconds=5)


class Link:
    """Messages on their way.  What was sent arrives when :meth:`arrived` is asked about a later instant."""

    def __init__(self, where: Where, *, seed: int, every: timedelta) -> None:
        self.where, self.seed, self.every = where, seed, every
        self._on_the_way: list[tuple[datetime, str, int, DeviceReport]] = []

    def send(self, report: DeviceReport, at: datetime, faults: Sequence[Planned]) -> None:
        """A device sends a message at an instant of our clock (``received_at`` is filled in here)."""
        if active(faults, Fault.SILENCE, self.where, at) is not None:
            return
        arrives = self._arrival(report, at, faults)
        copies = 2 if active(faults, Fault.DUPLICATES, self.where, at) is not None else 1
        for copy in range(copies):
            received = arrives + timedelta(seconds=_SECOND_COPY_S * copy)
            message = replace(report, received_at=received)
            heapq.heappush(self._on_the_way, (received, report.message_id, copy, message))

    def arrived(self, by: datetime) -> list[DeviceReport]:
        """What has arrived by an instant, in the order of arrival."""
        found = []
        while self._on_the_way and self._on_the_way[0][0] <= by:
            found.append(heapq.heappop(self._on_the_way)[3])
        return found

    def _arrival(self, report: DeviceReport, at: datetime, faults: Sequence[Planned]) -> datetime:
        first, second = uniforms(self.seed, f"{self.where.value}-link", round(at.timestamp() * 1000.0))
        delay_s = _DELAY_S + _DELAY_SPREAD_S * first
        if active(faults, Fault.REORDER, self.where, at) is not None:
            delay_s += _OVERTAKES_S * second
        gap = active(faults, Fault.BACKFILL, self.where, at)
        if gap is not None:
            return gap.end + _BURST_STEP * (1 + (at - gap.start) // self.every)
        return at + timedelta(seconds=delay_s)
