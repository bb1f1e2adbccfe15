"""What a rating scale is: items, range, bands, cut-offs, codes, licence and its rule for missing answers.

A scale is data (one file of ``instruments/``).  Nothing here knows a scale by its name: scoring reads the description.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from matrescence.facts import Fact, Grade, Statement


class Rater(Enum):
    """Who answers: the mother herself, or a clinician who observes or interviews her."""

    SELF = "self"
    CLINICIAN = "clinician"


class Kind(Enum):
    """How answers become a result."""

    SUM = "sum"  # the item scores are added up
    LEVEL = "level"  # one item; its level is the result
    TIERS = "tiers"  # no total: certain answers open a tier, the gravest first


class Missing(Enum):
    """What a scale says about answers that were not given."""

    ALL_NEEDED = "all-needed"  # no total without every item
    PRORATE = "prorate"  # the mean of the answered items stands in, for at most so many
    UNKNOWN = "unknown"  # no rule was found in a source: no total without every item


class Measures(Enum):
    """What a scale is about."""

    DEPRESSION = "depression"
    ANXIETY = "anxiety"
    SUICIDE_RISK = "suicide-risk"
    BIPOLAR = "bipolar"
    SEDATION = "sedation"
    DISSOCIATION = "dissociation"
    READINESS = "readiness"


class Purpose(Enum):
    """What a cut-off is used for."""

    DEPRESSION = "depression"
    ANXIETY = "anxiety"
    BIPOLAR = "bipolar"
    SEVERITY = "severity"
    REMISSION = "remission"
    READINESS = "readiness"
    SEDATION = "sedation"


class Side(Enum):
    """Which side of the threshold meets a cut-off."""

    AT_LEAST = "at-least"
    AT_MOST = "at-most"


class Strength(Enum):
    """How strongly a cut-off speaks when it is met."""

    POSSIBLE = "possible"
    PROBABLE = "probable"


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a terminology, as far as it could be sourced; ``item`` is empty for the scale as a whole."""

    system: str
    code: str
    means: str
    source: str
    grade: Grade
    item: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One printed answer: its score and, where it may be shipped, its text."""

    score: int
    text: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One item.  ``name`` is our own short label; ``wording`` is the printed text, ``None`` where it is a slot.

    ``reversed`` says that the printed form lists the highest score first.  ``scored`` is false for questions beside
    the total.  ``ask_if`` names the item that must be "yes" (above zero) for this one to be asked.
    """

    number: int
    key: str
    name: str
    low: int
    high: int
    reversed: bool = False
    scored: bool = True
    ask_if: str | None = None
    wording: str | None = None
    options: tuple[Option, ...] = ()

    def score_of(self, printed_option: int) -> int:
        """The score of the n-th printed answer, counted from 1 at the top: low + n - 1, or high - n + 1 if reversed."""
        return self.high - printed_option + 1 if self.reversed else self.low + printed_option - 1

    def printed_option_of(self, score: int) -> int:
        """The place of a score on the printed form, counted from 1 at the top; undoes :meth:`score_of`."""
        return self.high - score + 1 if self.reversed else score - self.low + 1


@dataclass(frozen=True, slots=True)
class SelfHarmItem:
    """The item that asks about self-harm, and the score from which it opens the urgent path."""

    item: str
    at_least: int
    statement: Statement


@dataclass(frozen=True, slots=True)
class Band:
    """A named range of totals, both ends included; ``rank`` orders severity from 0 (none)."""

    label: str
    low: int
    high: int
    rank: int


@dataclass(frozen=True, slots=True)
class BandTable:
    """Bands that cover the whole range of a scale, with who drew them.  A scale may have several tables."""

    name: str
    bands: tuple[Band, ...]
    statement: Statement

    def band_of(self, total: float) -> Band:
        """The band a total falls in; a fractional (estimated) total belongs to the band whose start it has reached."""
        return max((band for band in self.bands if band.low <= total), key=lambda band: band.low)


@dataclass(frozen=True, slots=True)
class Subscale:
    """Items whose sum is read beside the total."""

    key: str
    label: str
    items: tuple[str, ...]
    statement: Statement


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A threshold on the total (``on = "total"``) or on a subscale, with its accuracy as far as it was published.

    ``needs`` lists further items with their least scores: the cut-off is met only together with them.
    """

    key: str
    label: str
    purpose: Purpose
    strength: Strength
    side: Side
    threshold: int
    statement: Statement
    sensitivity: Fact
    specificity: Fact
    on: str = "total"
    needs: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier of a scale without a total: any of these items above zero opens it."""

    key: str
    label: str
    any_of: tuple[str, ...]
    rank: int
    rule: str
    statement: Statement


@dataclass(frozen=True, slots=True)
class MissingRule:
    """What the scale says about missing answers; ``at_most`` is how many may be prorated."""

    kind: Missing
    at_most: int
    statement: Statement


@dataclass(frozen=True, slots=True)
class Licence:
    """Whether the printed wording may travel with the program, and who says so."""

    wording_ships: bool
    statement: Statement


@dataclass(frozen=True, slots=True)
class Scale:
    """One rating scale.

    ``higher_is_worse`` is ``None`` where both ends are bad.  ``stem`` is the sentence printed above the items.
    ``facts`` holds what else is measured of it (reliable change, remission, ...).
    """

    name: str
    label: str
    title: str
    measures: Measures
    rater: Rater
    kind: Kind
    higher_is_worse: bool | None
    recall: str
    statement: Statement
    items: tuple[Item, ...]
    total_low: Fact
    total_high: Fact
    missing: MissingRule
    licence: Licence
    self_harm: SelfHarmItem | None = None
    band_tables: tuple[BandTable, ...] = ()
    subscales: tuple[Subscale, ...] = ()
    cutoffs: tuple[Cutoff, ...] = ()
    tiers: tuple[Tier, ...] = ()
    codes: tuple[Code, ...] = ()
    stem: str | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    notes: tuple[Statement, ...] = ()

    def item(self, key: str) -> Item:
        """The item with this key.

        Raises:
            KeyError: the scale has no such item.
        """
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(f"{self.name} has no item {key!r}")

    @property
    def scored_items(self) -> tuple[Item, ...]:
        """The items whose scores are added up."""
        return tuple(item for item in self.items if item.scored)
