"""Where to go next: never to another site, whatever an address says."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from matrescence.clinic.people.matrix import Cell, matrix


def safe_target(request: HttpRequest, target: str) -> str:
    """The same target if it lies on this site; else nothing."""
    here = {request.get_host()}
    return target if url_has_allowed_host_and_scheme(target, here, require_https=request.is_secure()) else ""


def first_page(roles: Iterable[str]) -> str:
    """Where somebody with these roles begins: the first of these lists that she may see, else her own account."""
    held = tuple(roles)
    for action, address in (("worklist.view", "/worklist/"), ("people.manage", "/people/"), ("audit.view", "/audit/")):
        if matrix()[action].best(held) is Cell.YES:
            return address
    return reverse("people:me")
