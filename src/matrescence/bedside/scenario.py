"""A scenario as data: who, what is given, how long, and what goes wrong when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from matrescence.bedside.faults import Fault, Planned, Where
from matrescence.bedside.room import Rhythm
from matrescence.care.infusion.stamp import utc
from matrescence.reading import Field, InputError, nearest, read_table, read_toml, refuse

SHIPPED = Path(__file__).parent / "scenarios"

_FIELDS = (
    Field("title", "text", required=True),
    Field("shows", "text", required=True, help="Say in a sentence or two what the scenario is for."),
    Field("drug", "text", required=True),
    Field("regimen", "text", required=True),
    Field("weight_kg", "number", "kg", low=35, high=200, required=True),
    Field("start", "any", required=True, help="A date and time with its UTC offset, like 2026-03-03T08:00:00-05:00."),
    Field("hours", "number", "h", low=0.1, high=100, required=True, help="How long it is played, from the start on."),
    Field("seed", "integer", low=0, high=2**32 - 1, required=True),
    Field("hypoxia_below_percent", "number", "%", low=50, high=99, help="An invented limit of the site."),
    Field("nurse", "boolean", help="Whether the simulated nurse is there; true when left out."),
    Field("oximeter_every_s", "number", "s", low=0.5, high=60),
    Field("pump_every_s", "number", "s", low=0.5, high=600),
    Field("faults", "tables"),
)
_FAULT_FIELDS = (
    Field("fault", "text", required=True, choices=tuple(fault.value for fault in Fault)),
    Field("at_h", "number", "h", low=-1, high=100, required=True, help="Hours from the start."),
    Field("for_min", "number", "min", low=0.01, high=6000, required=True),
    Field("where", "text", choices=tuple(where.value for where in Where)),
    Field("size", "number"),
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario.  Hours count from ``start``, the instant at which the infusion is started."""

    name: str
    title: str
    shows: str
    drug: str
    regimen: str
    weight_kg: float
    start: datetime
    hours: float
    seed: int
    hypoxia_below_percent: float | None
    nurse: bool
    rhythm: Rhythm
    faults: tuple[Planned, ...]


def names(*, root: Path | None = None) -> tuple[str, ...]:
    """The scenarios, in alphabetical order."""
    return tuple(sorted(path.stem for path in (root or SHIPPED).glob("*.toml")))


def load(name: str, *, root: Path | None = None) -> Scenario:
    """One scenario by name.

    Raises:
        InputError: there is no such scenario, or its file cannot be used.
    """
    known = names(root=root)
    if name not in known:
        raise InputError(f"there is no scenario {name!r}.{nearest(name, known)} Allowed: {', '.join(known)}.")
    return _shipped(name) if root is None else read_scenario(root / f"{name}.toml")


@cache
def _shipped(name: str) -> Scenario:
    return read_scenario(SHIPPED / f"{name}.toml")


def read_scenario(path: Path) -> Scenario:
    """Read the file of one scenario.

    Raises:
        InputError: the file cannot be read or used; every problem in it is named.
    """
    where, problems = str(path), list[str]()
    values = read_table(read_toml(path), _FIELDS, where, problems)
    refuse(problems, where)
    start = values["start"]
    if not isinstance(start, datetime) or start.tzinfo is None:
        raise InputError(f"{where}: start = {start}: write a date and time with its UTC offset.")
    tables = enumerate(values.get("faults", []), start=1)
    faults = [_fault(table, start, f"{where}, fault {number}", problems) for number, table in tables]
    refuse(problems, where)
    return Scenario(
        name=path.stem,
        title=values["title"],
        shows=values["shows"],
        drug=values["drug"],
        regimen=values["regimen"],
        weight_kg=values["weight_kg"],
        start=start,
        hours=values["hours"],
        seed=values["seed"],
        hypoxia_below_percent=values.get("hypoxia_below_percent"),
        nurse=values.get("nurse", True),
        rhythm=Rhythm(values.get("oximeter_every_s", 10.0), values.get("pump_every_s", 10.0)),
        faults=tuple(fault for fault in faults if fault is not None),
    )


def _fault(table: Mapping[str, Any], start: datetime, where: str, problems: list[str]) -> Planned | None:
    before = len(problems)
    values = read_table(table, _FAULT_FIELDS, where, problems)
    if len(problems) > before:
        return None
    begins = utc(start) + timedelta(hours=values["at_h"])
    ends = begins + timedelta(minutes=values["for_min"])
    place = None if values.get("where") is None else Where(values["where"])
    try:
        return Planned(Fault(values["fault"]), begins, ends, place, values.get("size"))
    except ValueError as error:
        problems.append(f"{where}: {error}.")
        return None
