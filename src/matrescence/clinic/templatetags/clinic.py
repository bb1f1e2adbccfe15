"""Words and numbers as the pages show them: times in her zone, numbers without a trailing zero, stages by name."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from matrescence.care.drug import Availability

register = template.Library()

STAGES = {
    "assessment": gettext_lazy("Assessment"),
    "eligibility": gettext_lazy("Eligibility"),
    "enrolment": gettext_lazy("Enrolment"),
    "infusion": gettext_lazy("Infusion"),
    "lactation": gettext_lazy("Feeding"),
    "recovery": gettext_lazy("Recovery"),
}
STATUSES = {
    "not begun": gettext_lazy("not begun"),
    "waiting": gettext_lazy("waiting"),
    "blocked": gettext_lazy("blocked"),
    "done": gettext_lazy("done"),
}
PRESSES = {
    "URGENT": gettext_lazy("Urgent: she answered so"),
    "ALARM": gettext_lazy("Act now"),
    "UNGATED": gettext_lazy("Started past the rules"),
    "OVERDUE": gettext_lazy("Overdue"),
    "RELAPSE": gettext_lazy("Better, and worse again"),
    "SOON": gettext_lazy("Due within a day"),
    "WAITING": gettext_lazy("Waiting for a step"),
    "DONE": gettext_lazy("Nothing open"),
}
AVAILABILITIES = {
    "approved": gettext_lazy("approved"),
    "off-label": gettext_lazy("off-label"),
    "withdrawn": pgettext_lazy("availability", "withdrawn"),
}
PHASES = {
    "NEW": gettext_lazy("not opened"),
    "OPENED": gettext_lazy("opened, not started"),
    "STARTING": gettext_lazy("start not confirmed"),
    "RUNNING": gettext_lazy("infusion runs"),
    "STOP_REQUESTED": gettext_lazy("stop not confirmed"),
    "STOPPED": gettext_lazy("stopped"),
    "RESUMING": gettext_lazy("resume not confirmed"),
    "COMPLETED": gettext_lazy("completed"),
    "ENDED_EARLY": gettext_lazy("ended early"),
    "DISCHARGED": gettext_lazy("discharged"),
}


@register.filter
def number(value: float | None, digits: int | None = None) -> str:
    """A number without a trailing zero and with a leading one; a dash for what is not known."""
    if value is None:
        return "–"
    text = f"{value:.{digits}f}" if digits is not None else f"{value:g}"
    return text.replace(".", formats.get_format("DECIMAL_SEPARATOR"))


@register.filter
def unlocalised(value: float) -> str:
    """A number for a drawing: with a point in every language."""
    return f"{value:g}"


def weekday(local: datetime) -> str:
    """Weekday, day and month as a language orders and writes them: the translators say how, in Django's letters."""
    return formats.date_format(local, pgettext("format of a day", "D j M"))


def calendar_day(local: date) -> str:
    """Day, month and year as a language orders and writes them."""
    return formats.date_format(local, pgettext("format of a day with its year", "j N Y"))


@register.filter
def clock(at: datetime | None, zone: tzinfo | None) -> str:
    """An instant as the clock on her wall shows it: weekday, day, hour and minute."""
    if at is None:
        return "–"
    local = at.astimezone(zone)
    return f"{weekday(local)} {local:%H:%M}"


@register.filter
def hour(at: datetime | None, zone: tzinfo | None) -> str:
    """Hour and minute alone, in her zone."""
    return "–" if at is None else f"{at.astimezone(zone):%H:%M}"


@register.filter
def machine(at: datetime | None) -> str:
    """An instant for ``datetime=`` of a ``<time>``."""
    return "" if at is None else at.isoformat()


@register.filter
def ago(span: timedelta | None) -> str:
    """A length of time in words of two parts at most."""
    if span is None:
        return "–"
    minutes = int(abs(span).total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes} if hours else f"{minutes} min"


@register.filter
def availability_word(status: str) -> str:
    """Whether a drug may be ordered, in one word."""
    return str(AVAILABILITIES.get(status, status))


@register.filter
def availability(found: Availability) -> str:
    """One word and a date on whether a drug may be ordered: never left out where it is offered."""
    return f"{AVAILABILITIES.get(found.status, found.status)} ({formats.date_format(found.as_of, 'j F Y')})"


@register.filter
def iso_day(text: str) -> str:
    """A day that is written as 2025-04-14, as people read it."""
    return formats.date_format(date.fromisoformat(text), "j F Y")


@register.simple_tag
def stage_name(name: str) -> str:
    """A stage of the journey as people call it."""
    return str(STAGES[name])


@register.simple_tag
def stage_status(status: Any) -> str:
    """Where a stage stands, in one word."""
    return str(STATUSES.get(status.value, status.value))


@register.simple_tag
def stage_url(name: str, course_id: str) -> str:
    """The page of a stage; her own page where the stage has none."""
    try:
        return reverse(f"{name}:show", args=[course_id])
    except NoReverseMatch:
        return reverse("mother:show", args=[course_id])


ENTERED_WITH = {"infusion": "infusion.watch", "urgent": "assessment.view"}
"""The action of a room whose page is not named as the room is."""


@register.filter
def enters(may: Any, room: str) -> bool:
    """Whether her roles open the page of a room: ``{% if may|enters:stage.name %}``."""
    return bool(may[ENTERED_WITH.get(room, f"{room}.view")])


@register.simple_tag
def press_name(press: Any) -> str:
    """A group of the worklist as people call it."""
    return str(PRESSES[press.name])


@register.simple_tag
def phase_name(phase: Any) -> str:
    """Where an infusion is, in words."""
    return str(PHASES[phase.name])
