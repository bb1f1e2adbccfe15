"""One decorator in front of her pages: is this link hers, in this browser, now?  The answer is written down.

A link opens nothing but its own course, and of that only what its purpose is for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.own import tokens
from matrescence.clinic.own.lines import calls, lines_now
from matrescence.clinic.own.models import Visit
from matrescence.clinic.people.access import SAFE, Actor, audit
from matrescence.clinic.people.address import neighbourhood_of
from matrescence.clinic.people.audit import DONE, READ, REFUSED
from matrescence.clinic.people.matrix import Action, Cell, matrix
from matrescence.clinic.people.models import MotherLink

View = Callable[..., HttpResponse]
ROLE = "mother"
MISSES, MISSES_WITHIN_S = 20, 600
"""So many links that are none may one address try in so many seconds; a browser that holds a link is never kept out."""
LANGUAGE_COOKIE = "own-language"
PURPOSE_OF_ACTION = {
    "assessment.answer": (MotherLink.SCREENING, MotherLink.FOLLOW_UP),
    "lactation.view": (MotherLink.HANDOUT,),
    "cost.view": (MotherLink.HANDOUT,),
}


def her_page(action_name: str = "", *, bound: bool = True) -> Callable[[View], View]:
    """Guard a view of her own; it gets ``request.link``, ``request.visit`` and ``request.actor``.

    ``action_name`` empty: the action that the link's purpose stands for.  ``bound`` false: the page may be seen before
    the link belongs to a browser; ``request.visit`` is ``None`` then.

    Raises:
        ValueError: the matrix does not give this action to a mother.
    """
    wanted = matrix()[action_name] if action_name else None
    if wanted is not None and wanted.cells[ROLE] is not Cell.OWN:
        raise ValueError(f"{action_name}: roles.toml does not give it to a mother")

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
            return _guarded(view, wanted, request, token, bound=bound, **kwargs)

        guarded.her_action = action_name  # type: ignore[attr-defined]
        return guarded

    return guard


def _guarded(
    view: View, wanted: Action | None, request: HttpRequest, token: str, *, bound: bool, **kwargs: Any
) -> HttpResponse:
    at = now()
    link = tokens.found(token)
    visit = None if link is None else tokens.visit_of(request, link)
    if visit is None and _too_many(request):
        return _in_her_language(request, link, visit, lambda: dead_page(request, status=429))
    if link is None:
        _missed(request)
        audit(request, matrix()["assessment.answer"], Actor("nobody", "-"), REFUSED, stream="", at=at)
        return _in_her_language(request, link, visit, lambda: dead_page(request))
    action = wanted or action_of(link)
    actor = Actor(who(link), ROLE)
    if not _lets_in(link, visit, action, bound=bound, at=at):
        audit(request, action, actor, REFUSED, stream=link.stream, at=at, detail=f"link {link.pk}")
        return _in_her_language(request, link, visit, lambda: dead_page(request))
    request.link, request.visit, request.actor, request.token = link, visit, actor, token  # type: ignore[attr-defined]
    response = _in_her_language(request, link, visit, lambda: view(request, token=token, **kwargs))
    outcome = REFUSED if response.status_code >= 400 else READ if request.method in SAFE else DONE
    audit(request, action, actor, outcome, stream=link.stream, at=at, detail=f"link {link.pk}")
    return response


def _lets_in(link: MotherLink, visit: Visit | None, action: Action, *, bound: bool, at: Any) -> bool:
    """Open, for this purpose, and either hers in this browser or nobody's yet (where the page may be seen so)."""
    if not tokens.is_open(link, at) or link.purpose not in PURPOSE_OF_ACTION[action.name]:
        return False
    return visit is not None or (not bound and link.opened_at is None)


def action_of(link: MotherLink) -> Action:
    """What the purpose of a link lets her do."""
    return matrix()[next(name for name, purposes in PURPOSE_OF_ACTION.items() if link.purpose in purposes)]


def who(link: MotherLink) -> str:
    """How she stands in the audit and in her records: she acts through a link, under no account."""
    return f"her own answers (link {link.pk})"


# ---- language ------------------------------------------------------------------------------------------------------


def _in_her_language(
    request: HttpRequest, link: MotherLink | None, visit: Visit | None, make: Callable[[], HttpResponse]
) -> HttpResponse:
    """The answer in the language she chose, else the one the link was made in, else the browser's."""
    language = visit.language if visit is not None else request.COOKIES.get(LANGUAGE_COOKIE)
    language = language or (link.language if link is not None else translation.get_language())
    if not translation.check_for_language(language or ""):
        language = "en"
    with translation.override(language):
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        response = make()
        response.headers["Content-Language"] = str(language)
        return response


# ---- pages that any link may end on ----------------------------------------------------------------------------------


def her_render(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render a page of hers: whom to call stands in the same place on each."""
    frame = {
        "calls": calls(lines_now()),
        "token": getattr(request, "token", ""),
        "languages": settings.LANGUAGES,
    }
    return render(request, template, {**frame, **context}, status=status)


def dead_page(request: HttpRequest, *, status: int = 410) -> HttpResponse:
    """This link opens nothing (any more): one page for every reason, so that nothing can be learnt from it."""
    return her_render(request, "own/dead.html", status=status)


def to_page(request: HttpRequest, name: str, *args: Any) -> HttpResponse:
    """Go to another page of the same link."""
    return redirect(f"own:{name}", request.token, *args)  # type: ignore[attr-defined]


# ---- too many tries ----------------------------------------------------------------------------------------------


def _key(request: HttpRequest) -> str:
    return f"own-misses-{neighbourhood_of(request)}"


def _too_many(request: HttpRequest) -> bool:
    return int(cache.get(_key(request), 0)) >= MISSES


def _missed(request: HttpRequest) -> None:
    key = _key(request)
    if not cache.add(key, 1, MISSES_WITHIN_S):
        try:
            cache.incr(key)
        except ValueError:  # it ran out between the two
            cache.add(key, 1, MISSES_WITHIN_S)
