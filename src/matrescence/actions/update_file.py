"""What has been measured in one mother: from the log of her course, or from a file of measurements (TOML).

Both give the same thing: what she was given, as far as it was recorded, and every score and level with its hour from
the start.  A measurement that no model can use is kept and said; nothing is converted from one scale to another.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from matrescence.actions.enrolment_file import read_instant
from matrescence.actions.mother_file import mother_from, read_mother
from matrescence.actions.planning import regimen_of
from matrescence.actions.update_levels import levels_in
from matrescence.actions.update_measured import LEVEL, Measured, Measurement
from matrescence.care.assessment.scoring import score
from matrescence.care.drug import Drug
from matrescence.care.infusion.state import State
from matrescence.care.journey.known import Known
from matrescence.care.mother import Mother
from matrescence.formulary import library
from matrescence.instruments import library as instruments
from matrescence.pharmacology.regimen import RateStep, Regimen
from matrescence.reading import Field, InputError, nearest, problem, read_table, read_toml, refuse
from matrescence.units import UnitError, convert

LEVEL_UNIT = "ng/mL"
FILE = (
    Field("about", "text"),
    Field("mother", "any", required=True, help="A mother's file beside this one, or a table as in one."),
    Field("drug", "text", required=True, help="A drug of the formulary."),
    Field("regimen", "text", help="One of its regimens; the drug's default if left out."),
    Field("stopped_at_h", "number", "h", 0, 10_000, help="Only where it ended early: nothing was given from then on."),
    Field("measurements", "tables", required=True, low=1, high=500),
)
MEASUREMENT = (
    Field("at_h", "number", "h", -2000, 10_000, help="Hours from the start; before it they are negative."),
    Field("time", "any", help='Instead of at_h: for example "2026-03-08T08:00-05:00".'),
    Field("what", "text", required=True, help='"level", or the name of a scale such as "hamd17".'),
    Field("of", "text", help='Of a level: what was measured, such as "plasma" (the default).'),
    Field("value", "number", low=0, required=True),
    Field("unit", "text", help='Of a level: for example "ng/mL".'),
)
LOG_BEGINS = b"{"
BEFORE_TREATMENT = ("hamd17", "madrs")
"""The scales whose total before treatment may stand in her record."""


def read_measured(path: Path | str) -> Measured:
    """Read a course log or a file of measurements, told apart by their first character.

    Raises:
        InputError: the file cannot be used; every problem is named.
    """
    file = Path(path)
    try:
        begins = file.read_bytes().lstrip()[:1]
    except (OSError, ValueError):
        begins = b""
    return _from_log(file) if begins == LOG_BEGINS else _from_toml(file)


# ---- a file of measurements -----------------------------------------------------------------------------------


def _from_toml(file: Path) -> Measured:
    where, problems = str(file), list[str]()
    values = read_table(read_toml(file), FILE, where)
    drug = library.load(values["drug"])
    regimen = regimen_of(drug, values.get("regimen"))
    mother = _mother(values["mother"], file)
    rows = enumerate(values["measurements"], start=1)
    found = [_measurement(row, f"measurements {n}", mother.start, problems) for n, row in rows]
    refuse(problems, where)
    given = regimen.as_input()
    if "stopped_at_h" in values:
        given = given.stopped_at(values["stopped_at_h"])
    starts = tuple(day * 24.0 for day in regimen.session_days) or (0.0,)
    kept = tuple(item for item in found if item is not None)
    return Measured(mother, drug, regimen, mother.start, given, False, starts, kept)


def _mother(given: Any, file: Path) -> Mother:
    if isinstance(given, str):
        return read_mother(file.parent / given)
    return mother_from(given, where=f"{file}: mother")


def _measurement(row: Any, where: str, start: datetime, problems: list[str]) -> Measurement | None:
    before = len(problems)
    values = read_table(row, MEASUREMENT, where, problems)
    if len(problems) > before:
        return None
    at_h = _hour(values, where, start, problems)
    value = _value(values, where, problems)
    if len(problems) > before or at_h is None or value is None:
        return None
    return Measurement(at_h, values["what"], values.get("of", "plasma"), value)


def _hour(values: dict[str, Any], where: str, start: datetime, problems: list[str]) -> float | None:
    if ("at_h" in values) is ("time" in values):
        problems.append(f"{where}: give either at_h or time; write at_h = 24 for 24 hours after the start.")
        return None
    if "at_h" in values:
        return float(values["at_h"])
    told: list[str] = []
    moment = read_instant(values["time"], "time", told)
    problems += [f"{where}: {line}" for line in told]
    return None if moment is None else (moment - start) / timedelta(hours=1)


def _value(values: dict[str, Any], where: str, problems: list[str]) -> float | None:
    if values["what"] != LEVEL:
        return _score(values, where, problems)
    if "unit" not in values:
        problems.append(f'{where}: unit is missing; write unit = "{LEVEL_UNIT}".')
        return None
    try:
        value = convert(values["value"], values["unit"], LEVEL_UNIT)
    except UnitError as error:
        problems.append(f"{where}: {problem('unit', values['unit'], f'a unit such as {LEVEL_UNIT}', str(error))}")
        return None
    if value <= 0.0:
        fix = "A level below what the assay can see is no number; leave it out."
        problems.append(f"{where}: {problem('value', values['value'], 'a level above zero', fix)}")
        return None
    return value


def _score(values: dict[str, Any], where: str, problems: list[str]) -> float | None:
    known = instruments.names()
    if values["what"] not in known:
        allowed = f"{LEVEL}, or a scale: {', '.join(known)}"
        problems.append(
            f"{where}: {problem('what', values['what'], allowed, nearest(values['what'], (LEVEL, *known)))}"
        )
        return None
    scale = instruments.load(values["what"])
    highest = scale.total_high.value or 0.0
    if values["value"] > highest or values["value"] != int(values["value"]):
        problems.append(f"{where}: {problem('value', values['value'], f'a whole total from 0 to {highest:g}')}")
        return None
    return float(values["value"])


# ---- the log of a course --------------------------------------------------------------------------------------


def _from_log(file: Path) -> Measured:
    from matrescence.actions.course_open import open_course
    from matrescence.care.journey.fold import fold

    course = open_course(file)
    return measured_in(fold(course.entries, course.ground), course.ground.drug, where=str(file))


def measured_in(known: Known, drug: Drug, *, where: str) -> Measured:
    """What the records of a course tell of what she was given and of her scores.

    Raises:
        InputError: nothing says who she is, or the drug has no such regimen.
    """
    if known.mother is None:
        raise InputError(f"{where}: nothing in it says who she is.")
    regimen = regimen_of(drug, None if known.plan is None else known.plan.regimen)
    states = [item.state for item in known.infusions if item.state.started_at is not None]
    start = _begun(states[0]) if states else known.mother.start
    planned = regimen.as_input()
    steps = tuple(step for state in states for step in _steps(state, start))
    given = Regimen(steps=steps, per_kg=True) if steps else planned
    seen = [one for item in known.infusions for one in item.state.observations]
    levels = levels_in(seen, drug, steps, start)
    return Measured(
        mother=known.mother,
        drug=drug,
        regimen=regimen,
        start=start,
        given=given,
        as_recorded=bool(steps),
        sessions_at_h=tuple((_begun(s) - start) / timedelta(hours=1) for s in states) or (0.0,),
        measurements=(*_scores(known, start), *levels.used),
        notes=levels.notes,
    )


def _begun(state: State) -> datetime:
    assert state.started_at is not None  # only states that have started come here
    return state.started_at


def _steps(state: State, start: datetime) -> Iterator[RateStep]:
    """The rates that were confirmed, and, of an infusion that still runs, the rest of its plan."""
    hour = timedelta(hours=1)
    if not state.rates:
        return
    ends = [*(point.at for point in state.rates[1:]), state.ended_at or state.latest_at or state.rates[-1].at]
    for point, until in zip(state.rates, ends, strict=True):
        if point.rate_ug_per_kg_h > 0.0 and until > point.at:
            yield RateStep((point.at - start) / hour, (until - start) / hour, point.rate_ug_per_kg_h)
    if state.ended_at is None and state.rates[-1].rate_ug_per_kg_h > 0.0:
        now_h = ((state.latest_at or state.rates[-1].at) - _begun(state)) / hour
        offset_h = (_begun(state) - start) / hour
        for stair in state.ordered.stairs:
            if stair.end_h > now_h:
                begin_h = max(stair.start_h, now_h)
                yield RateStep(offset_h + begin_h, offset_h + stair.end_h, stair.rate_ug_per_kg_h)


def _scores(known: Known, start: datetime) -> Iterator[Measurement]:
    """Every total that was answered; where none was before the start, the one that her record gives for before it."""
    found = tuple(_answered(known, start))
    yield from found
    for scale in BEFORE_TREATMENT:
        told = None if known.mother is None else getattr(known.mother, scale)
        if told is not None and not any(item.what == scale and item.at_h <= 0.0 for item in found):
            yield Measurement(0.0, scale, "", float(told))


def _answered(known: Known, start: datetime) -> Iterator[Measurement]:
    for sitting in known.sittings:
        for form in sitting.assessed.forms:
            total = score(form).total
            if total is not None:
                yield Measurement((sitting.at - start) / timedelta(hours=1), form.scale.name, "", float(total))
