"""Score any scale from its description.

A missing answer is never a zero.  Where a total cannot be given, the range it must lie in is: every unanswered item
at its lowest, and every one at its highest.  A cut-off is then met, not met, or open, and each is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from matrescence.care.assessment.rules import RULE
from matrescence.care.assessment.scales import Band, BandTable, Cutoff, Item, Kind, Missing, Scale, Side, Subscale, Tier
from matrescence.care.verdict import Finding, Reason


class AnswersAs(Enum):
    """What the numbers of an answer sheet mean.  The sheet says so; it is never guessed."""

    SCORE = "score"
    PRINTED_OPTION = "printed-option"  # 1 is the answer printed first


class AnswerError(ValueError):
    """An answer outside its item's range, or to an item the scale does not have."""


@dataclass(frozen=True, slots=True)
class Answers:
    """One filled-in form: item key -> number, or ``None`` for an item left empty."""

    scale: Scale
    answers_as: AnswersAs
    given: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class SubscaleScore:
    """The sum of a subscale, ``None`` when one of its items has no answer, and the range it must lie in."""

    subscale: Subscale
    total: int | None
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class CutoffResult:
    """A cut-off and whether it is met; ``None``: the missing answers decide."""

    cutoff: Cutoff
    met: bool | None


@dataclass(frozen=True, slots=True)
class Score:
    """What one filled-in form says.

    ``total`` is ``None`` when the scale's own rule forbids one; ``lowest`` and ``highest`` are the totals still
    possible.  ``bands`` holds one band per table of the scale; severity is read from the first table.
    """

    scale: Scale
    item_scores: Mapping[str, int]
    total: float | None
    estimated: bool
    lowest: int
    highest: int
    bands: tuple[tuple[BandTable, Band], ...]
    subscales: tuple[SubscaleScore, ...]
    cutoffs: tuple[CutoffResult, ...]
    tier: Tier | None
    missing: tuple[str, ...]
    not_asked: tuple[str, ...]
    reasons: tuple[Reason, ...]


def score(answers: Answers) -> Score:
    """Score one filled-in form by the description of its scale.

    Raises:
        AnswerError: an answer lies outside its item's range, or belongs to no item of the scale.
    """
    scale = answers.scale
    scores = item_scores(answers)
    not_asked = tuple(item.key for item in scale.items if item.key not in scores and _is_skipped(item, scores))
    missing = tuple(item.key for item in scale.items if item.key not in scores and item.key not in not_asked)
    lowest, highest = possible_totals(scale.scored_items, scores)
    total, estimated = _total(scale, scores)
    return Score(
        scale=scale,
        item_scores=scores,
        total=total,
        estimated=estimated,
        lowest=lowest,
        highest=highest,
        bands=_bands(scale, total),
        subscales=tuple(_subscale(scale, subscale, scores) for subscale in scale.subscales),
        cutoffs=tuple(CutoffResult(cutoff, _met(scale, cutoff, scores, total)) for cutoff in scale.cutoffs),
        tier=_tier(scale, scores),
        missing=missing,
        not_asked=not_asked,
        reasons=tuple(_reasons(scale, scores, missing, estimated)),
    )


def item_scores(answers: Answers) -> dict[str, int]:
    """The score of every answered item, from scores or from printed places as the form says.

    Raises:
        AnswerError: an answer lies outside its item's range, or belongs to no item of the scale.
    """
    items = {item.key: item for item in answers.scale.items}
    stray = [key for key in answers.given if key not in items]
    if stray:
        raise AnswerError(f"{answers.scale.name} has no item {stray[0]!r}; allowed: {', '.join(items)}")
    return {
        key: _score_of(answers.scale, items[key], answers.answers_as, number)
        for key, number in answers.given.items()
        if number is not None
    }


def _score_of(scale: Scale, item: Item, answers_as: AnswersAs, number: int) -> int:
    if answers_as is AnswersAs.SCORE:
        low, high, what = item.low, item.high, "a score"
    else:
        low, high, what = 1, item.high - item.low + 1, "a printed answer counted from 1"
    if not low <= number <= high:
        raise AnswerError(f"{scale.name} item {item.key!r}: {number} is not {what}; allowed: {low} to {high}")
    return number if answers_as is AnswersAs.SCORE else item.score_of(number)


