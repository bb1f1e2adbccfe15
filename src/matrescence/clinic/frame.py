"""What every page shows around its content."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from matrescence import __version__
from matrescence.clinic.people.matrix import Cell, matrix
from matrescence.clinic.people.models import User
from matrescence.clinic.site.settings import help_lines


def frame(request: HttpRequest) -> dict[str, Any]:
    """Whom to call, what she may open, and a fresh key for a form."""
    return {
        "help_lines": SimpleLazyObject(help_lines),
        "may": Permits(request),
        "fresh_key": uuid.uuid4().hex,
        "demo": settings.CONFIG.demo,
        "program_version": __version__,
    }


class Permits:
    """``{% if may.plan__choose %}`` in a template: whether her roles allow an action (``__`` stands for the dot)."""

    def __init__(self, request: HttpRequest) -> None:
        user = getattr(request, "user", None)
        self._roles = user.known_roles if isinstance(user, User) else ()

    def __getitem__(self, name: str) -> bool:
        return matrix()[name.replace("__", ".")].best(self._roles) in {Cell.YES, Cell.BREAK_GLASS}
