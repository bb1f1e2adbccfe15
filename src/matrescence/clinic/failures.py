"""Pages for what does not go: asked wrongly, refused, not found, changed in the meantime, broken.

Two of them, bad request and broken, ask for nothing but the file: neither who is there nor the database, since just
that may be what does not work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from matrescence.clinic.people.matrix import Action


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request itself cannot be used: too large, for another host, or malformed.

    A session that could not be kept is told here too, by Django; the view had then done its work, or not.
    """
    if isinstance(exception, SessionInterrupted):
        return HttpResponse(render_to_string("failures/broken.html"), status=503)
    return HttpResponse(render_to_string("failures/bad_request.html"), status=400)


def refused_page(request: HttpRequest, action: Action) -> HttpResponse:
    """Your role does not allow this; it says which action was asked for."""
    return render(request, "failures/refused.html", {"action": action}, status=403)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """This may not be done, by nobody or not by you."""
    return render(request, "failures/denied.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page."""
    return render(request, "failures/not_found.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Something went wrong on our side; what was entered was not written."""
    return HttpResponse(render_to_string("failures/broken.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old, or came from elsewhere."""
    return render(request, "failures/form_too_old.html", status=403)
