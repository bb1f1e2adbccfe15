"""Her page, and the log behind it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from matrescence.care.journey.known import Infusion
from matrescence.clinic.log import courses
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.mother.history import Told, corrected_in, read_lines
from matrescence.clinic.mother.scores import line_of
from matrescence.clinic.pages import course_page, opened_or_404
from matrescence.clinic.people.access import page

NEWEST = 6
"""So many records stand on her page; the others are a link away."""
RECORDS_A_PAGE = 100


@page("mother.view")
def show(request: HttpRequest, course_id: str) -> HttpResponse:
    """Where she is, what is next, her scores, her sessions."""
    opened = opened_or_404(course_id)
    known = opened.known
    context = {
        "scores": [line_of(trend) for trend in opened.at(known.recorded_at).trends],
        "sessions": _sessions(opened),
        "newest": _newest_first(opened, range(opened.position, max(opened.position - NEWEST, 0), -1)),
    }
    return course_page(request, "mother/show.html", opened, **context)


def _sessions(opened: Opened) -> list[tuple[int, Infusion, str]]:
    """Each session by its number, the newest first, with what its regimen is called."""
    labels = {name: regimen.label for name, regimen in opened.ground.drug.regimens.items()}
    called = [(item, item.state.ordered.regimen) for item in opened.known.infusions]
    numbered = [(number, item, labels.get(name, name)) for number, (item, name) in enumerate(called, 1)]
    return numbered[::-1]


@page("mother.history")
def history(request: HttpRequest, course_id: str) -> HttpResponse:
    """Every record as it was written, the newest first, a page of them at a time."""
    opened = opened_or_404(course_id)
    shown = Paginator(range(opened.position, 0, -1), RECORDS_A_PAGE).get_page(request.GET.get("page"))
    lines = _newest_first(opened, shown.object_list)
    return course_page(request, "mother/history.html", opened, lines=lines, shown=shown)


def _newest_first(opened: Opened, positions: range) -> list[Told]:
    """The records at these positions, the newest first."""
    lines = courses.history(opened.id, after=positions[-1] - 1, up_to=positions[0])
    return list(reversed(read_lines(lines, corrected_in(opened))))
