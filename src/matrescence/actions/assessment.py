"""Assess one mother: read her answers, score every scale, triage, review the consultation, and tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matrescence import __version__
from matrescence.actions.answer_file import AnswerSheet, read_answer_file
from matrescence.care.assessment.consultation import Consultation, review
from matrescence.care.assessment.help_lines import HelpLine
from matrescence.care.assessment.scoring import CutoffResult, Score, score
from matrescence.care.assessment.triage import Triage, triage
from matrescence.care.assessment.urgent import UrgentPath
from matrescence.care.verdict import Reason
from matrescence.facts import Fact, Statement
from matrescence.instruments.consultation import load_questions
from matrescence.instruments.help_lines import load_lines
from matrescence.instruments.wording import load_wording

NOT_A_DIAGNOSIS = (
    "This informs and documents. A screen is not a diagnosis, and the program does not replace a clinician's judgement."
)


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything found: urgent paths first.  ``consultation`` is ``None`` when the file has no such part."""

    sheet: AnswerSheet
    scores: tuple[Score, ...]
    triage: Triage
    consultation: Consultation | None

    def as_json(self) -> dict[str, Any]:
        """The assessment as plain data, urgent paths first; unknown values are ``None``."""
        return {
            "urgent": [_path(path) for path in self.triage.urgent],
            "ask_before_she_leaves": [_reason(reason) for reason in self.triage.to_ask],
            "mother": self.sheet.name,
            "about": self.sheet.about,
            "picture": self.triage.picture.value,
            "next_step": self.triage.next_step,
            "onset": {
                "within_12_months": self.triage.clinical_peripartum_onset,
                "dsm_peripartum_onset": self.triage.dsm_peripartum_onset,
            },
            "severity": [{"scale": found.scale, "band": found.band.label} for found in self.triage.severity],
            "scores": [_score(found) for found in self.scores],
            "reasons": [_reason(reason) for reason in self.triage.reasons],
            "consultation": None if self.consultation is None else _consultation(self.consultation),
            "note": NOT_A_DIAGNOSIS,
            "made_with": {"program": "matrescence", "version": __version__},
        }


def assess(path: Path, *, wording: Path | None = None, lines: Path | None = None) -> Assessment:
    """Read, score, triage and review one file of answers.

    ``wording`` is a clinic's file of scale texts, ``lines`` its file of telephone numbers.

    Raises:
        InputError: one of the files cannot be used.
    """
    texts = None if wording is None else load_wording(wording)
    numbers = load_lines(lines)
    sheet = read_answer_file(path, wording=texts)
    scores = tuple(score(form) for form in sheet.forms)
    consultation = None if sheet.consultation is None else review(load_questions(), sheet.consultation)
    return Assessment(sheet, scores, triage(scores, sheet.history, numbers), consultation)


def _path(path: UrgentPath) -> dict[str, Any]:
    return {
        **_reason(path.reason),
        "urgency": path.urgency.value,
        "next_step": path.next_step,
        "lines": [_line(line) for line in path.lines],
    }


def _line(line: HelpLine) -> dict[str, str]:
    return {"role": line.role.value, "name": line.name, "number": line.number, "sentence": line.sentence}


def _reason(reason: Reason) -> dict[str, str]:
    return {
        "rule": reason.rule,
        "finding": reason.finding.value,
        "text": reason.text,
        "source": reason.source,
        "grade": reason.grade,
    }


def _score(found: Score) -> dict[str, Any]:
    return {
        "scale": found.scale.name,
        "label": found.scale.label,
        "total": found.total,
        "estimated": found.estimated,
        "possible_totals": None if found.scale.tiers else [found.lowest, found.highest],
        "bands": [{"table": table.name, "band": band.label, **_said(table.statement)} for table, band in found.bands],
        "subscales": [
            {
                "key": s.subscale.key,
                "label": s.subscale.label,
                "total": s.total,
                "possible_totals": [s.lowest, s.highest],
            }
            for s in found.subscales
        ],
        "cutoffs": [_cutoff(result) for result in found.cutoffs],
        "tier": None if found.tier is None else {"key": found.tier.key, "label": found.tier.label},
        "missing": list(found.missing),
        "not_asked": list(found.not_asked),
        "items": list(_items(found)),
    }


def _items(found: Score) -> Iterable[dict[str, Any]]:
    for item in found.scale.items:
        given = found.item_scores.get(item.key)
        chosen = next((option.text for option in item.options if option.score == given), None)
        yield {"key": item.key, "name": item.name, "score": given, "wording": item.wording, "answer": chosen}


def _cutoff(result: CutoffResult) -> dict[str, Any]:
    return {
        "key": result.cutoff.key,
        "label": result.cutoff.label,
        "met": result.met,
        "sensitivity_percent": _number(result.cutoff.sensitivity),
        "specificity_percent": _number(result.cutoff.specificity),
        **_said(result.cutoff.statement),
    }


def _number(fact: Fact) -> dict[str, Any]:
    return {"value": fact.value, "low": fact.low, "high": fact.high, "source": fact.source, "grade": fact.grade}


def _said(statement: Statement) -> dict[str, str]:
    return {"source": statement.source, "grade": statement.grade}


def _consultation(found: Consultation) -> dict[str, Any]:
    return {
        "complete": found.complete,
        "answered": [{"key": item.question.key, "answer": item.answer} for item in found.answered],
        "open": [{"key": question.key, "text": question.text} for question in found.open],
        "needs_step": [
            {"key": item.question.key, "answer": item.answer, "step": item.step} for item in found.needs_step
        ],
    }
