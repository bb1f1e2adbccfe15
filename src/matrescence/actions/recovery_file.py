"""One mother's recovery from a file: what was given, what was recorded, her scores, her insurance, her account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from matrescence.actions.planning import regimen_of
from matrescence.care.assessment.scales import Kind, Scale
from matrescence.care.drug import Drug, RegimenPlan
from matrescence.care.infusion.readings import BloodPressure
from matrescence.care.recovery.accounts import Account, Coverage, Savings
from matrescence.care.recovery.cover import Cover
from matrescence.care.recovery.discharge import Observed, SiteLimits
from matrescence.care.recovery.outcome import Measured
from matrescence.formulary import library
from matrescence.formulary.costs.library import read_money
from matrescence.instruments.library import load as load_scale
from matrescence.reading import Field, InputError, nearest, problem, read_table, read_toml, refuse

FILE = (
    Field("about", "text"),
    Field("drug", "text", required=True, help="A drug of the formulary."),
    Field("regimen", "text"),
    Field("time_zone", "text", required=True, help='For example "America/New_York".'),
    Field("now", "text", required=True, help="The moment to look from, such as 2026-03-09T22:00; no clock is read."),
    Field("mother", "table", required=True),
    Field("course", "table", required=True),
    Field("discharge", "table"),
    Field("site", "table"),
    Field("scores", "table"),
    Field("insurance", "table"),
    Field("account", "table"),
)
MOTHER = (
    Field("name", "text", required=True, help='For example name = "Ana (invented)".'),
    Field("weight_kg", "number", "kg", 25, 350, required=True),
)
COURSE = (
    Field("sessions", "texts", required=True, low=1, high=100, help="When each session that was given began."),
    Field("ended", "text", required=True, help="When the last session, or the last dose, ended."),
    Field("facility_hours", "number", "h", 0, 2000, help="Hours that the facility charges."),
)
DISCHARGE = (
    Field("sedation_resolved", "boolean"),
    Field("readiness_total", "number", low=0, high=100),
    Field("pressure_before", "numbers", low=2, high=2, help="Systolic and diastolic, such as [118, 74]."),
    Field("pressure_now", "numbers", low=2, high=2, help="Systolic and diastolic, such as [124, 78]."),
    Field("responsible_adult", "boolean"),
    Field("child_cared_for", "boolean"),
)
SITE = (
    Field("observed_h", "number", "h", 0, 72),
    Field("pressure_within_mmhg", "number", "mm Hg", 0, 100),
    Field("prices", "text", help="The site's price file, beside this file."),
)
SCORES = (
    Field("scale", "text", required=True),
    Field("baseline", "table"),
    Field("later", "tables"),
)
SCORE = (Field("on", "date", required=True), Field("total", "number", required=True))
MONEY = ("deductible", "deductible_met", "out_of_pocket_max", "out_of_pocket_met")
INSURANCE = (
    *(Field(name, "any", help="US dollars.") for name in MONEY),
    Field("coinsurance_percent", "number", "%", 0, 100, help="What she pays after the deductible."),
    Field("covers", "table", help="For each item of the bill: true or false."),
)
ACCOUNT = (
    Field("kind", "text", required=True, choices=tuple(item.value for item in Account)),
    Field("plan_year", "integer", low=2000, high=2100, required=True),
    Field("coverage", "text", required=True, choices=tuple(item.value for item in Coverage)),
    Field("contribution", "any", required=True, help="US dollars put in for the year."),
    Field("tax_rate_percent", "number", "%", 0, 60, help="All taxes saved together; it is never guessed."),
)


@dataclass(frozen=True, slots=True)
class Scores:
    """Totals of one scale: before treatment (``None``: not known) and after."""

    scale: Scale
    baseline: Measured | None
    later: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """What one file says of one mother.  A part that is not in the file is ``None``."""

    name: str
    about: str
    weight_kg: float
    drug: Drug
    regimen: RegimenPlan
    now: datetime
    sessions: tuple[datetime, ...]
    ended: datetime
    facility_hours: Decimal | None
    observed: Observed | None
    site: SiteLimits
    prices: Path | None
    scores: Scores | None
    cover: Cover | None
    savings: Savings | None
    plan_year: int | None


def read_recovery_file(path: Path) -> RecoverySheet:
    """Read one mother's recovery file.

    Raises:
        InputError: the file cannot be read, or something in it cannot be used; every problem is named.
    """
    where = str(path)
    values = read_table(read_toml(path), FILE, where)
    zone = _zone(values["time_zone"], where)
    drug = library.load(values["drug"])
    problems: list[str] = []

    def table(key: str, fields: Sequence[Field]) -> dict[str, Any]:
        return read_table(values[key], fields, f"{where}: {key}", problems) if key in values else {}

    mother, course, site = table("mother", MOTHER), table("course", COURSE), table("site", SITE)
    given, insured, saved = table("discharge", DISCHARGE), table("insurance", INSURANCE), table("account", ACCOUNT)
    refuse(problems, where)
    now = _instant(values["now"], "now", zone, problems)
    sessions = [_instant(text, "course: sessions", zone, problems) for text in course["sessions"]]
    ended = _instant(course["ended"], "course: ended", zone, problems)
    scores = _scores(values["scores"], f"{where}: scores", problems) if "scores" in values else None
    cover = _cover(insured, f"{where}: insurance", problems) if "insurance" in values else None
    savings = _savings(saved, f"{where}: account", problems) if "account" in values else None
    if not problems:
        problems += _out_of_order(now, sessions, ended)
    refuse(problems, where)
    hours = course.get("facility_hours")
    return RecoverySheet(
        name=mother["name"],
        about=values.get("about", ""),
        weight_kg=mother["weight_kg"],
        drug=drug,
        regimen=regimen_of(drug, values.get("regimen")),
        now=now,
        sessions=tuple(sorted(sessions)),
        ended=ended,
        facility_hours=None if hours is None else Decimal(repr(hours)),
        observed=observed_from(given, hours_since_end=_hours(ended, now)) if "discharge" in values else None,
        site=SiteLimits(site.get("observed_h"), site.get("pressure_within_mmhg")),
        prices=path.parent / site["prices"] if "prices" in site else None,
        scores=scores,
        cover=cover,
        savings=savings,
        plan_year=saved.get("plan_year"),
    )


def _zone(name: str, where: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        fix = nearest(name, sorted(available_timezones())) or "Write it as America/New_York or Europe/Paris."
        raise InputError(f"{where}: {problem('time_zone', name, 'a name of the IANA time zone list', fix)}") from None


def _instant(text: str, field: str, zone: ZoneInfo, problems: list[str]) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        problems.append(problem(field, text, "a date and time such as 2026-03-09T22:00"))
        return datetime(2000, 1, 1, tzinfo=UTC)
    if moment.tzinfo is not None:
        return moment.astimezone(zone)
    earlier, later = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if earlier.utcoffset() != later.utcoffset():
        problems.append(problem(field, text, "a time that the clocks have once that day", "Add the UTC offset."))
    return earlier


def _out_of_order(now: datetime, sessions: list[datetime], ended: datetime) -> list[str]:
    found = []
    if len(set(sessions)) < len(sessions):
        found.append("course: two sessions begin at the same moment; keep one of the two.")
    if ended < max(sessions):
        found.append(problem("course: ended", ended.isoformat(), "a moment after the last session began"))
    if now < ended:
        found.append(problem("now", now.isoformat(), "a moment after the course, or its last session, ended"))
    return found


def observed_from(given: dict[str, Any], *, hours_since_end: float | None = None) -> Observed:
    """What the fields of :data:`DISCHARGE` say was observed."""
    before, after = (given.get(f"pressure_{when}") for when in ("before", "now"))
    return Observed(
        hours_since_end=hours_since_end,
        sedation_resolved=given.get("sedation_resolved"),
        readiness_total=given.get("readiness_total"),
        pressure_before=None if before is None else BloodPressure(*before),
        pressure_now=None if after is None else BloodPressure(*after),
        responsible_adult=given.get("responsible_adult"),
        child_cared_for=given.get("child_cared_for"),
    )


def _hours(since: datetime, now: datetime) -> float:
    return round((now - since).total_seconds() / 3600.0, 2)


def _scores(table: Any, where: str, problems: list[str]) -> Scores | None:
    before = len(problems)
    values = read_table(table, SCORES, where, problems)
    if len(problems) > before:
        return None
    scale = load_scale(values["scale"])
    if scale.kind is not Kind.SUM or scale.higher_is_worse is not True:
        problems.append(f"{where}: {scale.label} has no total on which higher is worse; name a depression scale.")
        return None
    rows = [*values.get("later", []), *([values["baseline"]] if "baseline" in values else [])]
    measured = [_measured(row, scale, where, problems) for row in rows]
    if len(problems) > before:
        return None
    found = [item for item in measured if item is not None]
    days = [item.on for item in found]
    if len(set(days)) < len(days):
        problems.append(f"{where}: two scores carry the same day; keep one of each day.")
    baseline = found.pop() if "baseline" in values else None
    if baseline is not None and any(item.on < baseline.on for item in found):
        problems.append(f"{where}: a score is older than the baseline; later holds what was measured after it.")
    return Scores(scale, baseline, tuple(found))


def _measured(row: Any, scale: Scale, where: str, problems: list[str]) -> Measured | None:
    values = read_table(row, SCORE, where, problems)
    if len(values) < len(SCORE):
        return None
    low, high = scale.total_low.known, scale.total_high.known
    if not low <= values["total"] <= high:
        problems.append(f"{where}: {problem('total', values['total'], f'{low:g} to {high:g} for {scale.label}')}")
    day: date = values["on"]
    return Measured(day, values["total"])


def _cover(values: dict[str, Any], where: str, problems: list[str]) -> Cover:
    money = {name: read_money(values[name], name, where, problems) for name in MONEY if name in values}
    covers = values.get("covers")
    for key, answer in (covers or {}).items():
        if not isinstance(answer, bool):
            problems.append(f"{where}: {problem(f'covers.{key}', answer, 'true or false')}")
    percent = values.get("coinsurance_percent")
    return Cover(**money, coinsurance_percent=None if percent is None else Decimal(repr(percent)), covers=covers)


def _savings(values: dict[str, Any], where: str, problems: list[str]) -> Savings:
    rate = values.get("tax_rate_percent")
    return Savings(
        Account(values["kind"]),
        Coverage(values["coverage"]),
        read_money(values["contribution"], "contribution", where, problems) or Decimal("0.00"),
        None if rate is None else Decimal(repr(rate)),
    )
