"""One mother's file (TOML, keys carry their units) -> :class:`~matrescence.care.mother.Mother`.

Every key but ``name``, ``age_years``, ``weight_kg`` and ``start`` may be left out; what is left out is *not known*.
All problems of a file are reported at once.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any

from matrescence.care.mother import Feeding, LiverClass, Medicine, Mother, SleepWindow
from matrescence.formulary.medicines import classes_of
from matrescence.reading import Field, InputError, nearest, problem, read_table, read_toml, refuse

FIELDS: tuple[Field, ...] = (
    Field("name", "text", high=200, required=True, help='For example name = "Ana (invented)".'),
    Field("age_years", "number", "years", 10, 65, required=True, help="Her age in years."),
    Field("weight_kg", "number", "kg", 25, 350, required=True, help="Her body weight in kilograms, not pounds."),
    Field("height_cm", "number", "cm", 100, 230, help="Her height in centimetres, not metres or inches."),
    Field("start", "moment", required=True, help='For example start = "2026-03-07T08:00" beside time_zone.'),
    Field("time_zone", "text", help='The place she is in, for example time_zone = "America/New_York".'),
    Field("days_since_birth", "integer", "days", 0, 730, help="Whole days since she gave birth."),
    Field("gestation_weeks", "number", "weeks", 4, 44, help="Only while she is still pregnant."),
    Field("caesarean_planned", "boolean", help="true when a caesarean section is planned."),
    Field("feeding", "text", choices=tuple(item.value for item in Feeding), help="How the infant is fed."),
    Field("infant_weight_kg", "number", "kg", 0.3, 20, help="The infant's weight in kilograms, not grams."),
    Field("infant_age_days", "integer", "days", 0, 1095, help="The infant's age in whole days."),
    Field("egfr_ml_per_min_1_73m2", "number", "mL/min/1.73 m2", 0, 250, help="Estimated kidney function."),
    Field("liver", "text", choices=tuple(item.value for item in LiverClass), help="normal, or the Child-Pugh class."),
    Field("medicines", "list", low=0, high=100, help="A list of names, or of tables with name and dose_mg_per_day."),
    Field("hamd17", "number", "points", 8, 52, help="Her HAM-D17 before treatment, if it was rated."),
    Field("madrs", "number", "points", 12, 60, help="Her MADRS before treatment, if it was rated."),
    Field("planned_sleep", "texts", low=0, high=6, help='For example planned_sleep = ["22:00-06:00"].'),
)
"""The keys of a mother's file and what each allows."""

MEDICINE_FIELDS: tuple[Field, ...] = (
    Field("name", "text", required=True, help='For example name = "lorazepam".'),
    Field("dose_mg_per_day", "number", "mg per day", 0, 100_000, help="The total of one day in milligrams."),
)

FIRST_YEAR, LAST_YEAR = 2000, 2099


def read_mother(path: Path | str) -> Mother:
    """Read one mother's file.

    Raises:
        InputError: the file cannot be read, or something in it cannot be used; every problem is named.
    """
    return mother_from(read_toml(path), where=str(path))


def mother_from(table: dict[str, Any], *, where: str) -> Mother:
    """Check a parsed table and build the mother from it; ``where`` names the file in a complaint.

    Raises:
        InputError: something cannot be used; every problem of the table is named.
    """
    problems: list[str] = []
    values = read_table(table, FIELDS, where, problems)
    start = _start(values, problems)
    sleep = _sleep(values.pop("planned_sleep", []), problems)
    medicines = _medicines(values.pop("medicines", None), problems)
    if values.get("days_since_birth") is not None and values.get("gestation_weeks") is not None:
        problems.append("days_since_birth and gestation_weeks are both given; keep the one that is true today.")
    refuse(problems, where)
    if start is None:
        raise InputError(f"{where}: start cannot be used.")
    feeding, liver = values.pop("feeding", None), values.pop("liver", None)
    return Mother(
        **{key: value for key, value in values.items() if key not in ("start", "time_zone")},
        start=start,
        sleep=sleep,
        medicines=medicines,
        feeding=None if feeding is None else Feeding(feeding),
        liver=None if liver is None else LiverClass(liver),
    )


# ---- the start ------------------------------------------------------------------------------------------------


