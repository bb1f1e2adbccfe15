"""The plans of all sources side by side, with what a pause or an early stop has changed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest

from matrescence.care.drug import Lactation, LactationAdvice
from matrescence.care.infusion.plan import Treatment
from matrescence.care.lactation.course import Given, Happened
from matrescence.care.lactation.feeding import FeedingAdvice, Pause, feeding_advice
from matrescence.care.lactation.rules import RULE
from matrescence.care.lactation.storing import Milk, Window, milk_for, windows
from matrescence.care.mother import Feeding, Mother
from matrescence.care.verdict import Finding, Reason
from matrescence.facts import Grade, Statement

THRESHOLD_BY = "This program's forecast"
QUARTERS_PER_H = 4.0  # a forecast is rounded up to the next quarter of an hour: no finer than it is known


@dataclass(frozen=True, slots=True)
class Threshold:
    """When virtual women like her are below the published level in milk, in hours after the end of a session.

    ``half_h`` and ``most_h`` are the 50th and the 95th percentile; with several sessions, of the slowest one.
    """

    level_ng_per_ml: float
    half_h: float
    most_h: float
    source: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """One source: its advice for the course as given, when feeding pauses, the milk for each pause.

    ``planned_again`` is what it said for the course as planned: the same, unless the course went another way.  It is
    ``None`` for the forecast, which is made for the course as given.
    """

    advice: FeedingAdvice
    windows: tuple[Window, ...]
    milk: tuple[Milk, ...]
    planned_again: tuple[datetime, ...] | None


@dataclass(frozen=True, slots=True)
class LactationPlan:
    """Every source's plan in the order of the drug's folder, the forecast's last; and what has to be said beside."""

    given: Given
    sources: tuple[SourcePlan, ...]
    threshold: Threshold | None
    watch_infant_for: tuple[Statement, ...]
    reasons: tuple[Reason, ...]


def lactation_plan(
    mother: Mother, lactation: Lactation, *, planned: Treatment, given: Given, threshold: Threshold | None
) -> LactationPlan:
    """Lay every source's plan beside the others, for the course as it was given.

    Args:
        mother: ``start`` is hour 0; the infant's weight and how the infant is fed may be unknown.
        lactation: the drug's milk facts.
        planned: the treatment as planned.
        given: the course as it went, or is planned.
        threshold: from the forecast; ``None`` where no level was published or no model gives one.
    """
    told = lactation if threshold is None else replace(lactation, advice=(*lactation.advice, _advice_of(threshold)))
    before = feeding_advice(lactation, start=mother.start, ends_h=[session.end_h for session in planned.sessions])
    now = feeding_advice(told, start=mother.start, ends_h=given.ends_h)
    sources = tuple(_source(new, old, mother, lactation, given) for new, old in zip_longest(now, before))
    reasons = tuple(_reasons(mother, lactation, sources, given, threshold))
    return LactationPlan(given, sources, threshold, lactation.watch_infant_for, reasons)


def _advice_of(threshold: Threshold) -> LactationAdvice:
    told = (
        f"In 95 of 100 women like her milk is forecast to be below {threshold.level_ng_per_ml:g} ng/mL by "
        f"{threshold.most_h:.1f} h after the end; in half of them by {threshold.half_h:.1f} h. A forecast, not advice."
    )
    statement = Statement(told, threshold.source, "forecast for this course", "calibrated", threshold.grade)
    wait_h = math.ceil(threshold.most_h * QUARTERS_PER_H) / QUARTERS_PER_H
    return LactationAdvice(THRESHOLD_BY, told, statement, wait_h=wait_h)


def _source(
    new: FeedingAdvice, old: FeedingAdvice | None, mother: Mother, lactation: Lactation, given: Given
) -> SourcePlan:
    found = windows(new, given.treatment.sessions)
    milk = tuple(milk_for(w.hours, lactation, infant_weight_kg=mother.infant_weight_kg) for w in found)
    return SourcePlan(new, found, milk, None if old is None else old.again)


def _reasons(
    mother: Mother,
    lactation: Lactation,
    sources: tuple[SourcePlan, ...],
    given: Given,
    threshold: Threshold | None,
) -> Iterator[Reason]:
    yield from _about_the_course(given)
    if len({source.advice.pause for source in sources} - {Pause.NOT_NAMED}) > 1:
        yield RULE["lactation.side_by_side"].reason(
            Finding.ASKS, "The sources differ on feeding: she and her clinician choose one plan before the start."
        )
    waits = [source for source in sources if source.advice.pause is Pause.UNTIL]
    yield from (_no_gap(source) for source in waits if any(window.sessions > 1 for window in source.windows))
    if any(window.open_ended for source in sources for window in source.windows):
        yield RULE["lactation.whole_treatment"].reason(Finding.WARNS)
    yield from _about_the_infant(mother)
    if threshold is None:
        yield RULE["lactation.threshold_unknown"].reason(Finding.UNKNOWN)
    if any(source.windows for source in sources):
        yield RULE["lactation.pumping_unknown"].reason(Finding.UNKNOWN)
    if not lactation.watch_infant_for:
        yield RULE["lactation.watch_infant"].reason(
            Finding.UNKNOWN, "No source that was read names signs to watch the infant for."
        )


def _about_the_course(given: Given) -> Iterator[Reason]:
    stopped = given.happened is Happened.STOPPED
    if given.pauses:
        hours = ", ".join(f"{pause.start_h:g} to {pause.end_h:g} h" for pause in given.pauses)
        runs_on = "" if stopped else f" {RULE['lactation.pause'].text}"
        yield RULE["lactation.pause"].reason(Finding.WARNS, f"Nothing was given from {hours}.{runs_on}")
    if stopped:
        at_h = given.stopped_at_h
        yield RULE["lactation.stopped_early"].reason(
            Finding.WARNS, f"The course was stopped at {at_h:.1f} h. {RULE['lactation.stopped_early'].text}"
        )


def _no_gap(source: SourcePlan) -> Reason:
    most = max(window.sessions for window in source.windows)
    return RULE["lactation.no_gap"].reason(
        Finding.WARNS, f"{source.advice.who}: no feeding between sessions, over {most} sessions in a row."
    )


def _about_the_infant(mother: Mother) -> Iterator[Reason]:
    if mother.feeding is None:
        yield RULE["lactation.feeding_unknown"].reason(Finding.UNKNOWN)
    if mother.feeding is Feeding.FORMULA:
        yield RULE["lactation.formula"].reason(Finding.ALLOWS)
        return
    if mother.feeding is Feeding.MIXED:
        yield RULE["lactation.mixed_feeding"].reason(Finding.WARNS)
    if mother.infant_weight_kg is None:
        yield RULE["lactation.infant_weight_unknown"].reason(Finding.UNKNOWN)
