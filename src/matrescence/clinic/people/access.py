"""One decorator in front of every page: may this person do this, here, now?  The answer is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.failures import refused_page
from matrescence.clinic.log.models import is_id
from matrescence.clinic.people import idle, second_factor
from matrescence.clinic.people.address import address_of
from matrescence.clinic.people.audit import DONE, FAILED, READ, REFUSED, note
from matrescence.clinic.people.glass import glass_is_broken
from matrescence.clinic.people.held import give_back
from matrescence.clinic.people.matrix import ROLES, Action, Cell, matrix
from matrescence.clinic.people.models import User

View = Callable[..., HttpResponse]
SAFE = frozenset({"GET", "HEAD"})
_ASKED_WRONGLY = (Http404, PermissionDenied, SuspiciousOperation)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the name that goes into the record, the role that allowed it, and the account behind it."""

    name: str
    role: str
    user_id: int | None = None


NOBODY = Actor("nobody", "-")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request at the door: what is wanted, about which course, when, and whether the idle lock lets it pass."""

    request: HttpRequest
    wanted: Action
    course_id: str
    at: datetime
    passes_lock: bool

    @property
    def reads(self) -> bool:
        """Whether it asks for nothing but to see."""
        return self.request.method in SAFE

    def note(self, actor: Actor, outcome: str, detail: str = "") -> None:
        """Write down what came of it."""
        stream = self.course_id if is_id(self.course_id) else ""
        audit(self.request, self.wanted, actor, outcome, stream=stream, at=self.at, detail=detail)


def page(action_name: str, *, writes: str | None = None, stays_open: bool = False) -> Callable[[View], View]:
    """Guard a view by an action of the matrix; a POST may need another one (``writes``).

    The view gets ``request.actor``.  A view about one course takes it as ``course_id``.  It may set
    ``request.audit_detail`` to say what was done, never anything clinical.  With ``stays_open`` it can be read while
    the idle lock is closed (the live page, its stream and snapshot), and such a read does not count as hers;
    ``request.locked`` then says that writing asks who she is.
    """
    reading = matrix()[action_name]
    writing = matrix()[writes] if writes is not None else reading
    return _door(reading, writing, passing=SAFE if stays_open else frozenset())


def own_page(about: str, *, while_locked: bool = False) -> Callable[[View], View]:
    """Guard a view that everybody with an account may open, because it is about herself; ``about`` names it."""
    hers = Action(f"account.{about}", "Her own account", True, dict.fromkeys(ROLES, Cell.YES))
    return _door(hers, hers, passing=SAFE | {"POST"} if while_locked else frozenset())


def _door(reading: Action, writing: Action, *, passing: frozenset[str]) -> Callable[[View], View]:
    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            wanted = reading if request.method in SAFE else writing
            request.stays_open = passing == SAFE  # type: ignore[attr-defined]
            course_id, passes = str(kwargs.get("course_id", "")), request.method in passing
            visit = Visit(request, wanted, course_id, now(), passes)
            response = _who(visit) or _may(visit) or _shown(view, visit, *args, **kwargs)
            idle.settle(request)
            return response

        guarded.actions = (reading.name, writing.name)  # type: ignore[attr-defined]
        guarded.stays_open = passing == SAFE  # type: ignore[attr-defined]
        return guarded

    return guard


def _who(visit: Visit) -> HttpResponse | None:
    """Nothing if it is known who asks; else the page that finds out."""
    request, user = visit.request, visit.request.user
    if not isinstance(user, User) or not user.is_active:
        visit.note(NOBODY, REFUSED)
        return redirect_to_login(request.get_full_path())
    actor = Actor(user.name, _role(visit.wanted, user), user.pk)
    request.actor = actor  # type: ignore[attr-defined]
    if idle.session_is_over(request, visit.at):
        visit.note(actor, REFUSED, "session over")
        logout(request)
        return redirect_to_login(request.get_full_path())
    if second_factor.is_missing(user):
        visit.note(actor, REFUSED, "second factor")
        return redirect("mfa_index")
    locked = idle.unlocked_or_asked(request, visit.at, passes=visit.passes_lock)
    if locked is not None:
        visit.note(actor, REFUSED, "locked")
    return locked


def _may(visit: Visit) -> HttpResponse | None:
    """Nothing if her roles allow it; else the refusal, or the page that asks for a reason."""
    request, wanted = visit.request, visit.wanted
    actor, cell = request.actor, wanted.best(request.user.known_roles)  # type: ignore[attr-defined]
    if cell is Cell.YES or (cell is Cell.BREAK_GLASS and glass_is_broken(request.user, visit.course_id, visit.at)):
        return None
    if cell is Cell.BREAK_GLASS and visit.course_id:
        visit.note(actor, REFUSED, "break-glass")
        query = urlencode({"next": request.get_full_path() if visit.reads else ""})
        return redirect(f"{reverse('people:break-glass', args=[visit.course_id])}?{query}")
    visit.note(actor, REFUSED)
    return refused_page(request, wanted)


def _shown(view: View, visit: Visit, *args: Any, **kwargs: Any) -> HttpResponse:
    """What the view answers, written down, a crash too; a stream or a file is written down when it begins."""
    request = visit.request
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        response = view(request, *args, **kwargs)
    except _ASKED_WRONGLY as error:
        visit.note(actor, REFUSED, type(error).__name__)
        raise
    except Exception as error:
        try:
            visit.note(actor, FAILED, type(error).__name__)
        finally:  # where the row could not be written either, her form is still hers to send again
            give_back(getattr(request, "held", None))
        raise
    if not getattr(request, "audited", False):
        outcome = READ if visit.reads else DONE
        detail = getattr(request, "audit_detail", "")
        visit.note(actor, outcome if response.status_code < 400 else REFUSED, detail)
    return response


def _role(wanted: Action, user: User) -> str:
    best = wanted.best(user.known_roles)
    return next((role for role in user.known_roles if wanted.cells[role] is best), "-")


def audit(
    request: HttpRequest, wanted: Action, actor: Actor, outcome: str, *, stream: str, at: datetime, detail: str = ""
) -> None:
    """Write down what came of one request."""
    note(
        at=at,
        who=actor.name,
        role=actor.role,
        action=wanted.name,
        outcome=outcome,
        stream=stream,
        detail=detail,
        address=address_of(request),
    )
