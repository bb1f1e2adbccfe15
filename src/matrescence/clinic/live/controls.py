"""What a person may do with a simulated bedside: its clock, its nurse, its pump, and what goes wrong in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matrescence.bedside.faults import ABOUT, Fault, Where, lasting
from matrescence.clinic.clockwork.clock import course_now, set_clock
from matrescence.clinic.clockwork.models import PAUSED_BELOW
from matrescence.clinic.live.pace import pace_of
from matrescence.clinic.live.simulated import Bedside, bedside_of
from matrescence.reading import InputError

SPEEDS = (0, 1, 4, 60, 600)
PAUSE = 1e-6
SLOW = 4.0
LONGEST_MIN = 24.0 * 60.0


@dataclass(frozen=True, slots=True)
class Control:
    """What stands on the control panel."""

    speed: float
    paused: bool
    speeds: tuple[int, ...]
    nurse: bool
    pump_runs: bool
    pump_ml_per_h: float
    pump_alarm: str
    faults: tuple[str, ...]
    choices: tuple[tuple[str, str, str], ...]


def control_of(course_id: str) -> Control | None:
    """The panel of a simulated bedside; ``None`` where there is none."""
    bedside = bedside_of(course_id)
    if bedside is None:
        return None
    speed = pace_of(course_id).speed
    paused, face = speed < PAUSED_BELOW, bedside.room.look().pump
    return Control(
        speed=0.0 if paused else speed,
        paused=paused,
        speeds=SPEEDS,
        nurse=bedside.nurse_here,
        pump_runs=face.running,
        pump_ml_per_h=face.rate_ml_per_h,
        pump_alarm=face.alarm,
        faults=_going_on(bedside),
        choices=tuple(_choices()),
    )


def obey(course_id: str, said: Mapping[str, Any]) -> str:
    """Do what was pressed, and say in a sentence what was done.

    Raises:
        InputError: it is not one of the things that can be done.
    """
    bedside = bedside_of(course_id)
    if bedside is None:
        raise InputError("There is no simulated bedside for this course.")
    do = {"speed": _speed, "nurse": _nurse, "pump": _pump, "fault": _fault}.get(str(said.get("do")))
    if do is None:
        raise InputError(f"do = {said.get('do')!r} cannot be used. Allowed: speed, nurse, pump, fault.")
    with bedside.lock:
        return do(course_id, bedside, said)


def _speed(course_id: str, _bedside: Bedside, said: Mapping[str, Any]) -> str:
    typed = str(said.get("speed"))
    if typed not in {str(speed) for speed in SPEEDS}:
        raise InputError(f"speed = {typed!r} cannot be used. Allowed: {', '.join(map(str, SPEEDS))}.")
    set_clock(course_id, course_time=course_now(course_id), speed=float(typed) or PAUSE)
    return f"Its clock runs {typed} times as fast as yours." if float(typed) else "Its clock is paused."


def _nurse(_course_id: str, bedside: Bedside, said: Mapping[str, Any]) -> str:
    bedside.nurse_here = said.get("nurse") == "here"
    return "The simulated nurse is back." if bedside.nurse_here else "The simulated nurse is away: you are the nurse."


def _pump(_course_id: str, bedside: Bedside, said: Mapping[str, Any]) -> str:
    if said.get("press") == "stop":
        bedside.room.stop_pump()
        runs = bedside.room.look().pump.running
        return "The pump does not obey." if runs else "You have pressed stop; the pump stands still."
    bedside.room.start_pump()
    return "You have pressed start."


def _fault(course_id: str, bedside: Bedside, said: Mapping[str, Any]) -> str:
    name, _, where = str(said.get("fault", "")).partition("@")
    try:
        minutes = float(str(said.get("minutes", "")).replace(",", "."))
    except ValueError:
        minutes = 0.0
    if name not in {fault.value for fault in Fault}:
        raise InputError("Choose what goes wrong.")
    if not 0.0 < minutes <= LONGEST_MIN:
        raise InputError(f"minutes cannot be used. Allowed: above 0, up to {LONGEST_MIN:g}.")
    if said.get("slow") == "yes" and pace_of(course_id).speed > SLOW:
        set_clock(course_id, course_time=course_now(course_id), speed=SLOW)
    place = Where(where) if where else None
    bedside.room.inject(lasting(Fault(name), bedside.room.at, seconds=60.0 * minutes, where=place))
    return f"{ABOUT[Fault(name)].does} It lasts {minutes:g} min of this room."


def _going_on(bedside: Bedside) -> tuple[str, ...]:
    found = [one for one in bedside.room.faults if one.active(bedside.room.at)]
    return tuple(
        f"{one.fault.value} ({one.where.value if one.where else ''}), "
        f"for {(one.end - bedside.room.at).total_seconds() / 60.0:.0f} min more"
        for one in found
    )


def _choices() -> list[tuple[str, str, str]]:
    rows = []
    for fault, about in ABOUT.items():
        for where in about.happens_to:
            label = fault.value.replace("-", " ").capitalize()
            more = f" ({where.value})" if len(about.happens_to) > 1 else ""
            rows.append((f"{fault.value}@{where.value}", label + more, about.does))
    return rows
