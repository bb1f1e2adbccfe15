"""The worklist."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.people.access import page
from matrescence.clinic.site.settings import site_settings
from matrescence.clinic.welcome.models import ConsultationRequest
from matrescence.clinic.worklist.lines import grouped, lines


@page("worklist.view")
def show(request: HttpRequest) -> HttpResponse:
    """Every course, the most pressing first, in groups by how much it presses."""
    found, altered = lines()
    context = {
        "groups": grouped(found),
        "altered": altered,
        "at": now(),
        "zone": site_settings().time_zone,
        "waiting": ConsultationRequest.objects.filter(state=ConsultationRequest.NEW).count(),
    }
    template = "worklist/list.html" if request.headers.get("HX-Request") else "worklist/show.html"
    return render(request, template, context)
