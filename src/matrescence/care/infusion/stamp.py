"""When something happened, when it was written down, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Stamp:
    """The instant of the happening, the instant of the record, and the person or device that says so.

    Instants are kept in UTC, so that a change of the clocks can neither repeat nor swallow an hour.

    Raises:
        ValueError: an instant has no time zone, or nobody is named.
    """

    happened_at: datetime
    recorded_at: datetime
    by: str

    def __post_init__(self) -> None:
        for name in ("happened_at", "recorded_at"):
            object.__setattr__(self, name, utc(getattr(self, name), name))
        if not self.by.strip():
            raise ValueError("by: somebody, or some device, must be named")


@dataclass(frozen=True, slots=True)
class Cause:
    """The command behind an event: its idempotency key and the fingerprint of what it asked."""

    key: str
    digest: str


def utc(at: datetime, name: str = "at") -> datetime:
    """The same instant in UTC.

    Raises:
        ValueError: the instant has no time zone, so nobody can say when it was.
    """
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError(f"{name} {at.isoformat()} has no time zone; add its UTC offset")
    return at.astimezone(UTC)
