"""A statement without a form: on which day it was done, and until when the document says that it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any

from django.utils.translation import gettext as _

from matrescence.clinic.inputs import YES, Input, posted


@dataclass(frozen=True, slots=True)
class Statement:
    """What was typed, and the values of the record that come of it."""

    inputs: tuple[Input, ...]
    values: Mapping[str, Any]

    @property
    def wrong(self) -> tuple[Input, ...]:
        """The inputs that cannot be used."""
        return tuple(item for item in self.inputs if item.error)

    def too_early(self, first: tuple[str, ...]) -> Statement:
        """The same, refused because what has to come first had not been met by then."""
        told = _("At this time, what has to come first had not been met, so it would not count: %(first)s")
        error = told % {"first": " ".join(first)}
        inputs = tuple(replace(item, error=error) if item.name == "done-on" else item for item in self.inputs)
        return Statement(inputs, self.values)


def empty(at: datetime, zone: tzinfo | None) -> tuple[Input, ...]:
    """The inputs before anybody has typed: done now, without an end."""
    local = at.astimezone(zone or UTC)
    return _inputs({"done-on": local.date().isoformat(), "done-at": f"{local:%H:%M}"}, {})


def statement_from(data: Mapping[str, str], at: datetime, zone: tzinfo | None) -> Statement:
    """Read the form; a time that has not come yet cannot be stated."""
    typed = {name: posted(data, name) for name in ("confirmed", "done-on", "done-at", "expires-on")}
    errors: dict[str, str] = {}
    done = _by_the_end_of(_instant(typed["done-on"], typed["done-at"], zone), at)
    expires = _instant(typed["expires-on"], "00:00", zone) if typed["expires-on"] else None
    if typed["confirmed"] != YES:
        errors["confirmed"] = _("Confirm that this has been done.")
    if done is None:
        errors["done-on"] = _("Write the day and the time at which it was done.")
    elif done > at:
        errors["done-on"] = _("This time has not come yet.")
    if typed["expires-on"] and (expires is None or (done is not None and expires <= done)):
        errors["expires-on"] = _("Write a day after the one on which it was done, or leave it out.")
    values = {} if done is None else {"at": done.isoformat()}
    return Statement(_inputs(typed, errors), values | ({} if expires is None else {"expires": expires.isoformat()}))


def _inputs(typed: Mapping[str, str], errors: Mapping[str, str]) -> tuple[Input, ...]:
    rows = (
        ("done-on", _("Done on"), "date", ""),
        ("done-at", _("at"), "time", ""),
        ("expires-on", _("Valid up to"), "date", _("Only where the document itself names an end.")),
        ("confirmed", _("I confirm that this has been done."), "confirmed", ""),
    )
    return tuple(
        Input(name, label, kind, typed.get(name, ""), hint=hint, error=errors.get(name, ""))
        for name, label, kind, hint in rows
    )


def _by_the_end_of(minute: datetime | None, at: datetime) -> datetime | None:
    """What was done in a minute was done by its end, and not after now: the step before it may be seconds older."""
    if minute is None or minute > at:
        return minute
    return min(minute + timedelta(minutes=1) - timedelta.resolution, at).astimezone(minute.tzinfo)


def _instant(day: str, hour: str, zone: tzinfo | None) -> datetime | None:
    try:
        found = datetime.combine(datetime.fromisoformat(day).date(), time.fromisoformat(hour), zone or UTC)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2099 else None
