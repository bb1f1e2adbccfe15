"""From repeated scores of one scale: response, remission, reliable change, relapse.  Unknown is an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from matrescence.care.assessment.scales import Scale
from matrescence.care.recovery.rules import RULE
from matrescence.care.verdict import Finding, Reason
from matrescence.facts import Fact


@dataclass(frozen=True, slots=True)
class Measured:
    """One total of the scale, and the day it was measured."""

    on: date
    total: float


@dataclass(frozen=True, slots=True)
class Definitions:
    """What counts as response where a scale has no number of its own, and how many scores in a row make a relapse."""

    response_fall_percent: Fact
    relapse_in_a_row: Fact


class Change(Enum):
    """A change against the baseline that is more than the scale's own error."""

    BETTER = "reliably better"
    WORSE = "reliably worse"
    NONE = "no reliable change"


class Relapse(Enum):
    """Whether a response was lost."""

    NO = "no"
    POSSIBLE = "possible: measure again soon"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the latest score says; ``None`` is unknown, and a reason says why.

    ``fall_percent`` is 100 (baseline - latest) / baseline.  ``relapse`` is how things stand now, ``None`` while there
    was no response; ``relapsed_on`` is the day of the score that completed the last relapse, kept when she is well.
    """

    scale: Scale
    baseline: Measured | None
    latest: Measured | None
    fall_percent: float | None
    response: bool | None
    remission: bool | None
    change: Change | None
    relapse: Relapse | None
    relapsed_on: date | None
    reasons: tuple[Reason, ...]


def outcome(scale: Scale, *, baseline: Measured | None, later: Sequence[Measured], definitions: Definitions) -> Outcome:
    """Judge scores of one scale on which higher is worse.

    Args:
        scale: its ``facts`` hold ``response_fall_percent``, ``remission_at_most_score``, ``reliable_change_score``
            as far as they were published.
        baseline: the score before treatment; ``None`` or zero makes everything relative to it unknown.
        later: the scores after treatment, in any order.
        definitions: what stands in where the scale has no number.

    Raises:
        ValueError: the scale is not one on which higher is worse, or two scores carry one day.
    """
    if scale.higher_is_worse is not True:
        raise ValueError(f"{scale.name}: an outcome needs a scale on which higher is worse")
    ordered = sorted(later, key=lambda item: item.on)
    if len({item.on for item in ordered}) < len(ordered):
        raise ValueError(f"{scale.name}: two scores carry the same day; keep one of each day")
    based = baseline if baseline is not None and baseline.total > 0 else None
    latest = ordered[-1] if ordered else None
    needed = _needed_percent(scale, definitions)
    falls = [_fall_percent(based, item) for item in ordered] if based else []
    relapse, relapsed_on = _relapse(falls, ordered, needed=needed, in_a_row=int(definitions.relapse_in_a_row.known))
    change = _change(scale, based, latest)
    return Outcome(
        scale=scale,
        baseline=baseline,
        latest=latest,
        fall_percent=falls[-1] if falls else None,
        response=falls[-1] >= needed.known if falls else None,
        remission=_remission(scale, latest),
        change=change,
        relapse=relapse,
        relapsed_on=relapsed_on,
        reasons=(
            *_unknowns(based, latest),
            *_of_scale(scale, latest, falls, needed),
            *_of_relapse(relapse, definitions.relapse_in_a_row),
        ),
    )


def _needed_percent(scale: Scale, definitions: Definitions) -> Fact:
    return scale.facts.get("response_fall_percent", definitions.response_fall_percent)


def _fall_percent(baseline: Measured, item: Measured) -> float:
    return 100.0 * (baseline.total - item.total) / baseline.total


def _remission(scale: Scale, latest: Measured | None) -> bool | None:
    most = scale.facts.get("remission_at_most_score")
    return None if latest is None or most is None or most.value is None else latest.total <= most.value


def _change(scale: Scale, baseline: Measured | None, latest: Measured | None) -> Change | None:
    reliable = scale.facts.get("reliable_change_score")
    if baseline is None or latest is None or reliable is None or reliable.value is None:
        return None
    if abs(baseline.total - latest.total) < reliable.value:
        return Change.NONE
    return Change.BETTER if latest.total < baseline.total else Change.WORSE


def _relapse(
    falls: Sequence[float], ordered: Sequence[Measured], *, needed: Fact, in_a_row: int
) -> tuple[Relapse | None, date | None]:
    responded, lost, relapsed_on = False, 0, None
    for fall, item in zip(falls, ordered, strict=False):
        if fall >= needed.known:
            responded, lost = True, 0
        elif responded:
            lost += 1
            if lost == in_a_row:
                relapsed_on = item.on
    if not responded:
        return None, None
    if lost >= in_a_row:
        return Relapse.YES, relapsed_on
    return (Relapse.POSSIBLE if lost else Relapse.NO), relapsed_on


def _unknowns(baseline: Measured | None, latest: Measured | None) -> Iterator[Reason]:
    if baseline is None:
        yield RULE["recovery.no_baseline"].reason(Finding.UNKNOWN)
    if latest is None:
        yield RULE["recovery.no_score"].reason(Finding.UNKNOWN)


def _of_scale(scale: Scale, latest: Measured | None, falls: Sequence[float], needed: Fact) -> Iterator[Reason]:
    if falls:
        text = f"{scale.label}: a fall of {falls[-1]:.0f} %; a response needs {needed.known:g} %."
        yield Reason("recovery.response", Finding.ALLOWS, text, needed.source, needed.grade)
    if latest is not None:
        yield _from_scale(scale, "remission", "remission_at_most_score", "remission is {:g} or less")
        yield _from_scale(scale, "reliable_change", "reliable_change_score", "a change of {:g} or more is reliable")


def _of_relapse(relapse: Relapse | None, in_a_row: Fact) -> Iterator[Reason]:
    if relapse is Relapse.YES:
        text = RULE["recovery.relapse"].text
        yield Reason("recovery.relapse", Finding.ASKS, text, in_a_row.source, in_a_row.grade)
    if relapse is Relapse.POSSIBLE:
        yield RULE["recovery.relapse_possible"].reason(Finding.ASKS)


def _from_scale(scale: Scale, topic: str, fact_name: str, pattern: str) -> Reason:
    fact = scale.facts.get(fact_name)
    if fact is None or fact.value is None:
        return RULE[f"recovery.{topic}"].reason(
            Finding.UNKNOWN, f"{scale.label}: no number for {topic.replace('_', ' ')} was found in a source."
        )
    text = f"{scale.label}: {pattern.format(fact.value)}."
    return Reason(f"recovery.{topic}", Finding.ALLOWS, text, fact.source, fact.grade)
