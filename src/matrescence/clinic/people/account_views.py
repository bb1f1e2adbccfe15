"""The site's representative makes accounts, gives and takes roles, and ends sessions."""

from __future__ import annotations

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from matrescence.clinic.people import accounts, second_factor
from matrescence.clinic.people.access import page
from matrescence.clinic.people.matrix import matrix
from matrescence.clinic.people.models import User
from matrescence.clinic.people.sessions import end_all
from matrescence.clinic.people.words import role_words

_LINK = "password-link"


@page("people.manage")
def everybody(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, those who may log in first."""
    people = [(user, second_factor.has_one(user)) for user in User.objects.order_by("-is_active", "name")]
    return render(request, "people/everybody.html", {"people": people})


@page("people.manage")
def new(request: HttpRequest) -> HttpResponse:
    """Make an account."""
    typed = {"user_name": "", "name": "", "roles": []}
    problems: dict[str, str] = {}
    if request.method == "POST":
        typed = {
            "user_name": request.POST.get("user_name", "").strip(),
            "name": " ".join(request.POST.get("name", "").split()),
            "roles": request.POST.getlist("roles"),
        }
        try:
            user = accounts.make(**typed)
        except accounts.AccountError as error:
            problems = error.problems
        else:
            request.audit_detail = f"made {user.username}: {', '.join(user.roles)}"
            return _with_link(request, user)
    context = {"typed": typed, "problems": problems, "roles": role_words(accounts.STAFF_ROLES, typed["roles"])}
    return render(request, "people/new.html", context, status=422 if problems else 200)


@page("people.manage")
def one(request: HttpRequest, person_id: int) -> HttpResponse:
    """One account: roles, second factor, sessions."""
    return _one(request, get_object_or_404(User, pk=person_id))


def _one(request: HttpRequest, user: User, *, problem: str = "") -> HttpResponse:
    context = {
        "person": user,
        "roles": role_words(accounts.STAFF_ROLES, user.roles),
        "second_factor": second_factor.has_one(user),
        "sessions": UserSession.objects.purge_and_list(user),
        "problem": problem,
        "herself": user.pk == request.user.pk,
        "allowed": [action for action in matrix().values() if action.best(user.known_roles).value != "-"],
    }
    return render(request, "people/one.html", context, status=422 if problem else 200)


def _change(what: Callable[[HttpRequest, User], str]) -> Callable[..., HttpResponse]:
    """A view that changes one account and says in a sentence what it did."""

    @page("people.manage")
    @require_POST
    def change(request: HttpRequest, person_id: int) -> HttpResponse:
        user = get_object_or_404(User, pk=person_id)
        try:
            said = what(request, user)
        except accounts.AccountError as error:
            return _one(request, user, problem=str(error))
        messages.success(request, said)
        return redirect("people:one", person_id=user.pk)

    change.__doc__ = what.__doc__
    return change


@_change
def roles(request: HttpRequest, user: User) -> str:
    """Give and take roles."""
    before = ", ".join(user.roles)
    after = ", ".join(accounts.change_roles(user, request.POST.getlist("roles")).roles)
    request.audit_detail = f"{user.username}: {before} -> {after}"
    return _("The roles are changed.")


@_change
def deactivate(request: HttpRequest, user: User) -> str:
    """Close the account."""
    accounts.deactivate(user)
    request.audit_detail = f"deactivated {user.username}"
    return _("The account is closed and its sessions are ended.")


@_change
def reactivate(request: HttpRequest, user: User) -> str:
    """Open it again."""
    accounts.reactivate(user)
    request.audit_detail = f"reactivated {user.username}"
    return _("The account is open again.")


@_change
def renew_second_factor(request: HttpRequest, user: User) -> str:
    """Ask for a new second factor."""
    accounts.renew_second_factor(user)
    request.audit_detail = f"second factor of {user.username} taken away"
    return _("The second factor is taken away. At the next log-in a new one has to be set up.")


@_change
def end_sessions(request: HttpRequest, user: User) -> str:
    """End every session of the account."""
    end_all(user)
    request.audit_detail = f"ended the sessions of {user.username}"
    return _("All sessions of this account are ended.")


@page("people.manage")
@require_POST
def new_link(request: HttpRequest, person_id: int) -> HttpResponse:
    """A link to set a new password."""
    user = get_object_or_404(User, pk=person_id)
    if user.pk == request.user.pk:
        return _one(request, user, problem=_("Change your own password on your own page: a link would log you out."))
    request.audit_detail = f"password link for {user.username}"
    return _with_link(request, user)


def _with_link(request: HttpRequest, user: User) -> HttpResponse:
    uid, token = accounts.password_link(user)
    address = reverse("people:set-password", args=[uid, token])
    request.session[_LINK] = {"person": user.pk, "address": request.build_absolute_uri(address)}
    return redirect("people:link", person_id=user.pk)


@page("people.manage")
def link(request: HttpRequest, person_id: int) -> HttpResponse:
    """The link to set a password, shown once."""
    user = get_object_or_404(User, pk=person_id)
    kept = request.session.pop(_LINK, None)
    address = kept["address"] if kept and kept["person"] == user.pk else ""
    return render(request, "people/link.html", {"person": user, "address": address})
