"""Breaking the glass: who opened which record that her role does not open, why, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from matrescence.clinic.people.matrix import Cell, matrix
from matrescence.clinic.people.models import BrokenGlass, User

SHORTEST_REASON = 15
LONGEST_REASON = 500


def glass_is_broken(user: User, course_id: str, at: datetime) -> bool:
    """Whether this person has said why, for this course, and the hour is not over."""
    return BrokenGlass.objects.filter(user=user, stream=course_id, until__gt=at).exists()


def may_break_glass(roles: Iterable[str]) -> bool:
    """Whether there is anything that one of these roles opens with a reason."""
    held = tuple(roles)
    return any(action.best(held) is Cell.BREAK_GLASS for action in matrix().values())


def break_it(user: User, course_id: str, reason: str, at: datetime) -> BrokenGlass:
    """Open a record for an hour."""
    until = at + timedelta(seconds=settings.BREAK_GLASS_S)
    return BrokenGlass.objects.create(user=user, stream=course_id, reason=reason, at=at, until=until)


def close_it(user: User, course_id: str, at: datetime) -> int:
    """End what this person has opened of this course; how many openings that were."""
    return BrokenGlass.objects.filter(user=user, stream=course_id, until__gt=at).update(until=at)


def open_glasses(course_id: str, at: datetime) -> list[BrokenGlass]:
    """Everybody for whom a record stands open now, the newest first."""
    found = BrokenGlass.objects.filter(stream=course_id, until__gt=at)
    return list(found.select_related("user").order_by("-at"))
