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
