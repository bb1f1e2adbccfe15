"""Scores over time, and which of the agreed follow-ups were held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matrescence.care.enrolment.records import instant
from matrescence.care.journey.known import Known
from matrescence.care.journey.tasks import scores_of


@dataclass(frozen=True, slots=True)
class Point:
    """One total and when she answered; ``None``: no total, answers were missing."""

    at: datetime
    total: float | None


@dataclass(frozen=True, slots=True)
class Trend:
    """The totals of one scale by time."""

    scale: str
    label: str
    points: tuple[Point, ...]

    @property
    def change(self) -> float | None:
        """Latest total less the first; ``None`` with fewer than two totals."""
        totals = [point.total for point in self.points if point.total is not None]
        return totals[-1] - totals[0] if len(totals) > 1 else None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One agreed follow-up: when, and when it was held."""

    due_at: datetime
    held_at: datetime | None

    def is_overdue(self, at: datetime) -> bool:
        """Whether its time has passed without a score."""
        return self.held_at is None and instant(at) > instant(self.due_at)


def trends(known: Known) -> tuple[Trend, ...]:
    """Every scale with a total, in the order in which it was first used."""
    found: dict[str, list[Point]] = {}
    labels: dict[str, str] = {}
    for sitting in known.sittings:
        for score in scores_of(sitting.assessed):
            if not score.scale.tiers:
                labels[score.scale.name] = score.scale.label
                found.setdefault(score.scale.name, []).append(Point(sitting.at, score.total))
    return tuple(Trend(name, labels[name], tuple(points)) for name, points in found.items())


def follow_ups(known: Known) -> tuple[FollowUp, ...]:
    """The follow-ups agreed when she last left, by time.

    The first score after she left holds the first of them, the second score the second, and so on: somebody who
    comes early has come.
    """
    if known.departure is None:
        return ()
    left_at, told = known.departure
    held = [sitting.at for sitting in known.sittings if instant(sitting.at) > instant(left_at)]
    due = sorted(told.follow_ups, key=instant)
    return tuple(FollowUp(at, held[place] if place < len(held) else None) for place, at in enumerate(due))
