"""What a calibration aims at: the targets of ``calibration.toml``, read and checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matrescence.reading import Field, read_table, read_toml, refuse

PARAMETERS = ("cl", "v1", "q", "v2", "spread_cl", "spread_v", "proportional_error")
"""What is fitted: typical values per kg, the log-scale spread of clearance and of both volumes, and assay error."""

QUANTITIES = ("auc_inf", "half_life", "cmax_sampled", "milk_quantile", "volume", "prior")

CALIBRATION_FIELDS = (
    Field("writes", "text", required=True),
    Field("regimen", "text", required=True),
    Field("women", "integer", low=16, high=65536, required=True),
    Field("sampling_h", "numbers", low=1, required=True),
    Field("start", "table", required=True),
    Field("targets", "tables", low=1, required=True),
)
TARGET_FIELDS = (
    Field("id", "text", required=True),
    Field("what", "text", required=True),
    Field("quantity", "text", required=True, choices=QUANTITIES),
    Field("value", "number", required=True),
    Field("low", "number"),
    Field("high", "number"),
    Field("people", "integer", low=3),
    Field("log_sd", "number", low=1e-6),
    Field("parameter", "text", choices=PARAMETERS),
    Field("share", "number", low=0, high=1),
    Field("after_end_h", "number", low=0),
    Field("source", "text", required=True),
    Field("at", "text", required=True),
)


@dataclass(frozen=True, slots=True)
class Target:
    """One number to reproduce.

    With ``people`` the interval ``low``-``high`` is that of a mean over so many; without, ``log_sd`` says how firmly
    the value is held, on the log scale.
    """

    id: str
    what: str
    quantity: str
    value: float
    source: str
    at: str
    low: float | None = None
    high: float | None = None
    people: int | None = None
    log_sd: float | None = None
    parameter: str | None = None
    share: float | None = None
    after_end_h: float | None = None

    def log_standard_error(self, student_t: float) -> float:
        """Standard error of the log of the value: half the interval's log width over Student's t, or ``log_sd``."""
        if self.low is None or self.high is None:
            return self.log_sd or math.inf
        return math.log(self.high / self.low) / 2.0 / student_t


@dataclass(frozen=True, slots=True)
class Calibration:
    """Everything one fit needs, as data."""

    writes: str
    regimen: str
    women: int
    sampling_h: tuple[float, ...]
    start: Mapping[str, float]
    targets: tuple[Target, ...]


def read_calibration(path: Path) -> Calibration:
    """Read ``calibration.toml``.

    Raises:
        InputError: every problem of the file in one message.
    """
    problems: list[str] = []
    where = str(path)
    values = read_table(read_toml(path), CALIBRATION_FIELDS, where)
    start = read_table(
        values["start"],
        [Field(name, "number", low=1e-9, required=True) for name in PARAMETERS],
        f"{where}: start",
        problems,
    )
    targets = [
        read_table(t, TARGET_FIELDS, f"{where}: targets {n}", problems) for n, t in enumerate(values["targets"], 1)
    ]
    refuse(problems, where)
    for target in targets:
        held = {"low", "high", "people"} <= target.keys() or "log_sd" in target
        needed = {"milk_quantile": {"share", "after_end_h"}, "prior": {"parameter"}}.get(target["quantity"], set())
        if not held or not needed <= target.keys():
            problems.append(
                f"{where}: target {target['id']!r} needs low, high and people, or log_sd"
                + "".join(f", and {key}" for key in sorted(needed))
            )
    refuse(problems, where)
    return Calibration(
        values["writes"],
        values["regimen"],
        values["women"],
        tuple(values["sampling_h"]),
        start,
        tuple(Target(**target) for target in targets),
    )
