"""Every answer with its reasons: what was found, by which rule, from which source, how far to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from matrescence.facts import Grade


class Finding(Enum):
    """What one rule found, from the most to the least serious."""

    FORBIDS = "forbids"
    ASKS = "clinician decides"
    UNKNOWN = "unknown"
    WARNS = "warns"
    ALLOWS = "allows"


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule's word: its id (``stage.topic``), what it found, a sentence a nurse can read, source and grade."""

    rule: str
    finding: Finding
    text: str
    source: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of care as data: its id (``stage.topic``), one sentence, where it comes from, how far to trust it.

    ``source`` is a key of a references.bib, or ``project-decision`` for a rule that is the project's own.
    """

    id: str
    text: str
    source: str
    grade: Grade

    def reason(self, finding: Finding, text: str | None = None) -> Reason:
        """What this rule says of one mother; ``text`` replaces the general sentence by one about her."""
        return Reason(self.id, finding, text or self.text, self.source, self.grade)
