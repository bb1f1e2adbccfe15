"""Ask a risk programme about one session: read the records, look at every requirement, ask the gate, and tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from matrescence import __version__
from matrescence.actions.eligibility import reason_as_json
from matrescence.actions.enrolment_file import EnrolmentFile, read_enrolment
from matrescence.care.enrolment.gate import GateClosed, GateOpen, gate
from matrescence.care.enrolment.programme import NCIT_REQUIREMENTS, Party, Programme
from matrescence.care.enrolment.status import RequirementStatus, State, statuses
from matrescence.formulary.programmes import library

NOTE = "This documents what is on record here. It does not submit anything to a programme's administrator."


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One programme, one session, one instant: every requirement, and what the gate says."""

    programme: Programme
    file: EnrolmentFile
    at: datetime
    statuses: tuple[RequirementStatus, ...]
    answer: GateOpen | GateClosed

    def in_states(self, *states: State) -> tuple[RequirementStatus, ...]:
        """The requirements in any of these states, in the programme's order."""
        return tuple(status for status in self.statuses if status.state in states)

    @property
    def closing(self) -> tuple[RequirementStatus, ...]:
        """The requirements that keep the infusion from starting."""
        return tuple(status for status in self.statuses if status.closes)

    def as_json(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "programme": self.programme.name,
            "label": self.programme.label,
            "status": self.programme.status.value,
            "standing": _said(self.programme.standing),
            "session": {party.value: self.file.session.who(party) for party in Party},
            "at": self.at.isoformat(),
            "gate": _answer(self.answer),
            "requirements": [_status(status) for status in self.statuses],
            "decisions": [_said(statement) for statement in self.programme.decisions],
            "note": NOTE,
            "made_with": {"program": "matrescence", "version": __version__},
        }


def enrol(programme_name: str, path: Path, *, at: datetime) -> Enrolment:
    """Look at one session's enrolment at ``at``.

    Raises:
        InputError: there is no such programme, or the file cannot be used.
    """
    programme = library.load(programme_name)
    file = read_enrolment(path, programme)
    found = statuses(programme, file.records, at, session=file.session)
    return Enrolment(programme, file, at, found, gate(programme, file.records, at, session=file.session))


def _said(statement: Any) -> dict[str, Any]:
    return {"text": statement.text, "source": statement.source, "at": statement.at, "grade": statement.grade}


def _answer(answer: GateOpen | GateClosed) -> dict[str, Any]:
    if isinstance(answer, GateClosed):
        return {"open": False, "reasons": [reason_as_json(reason) for reason in answer.reasons]}
    return {"open": True, "evidence": list(answer.evidence), "until": _iso(answer.until)}


def _status(status: RequirementStatus) -> dict[str, Any]:
    requirement = status.requirement
    return {
        "id": requirement.id,
        "code": requirement.code,
        "code_name": NCIT_REQUIREMENTS.get(requirement.code or ""),
        "stakeholder": requirement.stakeholder.value,
        "protocol": requirement.protocol.value,
        "timing": requirement.timing.value,
        **_said(requirement.statement),
        "state": status.state.value,
        "closes": status.closes,
        "evidence": list(status.evidence),
        "ends": _iso(status.ends),
        "due": _iso(status.due),
        "reasons": [reason_as_json(reason) for reason in status.reasons],
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
