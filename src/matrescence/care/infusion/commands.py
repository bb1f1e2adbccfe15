"""What may be asked or reported, in the imperative: each with its stamp and an idempotency key.

A key names one command for ever: sent twice, it changes nothing the second time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from matrescence.care.enrolment.gate import GateClosed, GateOpen
from matrescence.care.infusion.readings import Reading
from matrescence.care.infusion.stamp import Cause, Stamp


@dataclass(frozen=True, slots=True)
class Asked:
    """What every command carries."""

    stamp: Stamp
    key: str


@dataclass(frozen=True, slots=True)
class Open(Asked):
    """Open a course with the order that is passed to ``decide``."""


@dataclass(frozen=True, slots=True)
class Start(Asked):
    """Start, with what the gate said at this very instant."""

    gate: GateOpen | GateClosed


@dataclass(frozen=True, slots=True)
class ConfirmRate(Asked):
    """Nurse or pump says: it runs at this rate."""

    rate_ug_per_kg_h: float


@dataclass(frozen=True, slots=True)
class RequestStop(Asked):
    """A person asks for a stop, and says why."""

    why: str


@dataclass(frozen=True, slots=True)
class ConfirmStopped(Asked):
    """Nurse or pump says: it does not run."""


@dataclass(frozen=True, slots=True)
class Resume(Asked):
    """Go on after a stop, at this rate."""

    rate_ug_per_kg_h: float


@dataclass(frozen=True, slots=True)
class LiftCeiling(Asked):
    """A clinician lets the rate rise with the plan again, after a resume at a lower one."""


@dataclass(frozen=True, slots=True)
class Observe(Asked):
    """Record a reading."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class CorrectObservation(Asked):
    """The reading recorded under ``of`` was wrong; this is right."""

    of: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class ReportFinding(Asked):
    """A person sees something the order has a rule for, by its name."""

    finding: str


@dataclass(frozen=True, slots=True)
class ReportResolved(Asked):
    """A person says that a finding has passed and what the order asks for is met."""

    finding: str


@dataclass(frozen=True, slots=True)
class Answer(Asked):
    """A clinician answers an open question: go on, or stop."""

    finding: str
    go_on: bool


@dataclass(frozen=True, slots=True)
class DoCheck(Asked):
    """An ordered check was done, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class HangBag(Asked):
    """This bag hangs now."""

    number: int


@dataclass(frozen=True, slots=True)
class ReportSilent(Asked):
    """A device is not heard any more."""

    device: str


@dataclass(frozen=True, slots=True)
class ReportBack(Asked):
    """A silent device is heard again."""

    device: str


@dataclass(frozen=True, slots=True)
class OfferHandover(Asked):
    """The responsible nurse hands over to another."""

    to: str


@dataclass(frozen=True, slots=True)
class AcceptHandover(Asked):
    """The receiving nurse takes over."""


@dataclass(frozen=True, slots=True)
class Acknowledge(Asked):
    """Somebody has seen the alarm of this rule; it stays on until its cause is gone."""

    rule: str


@dataclass(frozen=True, slots=True)
class WriteNote(Asked):
    """A sentence for the record."""

    text: str


@dataclass(frozen=True, slots=True)
class EndEarly(Asked):
    """A clinician ends a course that does not run."""

    why: str


@dataclass(frozen=True, slots=True)
class Discharge(Asked):
    """She leaves."""


@dataclass(frozen=True, slots=True)
class Tick(Asked):
    """Time has come to this instant."""


Command = (
    Open
    | Start
    | ConfirmRate
    | RequestStop
    | ConfirmStopped
    | Resume
    | LiftCeiling
    | Observe
    | CorrectObservation
    | ReportFinding
    | ReportResolved
    | Answer
    | DoCheck
    | HangBag
    | ReportSilent
    | ReportBack
    | OfferHandover
    | AcceptHandover
    | Acknowledge
    | WriteNote
    | EndEarly
    | Discharge
    | Tick
)


def cause(command: Command) -> Cause:
    """The key and fingerprint of a command.

    The moment of recording is left out: a device that sends again may stamp the resend anew.
    """
    stamp = replace(command.stamp, recorded_at=command.stamp.happened_at)
    said = repr(replace(command, stamp=stamp))
    return Cause(command.key, hashlib.sha256(said.encode()).hexdigest()[:12])
