"""The rows of the worklist, made from every course as it stands now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import groupby

from matrescence.care.journey.worklist import Listed, Press, Row, worklist
from matrescence.clinic.clockwork.clock import now, simulated_clocks
from matrescence.clinic.clockwork.models import SimulatedClock
from matrescence.clinic.log.courses import AlteredError, Opened, open_all
from matrescence.clinic.pages import zone_of


@dataclass(frozen=True, slots=True)
class Shown:
    """One row as the page shows it: how long it has pressed, or in how long it will, and in her own time zone."""

    row: Row
    drug: str
    zone: tzinfo | None
    since: timedelta | None
    due_in: timedelta | None
    simulated: bool


def lines() -> tuple[tuple[Shown, ...], tuple[str, ...]]:
    """Every course that can be read, the most pressing first; and the names of those that other hands have changed."""
    clocks, real = simulated_clocks(), now()
    altered, shown = [], []
    for name, found in open_all():
        if isinstance(found, AlteredError):
            altered.append(name)
        else:
            shown.append(_shown(found, clocks.get(name), real))
    return tuple(sorted(shown, key=_place)), tuple(altered)


def grouped(shown: Iterable[Shown]) -> list[tuple[Press, list[Shown]]]:
    """The rows in groups by how much they press."""
    return [(press, list(rows)) for press, rows in groupby(shown, key=lambda item: item.row.press)]


def _shown(opened: Opened, clock: SimulatedClock | None, real: datetime) -> Shown:
    """One course at its own time: a simulated one has a clock of its own, so each is looked at alone."""
    at = real if clock is None else clock.at(real)
    [row] = worklist([Listed(opened.id, opened.known, opened.at(at))])
    return Shown(
        row=row,
        drug=opened.ground.drug.label,
        zone=zone_of(opened),
        since=None if row.since is None else at - row.since,
        due_in=None if row.due_at is None else row.due_at - at,
        simulated=clock is not None,
    )


def _place(shown: Shown) -> tuple[int, bool, timedelta, str]:
    """What presses most, what has pressed longest; what is due soon by how soon."""
    waited = shown.due_in if shown.since is None else -shown.since
    return list(Press).index(shown.row.press), waited is None, waited or timedelta(), shown.row.name.casefold()
