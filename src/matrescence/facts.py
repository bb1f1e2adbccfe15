"""A number or a sentence that knows where it comes from.

Every value in the formulary is a :class:`Fact`: the number, its unit, the paper it was read in, the place in that
paper, how it got here (``basis``) and how far it may be trusted (``grade``).  What nobody has measured is a Fact
whose value is ``None``; it is shown as unknown and never replaced by a guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Basis = Literal["read", "transcribed", "derived", "calibrated", "site-policy", "project-decision"]
"""How a value came here.

``read`` in the source itself; ``transcribed`` from a second-hand copy of it; ``derived`` by arithmetic from values
that were read; ``calibrated`` by a committed fit; ``site-policy`` left to the clinic; ``project-decision`` ours.
"""

Grade = Literal["A", "B", "C", "U"]
"""A: trial or label for this use.  B: another population or a secondary source.  C: calibrated or derived here.
U: unknown."""

BASES: tuple[Basis, ...] = get_args(Basis)
GRADES: tuple[Grade, ...] = get_args(Grade)
GRADE_MEANING: dict[Grade, str] = {
    "A": "trial or label for this use",
    "B": "another population or a secondary source",
    "C": "calibrated or derived here",
    "U": "unknown",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One number with its unit, range, source, place in the source, basis and grade.

    ``value`` is ``None`` when the number is unknown; ``low`` and ``high`` are the published interval, if any.
    """

    value: float | None
    unit: str
    source: str
    at: str
    basis: Basis
    grade: Grade
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"range the wrong way round: low {self.low} is above high {self.high}")
        if self.value is not None:
            if self.low is not None and self.value < self.low:
                raise ValueError(f"value {self.value} lies below its own low {self.low}")
            if self.high is not None and self.value > self.high:
                raise ValueError(f"value {self.value} lies above its own high {self.high}")

    @property
    def known(self) -> float:
        """The value, for code that cannot go on without it.

        Raises:
            ValueError: the value is unknown.
        """
        if self.value is None:
            raise ValueError(f"this number is unknown ({self.source}, {self.at})")
        return self.value


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of guidance with its source: what is said, by whom, where, and how far to trust it."""

    text: str
    source: str
    at: str
    basis: Basis
    grade: Grade


def lowest_grade(grades: Iterable[Grade]) -> Grade:
    """The grade of a conclusion: the lowest among the grades it rests on (A > B > C > U).

    Raises:
        ValueError: no grade was given; a forecast that rests on nothing has no grade.
    """
    found = list(grades)
    if not found:
        raise ValueError("a conclusion that rests on no graded number has no grade")
    return max(found, key=GRADES.index)
