"""The page of one paper as it was signed, and the way to take it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from matrescence.clinic.enrolment.desk import Desk, record_of
from matrescence.clinic.enrolment.reading import ReadRecord, read_record
from matrescence.clinic.inputs import form_key
from matrescence.clinic.pages import Outcome

SHORTEST_REASON = 10


def record_page(request: HttpRequest, desk: Desk, name: str) -> HttpResponse:
    """One paper as it was signed, and the way to take it back."""
    found = record_of(desk, name)
    if found is None:
        messages.warning(request, _("There is no paper %(id)s here.") % {"id": name})
        return redirect(desk.url("show"))
    shown, refused, why = read_record(desk, found), None, request.POST.get("why", "").strip()
    if request.method == "POST":
        refused = _taken_back(request, desk, shown, why)
        if refused is None:
            messages.success(request, _("Taken back. The record stays in the log, and counts no more."))
            return redirect(desk.url("show"))
    status = 200 if refused is None else refused.status
    return desk.page(request, "enrolment/record.html", status=status, paper=shown, outcome=refused, why=why)


def _taken_back(request: HttpRequest, desk: Desk, shown: ReadRecord, why: str) -> Outcome | None:
    if not shown.can_be_taken_back:
        return Outcome(problems=(_("This paper cannot be taken back here, or it has been already."),))
    if len(why) < SHORTEST_REASON:
        return Outcome(problems=(_("Say why it is taken back (at least 10 letters)."),))
    key = form_key(request.POST)
    row = {
        "id": f"back-{key[:12]}",
        "revokes": shown.record.id,
        "at": desk.at.astimezone(desk.zone).isoformat(),
        "by": request.actor.name,
        "reason": why,
    }
    return desk.file(request, {"revocations": [row]})
