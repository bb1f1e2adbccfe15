"""What the page of an assessment tells: derived from the course each time, never kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matrescence.care.assessment.scales import Kind
from matrescence.care.assessment.scoring import Score
from matrescence.care.assessment.triage import Triage, triage
from matrescence.care.journey.follow_up import Trend, trends
from matrescence.care.journey.known import Known, Sitting
from matrescence.care.journey.tasks import scores_of
from matrescence.care.journey.words import Assessed, Entry
from matrescence.care.verdict import Finding, Reason
from matrescence.clinic.log.courses import Opened


@dataclass(frozen=True, slots=True)
class Scored:
    """One scale of a sitting: its score and the sentences around it that a template cannot make."""

    score: Score

    @property
    def out_of(self) -> float | None:
        """The highest total; ``None`` where the scale has none."""
        return None if self.score.scale.tiers else self.score.scale.total_high.value

    @property
    def level(self) -> str:
        """The words of the chosen answer, where the scale is one item."""
        if self.score.scale.kind is not Kind.LEVEL:
            return ""
        items = self.score.scale.items
        texts = [o.text for i in items for o in i.options if o.text and o.score == self.score.item_scores.get(i.key)]
        return ", ".join(texts)

    @property
    def missing(self) -> tuple[str, ...]:
        """The items without an answer, by our own short names."""
        return tuple(self.score.scale.item(key).name for key in self.score.missing)

    @property
    def not_asked(self) -> tuple[str, ...]:
        """The items that the scale itself leaves out after a no."""
        return tuple(self.score.scale.item(key).name for key in self.score.not_asked)


@dataclass(frozen=True, slots=True)
class Told:
    """One sitting as the page tells it: who wrote it down, what it scores, and what follows from it."""

    at: datetime
    by: str
    follow_up: bool
    about: str
    scored: tuple[Scored, ...]
    triage: Triage

    @property
    def why(self) -> tuple[Reason, ...]:
        """The reasons that are known, without the urgent ones, which stand above."""
        return tuple(r for r in self._rest if r.finding is not Finding.UNKNOWN)

    @property
    def unknown(self) -> tuple[Reason, ...]:
        """What is not known, without what has to be asked, which stands above."""
        return tuple(r for r in self._rest if r.finding is Finding.UNKNOWN)

    @property
    def _rest(self) -> tuple[Reason, ...]:
        said = {*(path.reason for path in self.triage.urgent), *self.triage.to_ask}
        return tuple(reason for reason in self.triage.reasons if reason not in said)


def newest(opened: Opened) -> Told | None:
    """The newest whole assessment."""
    return None if opened.known.assessment is None else _told(opened, opened.known.assessment)


def later(opened: Opened) -> Told | None:
    """The newest follow-up, where it is younger than the newest whole assessment."""
    sittings = opened.known.sittings
    return _told(opened, sittings[-1]) if sittings and sittings[-1].assessed.follow_up else None


def trend_lines(opened: Opened) -> tuple[Trend, ...]:
    """Every scale with at least one total, in the order in which it was first used."""
    found = trends(opened.known, opened.ground)
    return tuple(trend for trend in found if any(point.total is not None for point in trend.points))


def _told(opened: Opened, sitting: Sitting) -> Told:
    scores, assessed = scores_of(sitting.assessed), sitting.assessed
    entry = _entry(opened.known, sitting)
    payload = {} if entry is None else opened.reader.told[entry.position][1]
    return Told(
        at=sitting.at,
        by="" if entry is None else entry.by,
        follow_up=assessed.follow_up,
        about=str(payload.get("about", "")),
        scored=tuple(map(Scored, scores)),
        triage=triage(scores, assessed.history, opened.ground.lines),
    )


def _entry(known: Known, sitting: Sitting) -> Entry | None:
    """The record of a sitting."""
    found = (e for e in known.entries.values() if isinstance(e.what, Assessed) and e.what is sitting.assessed)
    return next(found, None)
