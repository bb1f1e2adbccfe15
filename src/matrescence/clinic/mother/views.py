"""Her page, and the log behind it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from matrescence.clinic.log import courses
from matrescence.clinic.mother.history import read_lines
from matrescence.clinic.mother.scores import line_of
from matrescence.clinic.pages import course_page, opened_or_404
from matrescence.clinic.people.access import page


@page("mother.view")
def show(request: HttpRequest, course_id: str) -> HttpResponse:
    """Where she is, what is next, her scores, her sessions."""
    opened = opened_or_404(course_id)
    known = opened.known
    context = {
        "scores": [line_of(trend) for trend in opened.at(known.recorded_at).trends],
        "sessions": list(reversed(known.infusions)),
        "newest": list(reversed(read_lines(courses.history(course_id))))[:6],
    }
    return course_page(request, "mother/show.html", opened, **context)


@page("mother.history")
def history(request: HttpRequest, course_id: str) -> HttpResponse:
    """Every record as it was written, the newest first."""
    opened = opened_or_404(course_id)
    lines = list(reversed(read_lines(courses.history(course_id))))
    return course_page(request, "mother/history.html", opened, lines=lines)
