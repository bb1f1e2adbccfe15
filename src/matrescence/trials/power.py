"""How many women a design needs: the smallest number in the control arm whose power reaches a target.

Every size is tried with the same women (the first 50 of an arm are the same when it has 60), so power rises steadily
and the search can halve its way.  The effect is first taken as known, as protocols do; what the uncertainty of the
effect does to the chance of success is then told beside it, for the size that was found.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matrescence import __version__
from matrescence.reading import InputError
from matrescence.trials.design import Design
from matrescence.trials.report import Report, described, known, power_of, references
from matrescence.trials.run import processes, run

if TYPE_CHECKING:
    from matrescence.outcomes.posterior import MoodPosterior

FEWEST, MOST = 5, 5000
Told = Callable[[int, float], None]


@dataclass(frozen=True, slots=True)
class Tried:
    """One size: people in the control arm and in all, the power in percent with its Monte Carlo interval.

    ``estimate`` is the mean of the primary estimate over the replicates.
    """

    control: int
    people: int
    estimate: float
    percent: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Needed:
    """The answer; ``found`` is ``None`` when even the largest size that is looked at does not reach the target.

    ``assured`` is the power at that size when each replicate draws its own effect from what is known of it.
    """

    design: Design
    target_percent: float
    replicates: int
    seed: int
    found: Tried | None
    assured: Tried | None
    tried: tuple[Tried, ...]

    def as_json(self) -> Report:
        """The answer as JSON-ready values."""
        design = self.design
        return {
            "trial": design.name,
            "label": design.label,
            "target_percent": self.target_percent,
            "replicates": self.replicates,
            "seed": self.seed,
            "needed": None if self.found is None else _row(design, self.found),
            "assured": None if self.assured is None else _row(design, self.assured),
            "tried": [_row(design, one) for one in self.tried],
            "plain": list(self.plain()),
            "fed_by": design.fed_by,
            "borrowed": design.borrowed or None,
            "notes": list(design.notes),
            "not_for": list(design.not_for),
            "references": references(design),
            "made_with": {"program": "matrescence", "version": __version__, "seed": self.seed},
        }

    def plain(self) -> tuple[str, ...]:
        """The answer in sentences."""
        told = []
        if self.found is None:
            last = self.tried[-1]
            told.append(
                f"Not reached: with {last.people} people the power is {last.percent:.0f} %, below the target of "
                f"{self.target_percent:g} %."
            )
        else:
            each = ", ".join(f"{arm.n} {arm.name}" for arm in self.design.with_people(self.found.control).arms)
            told.append(
                f"{self.found.people} people ({each}) give a power of {self.found.percent:.0f} % "
                f"(Monte Carlo interval {self.found.low:.0f} to {self.found.high:.0f} %), if the effect is as assumed: "
                f"{_assumed(self.design.primary_key, self.found.estimate)}."
            )
        if self.assured is not None:
            told.append(
                f"The effect is not known for certain. Over all the effects that are still possible, a trial of this "
                f"size succeeds in {self.assured.percent:.0f} % ({self.assured.low:.0f} to {self.assured.high:.0f} %)."
            )
        if self.design.borrowed:
            told.append(
                f"The effect is borrowed from {self.design.borrowed}: it has not been measured in the women of this "
                "design."
            )
        return tuple(told)


def women_needed(
    design: Design,
    *,
    target_percent: float,
    replicates: int,
    seed: int,
    workers: int | None = None,
    posterior: MoodPosterior | None = None,
    told: Told | None = None,
) -> Needed:
    """Search the smallest control arm, other arms in proportion, whose power is at least the target.

    Raises:
        InputError: the target does not lie between the design's error and 100 %, or ``replicates`` is impossible.
    """
    if not 100.0 * design.plan.alpha < target_percent < 100.0:
        raise InputError(
            f"--target {target_percent / 100:g} cannot be used; allowed: above {design.plan.alpha:g}, below 1."
        )
    with processes(workers or os.cpu_count() or 1) as pool:
        given = {"replicates": replicates, "seed": seed, "workers": workers, "posterior": posterior, "pool": pool}
        return _search(design, target_percent, given=given, told=told)


def _search(design: Design, target_percent: float, *, given: dict[str, Any], told: Told | None) -> Needed:
    seen: dict[int, Tried] = {}

    def reaches(control: int) -> bool:
        if control not in seen:
            seen[control] = _try(design, control, fixed=True, given=given)
            if told is not None:
                told(seen[control].people, seen[control].percent)
        return seen[control].percent >= target_percent

    found = _smallest(reaches, start=design.control.n)
    assured = None if found is None else _try(design, found, fixed=False, given=given)
    tried = tuple(seen[control] for control in sorted(seen))
    answer = None if found is None else seen[found]
    return Needed(design, target_percent, given["replicates"], given["seed"], answer, assured, tried)


def _smallest(reaches: Callable[[int], bool], *, start: int) -> int | None:
    """The smallest number from :data:`FEWEST` to :data:`MOST` that reaches the target, by doubling and halving."""
    high = max(FEWEST, min(start, MOST))
    low = FEWEST - 1
    while not reaches(high):
        if high >= MOST:
            return None
        low, high = high, min(2 * high, MOST)
    while high - low > 1:
        middle = (low + high) // 2
        if reaches(middle):
            high = middle
        else:
            low = middle
    return high


def _try(design: Design, control: int, *, fixed: bool, given: dict[str, Any]) -> Tried:
    sized = design.with_people(control)
    found = run(sized, fixed=fixed, **given)
    power, estimates = power_of(found), known(found.of(design.primary_key))
    people = sized.arms[0].n if sized.crossover else sum(arm.n for arm in sized.arms)
    estimate = float(estimates.mean()) if estimates.size else math.nan
    return Tried(control, people, estimate, power["percent"], power["low"], power["high"])


def _assumed(key: str, estimate: float) -> str:
    """The effect in words; a logarithm is told as the ratio it stands for."""
    if key.startswith("log-"):
        return f"{described(key.removeprefix('log-'))}, {math.exp(estimate):.2g}"
    return f"{described(key)}, {estimate:.2g}"


def _row(design: Design, one: Tried) -> Report:
    arms = {arm.name: arm.n for arm in design.with_people(one.control).arms}
    return {"people": one.people, "arms": arms, "percent": one.percent, "low": one.low, "high": one.high}
