"""Begin a course for a mother, from a request or without one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from matrescence.actions.course import Request
from matrescence.actions.mother_file import mother_from
from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.inputs import form_key, whole_number, with_errors
from matrescence.clinic.log import courses
from matrescence.clinic.mother import fields
from matrescence.clinic.pages import sentences
from matrescence.clinic.people.access import page
from matrescence.clinic.site.settings import site_settings
from matrescence.clinic.welcome.models import ConsultationRequest
from matrescence.clinic.welcome.requests import handle
from matrescence.formulary import library
from matrescence.reading import InputError


@page("mother.begin")
def begin(request: HttpRequest) -> HttpResponse:
    """Who she is, and which treatment is looked at; everything but four facts may stay unknown."""
    asked = _asked(request)
    if request.method != "POST":
        return _shown(request, _first(asked), asked)
    typed = fields.typed_in(request.POST)
    payload = {"drug": request.POST.get("drug", ""), "mother": fields.payload_of(typed)}
    if not payload["drug"]:
        return _shown(request, typed, asked, problems=_without_drug(fields.payload_of(typed)), status=422)
    wanted = Request("mother-recorded", payload, id=form_key(request.POST), by=request.actor.name)
    try:
        begun = courses.begin(wanted, now=now())
    except InputError as error:
        return _shown(request, typed, asked, problems=sentences(str(error)), status=422)
    if asked is not None and asked.state == ConsultationRequest.NEW:
        handle(asked, ConsultationRequest.ADMITTED, by=request.actor.name, stream=begun.course.id)
    messages.success(request, _("Her course has begun."))
    return redirect("mother:show", begun.course.id)


def _without_drug(told: dict[str, Any]) -> list[str]:
    """What is wrong where no treatment was chosen: that, and everything about her too."""
    problems = [_("Choose which treatment is looked at.")]
    try:
        mother_from(told, where="this form")
    except InputError as error:
        problems += sentences(str(error))
    return problems


def _asked(request: HttpRequest) -> ConsultationRequest | None:
    number = request.POST.get("request") or request.GET.get("request", "")
    return ConsultationRequest.objects.filter(pk=whole_number(number)).first()


def _first(asked: ConsultationRequest | None) -> dict[str, str]:
    zone = site_settings().time_zone
    return {"name": "" if asked is None else asked.name, "time_zone": "" if zone is None else str(zone)}


def _shown(
    request: HttpRequest,
    typed: dict[str, str],
    asked: ConsultationRequest | None,
    *,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = fields.inputs(typed, problems or ())
    context: dict[str, Any] = {
        "inputs": found,
        "wrong": with_errors(found),
        "problems": [text for text in problems or () if not any(fields.is_about(text, item.name) for item in found)],
        "drugs": [library.load(name) for name in library.names()],
        "drug_chosen": request.POST.get("drug", ""),
        "asked": asked,
        "form_key": form_key(request.POST),
    }
    return render(request, "mother/begin.html", context, status=status)
