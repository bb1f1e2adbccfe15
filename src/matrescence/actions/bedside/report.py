"""What a bedside device says, as it arrives: one frozen value for each message.

Every report carries two times: ``observed_at`` by the device's own clock, and ``received_at`` by ours.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from typing import ClassVar

from matrescence.care.infusion.bedside import PUMP
from matrescence.care.infusion.readings import Measure, Oximetry, impossible
from matrescence.care.infusion.stamp import utc

OXIMETRY = "oximetry"
"""What an oximeter watches, by the word that an order's checks use."""


class Lane(Enum):
    """Whether a device speaks of a person, or shows a demonstration."""

    LIVE = "live"
    DEMO = "demo"


class Quality(Enum):
    """What the device itself says of its signal."""

    GOOD = "good"
    QUESTIONABLE = "questionable"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What every message carries.

    ``device`` is one device, not one kind of device; ``message_id`` is its own number for the message, which may come
    again after a restart of the device.

    Raises:
        ValueError: an instant has no time zone, or the device or the message is not named.
    """

    kind: ClassVar[str] = ""

    device: str
    message_id: str
    observed_at: datetime
    received_at: datetime
    lane: Lane

    def __post_init__(self) -> None:
        for name in ("observed_at", "received_at"):
            object.__setattr__(self, name, utc(getattr(self, name), name))
        for name in ("device", "message_id"):
            if not getattr(self, name).strip():
                raise ValueError(f"{name}: a report names its {name.replace('_', ' ')}")

    @property
    def fingerprint(self) -> str:
        """Twelve digits of what it says.  The time of receipt is left out: a message sent again is the same one."""
        said = [getattr(self, field.name) for field in fields(self) if field.name != "received_at"]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class OximeterReport(Report):
    """One message of an oximeter.  ``None`` is a value that was left empty."""

    kind: ClassVar[str] = OXIMETRY

    spo2_percent: float | None = None
    pulse_per_min: float | None = None
    quality: Quality = Quality.GOOD


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpReport(Report):
    """One message of a pump.

    ``rate_ml_per_h`` is what it gives now.  ``programmed_ml_per_h`` is what it is set to; that is shown and never taken
    for the rate.  ``alarm`` is the pump's own text, empty when it has none.
    """

    kind: ClassVar[str] = PUMP

    running: bool | None = None
    rate_ml_per_h: float | None = None
    programmed_ml_per_h: float | None = None
    volume_ml: float | None = None
    alarm: str = ""


DeviceReport = OximeterReport | PumpReport


def reading_of(report: OximeterReport) -> Oximetry | str:
    """The reading of a message, or in words why there is none.

    Empty, zero, negative (some monitors write -100) and impossible values are no reading.  A signal that the device
    itself calls questionable is none either: a moving hand must not end an infusion for ever.
    """
    spo2, pulse = report.spo2_percent, report.pulse_per_min
    if spo2 is None or not math.isfinite(spo2) or spo2 <= 0.0 or report.quality is Quality.INVALID:
        return "no reading: is the probe on her finger?"
    if report.quality is Quality.QUESTIONABLE:
        return f"the device calls SpO2 {spo2:g} % questionable: look at her and at the probe"
    reading = Oximetry(spo2, pulse if pulse is not None and math.isfinite(pulse) and pulse > 0.0 else None)
    slip = impossible(reading)
    return reading if slip is None else f"no reading: {slip}"


SPO2, PULSE = Measure.SPO2.value, Measure.PULSE.value
