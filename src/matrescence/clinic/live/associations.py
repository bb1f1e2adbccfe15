"""Which device is at which course: kept in a table, decided by the rules of the port."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from matrescence.actions.bedside import association as rules
from matrescence.actions.bedside.association import AlreadyBoundError, Binding
from matrescence.actions.bedside.report import OXIMETRY
from matrescence.care.infusion.bedside import PUMP
from matrescence.clinic.live.models import Association, UnboundDevice
from matrescence.clinic.live.versions import changed
from matrescence.reading import InputError


def bindings_of(device: str) -> tuple[Binding, ...]:
    """Every binding of one device, the oldest first."""
    return tuple(_binding(row) for row in Association.objects.filter(device=device))


def open_at(course_id: str) -> list[Association]:
    """The devices that are at a course now."""
    return list(Association.objects.filter(course=course_id, until=None))


KINDS = (OXIMETRY, PUMP)
"""What a device can be."""
LONGEST_NAME = 120


def bind(course_id: str, device: str, kind: str, *, at: datetime, by: str, clock_ahead_s: float = 0.0) -> None:
    """Say that a device is at this course from now on.

    Raises:
        InputError: it is at another course, a name is missing, or there is no such kind of device.
    """
    if kind not in KINDS:
        raise InputError(f"kind = {kind!r} cannot be used. Allowed: {', '.join(KINDS)}.")
    if len(device) > LONGEST_NAME or not device.isprintable():
        raise InputError(f"device = {device[:40]!r} cannot be used. Allowed: at most {LONGEST_NAME} letters.")
    with transaction.atomic():
        try:
            rules.bind(bindings_of(device), device, course_id, at=at, by=by, clock_ahead_s=clock_ahead_s)
        except AlreadyBoundError:
            raise InputError(f"{device} is bound to another course. Unbind it there first.") from None
        except ValueError as error:
            raise InputError(f"This device cannot be bound: {error}.") from None
        Association.objects.filter(device=device, course=course_id, until=None).update(until=at)
        Association.objects.create(
            device=device, kind=kind, course=course_id, since=at, by=by, clock_ahead_s=clock_ahead_s
        )
        UnboundDevice.objects.filter(device=device).delete()
        changed(course_id)


def unbind(course_id: str, device: str, *, at: datetime) -> None:
    """Say that a device is at this course no longer."""
    with transaction.atomic():
        Association.objects.filter(device=device, course=course_id, until=None).update(until=at)
        changed(course_id)


def _binding(row: Association) -> Binding:
    return Binding(row.device, row.course, row.since, row.until, row.by, row.clock_ahead_s)
