"""Judge whether one mother may have one drug: read both files, ask every criterion, and tell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matrescence import __version__
from matrescence.actions import health_file
from matrescence.actions.mother_file import read_mother
from matrescence.care.drug import Drug
from matrescence.care.eligibility.decide import Eligibility, Judged, decide
from matrescence.care.eligibility.facts import HealthFacts
from matrescence.care.mother import Mother
from matrescence.care.verdict import Finding, Reason
from matrescence.formulary import library

NOTE = "This informs and documents. It does not replace a clinician's judgement, and it is never a prescription."


@dataclass(frozen=True, slots=True)
class Judgement:
    """Who was asked about, what was known of her, and the verdict."""

    mother: Mother
    health: HealthFacts
    drug: Drug
    eligibility: Eligibility

    @property
    def unknown(self) -> tuple[Judged, ...]:
        """The criteria that could not be answered."""
        return tuple(item for item in self.eligibility.judged if item.reason.finding is Finding.UNKNOWN)

    def as_json(self) -> dict[str, Any]:
        """The verdict as plain data, every reason included."""
        return {
            "mother": self.mother.name,
            "drug": self.drug.name,
            "verdict": self.eligibility.outcome.value,
            "standing": reason_as_json(self.eligibility.standing),
            "reasons": [_judged(item) for item in self.eligibility.judged],
            "unknown": [item.criterion for item in self.unknown],
            "health": health_file.as_json(self.health),
            "note": NOTE,
            "made_with": {"program": "matrescence", "version": __version__},
        }


def judge(mother_path: Path, *, drug_name: str, health_path: Path | None = None) -> Judgement:
    """Read the mother and her health facts (none given: nothing is known), and ask every criterion of the drug.

    Raises:
        InputError: a file cannot be used, or there is no such drug.
    """
    drug = library.load(drug_name)
    mother = read_mother(mother_path)
    health = HealthFacts() if health_path is None else health_file.read_health(health_path)
    return Judgement(mother, health, drug, decide(mother, health, drug))


def reason_as_json(reason: Reason) -> dict[str, Any]:
    """One reason as plain data."""
    return {
        "rule": reason.rule,
        "finding": reason.finding.value,
        "text": reason.text,
        "source": reason.source,
        "grade": reason.grade,
    }


def _judged(item: Judged) -> dict[str, Any]:
    return {"criterion": item.criterion, "if_met": item.if_met.value, **reason_as_json(item.reason)}
