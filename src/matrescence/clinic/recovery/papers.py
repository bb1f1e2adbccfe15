"""The report of one infusion session as PDF, made from its own part of her course and from nothing else."""

from __future__ import annotations

from itertools import pairwise

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from matrescence.care.infusion.events import Event
from matrescence.care.journey.known import Known
from matrescence.care.journey.words import Infused, Left
from matrescence.clinic import documents
from matrescence.clinic.clockwork.clock import course_now
from matrescence.clinic.pages import opened_or_404
from matrescence.clinic.people.access import page
from matrescence.handouts.print.session_report import session_report_pdf


@page("recovery.view")
@require_safe
def session_report(request: HttpRequest, course_id: str, session: int) -> HttpResponse:
    """What was given, found and done in one session, by whom, and when it was written down."""
    opened = opened_or_404(course_id)
    events = events_of(opened.known, session)
    if not events:
        raise Http404(session)
    content = session_report_pdf(events, created_at=course_now(course_id))
    return documents.file(request, content, name=f"session-{session}-report.pdf", kind=documents.PDF)


def events_of(known: Known, session: int) -> tuple[Event, ...]:
    """The events of one infusion, counted from 1; empty where there is none of this number."""
    opened = [item.opened for item in known.infusions]
    if not 1 <= session <= len(opened):
        return ()
    spans = [*pairwise(opened), (opened[-1], len(known.entries) + 1)]
    first, end = spans[session - 1]
    told = (entry.what for position, entry in sorted(known.entries.items()) if first <= position < end)
    return tuple(event for what in told if isinstance(what, Infused | Left) for event in what.events)
