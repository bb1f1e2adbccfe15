"""The risk programme of one mother: every requirement, the gate at this instant, the session, and each paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from matrescence.care.enrolment.gate import GateOpen, gate
from matrescence.care.enrolment.programme import Party, Status
from matrescence.care.infusion.state import Phase
from matrescence.clinic import pages
from matrescence.clinic.clockwork.clock import course_now
from matrescence.clinic.enrolment.desk import CourseDesk, rights
from matrescence.clinic.enrolment.papers import form_page
from matrescence.clinic.enrolment.paperwork import groups, rows_of
from matrescence.clinic.enrolment.session import as_table, next_session, prescribers, session_of
from matrescence.clinic.enrolment.statements import statement_page
from matrescence.clinic.enrolment.take_over import take_over, waiting
from matrescence.clinic.enrolment.taking_back import record_page
from matrescence.clinic.pages import Outcome, course_page, opened_or_404
from matrescence.clinic.people.access import page
from matrescence.clinic.site.settings import site_settings


@page("enrolment.view")
def show(request: HttpRequest, course_id: str) -> HttpResponse:
    """Every requirement by party, and what still keeps the gate closed."""
    return _overview(request, course_id)


@page("enrolment.view", writes="enrolment.file")
def session(request: HttpRequest, course_id: str) -> HttpResponse:
    """Name the session that the papers are for."""
    opened = opened_or_404(course_id)
    if request.method != "POST":
        return redirect("enrolment:show", course_id=course_id)
    problem = _against_preparing(opened, request.POST.get("prescriber", ""))
    if problem:
        return _overview(request, course_id, outcome=Outcome(problems=(problem,)))
    named = session_of(
        opened.known, site_settings(), session=_next(opened), prescriber=request.POST.get("prescriber", "")
    )
    outcome = pages.record(request, course_id, "enrolment", {"session": as_table(named)})
    if not outcome.ok:
        return _overview(request, course_id, outcome=outcome)
    count = take_over(course_id, request.actor.name, course_now(course_id))
    told = _("%(session)s is prepared; %(n)d papers of the site were taken over.")
    messages.success(request, told % {"session": named.session, "n": count})
    return redirect("enrolment:show", course_id=course_id)


@page("enrolment.view", writes="enrolment.file")
def paper(request: HttpRequest, course_id: str, requirement: str) -> HttpResponse:
    """One form: fill it, keep it, sign it."""
    return form_page(request, _desk(request, course_id), requirement)


@page("enrolment.view", writes="enrolment.file")
def statement(request: HttpRequest, course_id: str, requirement: str) -> HttpResponse:
    """Something that has been done, and that no form asks about."""
    return statement_page(request, _desk(request, course_id), requirement)


@page("enrolment.view", writes="enrolment.file")
def record(request: HttpRequest, course_id: str, name: str) -> HttpResponse:
    """One paper as it was signed, and the way to take it back."""
    return record_page(request, _desk(request, course_id), name)


def _desk(request: HttpRequest, course_id: str) -> CourseDesk:
    opened = opened_or_404(course_id)
    now = course_now(course_id)
    if request.method == "POST" and take_over(course_id, request.actor.name, now):
        opened = opened_or_404(course_id)
    return CourseDesk(opened, now)


def _overview(request: HttpRequest, course_id: str, *, outcome: Outcome | None = None) -> HttpResponse:
    opened = opened_or_404(course_id)
    desk = CourseDesk(opened, course_now(course_id))
    programme, named = desk.programme, desk.session
    context: dict[str, Any] = {
        **rights(request, "enrolment.file"),
        "here": "enrolment",
        "desk": desk,
        "programme": programme,
        "historical": programme.status is Status.HISTORICAL,
        "local": programme.status is Status.LOCAL,
        "acknowledgement": programme.requirements.get(programme.acknowledgement or ""),
        "named": named,
        "settings": site_settings(),
        "prescribers": prescribers(),
        "prescriber": request.POST.get("prescriber") or (named.prescriber if named else ""),
        "next_session": _next(opened),
        "needs_pharmacy": any(Party.PHARMACY in item.about for item in programme.requirements.values()),
        "infusion_open": _infusion_open(opened),
        "outcome": outcome,
    }
    if opened.ground.infused and named is not None:
        answer = gate(programme, desk.records, desk.at, session=named)
        found = groups(desk, named)
        context |= {
            "groups": found,
            "closing": [row for row in rows_of(found) if row.status.closes],
            "answer": answer,
            "gate_open": isinstance(answer, GateOpen),
            "waiting": waiting(opened, desk.at),
        }
    status = 200 if outcome is None else outcome.status
    return course_page(request, "enrolment/show.html", opened, status=status, **context)


def _next(opened: Any) -> str:
    ends = frozenset(name for name, item in opened.ground.programme.requirements.items() if item.ends_session)
    return next_session(opened.known, ends)


def _infusion_open(opened: Any) -> bool:
    return opened.known.state.phase not in {Phase.NEW, Phase.OPENED, Phase.DISCHARGED}


def _against_preparing(opened: Any, prescriber: str) -> str:
    """Why no session can be prepared from this form; empty when one can."""
    if not opened.ground.infused:
        return _("This treatment is taken by mouth: no programme gates it here.")
    if site_settings().setting is None:
        return _("The setting has no name yet. Write it down in the settings of the site.")
    if prescriber not in prescribers():
        return _("Choose the prescriber from the people who may prescribe here.")
    if _infusion_open(opened):
        return _("An infusion is going on for this session; prepare the next one when she has left.")
    return ""
