"""Who has opened a record with a reason, and when the lock falls, for the frame of every page."""

from __future__ import annotations

from django import template
from django.conf import settings

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.people.glass import open_glasses
from matrescence.clinic.people.models import BrokenGlass

register = template.Library()


@register.simple_tag(name="open_glasses")
def opened_now(course_id: str) -> list[BrokenGlass]:
    """Everybody for whom this record stands open now."""
    return open_glasses(course_id, now())


@register.simple_tag
def lock_seconds() -> int:
    """After how many seconds without a sign of her it locks."""
    return int(settings.IDLE_LOCK_S)


@register.simple_tag
def second_factor_asked() -> bool:
    """Whether this installation asks everybody for a second factor."""
    return bool(settings.REQUIRE_SECOND_FACTOR)
