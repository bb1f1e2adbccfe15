"""The page of the stage: what is urgent, what was not asked, what it looks like, every score, and the trend."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from matrescence.care.assessment.consultation import review
from matrescence.clinic.assessment.figure import trend_figure
from matrescence.clinic.assessment.shown import later, newest, trend_lines
from matrescence.clinic.pages import course_page, opened_or_404
from matrescence.clinic.people.access import page


@page("assessment.view")
def show(request: HttpRequest, course_id: str) -> HttpResponse:
    """Everything about her answers so far."""
    opened = opened_or_404(course_id)
    trends = [(trend, trend_figure(trend)) for trend in trend_lines(opened)]
    return course_page(
        request,
        "assessment/show.html",
        opened,
        here="assessment",
        told=newest(opened),
        later=later(opened),
        trends=trends,
        consultation=review(opened.ground.questions, opened.known.answers),
        closed=[task for task in opened.known.tasks if task.closed_by is not None],
    )
