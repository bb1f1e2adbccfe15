"""What every paper that is filed has in common: its requirement, its id, and whom it is about."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from matrescence.care.enrolment.programme import Requirement, Timing
from matrescence.clinic.enrolment.desk import Desk, about_of, missing_names
from matrescence.clinic.inputs import form_key


def requirement_or_404(desk: Desk, name: str) -> Requirement:
    """A requirement whose papers are filed here.

    Raises:
        Http404: there is none, or its papers are filed elsewhere.
    """
    found = desk.programme.requirements.get(name)
    if found is None or not desk.holds(found) or found.timing is Timing.SHOWN or found.ends_session:
        raise Http404(name)
    return found


def record_id(request: HttpRequest) -> str:
    """The id of the paper that this form would file: sent again, it is the same paper."""
    return f"paper-{form_key(request.POST)[:12]}"


def row_of(request: HttpRequest, desk: Desk, requirement: Requirement) -> dict[str, Any]:
    """The beginning of a record: its id, its requirement, who files it, and whom it is about."""
    about = about_of(desk, requirement)
    return {
        "id": record_id(request),
        "requirement": requirement.id,
        "by": request.actor.name,
        "about": {party.value: name for party, name in about.items()},
    }


def nobody_named(request: HttpRequest, desk: Desk, requirement: Requirement) -> HttpResponse:
    """Nothing is filed about nobody: first say whom it is about."""
    context = {"requirement": requirement, "missing": missing_names(desk, requirement)}
    return desk.page(request, "enrolment/nobody_named.html", status=409, **context)
