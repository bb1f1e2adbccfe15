"""The public page.  It needs no log-in, shows nothing of anybody, and asks nothing about how she is."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.inputs import form_key
from matrescence.clinic.site.settings import site_settings
from matrescence.clinic.welcome.forms import RequestForm
from matrescence.clinic.welcome.models import ConsultationRequest
from matrescence.clinic.welcome.slots import open_slots
from matrescence.clinic.welcome.throttle import may_knock

OFFERED = 40
"""So many times are offered at most; more than that nobody reads."""


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a consultation, and book a time if one is free."""
    at = now()
    form = RequestForm(request.POST or None, slots=_slots(at))
    if request.method != "POST":
        return _shown(request, form)
    if not may_knock(request):
        form.add_error(None, _("There were too many requests. Wait an hour, or call us."))
        return _shown(request, form, status=429)
    if not form.is_valid() or not _kept(request, form, at):
        return _shown(request, form, status=422)
    request.session["asked"] = {"name": form.cleaned_data["name"], "slot": form.cleaned_data["slot"]}
    return redirect("welcome:asked")


def asked(request: HttpRequest) -> HttpResponse:
    """Say that the request has come, with what she herself just wrote, in the browser in which she wrote it."""
    told = request.session.get("asked")
    if told is None:
        return redirect("welcome:ask")
    settings = site_settings()
    slot = datetime.fromisoformat(told["slot"]) if told["slot"] else None
    context = {"asked": told, "slot": slot, "zone": settings.time_zone, "setting": settings.setting}
    return render(request, "welcome/asked.html", context)


def _slots(at: datetime) -> tuple[datetime, ...]:
    booked = ConsultationRequest.objects.exclude(state=ConsultationRequest.DECLINED).filter(slot_at__gte=at)
    taken = set(booked.values_list("slot_at", flat=True))
    return open_slots(site_settings(), taken=taken, now=at)[:OFFERED]


def _kept(request: HttpRequest, form: RequestForm, at: datetime) -> bool:
    """Write the request down; a double click is one request, and of two who want one time the second is told."""
    told = form.cleaned_data
    key = form_key(request.POST)
    slot = datetime.fromisoformat(told["slot"]).astimezone(UTC) if told["slot"] else None
    fields = {name: told[name] for name in ("name", "telephone", "email", "voicemail", "words")}
    fields |= {"slot_at": slot, "asked_at": at, "language": get_language() or "en"}
    try:
        with transaction.atomic():
            ConsultationRequest.objects.get_or_create(key=key[:64], defaults=fields)
    except IntegrityError:
        form.add_error("slot", _("This time has just been taken. Choose another one, or let us call you."))
        return False
    return True


def _shown(request: HttpRequest, form: RequestForm, *, status: int = 200) -> HttpResponse:
    settings = site_settings()
    context = {
        "form": form,
        "setting": settings.setting,
        "zone": settings.time_zone,
        "form_key": form_key(request.POST),
    }
    return render(request, "welcome/ask.html", context, status=status)
