"""Who has asked, for the staff who answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.people.access import page
from matrescence.clinic.site.settings import site_settings
from matrescence.clinic.welcome.models import ConsultationRequest

SHOWN = 200


@page("requests.view")
def listed(request: HttpRequest) -> HttpResponse:
    """Every request, those that wait first, by their time."""
    waiting = ConsultationRequest.objects.filter(state=ConsultationRequest.NEW).order_by("slot_at", "asked_at")
    handled = ConsultationRequest.objects.exclude(state=ConsultationRequest.NEW)[:SHOWN]
    context = {"waiting": waiting, "handled": handled, "zone": site_settings().time_zone}
    return render(request, "welcome/requests.html", context)


@page("requests.handle")
@require_POST
def decline(request: HttpRequest, number: int) -> HttpResponse:
    """Close a request without a course; its time is free again."""
    found = get_object_or_404(ConsultationRequest, pk=number)
    note = request.POST.get("note", "").strip()
    if found.state != ConsultationRequest.NEW:
        messages.warning(request, _("This request was already answered."))
    elif not note:
        messages.error(request, _("Say in a few words what was agreed with her; nothing was written."))
    else:
        handle(found, ConsultationRequest.DECLINED, by=request.actor.name, note=note)
        messages.success(request, _("The request is closed."))
    return redirect("welcome:requests")


def handle(found: ConsultationRequest, state: str, *, by: str, note: str = "", stream: str = "") -> None:
    """Write down what became of a request."""
    found.state, found.handled_by, found.handled_at, found.note, found.stream = state, by, now(), note, stream
    found.save()