def _is_skipped(item: Item, scores: Mapping[str, int]) -> bool:
    return item.ask_if is not None and scores.get(item.ask_if) == 0


def possible_totals(items: Iterable[Item], scores: Mapping[str, int]) -> tuple[int, int]:
    """The lowest and the highest sum still possible: unanswered items at their lowest, then at their highest."""
    wanted = tuple(items)
    lowest = sum(scores.get(item.key, item.low) for item in wanted)
    highest = sum(scores.get(item.key, item.high) for item in wanted)
    return lowest, highest


def _total(scale: Scale, scores: Mapping[str, int]) -> tuple[float | None, bool]:
    """The total by the scale's own rule for missing answers, and whether it is an estimate.

    Prorating: the sum of the n answered of N items times N / n, which is the mean put in for each missing one.
    """
    items = scale.scored_items
    answered = [scores[item.key] for item in items if item.key in scores]
    absent = len(items) - len(answered)
    if scale.kind is Kind.TIERS:
        return None, False
    if absent == 0:
        return float(sum(answered)), False
    if scale.missing.kind is Missing.PRORATE and absent <= scale.missing.at_most:
        return sum(answered) * len(items) / len(answered), True
    return None, False


def _bands(scale: Scale, total: float | None) -> tuple[tuple[BandTable, Band], ...]:
    if total is None:
        return ()
    return tuple((table, table.band_of(total)) for table in scale.band_tables)


def _subscale(scale: Scale, subscale: Subscale, scores: Mapping[str, int]) -> SubscaleScore:
    lowest, highest = possible_totals((scale.item(key) for key in subscale.items), scores)
    complete = all(key in scores for key in subscale.items)
    return SubscaleScore(subscale, lowest if complete else None, lowest, highest)


def _met(scale: Scale, cutoff: Cutoff, scores: Mapping[str, int], total: float | None) -> bool | None:
    parts = [_threshold_met(scale, cutoff, scores, total)]
    parts += [scores[key] >= least if key in scores else None for key, least in cutoff.needs]
    if False in parts:
        return False
    return None if None in parts else True


def _threshold_met(scale: Scale, cutoff: Cutoff, scores: Mapping[str, int], total: float | None) -> bool | None:
    if cutoff.on == "total" and total is not None:
        lowest: float = total
        highest: float = total
    else:
        lowest, highest = possible_totals(_items_of(scale, cutoff.on), scores)
    if cutoff.side is Side.AT_LEAST:
        return True if lowest >= cutoff.threshold else False if highest < cutoff.threshold else None
    return True if highest <= cutoff.threshold else False if lowest > cutoff.threshold else None


def _items_of(scale: Scale, on: str) -> tuple[Item, ...]:
    for subscale in scale.subscales:
        if subscale.key == on:
            return tuple(scale.item(key) for key in subscale.items)
    return scale.scored_items


def _tier(scale: Scale, scores: Mapping[str, int]) -> Tier | None:
    opened = [tier for tier in scale.tiers if any(scores.get(key, 0) > 0 for key in tier.any_of)]
    return max(opened, key=lambda tier: tier.rank, default=None)


def _reasons(scale: Scale, scores: Mapping[str, int], missing: tuple[str, ...], estimated: bool) -> Iterable[Reason]:
    if missing:
        names = ", ".join(scale.item(key).name for key in missing)
        yield RULE["assessment.missing_item"].reason(
            Finding.UNKNOWN, f"{scale.label}: no answer to {names}. A missing answer is not a zero."
        )
    if estimated:
        yield RULE["assessment.prorated"].reason(
            Finding.WARNS, f"{scale.label}: the total is an estimate; the mean of her answers stands in."
        )
    for item in scale.items:
        if item.ask_if and scores.get(item.ask_if) == 0 and scores.get(item.key, 0) > 0:
            yield RULE["assessment.contradiction"].reason(
                Finding.WARNS, f"{scale.label}: {item.name} is yes although {scale.item(item.ask_if).name} is no."
            )
