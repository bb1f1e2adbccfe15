"""A form that was sent while the lock was closed: it travels, sealed, in the page that asks who she is.

It is encrypted, so that nobody reads it in the page's source; it is bound to the person and the address; and it is
carried out once.  Nothing of it is kept by the browser or the server.
"""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, QueryDict
from django.utils.crypto import salted_hmac

LARGEST_BYTES = 200_000
HELD_S = 60 * 60
_NEVER_KEPT = ("csrfmiddlewaretoken",)


@dataclass(frozen=True, slots=True)
class Held:
    """What was sent, the page it was sent from, and the name under which it is carried out once."""

    key: str
    fields: QueryDict
    page: str


def seal(request: HttpRequest, *, page: str) -> str:
    """The form sent from ``page`` as sealed text; empty if it held a file or is too large, and so cannot be kept."""
    fields = request.POST.copy()
    for name in _NEVER_KEPT:
        fields.pop(name, None)
    body = fields.urlencode()
    if request.FILES or len(body) > LARGEST_BYTES:
        return ""
    told = {
        "key": uuid.uuid4().hex,
        "user": request.user.pk,
        "to": request.get_full_path(),
        "page": page,
        "body": body,
    }
    return _lock().encrypt(json.dumps(told).encode()).decode()


def unseal(request: HttpRequest, text: str) -> Held | None:
    """What was sealed, if it is this person's, meant for this address, unaltered and not too old."""
    try:
        told = json.loads(_lock().decrypt(text.encode(), ttl=HELD_S))
    except (InvalidToken, ValueError):
        return None
    if told["user"] != request.user.pk or told["to"] != request.get_full_path():
        return None
    return Held(told["key"], QueryDict(told["body"]), told["page"])


def claim(held: Held) -> bool:
    """Whether this is the first time that it is carried out.  The database decides between two at once."""
    return cache.add(_name(held), True, timeout=2 * HELD_S)


def give_back(held: Held | None) -> None:
    """The view broke: the form may be sent once more.  What it had written already is recognised by its key."""
    if held is not None:
        cache.delete(_name(held))


def _name(held: Held) -> str:
    return f"held-form:{held.key}"


def _lock() -> Fernet:
    key = salted_hmac("matrescence.people.held", "form", secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
