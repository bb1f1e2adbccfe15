"""What each source says about feeding, side by side, with clock times.

Sources differ, and the program does not choose between them: every piece of advice is shown with who gives it, what it
rests on, and when feeding could begin again if that source were followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from matrescence.care.clock import clock_time
from matrescence.care.drug import Lactation, LactationAdvice
from matrescence.facts import Grade


class Pause(Enum):
    """What following one source means for feeding."""

    NONE = "feeding goes on"
    UNTIL = "pause until a time"
    WHOLE_TREATMENT = "no breast milk for the whole treatment"
    NOT_NAMED = "no time named"


@dataclass(frozen=True, slots=True)
class FeedingAdvice:
    """One source's advice with its times.

    ``again`` holds one clock time for each infusion (or one, for a whole course): when feeding could begin again.
    It is empty when feeding is not paused, or when the source names no time.
    """

    source: str
    who: str
    advice: str
    grade: Grade
    pause: Pause
    wait_h: float | None
    again_h: tuple[float, ...]
    again: tuple[datetime, ...]
    store_from: datetime | None


def feeding_advice(lactation: Lactation, *, start: datetime, ends_h: Sequence[float]) -> tuple[FeedingAdvice, ...]:
    """The advice of every source, in the order of the drug's folder.

    Args:
        lactation: the drug's milk facts.
        start: when the first drug goes in, with its time zone.
        ends_h: when each infusion (or the last dose by mouth) ends, in hours from the start.
    """
    return tuple(_advice(item, start, ends_h) for item in lactation.advice)


def _advice(item: LactationAdvice, start: datetime, ends_h: Sequence[float]) -> FeedingAdvice:
    pause = _pause(item)
    waits = pause in (Pause.UNTIL, Pause.WHOLE_TREATMENT) and item.wait_h is not None
    ends = ends_h[-1:] if item.whole_treatment else ends_h
    again_h = tuple(end_h + (item.wait_h or 0.0) for end_h in ends) if waits else ()
    store_h = item.store_before_h
    return FeedingAdvice(
        source=item.statement.source,
        who=item.who,
        advice=item.advice,
        grade=item.statement.grade,
        pause=pause,
        wait_h=item.wait_h,
        again_h=again_h,
        again=tuple(clock_time(start, at_h) for at_h in again_h),
        store_from=None if store_h is None else clock_time(start, -store_h),
    )


def _pause(item: LactationAdvice) -> Pause:
    if item.whole_treatment:
        return Pause.WHOLE_TREATMENT
    if item.wait_h is None:
        return Pause.NOT_NAMED
    return Pause.UNTIL if item.wait_h > 0 else Pause.NONE