def _start(values: dict[str, Any], problems: list[str]) -> datetime | None:
    raw = values.get("start")
    if raw is None:
        return None
    moment = _moment(raw)
    if moment is None:
        problems.append(problem("start", raw, "a date and time such as 2026-03-07T08:00", "Does the date exist?"))
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        problems.append(problem("start", raw, f"a year from {FIRST_YEAR} to {LAST_YEAR}", "Check the year."))
        return None
    zone = _zone(values.get("time_zone"), problems)
    if zone is None:
        return _without_zone(moment, values, problems)
    return _in_zone(moment, zone, str(values["time_zone"]), problems)


def _moment(raw: Any) -> datetime | None:
    moment = raw if isinstance(raw, datetime) else None
    if isinstance(raw, str) and len(raw.strip()) > len("2026-03-07"):
        with contextlib.suppress(ValueError):
            moment = datetime.fromisoformat(raw.strip())
    # ISO 8601 writes an offset in hours and minutes; no clock on a wall has seconds in it.
    whole = moment is None or (moment.utcoffset() or timedelta()) % timedelta(minutes=1) == timedelta()
    return moment if whole else None


def _zone(name: str | None, problems: list[str]) -> tzinfo | None:
    if name is None:
        return None
    from zoneinfo import ZoneInfo, available_timezones

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        fix = nearest(name, sorted(available_timezones())) or "Write it as America/New_York or Europe/Paris."
        problems.append(problem("time_zone", name, "a name of the IANA time zone list", fix))
        return None


def _without_zone(moment: datetime, values: dict[str, Any], problems: list[str]) -> datetime | None:
    if "time_zone" in values:
        return None
    offset = moment.utcoffset()
    if offset is None:
        problems.append(
            'time_zone is missing; write time_zone = "America/New_York", or give start with its UTC offset.'
        )
        return None
    return moment.replace(tzinfo=timezone(offset))


def _in_zone(moment: datetime, zone: tzinfo, name: str, problems: list[str]) -> datetime | None:
    offset = moment.utcoffset()
    if offset is not None:
        local = moment.astimezone(zone)
        if local.utcoffset() != offset:
            fix = f"In {name} this moment is {local.isoformat()}; write that, or leave out the offset."
            problems.append(problem("start", moment.isoformat(), f"an offset that holds in {name} then", fix))
            return None
        return local
    earlier, later = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if earlier.utcoffset() == later.utcoffset():
        return earlier
    problems.append(_clock_change(moment, earlier, later, name))
    return None


def _clock_change(moment: datetime, earlier: datetime, later: datetime, name: str) -> str:
    exists = earlier.astimezone(UTC).astimezone(earlier.tzinfo).replace(tzinfo=None) == moment
    if exists:
        allowed = f"a time that {name} has once that day; the clocks go back and this one comes twice"
        fix = f"Add the offset: {earlier.isoformat()} or {later.isoformat()}."
    else:
        allowed = f"a time that {name} has that day; the clocks go forward and leave this one out"
        shift = (earlier.utcoffset() or timedelta()) - (later.utcoffset() or timedelta())
        fix = f"Did you mean {(moment + abs(shift)).isoformat()}?"
    return problem("start", moment.isoformat(), allowed, fix)


# ---- sleep and medicines --------------------------------------------------------------------------------------


def _sleep(texts: list[str], problems: list[str]) -> tuple[SleepWindow, ...]:
    windows = []
    for text in texts:
        window = _window(text)
        if window is None:
            fix = "Write from-to by the wall clock; it may cross midnight."
            problems.append(problem("planned_sleep", text, 'two different times such as "22:00-06:00"', fix))
        else:
            windows.append(window)
    return tuple(windows)


def _window(text: str) -> SleepWindow | None:
    parts = text.replace("–", "-").split("-")
    try:
        start, end = (time.fromisoformat(part.strip()) for part in parts)
    except ValueError:
        return None
    if start == end or start.tzinfo is not None or end.tzinfo is not None:
        return None
    return SleepWindow(start, end)


def _medicines(items: list[Any] | None, problems: list[str]) -> tuple[Medicine, ...] | None:
    if items is None:
        return None
    found: list[Medicine] = []
    for number, item in enumerate(items, start=1):
        row = {"name": item} if isinstance(item, str) else item
        complaints: list[str] = []
        values = read_table(row, MEDICINE_FIELDS, f"medicines, number {number}", complaints)
        problems += complaints
        if not complaints:
            found.append(Medicine(values["name"], classes_of(values["name"]), values.get("dose_mg_per_day")))
    return tuple(found)
