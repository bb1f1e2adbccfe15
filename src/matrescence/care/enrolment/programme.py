"""A risk programme (REMS) or a clinic's local protocol as data: its requirements, its forms, and what they rest on.

The words are the FDA's own.  A requirement has a stakeholder (who), a protocol (when in the course) and, where one
fits, a code of the NCI Thesaurus list C128494.  A programme is built from ``formulary/programmes/<name>.toml``;
nothing in the code asks for a programme by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from matrescence.care.enrolment.forms import Form
from matrescence.facts import Fact, Statement

NCIT_REQUIREMENTS: Mapping[str, str] = {
    "C128495": "Designate Representative",
    "C128497": "Personnel/Equipment",
    "C128501": "Train Staff",
    "C128504": "Enroll in the REMS",
    "C128507": "Assess Patient",
    "C128509": "Enroll Patient",
    "C128515": "Verify Safe Use Conditions",
    "C128516": "Obtain dispensing authorization",
    "C128519": "Maintain Records",
    "C128520": "Report Adverse Events",
    "C128521": "Audits",
}
"""The codes of the NCI Thesaurus list C128494 that the shipped programmes use, with their names."""


class Status(Enum):
    """Whether the programme binds anybody today."""

    IN_FORCE = "in-force"
    HISTORICAL = "historical"  # the approval it belonged to is gone; its requirements still gate
    LOCAL = "local-protocol"  # no programme exists: the clinic's own checklist


class Stakeholder(Enum):
    """Who has to meet a requirement."""

    PRESCRIBER = "prescriber"
    PATIENT = "patient"
    SETTING = "setting"
    PHARMACY = "pharmacy"
    WHOLESALER = "wholesaler"


class Protocol(Enum):
    """When in the course of treatment a requirement belongs."""

    CERTIFICATION = "certification"
    INITIATION = "initiation"
    ADMINISTRATION = "administration"
    DISPENSING = "dispensing"
    CONTINUATION = "continuation"


class Party(Enum):
    """Whom or what a record is about; a record counts only for exactly these."""

    MOTHER = "mother"
    SETTING = "setting"
    PRESCRIBER = "prescriber"
    PHARMACY = "pharmacy"
    SESSION = "session"


class Timing(Enum):
    """What the gate does with a requirement."""

    BEFORE_START = "before-start"  # a record must count at the instant of the start
    DUE_AFTER = "due-after"  # something recorded makes it due; overdue, it closes the gate until it is done
    EVENT = "event"  # something that happens and is recorded; nothing waits for it, others become due by it
    SHOWN = "shown"  # told to people; kept elsewhere (the infusion's own log) or not known well enough to check


@dataclass(frozen=True, slots=True)
class Waiver:
    """A requirement falls away when every counting record of ``requirement`` answers ``field`` with ``equals``."""

    requirement: str
    field: str
    equals: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing somebody must have done.

    ``about`` names whom its record must be about.  ``follows`` are requirements that must already have been met when
    the record was made.  ``valid_days`` is how long a record lasts (``None``: no term; a fact without value: a term
    nobody could find).  For ``DUE_AFTER``, ``after`` names what makes it due and ``within_days`` how soon.  An
    ``EVENT`` with ``ends_session`` is the end of a session: what has ended never starts again under its name.
    """

    id: str
    code: str | None
    stakeholder: Stakeholder
    protocol: Protocol
    timing: Timing
    about: tuple[Party, ...]
    statement: Statement
    form: str | None = None
    follows: tuple[str, ...] = ()
    valid_days: Fact | None = None
    after: str | None = None
    within_days: Fact | None = None
    waived: Waiver | None = None
    ends_session: bool = False


