"""Change who she is, or say that a record of it was wrong."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from matrescence.clinic.inputs import with_errors
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.mother import fields
from matrescence.clinic.mother.history import CORRECTED_HERE
from matrescence.clinic.pages import Outcome, course_page, opened_or_404, record
from matrescence.clinic.people.access import page


@page("mother.change")
def change(request: HttpRequest, course_id: str) -> HttpResponse:
    """A new weight, another start, the infant grown: what is left as it was is not written again."""
    opened = opened_or_404(course_id)
    before = fields.as_typed(_known_of(opened))
    if request.method != "POST":
        return _shown(request, opened, before)
    typed = fields.typed_in(request.POST)
    emptied = [fields.LABELS[name] for name, text in before.items() if text and not typed[name]]
    if emptied:
        said = _("%(names)s: what was known does not become unknown again. If it was wrong, correct the record.")
        return _shown(request, opened, typed, Outcome(problems=(said % {"names": ", ".join(map(str, emptied))},)))
    payload = {key: value for key, value in fields.payload_of(typed).items() if typed[key] != before[key]}
    if not payload:
        messages.info(request, _("Nothing was changed."))
        return redirect("mother:show", course_id)
    outcome = record(request, course_id, "mother-changed", payload)
    if not outcome.ok:
        return _shown(request, opened, typed, outcome)
    messages.success(request, _("The change is written down."))
    return redirect("mother:show", course_id)


@page("mother.correct")
def correct(request: HttpRequest, course_id: str, position: int) -> HttpResponse:
    """The record stays where it is; from now on what is written here holds in its place."""
    opened = opened_or_404(course_id)
    kind, payload = opened.reader.told.get(position, ("", {}))
    if kind not in CORRECTED_HERE:
        raise Http404
    inside = payload["mother"] if kind == "mother-recorded" else payload
    if request.method != "POST":
        return _shown(request, opened, fields.as_typed(inside), position=position)
    typed = fields.typed_in(request.POST)
    right = fields.payload_of(typed)
    whole = {**payload, "mother": right} if kind == "mother-recorded" else right
    told = {"of": position, "why": request.POST.get("why", "").strip(), "payload": whole}
    outcome = record(request, course_id, "correction", told)
    if not outcome.ok:
        return _shown(request, opened, typed, outcome, position=position)
    messages.success(request, _("The correction is written down; the old record stays where it is."))
    return redirect("mother:history", course_id)


def _known_of(opened: Opened) -> dict[str, Any]:
    """Who she is, as told bit by bit."""
    known: dict[str, Any] = {}
    for kind, payload in opened.reader.told.values():
        known |= payload["mother"] if kind == "mother-recorded" else payload if kind == "mother-changed" else {}
    return known


def _shown(
    request: HttpRequest,
    opened: Opened,
    typed: dict[str, str],
    outcome: Outcome | None = None,
    *,
    position: int | None = None,
) -> HttpResponse:
    found = fields.inputs(typed, () if outcome is None else outcome.problems)
    named = {item.error for item in found}
    left = () if outcome is None else tuple(text for text in outcome.problems if text not in named)
    context = {
        "inputs": found,
        "wrong": with_errors(found),
        "problems": left,
        "outcome": outcome,
        "correcting": position,
        "why": request.POST.get("why", ""),
    }
    return course_page(
        request, "mother/change.html", opened, status=200 if outcome is None else outcome.status, **context
    )
