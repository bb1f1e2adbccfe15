"""Keep live values, the recent strip and the problems of devices; trim what is old."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from matrescence.actions.bedside.association import Binding
from matrescence.actions.bedside.policy import Policy
from matrescence.actions.bedside.report import PULSE, SPO2, DeviceReport, OximeterReport, reading_of
from matrescence.actions.bedside.seen import Problem, Seen, Taken
from matrescence.actions.bedside.timing import place
from matrescence.care.infusion.readings import Oximetry
from matrescence.clinic.live.models import DeviceProblem, LiveValue, StripPoint, UnboundDevice
from matrescence.clinic.live.versions import changed

STRIP_KEPT = 240
"""Points of one measure that are kept; older ones are in her record, one a minute."""
TRIM_EVERY = 60
"""After so many points the strip is cut back."""
_since_trim: Counter[str] = Counter()
_problems_known: set[str] = set()
_VALUE_FIELDS = ("value", "why", "device", "lane", "observed_at", "received_at", "stored_at", "backfilled")


def points_of(
    report: DeviceReport, binding: Binding, before: Seen, policy: Policy, at: datetime
) -> tuple[StripPoint, ...]:
    """What a report adds to the strip: nothing without a reading, and back-filled where it was not hers now."""
    reading = reading_of(report) if isinstance(report, OximeterReport) else None
    if not isinstance(reading, Oximetry):
        return ()
    placed = place(report, binding, before.of(report.device).newest_at, policy, at)
    values = {SPO2: reading.spo2_percent, PULSE: reading.pulse_per_min}
    return tuple(
        StripPoint(
            course=binding.course,
            measure=measure,
            value=value,
            observed_at=placed.at,
            received_at=report.received_at,
            lane=report.lane.value,
            backfilled=not placed.current,
        )
        for measure, value in values.items()
        if value is not None
    )


def keep(
    course_id: str,
    before: Seen,
    taken: Taken,
    points: Iterable[StripPoint],
    *,
    refused: tuple[Problem, ...],
    real: datetime,
) -> None:
    """Store what came of one report, all of it together; what has not changed is not touched."""
    problems = (*taken.seen.problems, *refused)
    with transaction.atomic():
        _keep_values(course_id, before, taken, real)
        _keep_points(course_id, tuple(points))
        if refused or problems != before.problems or course_id not in _problems_known:
            _keep_problems(course_id, problems)
        changed(course_id)


def _keep_values(course_id: str, before: Seen, taken: Taken, real: datetime) -> None:
    gone = before.live.keys() - taken.seen.live.keys()
    if gone or not before.live:
        LiveValue.objects.filter(course=course_id).exclude(measure__in=list(taken.seen.live)).delete()
    LiveValue.objects.bulk_create(
        [
            LiveValue(
                course=course_id,
                measure=one.measure,
                value=one.value,
                why=one.why[:300],
                device=one.device,
                observed_at=one.observed_at,
                received_at=one.received_at,
                stored_at=real,
            )
            for one in taken.live
        ],
        update_conflicts=True,
        unique_fields=["course", "measure"],
        update_fields=list(_VALUE_FIELDS),
    )


def _keep_points(course_id: str, points: tuple[StripPoint, ...]) -> None:
    if not points:
        return
    StripPoint.objects.bulk_create(points)
    _since_trim[course_id] += 1
    if _since_trim[course_id] % TRIM_EVERY == 0:
        for measure in {point.measure for point in points}:
            trim(course_id, measure)


def keep_unbound(report: DeviceReport) -> None:
    """A device that belongs to nobody was heard."""
    found = UnboundDevice.objects.filter(pk=report.device)
    told = {"kind": report.kind, "lane": report.lane.value, "received_at": report.received_at}
    if not found.update(reports=F("reports") + 1, **told):
        UnboundDevice.objects.get_or_create(device=report.device, defaults=told)


def strip(course_id: str, measure: str, *, points: int = STRIP_KEPT) -> list[tuple[datetime, float, bool]]:
    """The newest points of one measure, the oldest first: when, how much, and whether it was back-filled."""
    newest = StripPoint.objects.filter(course=course_id, measure=measure).order_by("-observed_at", "-id")[:points]
    return list(reversed(newest.values_list("observed_at", "value", "backfilled")))


def trim(course_id: str, measure: str) -> None:
    """Cut the strip of one measure back to its newest points."""
    mine = StripPoint.objects.filter(course=course_id, measure=measure)
    kept = list(mine.order_by("-observed_at", "-id").values_list("pk", flat=True)[:STRIP_KEPT])
    mine.exclude(pk__in=kept).delete()


def _keep_problems(course_id: str, problems: tuple[Problem, ...]) -> None:
    _problems_known.add(course_id)
    now = {(one.device, one.code): one for one in problems}
    rows = {(row.device, row.code): row for row in DeviceProblem.objects.filter(course=course_id)}
    gone = [row.pk for key, row in rows.items() if key not in now]
    if gone:
        DeviceProblem.objects.filter(pk__in=gone).delete()
    for (device, code), one in now.items():
        if (device, code) not in rows:
            DeviceProblem.objects.create(
                course=course_id, device=device, code=code, text=one.text[:500], since=one.since
            )
        elif rows[device, code].text != one.text[:500]:
            DeviceProblem.objects.filter(pk=rows[device, code].pk).update(text=one.text[:500])


def forget() -> None:
    """Forget what is only remembered to spare a look at the tables."""
    _since_trim.clear()
    _problems_known.clear()
