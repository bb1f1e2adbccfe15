"""Words and numbers of the live page: ages, countdowns, priorities."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Any

from django import template
from django.utils.translation import gettext as _

from matrescence.care.infusion.readings import Reading, shown
from matrescence.clinic.infusion import words
from matrescence.clinic.infusion.acts import Act
from matrescence.clinic.infusion.context import Sign
from matrescence.clinic.infusion.context import act_url as address
from matrescence.clinic.live.pace import Pace
from matrescence.clinic.templatetags.clinic import ago, number, weekday

register = template.Library()


@register.simple_tag
def act_url(act: Act, course_id: str) -> str:
    """The address of the form of an act."""
    return address(course_id, act.name)


@register.filter
def finding(name: str) -> str:
    """A finding as people call it."""
    return words.finding(name).lower()


@register.filter
def device_kind(name: str) -> str:
    """A kind of device as people call it."""
    return words.device_words(name)


@register.filter
def priority(name: str) -> str:
    """How soon somebody must act."""
    return str(words.PRIORITIES[name])


@register.filter
def reading(value: Reading) -> str:
    """A reading in words, with its units."""
    return shown(value)


@register.filter
def seconds(at: datetime, zone: tzinfo | None) -> str:
    """An instant with its seconds, and its day where that is not clear."""
    local = at.astimezone(zone)
    return f"{weekday(local)} {local:%H:%M:%S}"


@register.filter
def day(at: datetime, zone: tzinfo | None) -> str:
    """The day of an instant alone."""
    return weekday(at.astimezone(zone))


@register.filter
def epoch_ms(at: datetime) -> int:
    """Milliseconds since 1970, as a page's script counts."""
    return int(at.timestamp() * 1000)


@register.filter
def real_ms(at: datetime, pace: Pace) -> int:
    """The real instant at which the clock of a course comes to ``at``, in milliseconds."""
    ahead = (at - pace.at) / max(pace.speed, 1e-9)
    return int((pace.real.timestamp() + min(ahead.total_seconds(), 1e9)) * 1000)


@register.filter
def until(at: datetime, now: datetime) -> str:
    """How long it is still, in words."""
    return ago(max(at - now, timedelta(0)))


@register.filter
def lasting(span: timedelta) -> str:
    """How long a plan runs: in hours, or in minutes where it is short."""
    hours = span / timedelta(hours=1)
    return f"{number(hours)} h" if hours >= 2.0 else f"{hours * 60.0:.0f} min"


@register.filter
def hours_run(span: timedelta) -> str:
    """How long it has run, in the hours that its plan counts in."""
    hours, minutes = divmod(int(span.total_seconds() // 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


@register.filter
def plan_time(hours: float) -> str:
    """A time of a plan, counted from its start: in hours, or in minutes where it is short."""
    return lasting(timedelta(hours=hours)) if hours else "0"


@register.filter
def unlocal(value: float) -> str:
    """A number as a script reads it, whatever the language."""
    return f"{value:g}"


@register.filter
def item(found: dict[str, Any], name: str) -> Any:
    """The entry of that name; nothing where there is none."""
    return found.get(name)


@register.filter
def age_words(sign: Sign) -> str:
    """How old a value is, where that matters; the page's own clock goes on from here."""
    if sign.state == "live":
        return ""
    age = {"n": f"{sign.age_s:.0f}"}
    if sign.state == "old":
        return _("NOT CURRENT: %(n)s s old") % age
    return _("no reading") if sign.age_s <= sign.gone_s else _("no data for %(n)s s") % age
