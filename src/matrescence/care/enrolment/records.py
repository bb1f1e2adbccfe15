"""What has been done, as immutable records: who did it, about whom, when; and what was later taken back.

A record is never changed.  A mistake is taken back by a :class:`Revocation` and a new record is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from matrescence.care.enrolment.forms import Answer, Signature
from matrescence.care.enrolment.programme import Party


@dataclass(frozen=True, slots=True)
class Session:
    """The one session a gate is asked about: which mother, where, by whom; ``None`` is *not named*."""

    mother: str
    setting: str
    session: str
    prescriber: str | None = None
    pharmacy: str | None = None

    def who(self, party: Party) -> str | None:
        """The name of one party of this session."""
        name: str | None = getattr(self, party.value)
        return name


@dataclass(frozen=True, slots=True)
class Record:
    """Something that was done: for which requirement, when, by whom, about whom, and with which form.

    ``expires`` is a term written on the document itself; it can only shorten the programme's own term.

    Raises:
        ValueError: an instant has no time zone.
    """

    id: str
    requirement: str
    at: datetime
    by: str
    about: Mapping[Party, str]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    expires: datetime | None = None

    def __post_init__(self) -> None:
        for moment in (self.at, self.expires, *(item.at for item in self.signatures)):
            if moment is not None:
                instant(moment)


@dataclass(frozen=True, slots=True)
class Revocation:
    """A record taken back from ``at`` on, for good: by whom and why.

    Raises:
        ValueError: the instant has no time zone.
    """

    id: str
    revokes: str
    at: datetime
    by: str
    reason: str

    def __post_init__(self) -> None:
        instant(self.at)


def instant(moment: datetime) -> datetime:
    """The moment in UTC.  Two moments of one zone compare by their wall clocks, which is wrong when clocks change.

    Raises:
        ValueError: it has no time zone, so it names no instant.
    """
    if moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; without one it is not an instant")
    return moment.astimezone(UTC)


def said(moment: datetime) -> str:
    """The moment as people read it, to the minute and with its zone: ``Fri 27 Nov 2026, 14:05 UTC``."""
    return f"{moment:%a %d %b %Y, %H:%M %Z}"
