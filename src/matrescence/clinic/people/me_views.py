"""Her own account, the lock, and the first password."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.people import idle, second_factor
from matrescence.clinic.people.access import own_page
from matrescence.clinic.people.audit import DONE, note_account
from matrescence.clinic.people.models import BrokenGlass
from matrescence.clinic.people.proof import proved
from matrescence.clinic.people.where import first_page, safe_target
from matrescence.clinic.people.words import ROLE_NAMES


@own_page("me")
def me(request: HttpRequest) -> HttpResponse:
    """Who she is here: roles, second factor, sessions, records she has opened."""
    user = request.user
    context = {
        "roles": [ROLE_NAMES[role] for role in user.known_roles],
        "second_factor": second_factor.has_one(user),
        "second_factor_asked": settings.REQUIRE_SECOND_FACTOR,
        "session_count": len(UserSession.objects.purge_and_list(user)),
        "glasses": BrokenGlass.objects.filter(user=user, until__gt=now()).order_by("until"),
        "idle_minutes": settings.IDLE_LOCK_S // 60,
        "session_hours": settings.SESSION_LONGEST_S // 3600,
    }
    return render(request, "people/me.html", context)


@own_page("unlock", while_locked=True)
def unlock(request: HttpRequest) -> HttpResponse:
    """Ask who she is; then back to where she was."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    target = safe_target(request, asked) or first_page(request.user.known_roles)
    request.audited = True
    if not idle.is_locked(request, now()):
        return redirect(target)
    problem = proved(request) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        idle.unlock(request, now())
        return redirect(target)
    return idle.unlock_page(request, target=target, problem=problem)


@own_page("here")
def here(request: HttpRequest) -> HttpResponse:
    """She is typing: the page says so once a minute at most, so that no lock falls in the middle of a sentence."""
    request.audited = True
    return HttpResponse(status=204)


class SetPassword(PasswordResetConfirmView):
    """Set a password through the link that the site's representative handed over.  It works once, for three days."""

    template_name = "people/set_password.html"
    success_url = reverse_lazy("account_login")
    form_class = SetPasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the password, and say so."""
        response = super().form_valid(form)
        note_account(self.request, self.user, "password", DONE, "set through a link")
        messages.success(self.request, _("Your password is set. Log in with it."))
        return response