@dataclass(frozen=True, slots=True)
class Programme:
    """One risk programme: its standing, its requirements in the order of the journey, and its forms.

    ``acknowledgement`` names the requirement by which a clinician signs that a historical programme belongs to an
    approval that is gone.  A historical programme without one is refused: it could open in silence.

    Raises:
        ValueError: the programme contradicts itself (see :func:`contradictions`).
    """

    name: str
    label: str
    status: Status
    as_of: date
    standing: Statement
    requirements: Mapping[str, Requirement]
    forms: Mapping[str, Form]
    expiring_within_days: Fact
    acknowledgement: str | None = None
    decisions: tuple[Statement, ...] = ()

    def __post_init__(self) -> None:
        found = contradictions(self)
        if found:
            raise ValueError("; ".join(found))


def contradictions(programme: Programme) -> tuple[str, ...]:
    """Everything in which a programme contradicts itself, one sentence each.

    A name that is not there; a code that is not in the list; an earlier step about somebody this one is not about; a
    circle of earlier steps; a due requirement without its cause; a historical programme without acknowledgement.
    """
    found = [text for requirement in programme.requirements.values() for text in _faults_of(requirement, programme)]
    if not found:
        found += [
            f"{name} follows itself in a circle" for name in programme.requirements if _circular(name, programme, ())
        ]
    return (*found, *_standing_faults(programme))


def _faults_of(requirement: Requirement, programme: Programme) -> list[str]:
    here, known, found = requirement.id, programme.requirements, []
    if requirement.code is not None and requirement.code not in NCIT_REQUIREMENTS:
        found.append(f"{here}: code {requirement.code!r} is not in the list of requirement codes")
    if requirement.form is not None and requirement.form not in programme.forms:
        found.append(f"{here}: there is no form {requirement.form!r}")
    if not requirement.about and requirement.timing is not Timing.SHOWN:
        found.append(f"{here}: it says about nobody whom its record must name")
    for name in _named_by(requirement):
        if name not in known:
            found.append(f"{here}: there is no requirement {name!r}")
        elif not set(known[name].about) <= set(requirement.about):
            found.append(f"{here}: {name!r} is about somebody this requirement is not about")
    if requirement.timing is Timing.DUE_AFTER and (requirement.after is None or requirement.within_days is None):
        found.append(f"{here}: a requirement that becomes due names what it comes after and within how many days")
    if requirement.ends_session and (requirement.timing is not Timing.EVENT or Party.SESSION not in requirement.about):
        found.append(f"{here}: only an event about a session can end it")
    if requirement.waived is not None:
        found += _waiver_faults(requirement, requirement.waived, programme)
    return found


def _named_by(requirement: Requirement) -> tuple[str, ...]:
    after = () if requirement.after is None else (requirement.after,)
    return (*_earlier_steps(requirement), *after)


def _earlier_steps(requirement: Requirement) -> tuple[str, ...]:
    waived = () if requirement.waived is None else (requirement.waived.requirement,)
    return (*requirement.follows, *waived)


def _waiver_faults(requirement: Requirement, waiver: Waiver, programme: Programme) -> list[str]:
    source = programme.requirements.get(waiver.requirement)
    form = None if source is None or source.form is None else programme.forms.get(source.form)
    if form is None or waiver.field not in form.fields:
        return [f"{requirement.id}: no form of {waiver.requirement!r} has a field {waiver.field!r}"]
    return []


def _circular(name: str, programme: Programme, path: tuple[str, ...]) -> bool:
    if name in path:
        return True
    earlier_steps = _earlier_steps(programme.requirements[name])
    return any(_circular(earlier, programme, (*path, name)) for earlier in earlier_steps)


def _standing_faults(programme: Programme) -> list[str]:
    if programme.status is not Status.HISTORICAL:
        return []
    requirement = programme.requirements.get(programme.acknowledgement or "")
    if requirement is None or requirement.timing is not Timing.BEFORE_START or requirement.form is None:
        return ["a historical programme needs an acknowledgement: a signed form that is required before the start"]
    if not programme.forms[requirement.form].signatures:
        return ["the acknowledgement of a historical programme must be signed"]
    return [] if Party.SESSION in requirement.about else ["the acknowledgement must be about one session"]
