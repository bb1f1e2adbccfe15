"""The plan on paper: a page to print, a PDF, a calendar.  Always of her record, never of a what-if."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from matrescence.clinic import documents
from matrescence.clinic.clockwork.clock import course_now
from matrescence.clinic.inputs import posted
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.pages import opened_or_404
from matrescence.clinic.people.access import page
from matrescence.clinic.planning.laid import laid_out
from matrescence.handouts.calendar import calendar
from matrescence.handouts.page import plan_page
from matrescence.handouts.print.plan import plan_pdf
from matrescence.reading import InputError

DRAFT = {
    "rule": "clinic.draft",
    "finding": "warns",
    "text": "A draft: no prescriber has chosen this plan in her course.",
    "source": "project-decision",
    "grade": "C",
}
"""The first warning on a paper that nobody has chosen."""


@page("plan.view")
@require_safe
def page_to_print(request: HttpRequest, course_id: str) -> HttpResponse:
    """The page for the wall."""
    told = paper(request, opened_or_404(course_id))
    return documents.printed(request, plan_page(told), name=f"{_name(told)}.html")


@page("plan.view")
@require_safe
def pdf(request: HttpRequest, course_id: str) -> HttpResponse:
    """The plan for the ward as PDF, dated by the clock of her course."""
    told = paper(request, opened_or_404(course_id))
    content = plan_pdf(told, created_at=course_now(course_id))
    return documents.file(request, content, name=f"{_name(told)}.pdf", kind=documents.PDF)


@page("plan.view")
@require_safe
def ics(request: HttpRequest, course_id: str) -> HttpResponse:
    """What has to be done when, for any calendar; without her name."""
    told = paper(request, opened_or_404(course_id))
    return documents.file(request, calendar(told), name=f"{_name(told)}.ics", kind=documents.CALENDAR)


def paper(request: HttpRequest, opened: Opened) -> dict[str, Any]:
    """The plan of her record: the one that was chosen, or another regimen as a draft that says so.

    Raises:
        Http404: there is no such regimen, or no plan can be made of it.
    """
    chosen, drug, mother = opened.known.plan, opened.ground.drug, opened.known.mother
    held = None if chosen is None else chosen.regimen
    regimen = posted(request.GET, "regimen") or held or drug.default_regimen
    if mother is None or regimen not in drug.regimens:
        raise Http404(regimen)
    try:
        told = dict(laid_out(mother, drug.name, regimen, opened.known.health).told)
    except InputError as error:
        raise Http404(str(error)) from None
    return told if regimen == held else {**told, "warnings": [DRAFT, *told["warnings"]]}


def _name(told: Any) -> str:
    draft = "draft-" if told["warnings"][:1] == [DRAFT] else ""
    return f"{draft}plan-{told['drug']}-{told['regimen']}"
