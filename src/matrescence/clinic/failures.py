"""Pages for what does not go: refused, not found, changed in the meantime, broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

if TYPE_CHECKING:
    from matrescence.clinic.people.matrix import Action


def refused_page(request: HttpRequest, action: Action) -> HttpResponse:
    """Your role does not allow this; it says which action was asked for."""
    return render(request, "failures/refused.html", {"action": action}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page."""
    return render(request, "failures/not_found.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Something went wrong on our side; what was entered was not written."""
    return render(request, "failures/broken.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old, or came from elsewhere."""
    return render(request, "failures/form_too_old.html", status=403)
