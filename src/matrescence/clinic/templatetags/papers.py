"""Words of papers: whom they are about, their addresses, and days in the zone of the page."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from django import template
from django.utils.translation import gettext_lazy

from matrescence.care.enrolment.programme import Party
from matrescence.clinic.enrolment.desk import Desk
from matrescence.clinic.templatetags.clinic import calendar_day

register = template.Library()

PARTIES = {
    Party.MOTHER: gettext_lazy("Mother"),
    Party.SETTING: gettext_lazy("Setting"),
    Party.PRESCRIBER: gettext_lazy("Prescriber"),
    Party.PHARMACY: gettext_lazy("Pharmacy"),
    Party.SESSION: gettext_lazy("Session"),
}


@register.simple_tag
def party_name(party: Party) -> str:
    """Whom or what a paper is about, as people call it."""
    return str(PARTIES[party])


@register.simple_tag
def desk_url(desk: Desk, name: str, *args: str) -> str:
    """The address of another page of the same desk."""
    return desk.url(name, *args)


@register.filter
def slug_id(name: str) -> str:
    """A requirement's id as the id of its row."""
    return "row-" + re.sub(r"[^a-z0-9-]", "-", name.lower())


@register.filter
def day(at: datetime | None, zone: tzinfo | None) -> str:
    """A day with its year, and the hour where that matters: papers lie for months."""
    if at is None:
        return "–"
    local = at.astimezone(zone)
    return f"{calendar_day(local)} {local:%H:%M}"
