"""Repeat published studies with virtual women, and lay what is predicted beside what was reported.

The same seed gives the same numbers.  Side effects are counts, not simulations: there the check is that the drug's
counts round to the published percentage and that the interval a plan would print contains it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from matrescence.actions.evidence_quantities import PREDICT, Repeat, counted
from matrescence.actions.planning import LARGEST_SEED
from matrescence.care.drug import Drug
from matrescence.formulary import library
from matrescence.formulary.published import PublishedRow, published
from matrescence.pharmacology.tolerability import rate_per_100
from matrescence.reading import check_whole

SEED = 1
_EXACT = 1e-9


class Verdict(Enum):
    """Where a prediction lies."""

    IN = "in"
    OUT = "out"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Checked:
    """One published number beside its prediction.

    ``predicted_low`` and ``predicted_high`` are the interval of a count, and ``None`` elsewhere.
    """

    drug: str
    id: str
    what: str
    quantity: str
    published: float
    published_low: float | None
    published_high: float | None
    accept_low: float
    accept_high: float
    predicted: float
    predicted_low: float | None
    predicted_high: float | None
    inside: bool
    verdict: Verdict
    expect: str
    calibrated: bool
    why: str
    source: str
    at: str
    grade: str
    model: str | None

    @property
    def fails(self) -> bool:
        """A ``must`` row that is out."""
        return self.expect == "must" and self.verdict is Verdict.OUT

    def as_json(self) -> dict[str, Any]:
        """The row as plain values."""
        return {**asdict(self), "verdict": self.verdict.value}


def check_evidence(
    names: Iterable[str] = (),
    *,
    seed: int = SEED,
    root: Path | None = None,
    done: Callable[[str], None] = lambda _: None,
) -> tuple[Checked, ...]:
    """Simulate every published row of the drugs named (of all drugs when none is), in the order of their files.

    ``done`` is called with each row's id when it has been simulated.

    Raises:
        UnknownDrug: a drug is not in the formulary.
        InputError: the seed is out of range, or a row cannot be simulated as it is written.
    """
    check_whole(seed, "seed", low=0, high=LARGEST_SEED)
    rows: list[Checked] = []
    for name in tuple(names) or library.names(root=root):
        drug = library.load(name, root=root)
        for row in published(name, root=root):
            rows.append(check_row(row, drug, seed=seed))
            done(f"{name} {row.id}")
    return tuple(rows)


def count_rows(names: Iterable[str] = (), *, root: Path | None = None) -> int:
    """How many rows :func:`check_evidence` will simulate."""
    return sum(len(published(name, root=root)) for name in tuple(names) or library.names(root=root))


def check_row(row: PublishedRow, drug: Drug, *, seed: int = SEED) -> Checked:
    """Simulate one row and judge it.

    Raises:
        InputError: the row names a model, regimen or side effect that is not there, or leaves out a condition.
    """
    repeat = Repeat(row, drug, seed)
    predicted = PREDICT[row.quantity](repeat)
    interval = _interval(repeat)
    inside = _counts_agree(row, predicted, interval) if interval else _within(predicted, row.accept)
    verdict = Verdict.NOTE if row.expect == "note" else Verdict.IN if inside else Verdict.OUT
    low, high = interval or (None, None)
    return Checked(
        drug=drug.name,
        id=row.id,
        what=row.what,
        quantity=row.quantity,
        published=row.value,
        published_low=row.low,
        published_high=row.high,
        accept_low=row.accept[0],
        accept_high=row.accept[1],
        predicted=predicted,
        predicted_low=low,
        predicted_high=high,
        inside=inside,
        verdict=verdict,
        expect=row.expect,
        calibrated=row.calibrated,
        why=row.why,
        source=row.source,
        at=row.at,
        grade=row.grade,
        model=_model_name(repeat),
    )


def _interval(repeat: Repeat) -> tuple[float, float] | None:
    if repeat.row.quantity != "side_effect_per_100":
        return None
    events, people = counted(repeat)
    rate = rate_per_100(events=events, people=people)
    return rate.low, rate.high


def _counts_agree(row: PublishedRow, predicted: float, interval: tuple[float, float]) -> bool:
    """The counts round to what was printed, and the interval shown to a reader contains it."""
    return _within(predicted, row.accept) and interval[0] <= row.value <= interval[1]


def _within(predicted: float, accept: tuple[float, float]) -> bool:
    slack = _EXACT * max(abs(accept[0]), abs(accept[1]))
    return math.isfinite(predicted) and accept[0] - slack <= predicted <= accept[1] + slack


def _model_name(repeat: Repeat) -> str | None:
    plan_only = {"course_total_ug_per_kg", "course_total_mg", "pump_rate_ml_per_h", "bags", "longest_hang_h"}
    if repeat.row.quantity in plan_only or repeat.row.quantity.startswith("side_effect"):
        return None
    return repeat.model.name
