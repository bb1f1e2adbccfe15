"""Scores over time, what they say, and which follow-ups were held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from matrescence.care.assessment.scales import Scale
from matrescence.care.enrolment.records import instant
from matrescence.care.journey.known import Known
from matrescence.care.journey.tasks import scores_of
from matrescence.care.journey.words import Ground
from matrescence.care.recovery.follow_up import follow_up
from matrescence.care.recovery.outcome import Measured, Outcome, Relapse, outcome
from matrescence.care.verdict import Reason


@dataclass(frozen=True, slots=True)
class Point:
    """One total and when she answered; ``None``: no total, answers were missing."""

    at: datetime
    total: float | None


@dataclass(frozen=True, slots=True)
class Trend:
    """The totals of one scale by time; ``outcome`` once treatment has begun, where the scale allows one."""

    scale: Scale
    points: tuple[Point, ...]
    outcome: Outcome | None

    @property
    def change(self) -> float | None:
        """Latest total less the first; ``None`` with fewer than two totals."""
        totals = [point.total for point in self.points if point.total is not None]
        return totals[-1] - totals[0] if len(totals) > 1 else None

    @property
    def lost(self) -> Reason | None:
        """Better after treatment, and no longer: a relapse, or one score that may begin one."""
        found = self.outcome
        if found is None or found.latest is None or found.relapse not in _LOST:
            return None
        rule, text = _LOST[found.relapse]
        told = next(item for item in found.reasons if item.rule == rule)
        return replace(told, text=text.format(f"{self.scale.label} {found.latest.total:g}"))


_LOST: Mapping[Relapse | None, tuple[str, str]] = {
    Relapse.YES: ("recovery.relapse", "Relapse: {}, twice in a row, after a response."),
    Relapse.POSSIBLE: ("recovery.relapse_possible", "Perhaps a relapse: {} after a response. Measure again soon."),
}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One follow-up: when it is due, and when it was held."""

    due_at: datetime
    held_at: datetime | None

    def is_overdue(self, at: datetime) -> bool:
        """Whether its time has passed without a score."""
        return self.held_at is None and instant(at) > instant(self.due_at)


def trends(known: Known, ground: Ground) -> tuple[Trend, ...]:
    """Every scale with a total, in the order in which it was first used."""
    found: dict[str, list[Point]] = {}
    scales: dict[str, Scale] = {}
    for sitting in known.sittings:
        for score in scores_of(sitting.assessed):
            if not score.scale.tiers:
                scales[score.scale.name] = score.scale
                found.setdefault(score.scale.name, []).append(Point(sitting.at, score.total))
    began = began_at(known, ground)
    zone = UTC if known.mother is None else known.mother.start.tzinfo
    local = {name: tuple(Point(p.at.astimezone(zone), p.total) for p in points) for name, points in found.items()}
    return tuple(
        Trend(scales[name], points, _outcome(scales[name], points, began, ground)) for name, points in local.items()
    )


def began_at(known: Known, ground: Ground) -> datetime | None:
    """When treatment began: the first confirmed rate, or for a drug by mouth the planned start."""
    if not ground.infused:
        return None if known.mother is None else known.mother.start
    return next((infusion.state.started_at for infusion in known.infusions), None)


def _outcome(scale: Scale, points: Sequence[Point], began: datetime | None, ground: Ground) -> Outcome | None:
    """Response, remission, reliable change and relapse against the last total before treatment; one total a day."""
    if began is None or scale.higher_is_worse is not True:
        return None
    totals = [(point.at, Measured(point.at.date(), point.total)) for point in points if point.total is not None]
    before = [measured for at, measured in totals if instant(at) <= instant(began)]
    after = {measured.on: measured for at, measured in totals if instant(at) > instant(began)}
    if not after:
        return None
    baseline = before[-1] if before else None
    return outcome(scale, baseline=baseline, later=tuple(after.values()), definitions=ground.definitions)


def follow_ups(known: Known, ground: Ground) -> tuple[FollowUp, ...]:
    """The follow-ups by time: those agreed when she last left, or else those that the drug's folder names.

    The first score after she left holds the first of them, the second score the second, and so on: somebody who
    comes early has come.
    """
    if known.departure is None:
        return ()
    left_at, told = known.departure
    held = [sitting.at for sitting in known.sittings if instant(sitting.at) > instant(left_at)]
    due = sorted(told.follow_ups or _visits(known, ground, left_at), key=instant)
    return tuple(FollowUp(at, held[place] if place < len(held) else None) for place, at in enumerate(due))


def _visits(known: Known, ground: Ground, left_at: datetime) -> tuple[datetime, ...]:
    """The visits of the drug's folder, counted from the end of treatment by the clock where she is."""
    zone = left_at.tzinfo if known.mother is None else known.mother.start.tzinfo
    end = (known.state.ended_at or left_at).astimezone(zone)
    return tuple(appointment.at for appointment in follow_up(ground.guidance.visits, end=end))
