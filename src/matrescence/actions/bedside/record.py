"""A record to write: the payload that a course understands, with its key, its instant and the device that says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matrescence.care.infusion.readings import Oximetry


@dataclass(frozen=True, slots=True)
class Record:
    """One record of kind ``infusion``, as ``course_commands.command_from`` reads it.

    ``key`` follows from what the device said, so a record that is written twice is one.
    """

    payload: Mapping[str, Any]
    key: str
    happened_at: datetime
    by: str

    @property
    def command(self) -> str:
        """The command it gives, such as ``observe``."""
        return str(self.payload["command"])


def observe(reading: Oximetry, *, key: str, at: datetime, by: str) -> Record:
    """A reading of an oximeter."""
    table: dict[str, Any] = {"reading": "oximetry", "spo2_percent": reading.spo2_percent}
    if reading.pulse_per_min is not None:
        table["pulse_per_min"] = reading.pulse_per_min
    return Record({"command": "observe", "reading": table}, key, at, by)


def confirm_rate(rate_ug_per_kg_h: float, *, key: str, at: datetime, by: str) -> Record:
    """The pump runs at this rate."""
    return Record({"command": "confirm-rate", "rate_ug_per_kg_h": rate_ug_per_kg_h}, key, at, by)


def confirm_stopped(*, key: str, at: datetime, by: str) -> Record:
    """The pump does not run."""
    return Record({"command": "confirm-stopped"}, key, at, by)


def note(text: str, *, key: str, at: datetime, by: str) -> Record:
    """A sentence that no other command can hold."""
    return Record({"command": "write-note", "text": text}, key, at, by)


def report_silent(kind: str, *, at: datetime, by: str) -> Record:
    """A kind of device is not heard any more."""
    return Record({"command": "report-silent", "device": kind}, f"silent/{kind}/{at.isoformat()}", at, by)


def report_back(kind: str, *, at: datetime, by: str) -> Record:
    """A silent kind of device is heard again."""
    return Record({"command": "report-back", "device": kind}, f"back/{kind}/{at.isoformat()}", at, by)
