"""How long feeding pauses if one source is followed, and how much milk that asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matrescence.care.drug import Lactation
from matrescence.care.infusion.plan import Session
from matrescence.care.lactation.feeding import FeedingAdvice, Pause


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch without feeding, in hours from the start; ``open_ended``: the source names no time after it.

    ``sessions`` counts the sessions that lie in it.
    """

    from_h: float
    until_h: float
    open_ended: bool = False
    sessions: int = 1

    @property
    def hours(self) -> float:
        """Its length."""
        return self.until_h - self.from_h


@dataclass(frozen=True, slots=True)
class Milk:
    """Milk for hours without feeding: the usual and the upper amount, ``None`` when her infant's weight is unknown."""

    hours: float
    usual_ml: float | None
    upper_ml: float | None


def windows(advice: FeedingAdvice, sessions: Sequence[Session]) -> tuple[Window, ...]:
    """When feeding pauses by one source: from the start of a session to its time; windows that touch become one."""
    if advice.pause is Pause.WHOLE_TREATMENT:
        until_h = advice.again_h[-1] if advice.again_h else sessions[-1].end_h
        return (Window(sessions[0].start_h, until_h, not advice.again_h, len(sessions)),)
    found: list[Window] = []
    for session, again_h in zip(sessions, advice.again_h, strict=False):
        if found and session.start_h <= found[-1].until_h:
            found[-1] = replace(found[-1], until_h=max(again_h, found[-1].until_h), sessions=found[-1].sessions + 1)
        else:
            found.append(Window(session.start_h, again_h))
    return tuple(found)


def milk_for(hours: float, lactation: Lactation, *, infant_weight_kg: float | None) -> Milk:
    """Milk that an infant drinks in some hours: ``intake [mL/kg/d] x weight [kg] x hours / 24``, usual and upper.

    Unknown intake or weight gives an unknown amount, never a guess.
    """

    def amount_ml(intake_ml_per_kg_day: float | None) -> float | None:
        if infant_weight_kg is None or intake_ml_per_kg_day is None:
            return None
        return intake_ml_per_kg_day * infant_weight_kg * hours / 24.0

    return Milk(
        hours,
        amount_ml(lactation.intake_ml_per_kg_day.value),
        amount_ml(lactation.intake_upper_ml_per_kg_day.value),
    )
