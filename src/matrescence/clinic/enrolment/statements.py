"""The page of something that has been done, and that no form asks about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from matrescence.care.enrolment.programme import Requirement
from matrescence.clinic.enrolment.desk import Desk, about_of, missing_names, not_met_before, record_of
from matrescence.clinic.enrolment.filing import nobody_named, record_id, requirement_or_404, row_of
from matrescence.clinic.enrolment.statement import empty, statement_from
from matrescence.clinic.pages import Outcome


def statement_page(request: HttpRequest, desk: Desk, name: str) -> HttpResponse:
    """Something that has been done, and that no form asks about: say so, with the day it was done."""
    requirement = requirement_or_404(desk, name)
    if requirement.form is not None:
        return redirect(desk.url("paper", name))
    if missing_names(desk, requirement):
        return nobody_named(request, desk, requirement)
    if request.method == "POST":
        return _stated(request, desk, requirement)
    return _show_statement(request, desk, requirement)


def _stated(request: HttpRequest, desk: Desk, requirement: Requirement) -> HttpResponse:
    if record_of(desk, record_id(request)) is not None:
        return redirect(desk.url("show"))
    said = statement_from(request.POST, desk.at, desk.zone)
    if not said.wrong:
        first = not_met_before(desk, requirement, datetime.fromisoformat(said.values["at"]))
        said = said.too_early(tuple(step.statement.text for step in first)) if first else said
    if said.wrong:
        problems = tuple(item.error for item in said.wrong)
        return _show_statement(request, desk, requirement, outcome=Outcome(problems=problems), inputs=said.inputs)
    refused = desk.file(request, {"records": [{**row_of(request, desk, requirement), **said.values}]})
    if refused is not None:
        return _show_statement(request, desk, requirement, outcome=refused, inputs=said.inputs)
    messages.success(request, _("Filed: %(id)s.") % {"id": requirement.id})
    return redirect(desk.url("show"))


def _show_statement(
    request: HttpRequest, desk: Desk, requirement: Requirement, *, outcome: Outcome | None = None, inputs: Any = None
) -> HttpResponse:
    context = {
        "requirement": requirement,
        "about": about_of(desk, requirement),
        "first": not_met_before(desk, requirement, desk.at),
        "inputs": empty(desk.at, desk.zone) if inputs is None else inputs,
        "outcome": outcome,
    }
    return desk.page(request, "enrolment/statement.html", status=200 if outcome is None else outcome.status, **context)
