"""One decorator in front of every page: may this person do this, here, now?  The answer is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.failures import refused_page
from matrescence.clinic.people.audit import DONE, READ, REFUSED, note
from matrescence.clinic.people.matrix import Action, Cell, matrix
from matrescence.clinic.people.models import BrokenGlass, User

View = Callable[..., HttpResponse]
SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the name that goes into the record, the role that allowed it, and the account behind it."""

    name: str
    role: str
    user_id: int | None = None


def page(action_name: str, *, writes: str | None = None) -> Callable[[View], View]:
    """Guard a view by an action of the matrix; a POST may need another one (``writes``).

    The view gets ``request.actor``.  A view about one course takes it as ``course_id``.
    """
    reading = matrix()[action_name]
    writing = matrix()[writes] if writes is not None else reading

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            wanted = reading if request.method in SAFE else writing
            return _guarded(view, wanted, request, *args, **kwargs)

        guarded.actions = (reading.name, writing.name)  # type: ignore[attr-defined]
        return guarded

    return guard


def _guarded(view: View, wanted: Action, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    user, course_id, at = request.user, str(kwargs.get("course_id", "")), now()
    if not isinstance(user, User) or not user.is_active:
        audit(request, wanted, Actor("nobody", "-"), REFUSED, stream=course_id, at=at)
        return redirect_to_login(request.get_full_path())
    cell = wanted.best(user.known_roles)
    actor = Actor(user.name, _role(wanted, user, cell), user.pk)
    if cell is Cell.BREAK_GLASS:
        if not course_id or not glass_is_broken(user, course_id, at):
            audit(request, wanted, actor, REFUSED, stream=course_id, at=at, detail="break-glass")
            return _to_the_glass(request, course_id, wanted)
    elif cell is not Cell.YES:
        audit(request, wanted, actor, REFUSED, stream=course_id, at=at)
        return refused_page(request, wanted)
    request.actor = actor  # type: ignore[attr-defined]
    response = view(request, *args, **kwargs)
    if not getattr(request, "audited", False):
        outcome = READ if request.method in SAFE else DONE
        audit(request, wanted, actor, outcome if response.status_code < 400 else REFUSED, stream=course_id, at=at)
    return response


def _role(wanted: Action, user: User, cell: Cell) -> str:
    return next((role for role in user.known_roles if wanted.cells[role] is cell), "-")


def _to_the_glass(request: HttpRequest, course_id: str, wanted: Action) -> HttpResponse:
    if not course_id:
        return refused_page(request, wanted)
    query = urlencode({"next": request.get_full_path() if request.method in SAFE else ""})
    return redirect(f"{reverse('people:break-glass', args=[course_id])}?{query}")


def glass_is_broken(user: User, course_id: str, at: datetime) -> bool:
    """Whether this person has said why, for this course, and the hour is not over."""
    return BrokenGlass.objects.filter(user=user, stream=course_id, until__gt=at).exists()


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
        address=request.META.get("REMOTE_ADDR", "") or "",
    )
