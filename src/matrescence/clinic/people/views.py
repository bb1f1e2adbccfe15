"""Opening a record that one's role does not open."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.pages import opened_or_404
from matrescence.clinic.people.audit import OPENED, note
from matrescence.clinic.people.models import BrokenGlass

SHORTEST_REASON = 15


@login_required
def break_glass(request: HttpRequest, course_id: str) -> HttpResponse:
    """Ask why, write it down, and open the record for an hour."""
    opened_or_404(course_id)
    reason, target = request.POST.get("reason", "").strip(), request.POST.get("next") or request.GET.get("next", "")
    problem = ""
    if request.method == "POST":
        if len(reason) >= SHORTEST_REASON:
            at = now()
            until = at + timedelta(seconds=settings.BREAK_GLASS_S)
            BrokenGlass.objects.create(user=request.user, stream=course_id, reason=reason, at=at, until=until)
            note(
                at=at,
                who=request.user.name,
                role=", ".join(request.user.known_roles),
                action="break-glass",
                outcome=OPENED,
                stream=course_id,
                detail=reason,
                address=request.META.get("REMOTE_ADDR", ""),
            )
            return redirect(_safe(request, target) or reverse("mother:show", args=[course_id]))
        problem = _("Say in a sentence why you need this record now (at least 15 letters).")
    context = {"reason": reason, "next": target, "problem": problem, "minutes": settings.BREAK_GLASS_S // 60}
    return render(request, "people/break_glass.html", context, status=422 if problem else 200)


def _safe(request: HttpRequest, target: str) -> str:
    here = {request.get_host()}
    return target if url_has_allowed_host_and_scheme(target, here, require_https=request.is_secure()) else ""
