"""The feeding handout on paper, in every language that there are words for, and its times as a calendar."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from matrescence.clinic import documents
from matrescence.clinic.clockwork.clock import course_now
from matrescence.clinic.lactation.told import feeding_told
from matrescence.clinic.pages import opened_or_404
from matrescence.clinic.people.access import page
from matrescence.handouts.lactation_calendar import lactation_calendar
from matrescence.handouts.lactation_page import lactation_page
from matrescence.handouts.language import codes
from matrescence.handouts.print.lactation import lactation_pdf
from matrescence.reading import InputError


@page("lactation.view")
@require_safe
def page_to_print(request: HttpRequest, course_id: str, language: str) -> HttpResponse:
    """The handout as a page to print."""
    told = _handout(course_id, language)
    return documents.printed(request, lactation_page(told, language=language), name=f"feeding-{language}.html")


@page("lactation.view")
@require_safe
def pdf(request: HttpRequest, course_id: str, language: str) -> HttpResponse:
    """The handout as PDF, dated by the clock of her course."""
    told = _handout(course_id, language)
    content = lactation_pdf(told, created_at=course_now(course_id), language=language)
    return documents.file(request, content, name=f"feeding-{told['drug']}-{language}.pdf", kind=documents.PDF)


@page("lactation.view")
@require_safe
def ics(request: HttpRequest, course_id: str) -> HttpResponse:
    """The feeding times for any calendar; without her name."""
    told = _handout(course_id, "en")
    name = f"feeding-{told['drug']}.ics"
    return documents.file(request, lactation_calendar(told), name=name, kind=documents.CALENDAR)


def _handout(course_id: str, language: str) -> dict[str, Any]:
    """What the handout says.

    Raises:
        Http404: there are no words in that language, or no handout can be made.
    """
    opened = opened_or_404(course_id)
    if language not in codes():
        raise Http404(language)
    try:
        return feeding_told(opened, course_now(course_id))
    except InputError as error:
        raise Http404(str(error)) from None
