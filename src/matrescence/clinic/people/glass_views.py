"""Opening a record that one's role does not open, and closing it again."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.pages import opened_or_404
from matrescence.clinic.people import glass
from matrescence.clinic.people.access import own_page, page
from matrescence.clinic.people.address import address_of
from matrescence.clinic.people.audit import OPENED, note
from matrescence.clinic.people.matrix import Cell, matrix
from matrescence.clinic.people.models import BrokenGlass
from matrescence.clinic.people.where import safe_target

NEWEST = 200


@own_page("break-glass")
def break_glass(request: HttpRequest, course_id: str) -> HttpResponse:
    """Ask why, write it down, and open the record for an hour."""
    if not glass.may_break_glass(request.user.known_roles):
        raise PermissionDenied
    opened_or_404(course_id)
    reason, target = request.POST.get("reason", "").strip(), request.POST.get("next") or request.GET.get("next", "")
    problem = _problem(reason) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        at = now()
        glass.break_it(request.user, course_id, reason, at)
        _note(request, course_id, reason, at)
        return redirect(safe_target(request, target) or _first_page(request, course_id))
    context = {"reason": reason, "next": target, "problem": problem, "minutes": settings.BREAK_GLASS_S // 60}
    return render(request, "people/break_glass.html", context, status=422 if problem else 200)


def _problem(reason: str) -> str:
    if glass.SHORTEST_REASON <= len(reason) <= glass.LONGEST_REASON:
        return ""
    return _("Say in a sentence why you need this record now (15 to 500 letters).")


def _note(request: HttpRequest, course_id: str, reason: str, at: object) -> None:
    request.audited = True
    role = next(role for role in request.user.known_roles if glass.may_break_glass((role,)))
    note(
        at=at,
        who=request.user.name,
        role=role,
        action="account.break-glass",
        outcome=OPENED,
        stream=course_id,
        detail=reason,
        address=address_of(request),
    )


def _first_page(request: HttpRequest, course_id: str) -> str:
    held = request.user.known_roles
    opens = matrix()["mother.view"].best(held) in {Cell.YES, Cell.BREAK_GLASS}
    return reverse("mother:show", args=[course_id]) if opens else reverse("people:me")


@own_page("break-glass")
@require_POST
def close_glass(request: HttpRequest, course_id: str) -> HttpResponse:
    """End it before the hour is over."""
    if glass.close_it(request.user, course_id, now()):
        messages.success(request, _("The record is closed again."))
    request.audit_detail = "closed"
    return redirect("people:me")


@page("audit.view")
def glasses(request: HttpRequest) -> HttpResponse:
    """Everybody who opened a record with a reason, the newest first."""
    rows = BrokenGlass.objects.select_related("user").order_by("-at")[:NEWEST]
    return render(request, "people/glasses.html", {"rows": rows, "at": now(), "most": NEWEST})
