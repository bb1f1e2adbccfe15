"""What has happened, in the past tense: each with its stamp and the command that caused it.

A request made by a rule is stamped with the moment the rule spoke, which is when the entry was recorded.
"""

from __future__ import annotations

from dataclasses import dataclass

from matrescence.care.enrolment.gate import GateOpen
from matrescence.care.infusion.order import InfusionOrder
from matrescence.care.infusion.readings import Reading
from matrescence.care.infusion.stamp import Cause, Stamp


@dataclass(frozen=True, slots=True)
class Happened:
    """What every event carries."""

    stamp: Stamp
    cause: Cause


@dataclass(frozen=True, slots=True)
class Opened(Happened):
    """The course was opened with this order."""

    order: InfusionOrder


@dataclass(frozen=True, slots=True)
class StartAuthorised(Happened):
    """The gate was open at this instant: the pump may be started."""

    gate: GateOpen


@dataclass(frozen=True, slots=True)
class RateConfirmed(Happened):
    """The pump runs at this rate, and the plan allows it."""

    rate_ug_per_kg_h: float


@dataclass(frozen=True, slots=True)
class PumpDeviated(Happened):
    """The pump runs at this rate, and it should not."""

    rate_ug_per_kg_h: float
    why: str


@dataclass(frozen=True, slots=True)
class StopRequested(Happened):
    """A rule or a person asks for a stop.  Nothing has stopped yet."""

    finding: str
    why: str


@dataclass(frozen=True, slots=True)
class Stopped(Happened):
    """Nurse or pump says that it does not run."""


@dataclass(frozen=True, slots=True)
class ResumeBarred(Happened):
    """After this finding the course never runs again."""

    finding: str


@dataclass(frozen=True, slots=True)
class ResumeAuthorised(Happened):
    """The pump may run again, at this rate or a lower one."""

    rate_ug_per_kg_h: float


@dataclass(frozen=True, slots=True)
class CeilingLifted(Happened):
    """A clinician lets the rate rise with the plan again."""


@dataclass(frozen=True, slots=True)
class Observed(Happened):
    """A reading was taken; its key is the key of its cause."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class ObservationCorrected(Happened):
    """The reading recorded under ``of`` was wrong; this is right."""

    of: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Found(Happened):
    """A reading or a person shows a finding that interrupts."""

    finding: str


@dataclass(frozen=True, slots=True)
class SymptomsResolved(Happened):
    """A person says that a finding has passed."""

    finding: str


@dataclass(frozen=True, slots=True)
class ClinicianAsked(Happened):
    """A clinician must decide; the question stays open until answered."""

    finding: str
    why: str


@dataclass(frozen=True, slots=True)
class ClinicianAnswered(Happened):
    """A clinician decided: go on, or stop."""

    finding: str
    go_on: bool


@dataclass(frozen=True, slots=True)
class CheckDone(Happened):
    """An ordered check was done."""

    name: str


@dataclass(frozen=True, slots=True)
class BagHung(Happened):
    """This bag hangs."""

    number: int


@dataclass(frozen=True, slots=True)
class SignalLost(Happened):
    """A device is silent; what it would say is unknown."""

    device: str


@dataclass(frozen=True, slots=True)
class SignalBack(Happened):
    """The device is heard again."""

    device: str


@dataclass(frozen=True, slots=True)
class HandoverOffered(Happened):
    """The responsible nurse wants to hand over; she stays responsible until it is accepted."""

    to: str


@dataclass(frozen=True, slots=True)
class HandoverAccepted(Happened):
    """The receiving nurse is responsible now."""


@dataclass(frozen=True, slots=True)
class AlarmAcknowledged(Happened):
    """Somebody has seen the alarm of this rule."""

    rule: str


@dataclass(frozen=True, slots=True)
class NoteWritten(Happened):
    """A sentence for the record."""

    text: str


@dataclass(frozen=True, slots=True)
class Ended(Happened):
    """The course is over: ``full`` when its time ran to the end, otherwise early, with the reason."""

    full: bool
    why: str


@dataclass(frozen=True, slots=True)
class Discharged(Happened):
    """She has left."""


Event = (
    Opened
    | StartAuthorised
    | RateConfirmed
    | PumpDeviated
    | StopRequested
    | Stopped
    | ResumeBarred
    | ResumeAuthorised
    | CeilingLifted
    | Observed
    | ObservationCorrected
    | Found
    | SymptomsResolved
    | ClinicianAsked
    | ClinicianAnswered
    | CheckDone
    | BagHung
    | SignalLost
    | SignalBack
    | HandoverOffered
    | HandoverAccepted
    | AlarmAcknowledged
    | NoteWritten
    | Ended
    | Discharged
)
