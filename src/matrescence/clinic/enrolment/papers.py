"""The page of one form, wherever it is filed: fill it, keep it as a draft, sign it.

A form is never signed while something in it is missing; it becomes a record only when everybody has signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from matrescence.care.enrolment.forms import Form
from matrescence.care.enrolment.programme import Party, Requirement
from matrescence.clinic.enrolment.answers import answers_of, digest_of, gaps_of, inputs_of, plain_of, typed_in
from matrescence.clinic.enrolment.desk import (
    Desk,
    about_of,
    earlier_of,
    missing_names,
    not_met_before,
    paper_of,
    record_of,
)
from matrescence.clinic.enrolment.drafts import ChangedError, Kept, drop, keep, kept_draft
from matrescence.clinic.enrolment.filing import nobody_named, record_id, requirement_or_404, row_of
from matrescence.clinic.enrolment.prefill import prefilled
from matrescence.clinic.enrolment.signing import (
    PATIENT,
    SIGNERS,
    Signed,
    against_signing,
    mothers_signature,
    still_needed,
)
from matrescence.clinic.inputs import whole_number
from matrescence.clinic.pages import Outcome

KEEP, SIGN, FILE, DISCARD = "keep", "sign", "file", "discard"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form as it lies on the desk: whose it is, what was typed, by whom, and where prefilled texts come from."""

    desk: Desk
    requirement: Requirement
    form: Form
    typed: Mapping[str, str]
    kept: Kept
    notes: Mapping[str, str]

    @property
    def gaps(self) -> dict[str, str]:
        """What is missing or cannot be used, by field."""
        return gaps_of(self.form, self.typed)

    @property
    def saved(self) -> bool:
        """Whether what is shown is what is kept: only that can be signed."""
        return self.kept.version > 0 and dict(self.kept.typed) == dict(self.typed)


def form_page(request: HttpRequest, desk: Desk, name: str) -> HttpResponse:
    """Show a form, and take what was typed into it."""
    requirement = requirement_or_404(desk, name)
    if requirement.form is None:
        return redirect(desk.url("statement", name))
    form = desk.programme.forms[requirement.form]
    if missing_names(desk, requirement):
        return nobody_named(request, desk, requirement)
    kept = kept_draft(paper_of(desk, requirement))
    if request.method == "POST":
        typed = typed_in(form, request.POST)
        return _posted(request, Sheet(desk, requirement, form, typed, kept or Kept({}), {}))
    typed, notes = prefilled(form, requirement, about_of(desk, requirement), earlier_of(desk, requirement))
    if kept is None:
        return _show(request, Sheet(desk, requirement, form, typed, Kept({}), notes))
    untouched = {name: note for name, note in notes.items() if kept.typed.get(name) == typed[name]}
    return _show(request, Sheet(desk, requirement, form, kept.typed, kept, untouched))


