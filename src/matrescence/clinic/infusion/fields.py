"""The fields of a form at the bedside: what is asked, in which unit, and what was typed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from django.utils.translation import gettext as _

Choice = tuple[str, str, str]
"""The value that is sent, what is read, and a hint under it."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One field.  ``kind`` is number, text, area, choice, date, time or hidden."""

    name: str
    label: str = ""
    kind: str = "text"
    unit: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    value: str = ""
    required: bool = True
    error: str = ""

    @property
    def id(self) -> str:
        """Its name in the page."""
        return f"field-{self.name}"


class FieldError(ValueError):
    """What was typed into one field cannot be used."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def filled(asks: tuple[Ask, ...], post: Mapping[str, Any], error: FieldError | None = None) -> tuple[Ask, ...]:
    """The same fields with everything that was typed, and the complaint beside the field it is about."""
    return tuple(
        replace(
            ask,
            value=str(post.get(ask.name, ask.value)),
            error=str(error) if error is not None and error.field == ask.name else "",
        )
        for ask in asks
    )


def number(post: Mapping[str, Any], name: str, label: str, *, required: bool = True) -> float | None:
    """A number as people type it, with a point or a comma.

    Raises:
        FieldError: it is missing, or no number.
    """
    typed = str(post.get(name, "")).strip().replace(",", ".")
    if not typed:
        if required:
            raise FieldError(name, _("%(label)s is missing.") % {"label": label})
        return None
    try:
        value = float(typed)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise FieldError(name, _("%(label)s: %(typed)s is not a number.") % {"label": label, "typed": typed})
    return value


def text(post: Mapping[str, Any], name: str, label: str) -> str:
    """A text that is not empty.

    Raises:
        FieldError: it is empty.
    """
    typed = str(post.get(name, "")).strip()
    if not typed:
        raise FieldError(name, _("%(label)s is missing.") % {"label": label})
    return typed


def chosen(post: Mapping[str, Any], ask: Ask) -> str:
    """One of the choices of a field.

    Raises:
        FieldError: none was chosen, or something that is not offered.
    """
    typed = str(post.get(ask.name, "")).strip()
    if typed not in {value for value, _label, _hint in ask.choices}:
        raise FieldError(ask.name, _("Choose one: %(label)s.") % {"label": ask.label})
    return typed


def happened(post: Mapping[str, Any], zone: tzinfo | None, now: datetime) -> datetime | None:
    """When it happened, if that is said; ``None`` for now.  The day may be left out: it is then today or yesterday.

    Raises:
        FieldError: it is no time, it lies ahead, or the clocks change then and it is not clear which hour is meant.
    """
    time, day = str(post.get("happened_time", "")).strip(), str(post.get("happened_date", "")).strip()
    if not time and not day:
        return None
    local = now.astimezone(zone)
    try:
        at = datetime.fromisoformat(f"{day or local.date().isoformat()}T{time}").replace(tzinfo=local.tzinfo)
    except ValueError:
        raise FieldError("happened_time", _("This is not a time. Write it like 03:15.")) from None
    if at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset():
        raise FieldError(
            "happened_time", _("The clocks change at this hour, so it is not clear which one is meant. Write a note.")
        )
    if at > now:
        raise FieldError("happened_time", _("This lies ahead. It can only be recorded once it has happened."))
    return at


def with_now(asks: tuple[Ask, ...]) -> Iterator[Ask]:
    """The fields of the form itself, without those for an earlier time."""
    yield from (ask for ask in asks if not ask.name.startswith("happened_"))
