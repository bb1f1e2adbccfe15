"""The idle lock: after a while without a request of hers she says again who she is; a form she sent is not lost.

What stays open meanwhile is the live page of a running infusion, with its stream and its snapshot: to read, not to
write.  Such reads do not count as hers: a display that nobody watches does not keep a session alive.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from matrescence.clinic.people import held
from matrescence.clinic.people.proof import passkey_options, proved
from matrescence.clinic.people.sessions import new_key
from matrescence.clinic.people.where import first_page, safe_target

SEEN, BEGAN = "seen_at", "began_at"
COARSE_S = 15
"""Her last request is written down at most this often: each time costs a write."""


def begin(request: HttpRequest, at: datetime) -> None:
    """She has said who she is: the session and its idle time begin."""
    request.session[BEGAN] = at.timestamp()
    request.session[SEEN] = at.timestamp()


def touch(request: HttpRequest, at: datetime) -> None:
    """A request of hers."""
    if _away_s(request, at) >= COARSE_S:
        request.session[SEEN] = at.timestamp()


def is_locked(request: HttpRequest, at: datetime) -> bool:
    """Whether too much time has gone since her last request."""
    return _away_s(request, at) >= settings.IDLE_LOCK_S


def _away_s(request: HttpRequest, at: datetime) -> float:
    """How far the clock stands from her last request; one that was set back proves nothing, so it counts as time."""
    return abs(at.timestamp() - float(request.session.get(SEEN, 0)))


def session_is_over(request: HttpRequest, at: datetime) -> bool:
    """Whether she logged in too long ago.  A form still arrives for a while longer, so that it is not lost."""
    longest_s = settings.SESSION_LONGEST_S if request.method in {"GET", "HEAD"} else settings.SESSION_LONGEST_FORM_S
    return at.timestamp() - request.session.get(BEGAN, 0) >= longest_s


def unlocked_or_asked(request: HttpRequest, at: datetime, *, passes: bool) -> HttpResponse | None:
    """Nothing if she may go on; else the page that asks who she is, or where to go instead.

    A held form that comes back with the right password takes the place of what was posted: the view gets the request
    as it was first sent.
    """
    locked = is_locked(request, at)
    request.locked = locked  # type: ignore[attr-defined]
    if passes:
        return None
    if request.method == "POST" and "held-form" in request.POST:
        return _comes_back(request, at, locked=locked)
    if locked:
        return _asked(request)
    touch(request, at)
    return None


def _asked(request: HttpRequest) -> HttpResponse:
    by_script = request.headers.get("HX-Request") == "true"
    if request.method in {"GET", "HEAD"}:
        target = f"{reverse('people:unlock')}?{urlencode({'next': _page_of(request)})}"
        return HttpResponse(status=204, headers={"HX-Redirect": target}) if by_script else redirect(target)
    response = unlock_page(request, form=held.seal(request, page=_page_of(request)))
    if by_script:  # the answer takes the place of the whole page; a script swaps nothing in that has an error's status
        response.status_code = 200
        response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
    return response


def _page_of(request: HttpRequest) -> str:
    """The page to come back to: the one on which a form or a script asked, else the one that was asked for."""
    reads = request.method in {"GET", "HEAD"}
    around = request.headers.get("HX-Current-URL") or ("" if reads else request.headers.get("Referer", ""))
    return safe_target(request, around) or request.get_full_path()


def unlock_page(request: HttpRequest, *, form: str = "", target: str = "", problem: str = "") -> HttpResponse:
    """The page that asks who she is.

    It goes to the address of the held form if there is one, else to the lock's own, and from there to ``target``.
    """
    sent = request.method == "POST" and not target
    context: dict[str, Any] = {
        "held_form": form,
        "to": request.get_full_path() if form else reverse("people:unlock"),
        "next": "" if form else target or _page_of(request),
        "problem": problem,
        "lost": sent and not form,
        "had_file": sent and bool(request.FILES),
        "minutes": settings.IDLE_LOCK_S // 60,
        "js_data": passkey_options(request.user),
    }
    return render(request, "people/unlock.html", context, status=403 if sent or problem else 200)


def _comes_back(request: HttpRequest, at: datetime, *, locked: bool) -> HttpResponse | None:
    sealed = request.POST["held-form"]
    if locked:
        problem = proved(request)
        if problem:
            return unlock_page(request, form=sealed, problem=problem)
        unlock(request, at)
    found = held.unseal(request, sealed)
    if found is None or not held.claim(found):
        messages.warning(request, _("That form had been carried out before, or was too old. Look at what stands here."))
        return redirect(first_page(request.user.known_roles) if found is None else found.page)
    request._post, request.held = found.fields, found  # type: ignore[attr-defined]
    return None


def unlock(request: HttpRequest, at: datetime) -> None:
    """She has said who she is: the idle time begins anew, and :func:`settle` gives the session another key."""
    request.session[SEEN] = at.timestamp()
    request.locked, request.unlocked = False, True  # type: ignore[attr-defined]


def settle(request: HttpRequest) -> None:
    """After the answer: a session that was unlocked gets its new key.

    Not before: when a view breaks, no cookie goes out, and she would be logged out with her form in her hands.
    """
    if getattr(request, "unlocked", False) and request.user.is_authenticated:
        new_key(request)
