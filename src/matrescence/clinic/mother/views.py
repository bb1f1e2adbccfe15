"""Her page, and the log behind it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from matrescence.clinic.log import courses
from matrescence.clinic.pages import course_page, opened_or_404
from matrescence.clinic.people.access import page


@page("mother.view")
def show(request: HttpRequest, course_id: str) -> HttpResponse:
    """Where she is and what is next."""
    opened = opened_or_404(course_id)
    return course_page(request, "mother/show.html", opened)


@page("mother.history")
def history(request: HttpRequest, course_id: str) -> HttpResponse:
    """Every record as it was written, the newest first."""
    opened = opened_or_404(course_id)
    lines = reversed(courses.history(course_id))
    return course_page(request, "mother/history.html", opened, lines=list(lines))
