"""Enter an assessment or a follow-up: the scales that are chosen, and what a clinician has seen and been told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from matrescence.clinic.assessment import form
from matrescence.clinic.assessment.wording import screening_scales
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.pages import Outcome, course_page, opened_or_404, record, zone_of
from matrescence.clinic.people.access import page

FIRST = ("epds", "mdq")
"""The scales offered where she has not been assessed before."""
WHOLE, LATER = ("signs", "infant_harm", "past"), ("signs", "infant_harm")
KEPT = ("began", "began_on_day")
"""What of the beginning does not change, and is typed once."""


@page("assessment.record")
def assessment(request: HttpRequest, course_id: str) -> HttpResponse:
    """A whole assessment."""
    return _page(request, course_id, kind="assessment")


@page("recovery.follow_up")
def follow_up(request: HttpRequest, course_id: str) -> HttpResponse:
    """A later score: at least one scale."""
    return _page(request, course_id, kind="follow-up")


def _page(request: HttpRequest, course_id: str, *, kind: str) -> HttpResponse:
    opened = opened_or_404(course_id)
    names = _chosen(request, opened)
    if request.method != "POST":
        return _show(request, opened, kind, names, _told_before(opened) if kind == "assessment" else {})
    outcome = _write(request, opened, kind, names)
    if not outcome.ok:
        return _show(request, opened_or_404(course_id), kind, names, request.POST, outcome=outcome)
    urgent = outcome.written.course.known.open_tasks
    messages.success(request, _("Written down."))
    return redirect("assessment:urgent" if urgent else "assessment:show", course_id)


def _write(request: HttpRequest, opened: Opened, kind: str, names: tuple[str, ...]) -> Outcome:
    try:
        at = _answered_at(request.POST.get("answered_at", ""), opened)
    except ValueError:
        return Outcome(problems=(_("When she answered: write a date and a time, or leave it empty for now."),))
    groups = WHOLE if kind == "assessment" else LATER
    payload: dict[str, Any] = form.payload_of(names, request.POST, groups=groups)
    if kind == "assessment" and opened.known.mother is not None:
        payload |= form.about_her(request.POST, opened.known.mother.name)
    return record(request, opened.id, kind, payload, happened_at=at)


def _answered_at(text: str, opened: Opened) -> datetime | None:
    """When she answered, by the clock where she is.

    Raises:
        ValueError: it is no date and time.
    """
    return datetime.fromisoformat(text.strip()).replace(tzinfo=zone_of(opened)) if text.strip() else None


def _chosen(request: HttpRequest, opened: Opened) -> tuple[str, ...]:
    """The scales of this form: those asked for, else those she answered last, else the usual ones."""
    known = {scale.name for scale in screening_scales()}
    asked = [*request.POST.getlist("scale"), *request.GET.getlist("scale")]
    used = [answers.scale.name for sitting in opened.known.sittings[-1:] for answers in sitting.assessed.forms]
    return tuple(dict.fromkeys(name for name in (asked or used or FIRST) if name in known))


def _told_before(opened: Opened) -> dict[str, str]:
    """Her past and when it began, as told in the assessment before: typed once, looked at again."""
    sitting = opened.known.assessment
    if sitting is None:
        return {}
    history = sitting.assessed.history
    found = {f"past:{key}": getattr(history, key) for key in form.PAST}
    told = {name: form.YES if value else form.NO for name, value in found.items() if value is not None}
    if history.symptoms_began is not None:
        told["began"] = history.symptoms_began.value
    if history.symptoms_began_on_day is not None:
        told["began_on_day"] = str(history.symptoms_began_on_day)
    return told


def _show(
    request: HttpRequest,
    opened: Opened,
    kind: str,
    names: tuple[str, ...],
    typed: Mapping[str, str],
    *,
    outcome: Outcome | None = None,
) -> HttpResponse:
    groups = WHOLE if kind == "assessment" else LATER
    return course_page(
        request,
        "assessment/record.html",
        opened,
        status=200 if outcome is None else outcome.status,
        here="assessment",
        whole=kind == "assessment",
        outcome=outcome,
        scales=screening_scales(),
        names=names,
        sheets=form.sheets(names, typed),
        groups={group: form.questions(group, typed) for group in groups},
        onsets=[(onset.value, text) for onset, text in form.ONSETS.items()],
        typed=typed,
        before=opened.known.assessment if request.method != "POST" and kind == "assessment" else None,
    )
