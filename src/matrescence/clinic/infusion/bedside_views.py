"""Devices at the bedside, the stream and its snapshot, and the control of a simulated bedside."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache as once
from typing import Any

from django.contrib import messages
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from matrescence.clinic.clockwork.clock import course_now, now
from matrescence.clinic.infusion.fields import FieldError, number, text
from matrescence.clinic.infusion.snapshot import is_fast
from matrescence.clinic.infusion.snapshot import snapshot as make_snapshot
from matrescence.clinic.live import controls
from matrescence.clinic.live.associations import bind, open_at, unbind
from matrescence.clinic.live.hub import Hub, Viewer, server_ms
from matrescence.clinic.live.models import UnboundDevice
from matrescence.clinic.live.port import no_longer_watched
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.pages import course_page, opened_or_404
from matrescence.clinic.people.access import SAFE, glass_is_broken, page
from matrescence.clinic.people.matrix import Cell, matrix
from matrescence.clinic.people.models import User
from matrescence.reading import InputError

WATCH = "infusion.watch"
STREAMS_AN_ACCOUNT = 40
"""So many streams of one account may be open; a page that gets none asks every few seconds instead."""
AUDITED_EVERY_S = 300
"""One row in the audit stands for so long of asking again and again."""


@once
def hub() -> Hub:
    """The hub of this process."""
    return Hub(make_snapshot, is_fast=is_fast)


@page(WATCH, stays_open=True)
def stream(request: HttpRequest, course_id: str) -> HttpResponseBase:
    """Every change of one infusion as it happens; read once in the audit, when it is opened."""
    opened_or_404(course_id)
    if hub().open_for(request.user.pk) >= STREAMS_AN_ACCOUNT:
        return HttpResponse(status=429)
    viewer = Viewer(course_id, get_language() or "en", _still(request, course_id), account=request.user.pk)
    last_id = request.headers.get("Last-Event-ID", "")
    response = StreamingHttpResponse(hub().follow(viewer, last_id=last_id), content_type="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    return response


@page(WATCH, stays_open=True)
def snapshot(request: HttpRequest, course_id: str) -> HttpResponse:
    """The same once: for a page whose stream does not come through.

    Such a page asks every few seconds; the audit holds one row for each stretch of that, not one for each question.
    """
    opened_or_404(course_id)
    asked = f"watch/{request.session.session_key}/{course_id}"
    again = request.method in SAFE and not cache.add(asked, True, AUDITED_EVERY_S)
    request.audited = again  # type: ignore[attr-defined]
    return JsonResponse({"server_ms": server_ms(), "now": make_snapshot(course_id, get_language() or "en")})


def _still(request: HttpRequest, course_id: str) -> Callable[[], bool]:
    """Whether she may still watch: her session stands, her account is active, her role or her reason opens it."""
    user_id, session = request.user.pk, request.session.session_key

    def may_watch() -> bool:
        user = User.objects.filter(pk=user_id, is_active=True).first()
        if user is None or not Session.objects.filter(pk=session, expire_date__gt=now()).exists():
            return False
        cell = matrix()[WATCH].best(user.known_roles)
        return cell is Cell.YES or (cell is Cell.BREAK_GLASS and glass_is_broken(user, course_id, now()))

    return may_watch


# ---- devices ----------------------------------------------------------------------------------------------------


@page(WATCH, writes="infusion.run")
def devices(request: HttpRequest, course_id: str) -> HttpResponse:
    """Which devices are hers, and which are heard and belong to nobody."""
    opened = opened_or_404(course_id)
    problem = ""
    if request.method == "POST":
        try:
            _bind_or_unbind(request, opened)
            return redirect("infusion:devices", course_id=course_id)
        except (FieldError, InputError) as error:
            problem = str(error)
    context: dict[str, Any] = {
        "bound": open_at(course_id),
        "unbound": list(UnboundDevice.objects.order_by("device")),
        "problem": problem,
        "typed": request.POST,
    }
    return course_page(
        request, "infusion/devices.html", opened, here="infusion", status=422 if problem else 200, **context
    )


def _bind_or_unbind(request: HttpRequest, opened: Opened) -> None:
    at, device = course_now(opened.id), text(request.POST, "device", _("The device"))
    if request.POST.get("do") == "unbind":
        kinds = {row.kind for row in open_at(opened.id)}
        unbind(opened.id, device, at=at)
        for kind in kinds - {row.kind for row in open_at(opened.id)}:
            no_longer_watched(opened.id, kind)
        messages.success(request, _("%(device)s is no longer at her bed.") % {"device": device})
        return
    ahead = number(request.POST, "clock_ahead_s", _("How far its clock is ahead"), required=False) or 0.0
    bind(opened.id, device, request.POST.get("kind", ""), at=at, by=request.actor.name, clock_ahead_s=ahead)
    messages.success(request, _("%(device)s is at her bed from now on.") % {"device": device})


# ---- the simulated bedside --------------------------------------------------------------------------------------


@page(WATCH, writes="bedside.simulate")
def simulator(request: HttpRequest, course_id: str) -> HttpResponse:
    """Play faults into a simulated bedside, slow its clock or hurry it; there is no such page for a real course."""
    opened = opened_or_404(course_id)
    found = controls.control_of(course_id)
    if found is None:
        raise Http404("no simulated bedside")
    problem = ""
    if request.method == "POST":
        try:
            messages.success(request, controls.obey(course_id, request.POST))
            return redirect("infusion:simulator", course_id=course_id)
        except (FieldError, InputError) as error:
            problem = str(error)
    return course_page(
        request,
        "infusion/simulator.html",
        opened,
        here="infusion",
        status=422 if problem else 200,
        control=found,
        problem=problem,
    )
