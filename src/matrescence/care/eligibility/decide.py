"""All criteria of a drug, asked of one mother -> one verdict, with every reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from matrescence.care.drug import Criterion, Drug
from matrescence.care.eligibility.criteria import CRITERIA, Answer, Asked
from matrescence.care.eligibility.facts import HealthFacts
from matrescence.care.eligibility.rules import RULE_OF
from matrescence.care.mother import Mother
from matrescence.care.verdict import Finding, Reason

FINDINGS: dict[str, Finding] = {"forbids": Finding.FORBIDS, "asks": Finding.ASKS, "warns": Finding.WARNS}
"""What a ``drug.toml`` may say of a criterion that is met."""


class Outcome(Enum):
    """The verdict, from the best to the worst."""

    ELIGIBLE = "eligible"
    CLINICIAN_DECIDES = "clinician decides"
    NOT_ELIGIBLE = "not eligible"


@dataclass(frozen=True, slots=True)
class Judged:
    """One criterion: its name, what it would mean if met, and the reason it gives about her."""

    criterion: str
    if_met: Finding
    reason: Reason

    @property
    def outcome(self) -> Outcome:
        """The verdict if this were the only criterion."""
        if self.reason.finding is Finding.FORBIDS:
            return Outcome.NOT_ELIGIBLE
        decisive = self.if_met in (Finding.FORBIDS, Finding.ASKS)
        if self.reason.finding is Finding.ASKS or (self.reason.finding is Finding.UNKNOWN and decisive):
            return Outcome.CLINICIAN_DECIDES
        return Outcome.ELIGIBLE


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The verdict for one mother and one drug, and every reason it rests on, the most serious first.

    ``standing`` tells what became of the drug's approval; it informs and never decides.
    """

    drug: str
    outcome: Outcome
    judged: tuple[Judged, ...]
    standing: Reason

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Every reason: the standing of the drug, then one for each criterion."""
        return (self.standing, *(judged.reason for judged in self.judged))


def decide(mother: Mother, health: HealthFacts, drug: Drug) -> Eligibility:
    """Ask every criterion of the drug.

    Raises:
        KeyError: the drug names a criterion or a finding that does not exist (see :func:`unknown_names`).
    """
    judged = sorted(
        (judge(Asked(mother, health, criterion)) for criterion in drug.criteria),
        key=_seriousness,
    )
    return Eligibility(drug.name, verdict(judged), tuple(judged), _standing(drug))


def judge(asked: Asked) -> Judged:
    """Ask one criterion; the reason carries the drug's own sentence, source and grade."""
    criterion = asked.criterion
    found = CRITERIA[criterion.name](asked)
    if_met = FINDINGS[criterion.finding]
    finding = {Answer.MET: if_met, Answer.NOT_MET: Finding.ALLOWS, Answer.UNKNOWN: Finding.UNKNOWN}[found.answer]
    statement = criterion.statement
    text = found.because if finding is Finding.ALLOWS else f"{found.because}. {statement.text}"
    return Judged(
        criterion.name, if_met, Reason(RULE_OF[criterion.name].id, finding, text, statement.source, statement.grade)
    )


def verdict(judged: Iterable[Judged]) -> Outcome:
    """The worst outcome among the criteria; eligible when there is none."""
    return max((item.outcome for item in judged), key=list(Outcome).index, default=Outcome.ELIGIBLE)


def unknown_names(criteria: Iterable[Criterion]) -> tuple[str, ...]:
    """The criterion names that do not exist; the formulary's check refuses them."""
    return tuple(criterion.name for criterion in criteria if criterion.name not in CRITERIA)


def _seriousness(item: Judged) -> tuple[int, int, str, str]:
    order = list(Finding)
    return order.index(item.reason.finding), order.index(item.if_met), item.criterion, item.reason.text


def _standing(drug: Drug) -> Reason:
    statement, status = drug.availability.statement, drug.availability.status
    finding = Finding.ALLOWS if status == "approved" else Finding.WARNS
    text = f"{status} as of {drug.availability.as_of.isoformat()}. {statement.text}"
    return Reason("eligibility.availability", finding, text, statement.source, statement.grade)
