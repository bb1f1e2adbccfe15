"""What a site has set for itself: names, limits, hours, prices, lines.  ``None`` and empty always mean *not set*."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from matrescence.actions.course_payload import LEAVING, LIMIT
from matrescence.care.assessment.help_lines import HelpLine, LineRole
from matrescence.care.drug import Drug
from matrescence.care.infusion.order import Limit
from matrescence.care.infusion.readings import Measure
from matrescence.care.recovery.discharge import SiteLimits
from matrescence.facts import Statement
from matrescence.formulary.costs.library import read_money
from matrescence.reading import Field, nearest, problem, read_table, refuse

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SETTINGS = (
    Field("setting", "text", high=200, help="The name of the setting, as it stands on every paper."),
    Field("pharmacy", "text", high=200),
    Field("time_zone", "text"),
    Field("limits", "tables", high=20),
    Field("overdue_after_min", "number", "min", 0, 240),
    Field("unrecorded_after_min", "number", "min", 1, 240),
    Field("two_person", "boolean"),
    Field("leaving", "table"),
    Field("hours", "tables", high=50),
    Field("consultations", "tables", high=50),
    Field("slot_min", "integer", "min", 10, 240),
    Field("prices", "tables", high=200),
    Field("help_lines", "tables", high=20),
)
WINDOW = (
    Field("day", "text", required=True, choices=DAYS),
    Field("from", "text", required=True),
    Field("to", "text", required=True),
)
PRICE = (
    Field("drug", "text", required=True),
    Field("key", "text", required=True),
    Field("price", "text", required=True, help="US dollars, such as 85 or 85.50."),
    Field("dated", "text", required=True, help="The day of the price, such as 2026-01-05."),
)
LINE = (
    Field("role", "text", required=True, choices=tuple(role.value for role in LineRole)),
    Field("name", "text", required=True, high=120),
    Field("number", "text", required=True, high=60),
    Field("how", "text", required=True, high=200),
)


@dataclass(frozen=True, slots=True)
class Window:
    """From one time to another of a weekday, by the clock on the site's wall; ``day`` counts from Monday, 0."""

    day: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class SitePrice:
    """The site's own price of one item of a drug's bill, in US dollars, and of which day it is."""

    drug: str
    key: str
    price: str
    dated: str


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Everything a site has set.  A limit that no source gives stays unknown until it stands here.

    ``limits`` are those of every drug; :meth:`limits_for` gives those that a drug's own rules know.
    """

    setting: str | None = None
    pharmacy: str | None = None
    zone: ZoneInfo | None = None
    limits: tuple[Limit, ...] = ()
    overdue_after_min: float | None = None
    unrecorded_after_min: float | None = None
    two_person: bool | None = None
    leaving: SiteLimits = field(default_factory=SiteLimits)
    hours: tuple[Window, ...] = ()
    consultations: tuple[Window, ...] = ()
    slot_min: int | None = None
    prices: tuple[SitePrice, ...] = ()
    help_lines: tuple[HelpLine, ...] = ()

    @property
    def time_zone(self) -> tzinfo | None:
        """The zone of the site's clocks."""
        return self.zone

    def limits_for(self, drug: Drug) -> tuple[Limit, ...]:
        """The limits whose finding does something to an infusion of this drug."""
        known = {item.finding for item in drug.interruptions}
        return tuple(limit for limit in self.limits if limit.finding in known)

    def prices_for(self, drug: str) -> tuple[SitePrice, ...]:
        """The site's own prices for one drug."""
        return tuple(item for item in self.prices if item.drug == drug)


def settings_from(table: Mapping[str, Any], *, where: str) -> SiteSettings:
    """Check a parsed table of settings.

    Raises:
        InputError: something cannot be used; every problem is named.
    """
    problems: list[str] = []
    values = read_table(dict(table), SETTINGS, where, problems)
    found = {
        "zone": _zone(values.pop("time_zone", None), where, problems),
        "limits": _limits(values.pop("limits", []), where, problems),
        "leaving": SiteLimits(**read_table(values.pop("leaving", {}), LEAVING, f"{where}: leaving", problems)),
        "hours": _windows(values.pop("hours", []), f"{where}: hours", problems),
        "consultations": _windows(values.pop("consultations", []), f"{where}: consultations", problems),
        "prices": _prices(values.pop("prices", []), where, problems),
        "help_lines": _lines(values.pop("help_lines", []), where, problems),
    }
    refuse(problems, where)
    return SiteSettings(**values, **found)


def _zone(name: str | None, where: str, problems: list[str]) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        fix = nearest(name, sorted(available_timezones())) or "Write it as America/New_York or Europe/Paris."
        problems.append(f"{where}: {problem('time_zone', name, 'a name of the IANA time zone list', fix)}")
        return None


def _limits(rows: list[Any], where: str, problems: list[str]) -> tuple[Limit, ...]:
    found = []
    for number, row in enumerate(rows, start=1):
        before = len(problems)
        values = read_table(row, LIMIT, f"{where}: limits {number}", problems)
        if len(problems) == before:
            found.append(Limit(**{**values, "measure": Measure(values["measure"])}))
    return tuple(found)


def _windows(rows: list[Any], where: str, problems: list[str]) -> tuple[Window, ...]:
    found = []
    for row in rows:
        before = len(problems)
        values = read_table(row, WINDOW, where, problems)
        if len(problems) > before:
            continue
        start, end = (_time(values[name], f"{where}: {values['day']}", problems) for name in ("from", "to"))
        if start is None or end is None:
            continue
        if start >= end:
            problems.append(f"{where}: {values['day']}: {values['to']} is not later than {values['from']}.")
            continue
        found.append(Window(DAYS.index(values["day"]), start, end))
    return tuple(sorted(found, key=lambda item: (item.day, item.start)))


def _time(text: str, where: str, problems: list[str]) -> time | None:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        problems.append(f"{where}: {problem('time', text, 'hour and minute such as 08:30')}")
        return None
    return found


def _prices(rows: list[Any], where: str, problems: list[str]) -> tuple[SitePrice, ...]:
    found = []
    for row in rows:
        before = len(problems)
        values = read_table(row, PRICE, f"{where}: prices", problems)
        if len(problems) == before:
            read_money(values["price"], "price", f"{where}: {values['drug']} {values['key']}", problems)
            found.append(SitePrice(**values))
    return tuple(found)


def _lines(rows: list[Any], where: str, problems: list[str]) -> tuple[HelpLine, ...]:
    said = Statement("The clinic's own line.", "site-policy", "settings of the site", "site-policy", "B")
    found = []
    for row in rows:
        before = len(problems)
        values = read_table(row, LINE, f"{where}: help_lines", problems)
        if len(problems) == before:
            found.append(HelpLine(LineRole(values["role"]), values["name"], values["number"], values["how"], said))
    return tuple(found)
