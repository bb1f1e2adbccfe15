"""One number a course, that grows whenever its live tables change."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F

from matrescence.clinic.live.models import Change


def changed(course_id: str) -> None:
    """Count one more change; call it in the transaction that makes the change."""
    mine = Change.objects.filter(pk=course_id)
    if not mine.update(version=F("version") + 1):
        Change.objects.get_or_create(pk=course_id)
        mine.update(version=F("version") + 1)


def versions(course_ids: Iterable[str]) -> dict[str, int]:
    """The version of each course; one that never changed is left out."""
    return dict(Change.objects.filter(pk__in=list(course_ids)).values_list("course", "version"))
