"""Fill the checklist before she leaves, and write down how she left."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from matrescence.care.journey.leaving import against_leaving
from matrescence.clinic import pages
from matrescence.clinic.clockwork.clock import course_now
from matrescence.clinic.inputs import Input, with_errors
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.pages import Outcome, course_page, opened_or_404
from matrescence.clinic.people.access import page
from matrescence.clinic.recovery import leaving_form
from matrescence.clinic.recovery.views import leaving_context


@page("recovery.view", writes="recovery.checklist")
def checklist(request: HttpRequest, course_id: str) -> HttpResponse:
    """Each criterion of the drug's folder as a question; what is left empty is not recorded."""
    opened = opened_or_404(course_id)
    known, ground = opened.known, opened.ground
    if request.method != "POST":
        return _shown(request, opened, "checklist", leaving_form.checklist_inputs(known, ground))
    found = leaving_form.read_checklist(request.POST, known, ground)
    if found.wrong:
        return _shown(request, opened, "checklist", found.inputs, status=422)
    outcome = pages.record(request, course_id, "leaving-checklist", found.payload, happened_at=found.at)
    if not outcome.ok:
        again = opened_or_404(course_id)
        return _shown(request, again, "checklist", found.inputs, outcome=outcome, status=outcome.status)
    messages.success(request, _("The checklist is written down."))
    return redirect("recovery:show", course_id=course_id)


@page("recovery.view", writes="recovery.discharge")
def discharge(request: HttpRequest, course_id: str) -> HttpResponse:
    """With whom she leaves, and when she comes back; against the checklist only on a named clinician's word."""
    opened = opened_or_404(course_id)
    known, ground = opened.known, opened.ground
    at = leaving_form.typed_at(request.POST, known) or course_now(course_id)
    against = bool(against_leaving(known, ground, at, None))
    if request.method != "POST":
        inputs = leaving_form.discharge_inputs(known, ground, against=against)
        return _shown(request, opened, "discharge", inputs)
    found = leaving_form.read_discharge(request.POST, known, ground, against=against)
    if found.wrong:
        return _shown(request, opened, "discharge", found.inputs, status=422)
    outcome = pages.record(request, course_id, "discharge", found.payload, happened_at=found.at)
    if not outcome.ok:
        again = opened_or_404(course_id)
        return _shown(request, again, "discharge", found.inputs, outcome=outcome, status=outcome.status)
    messages.success(request, _("It is written down how she left."))
    return redirect("recovery:show", course_id=course_id)


def _shown(
    request: HttpRequest,
    opened: Opened,
    name: str,
    inputs: tuple[Input, ...],
    *,
    outcome: Outcome | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "here": "recovery",
        "inputs": inputs,
        "wrong": with_errors(inputs),
        "problems": () if outcome is None else outcome.problems,
        "outcome": outcome,
        "number": {},
        **leaving_context(opened),
    }
    return course_page(request, f"recovery/{name}.html", opened, status=status, **context)
