"""Sources and grades as the pages show them: a number that leads to the list, a letter that says what it means."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from matrescence.clinic.said import said as in_language
from matrescence.facts import GRADE_MEANING

register = template.Library()


@register.simple_tag
def cite(key: str | None, number: Mapping[str, int]) -> SafeString | str:
    """The number of a source in the list below; what is no paper is named instead."""
    if not key:
        return ""
    if key not in number:
        return format_html('<small class="cite" lang="en">({})</small>', key)
    return format_html(
        '<span class="cite">[<a href="#ref-{n}" aria-label="{said} {n}">{n}</a>]</span>',
        n=number[key],
        said=_("source"),
    )


@register.simple_tag
def grade(letter: str | None) -> SafeString | str:
    """How well a number is known; what the letter means stands in its title and in the list of grades."""
    if not letter:
        return ""
    meaning = in_language(GRADE_MEANING.get(letter, ""))
    return format_html('<abbr class="grade" title="{} {}: {}">{}</abbr>', _("grade"), letter, meaning, letter)