def _posted(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    desk, (wish, _colon, role) = sheet.desk, request.POST.get("do", KEEP).partition(":")
    if record_of(desk, record_id(request)) is not None:  # a double click, or a resend
        return redirect(desk.url("show"))
    if wish == DISCARD:
        drop(paper_of(desk, sheet.requirement))
        messages.success(request, _("The draft is gone. Nothing was filed."))
        return redirect(desk.url("show"))
    try:
        if wish == FILE and _is_ready(sheet):
            return _file(request, sheet)
        return _signed(request, sheet, role) if wish == SIGN else _kept(request, sheet)
    except ChangedError as error:
        told = _(
            "%(name)s has changed this draft since you opened it. What you typed is kept below: compare, and save."
        )
        problem = told % {"name": error.kept.by or _("Somebody else")}
        return _show(request, _on(sheet, error.kept), outcome=Outcome(problems=(problem,)), status=409)


def _kept(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    kept = _keep(request, sheet, sheet.kept.signed)
    gaps = gaps_of(sheet.form, sheet.typed)
    if len(kept.signed) < len(sheet.kept.signed):
        messages.warning(request, _("The answers were changed: the signatures given before have fallen."))
    messages.success(request, _("Kept as a draft.") + (" " + _still_open(len(gaps)) if gaps else ""))
    return redirect(sheet.desk.url("paper", sheet.requirement.id))


def _signed(request: HttpRequest, sheet: Sheet, role: str) -> HttpResponse:
    digest = digest_of(sheet.form, sheet.typed)
    standing = tuple(item for item in sheet.kept.signed if item.digest == digest)
    problem = _("A form cannot be signed while it is incomplete.") if sheet.gaps else ""
    problem = problem or against_signing(role, sheet.form, standing, request.user.known_roles, request.user.pk)
    name = _name_for(request, sheet, role)
    if not problem and name is None:
        problem = _("She signs by writing her name as it stands in her record.")
    if problem or name is None:
        kept = _keep(request, sheet, sheet.kept.signed)  # what was typed is not lost
        return _show(request, _on(sheet, kept), outcome=Outcome(problems=(problem,)), status=422, errors=True)
    mine = Signed(role, name, request.user.pk, sheet.desk.at.astimezone(sheet.desk.zone), digest)
    kept = _keep(request, sheet, (*standing, mine))
    wanted = still_needed(sheet.form, kept.signed)
    if wanted:
        told = _("Signed as %(role)s. Still needed: %(others)s.")
        messages.success(request, told % {"role": role, "others": ", ".join(wanted)})
        return redirect(sheet.desk.url("paper", sheet.requirement.id))
    return _file(request, _on(sheet, kept))


def _is_ready(sheet: Sheet) -> bool:
    """Whether everybody has signed exactly what is here: it was signed, and could not be filed then."""
    digest = digest_of(sheet.form, sheet.typed)
    standing = tuple(item for item in sheet.kept.signed if item.digest == digest)
    return sheet.saved and not sheet.gaps and not still_needed(sheet.form, standing)


def _file(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    desk, requirement = sheet.desk, sheet.requirement
    row = {
        **row_of(request, desk, requirement),
        "at": max(item.at for item in sheet.kept.signed).isoformat(),
        "answers": plain_of(answers_of(sheet.form, sheet.typed)),
        "signatures": [{"role": i.role, "name": i.name, "at": i.at.isoformat()} for i in sheet.kept.signed],
    }
    refused = desk.file(request, {"records": [row]})
    if refused is not None:
        return _show(request, sheet, outcome=refused, status=refused.status)
    drop(paper_of(desk, requirement))
    messages.success(request, _("Signed and filed: %(form)s.") % {"form": sheet.form.label})
    return redirect(desk.url("show"))


def _keep(request: HttpRequest, sheet: Sheet, signed: tuple[Signed, ...]) -> Kept:
    return keep(
        paper_of(sheet.desk, sheet.requirement),
        sheet.form,
        sheet.typed,
        signed,
        version=whole_number(request.POST.get("version", "")) or 0,
        by=request.actor.name,
        at=sheet.desk.at,
    )


def _name_for(request: HttpRequest, sheet: Sheet, role: str) -> str | None:
    if role != PATIENT:
        return str(request.actor.name)
    mother = about_of(sheet.desk, sheet.requirement).get(Party.MOTHER, "")
    return mothers_signature(request.POST.get("her-name", ""), mother, request.actor.name)


def _on(sheet: Sheet, kept: Kept) -> Sheet:
    return Sheet(sheet.desk, sheet.requirement, sheet.form, sheet.typed, kept, {})


def _show(
    request: HttpRequest, sheet: Sheet, *, outcome: Outcome | None = None, status: int = 200, errors: bool = False
) -> HttpResponse:
    shown = sheet.gaps if errors or sheet.kept.version else {}
    inputs = inputs_of(sheet.form, sheet.typed, errors=shown, notes=sheet.notes)
    standing = tuple(item for item in sheet.kept.signed if item.digest == digest_of(sheet.form, sheet.typed))
    roles, person = request.user.known_roles, request.user.pk
    wanted = still_needed(sheet.form, standing)
    context: dict[str, Any] = {
        "requirement": sheet.requirement,
        "form": sheet.form,
        "about": about_of(sheet.desk, sheet.requirement),
        "mother_name": about_of(sheet.desk, sheet.requirement).get(Party.MOTHER, ""),
        "inputs": inputs,
        "open": tuple(item for item in inputs if item.error),
        "kept": sheet.kept,
        "signed": standing,
        "wanted": tuple(
            (role, _who(role), against_signing(role, sheet.form, standing, roles, person)) for role in wanted
        ),
        "can_sign": sheet.saved and not sheet.gaps,
        "first": not_met_before(sheet.desk, sheet.requirement, sheet.desk.at),
        "outcome": outcome,
        "patient": PATIENT,
    }
    return sheet.desk.page(request, "enrolment/paper.html", status=status, **context)


def _who(role: str) -> str:
    return _(" or ").join(SIGNERS.get(role, ()))


def _still_open(count: int) -> str:
    return _("%(n)d fields are still open.") % {"n": count} if count != 1 else _("One field is still open.")
