"""A prescriber chooses the plan: regimen, session, and the limits that stop, ask, or let her leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from matrescence.care.drug import Drug
from matrescence.clinic import pages
from matrescence.clinic.inputs import Input, posted, typed_number, with_errors
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.pages import Outcome, course_page, opened_or_404
from matrescence.clinic.people.access import page
from matrescence.clinic.planning.limits import limit_inputs, read_limits
from matrescence.clinic.said import said
from matrescence.clinic.site.settings import site_settings
from matrescence.clinic.site.values import SiteSettings


@page("plan.choose")
def choose(request: HttpRequest, course_id: str) -> HttpResponse:
    """The form with what the site has set, and what comes of it."""
    opened, site = opened_or_404(course_id), site_settings()
    drug = opened.ground.drug
    if request.method != "POST":
        first = first_inputs(drug, posted(request.GET, "regimen") or _held(opened), str(_next_session(opened)))
        return _shown(request, opened, site, (*first, *limit_inputs(drug, site, opened.known.plan)))
    first = read_first(request.POST, drug)
    limits = read_limits(request.POST, drug, site)
    inputs = (*first, *limits.inputs)
    if with_errors(inputs):
        return _shown(request, opened, site, inputs, status=422)
    payload = {
        "regimen": posted(request.POST, "regimen"),
        "session_number": _whole(posted(request.POST, "session_number")),
        "two_person": asks_two(site),
        **limits.payload,
    }
    outcome = pages.record(request, course_id, "plan-chosen", payload)
    if not outcome.ok:
        return _shown(request, opened_or_404(course_id), site, inputs, outcome=outcome, status=outcome.status)
    messages.success(request, _("The plan is chosen."))
    return redirect("planning:show", course_id=course_id)


def asks_two(site: SiteSettings) -> bool:
    """Two people confirm, unless the site has said in its settings that they do not."""
    return site.two_person is not False


def first_inputs(drug: Drug, regimen: str, session: str) -> tuple[Input, Input]:
    """Which regimen, and which of its sessions."""
    choices = tuple((name, said(plan.label)) for name, plan in drug.regimens.items())
    hint = _("1 for a regimen with one session.")
    return (
        Input("regimen", _("Regimen"), "choice", regimen, choices=choices),
        Input("session_number", _("Number of the session"), "number", session, hint=hint),
    )


def read_first(data: Mapping[str, str], drug: Drug) -> tuple[Input, Input]:
    """The two as they were typed, with what is wrong."""
    regimen, session = first_inputs(drug, posted(data, "regimen"), posted(data, "session_number"))
    if regimen.value not in drug.regimens:
        return replace(regimen, error=_("Choose a regimen.")), session
    last = max(len(drug.regimens[regimen.value].session_days), 1)
    number = _whole(session.value)
    if number is None or not 1 <= number <= last:
        allowed = (
            _("This regimen has the sessions 1 to %(last)d.") if last > 1 else _("This regimen has one session: 1.")
        )
        session = replace(session, error=allowed % {"last": last} if last > 1 else allowed)
    return regimen, session


def _whole(text: str) -> int | None:
    number = typed_number(text)
    return int(number) if isinstance(number, float) and number == int(number) else None


def _held(opened: Opened) -> str:
    """The regimen of the newest plan; none is chosen for a prescriber before she has chosen one."""
    return "" if opened.known.plan is None else opened.known.plan.regimen


def _next_session(opened: Opened) -> int:
    """The session after those that ran; of a regimen that holds, never beyond its last."""
    ran = sum(item.state.started_at is not None for item in opened.known.infusions)
    plan = opened.known.plan
    last = 1 if plan is None else max(len(opened.ground.drug.regimens[plan.regimen].session_days), 1)
    return min(ran + 1, last)


def _shown(
    request: HttpRequest,
    opened: Opened,
    site: SiteSettings,
    inputs: tuple[Input, ...],
    *,
    outcome: Outcome | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "here": "infusion",
        "first": inputs[:2],
        "limits": inputs[2:],
        "wrong": with_errors(inputs),
        "problems": () if outcome is None else outcome.problems,
        "outcome": outcome,
        "two": asks_two(site),
        "running": not opened.known.between_infusions,
    }
    return course_page(request, "planning/choose.html", opened, status=status, **context)
