"""What is urgent, and what was done about it.  A task leaves this page by a disposition and by nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matrescence.care.journey.words import Outcome as Disposition
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.pages import Outcome, course_page, opened_or_404, record
from matrescence.clinic.people.access import page

OUTCOMES = {
    Disposition.ASSESSED: gettext_lazy("Assessed in person; what is needed is agreed and arranged"),
    Disposition.HANDED_OVER: gettext_lazy("Handed over in person to mental-health care"),
    Disposition.ADMITTED: gettext_lazy("Admitted"),
    Disposition.EMERGENCY: gettext_lazy("Emergency services have taken over"),
    Disposition.NOT_REACHED: gettext_lazy("Not reached: an attempt; the task stays open"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One outcome to choose."""

    value: str
    text: str
    closes: bool


@page("assessment.view", writes="urgent.dispose")
def urgent(request: HttpRequest, course_id: str) -> HttpResponse:
    """Every open task with what to do and whom to call; a POST says what became of those that are ticked."""
    opened = opened_or_404(course_id)
    if request.method != "POST":
        return _show(request, opened)
    payload = {
        "tasks": request.POST.getlist("tasks"),
        "outcome": request.POST.get("outcome", ""),
        "done": request.POST.get("done", "").strip(),
    }
    left_out = _left_out(payload)
    if left_out:
        return _show(request, opened, outcome=Outcome(problems=left_out), status=422)
    outcome = record(request, course_id, "urgent-disposition", payload, strict=False)
    if not outcome.ok:
        return _show(request, opened_or_404(course_id), outcome=outcome, status=outcome.status)
    still_open = outcome.written.course.known.open_tasks
    said = (
        _("Written down. %(n)d urgent task(s) still open.")
        if still_open
        else _("Written down. Nothing urgent is open.")
    )
    messages.success(request, said % {"n": len(still_open)})
    return redirect("assessment:urgent" if still_open else "assessment:show", course_id)


def _left_out(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """What has not been said yet, in the order of the form; whatever else is wrong the reader of the record says."""
    asked = {
        "tasks": _("Tick at least one of the urgent matters."),
        "outcome": _("Choose what became of it."),
        "done": _("Write down what was done, and what was agreed."),
    }
    return tuple(sentence for name, sentence in asked.items() if not payload[name])


def _show(request: HttpRequest, opened: Opened, *, status: int = 200, **context: object) -> HttpResponse:
    tasks = opened.known.open_tasks
    ticked = request.POST.getlist("tasks") if request.method == "POST" else [task.id for task in tasks]
    return course_page(
        request,
        "assessment/urgent.html",
        opened,
        status=status,
        here="assessment",
        tasks=tasks,
        closed=[task for task in opened.known.tasks if task.closed_by is not None],
        choices=[Choice(item.value, str(text), item.closes) for item, text in OUTCOMES.items()],
        ticked=ticked,
        typed=request.POST,
        **context,
    )
