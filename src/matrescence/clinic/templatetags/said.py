"""Words of the core and the formulary on a page: in its language, or marked as English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from matrescence.care.assessment.help_lines import HelpLine, LineRole
from matrescence.clinic.mother.history import KINDS
from matrescence.clinic.said import English
from matrescence.clinic.said import said as in_language
from matrescence.clinic.templatetags.clinic import clock

register = template.Library()
AMOUNTS = (
    (re.compile(r"at least (?P<least>\S+)"), _("at least %(least)s")),
    (re.compile(r"(?P<least>\S+) to (?P<most>\S+)"), _("%(least)s to %(most)s")),
)
"""How the core writes an amount that is not one number, and what a page says for it."""


@register.filter
def said(text: str) -> str:
    """A name in the language of the page, as plain text: for options, titles, and inside other sentences."""
    return in_language(text)


@register.filter
def named(text: str) -> str | SafeString:
    """A name in the language of the page; what has no translation is marked as English."""
    found = in_language(text)
    if isinstance(found, English) and get_language() != English.lang:
        return format_html('<span lang="{}">{}</span>', English.lang, found)
    return found


@register.filter
def amount(text: str) -> str:
    """An amount of money, a range of it or a least one, in the language of the page."""
    for pattern, words in AMOUNTS:
        if (found := pattern.fullmatch(text)) is not None:
            return str(words) % found.groupdict()
    return text


@register.simple_tag
def help_line(line: HelpLine) -> str:
    """A line to call, as :attr:`HelpLine.sentence` says it; a clinic's own words stay as the clinic wrote them."""
    name, how, warning = gettext(line.name), gettext(line.how), gettext("It is not a crisis line.")
    said = f"{name}: {line.number} ({how})."
    return f"{said} {warning}" if line.role is LineRole.SUPPORT else said


@register.filter
def record_kind(kind: str) -> str:
    """The kind of a record as people call it."""
    return str(KINDS.get(kind, kind))


@register.filter
def iso_clock(at: str, zone: tzinfo | None) -> str:
    """An instant that a record holds, as the clock on her wall shows it."""
    return clock(datetime.fromisoformat(at), zone)


@register.filter
def said_all(texts: Iterable[str]) -> list[str]:
    """Several names in the language of the page."""
    return [in_language(text) for text in texts]
