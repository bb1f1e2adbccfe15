"""The model beside every published number: fitted trials by their own effects, predicted ones as new trials.

A fitted row is compared with the posterior mean of what its own women are expected to show: a change must lie within
one standard error of what was published, a rate within eight points.  A row that was kept out of the fit, or whose
trial was left out, is compared with its 95 % prediction interval: a new trial of the same size, with its own deviation
and its own women.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrescence.outcomes.posterior import PARAMETERS
from matrescence.outcomes.trial import Result, Trial
from matrescence.pharmacology.response import MoodParameters, TrialEffect
from matrescence.trials.mood_data import ArmData, arms_of

Floats = NDArray[np.float64]

RATE_POINTS = 8.0
MAIN_HOURS = (60.0, 720.0)
MUST_TRIALS = ("brexanolone-202b", "brexanolone-202c")
_SHOWN = {"change": 1.0, "response": 100.0, "remission": 100.0}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One published number beside its prediction.

    ``low`` and ``high`` are the 95 % interval: of what is expected for a fitted row, of a new trial's result for a
    predicted one.  ``accept`` is the range the prediction (or, for a predicted row, the publication) must lie in.
    """

    trial: str
    arm: str
    treatment: str
    outcome: str
    at_h: float
    published: float
    predicted: float
    low: float
    high: float
    accept: tuple[float, float]
    rule: str
    use: str
    grade: str
    must: bool

    @property
    def agrees(self) -> bool:
        """Whether the row lies where it should."""
        value = self.predicted if self.use != "predict" else self.published
        return self.accept[0] <= value <= self.accept[1]

    def as_dict(self) -> dict[str, Any]:
        """The row as plain data, rounded to what can be read."""
        told = {key: round(value, 2) if isinstance(value, float) else value for key, value in asdict(self).items()}
        return {**told, "accept": [round(end, 2) for end in self.accept], "agrees": self.agrees}


def check(
    trials: Sequence[Trial], draws: Mapping[str, Floats], trial_effects: Sequence[str], *, seed: int
) -> tuple[CheckRow, ...]:
    """Every published change and rate of the trials beside its prediction from ``draws`` (draws first).

    ``seed`` is that of the new trials' deviations and of the scatter of their results.

    Raises:
        ImportError: JAX is not installed (the extra ``mood``).
    """
    arms = arms_of(trials)
    seen, new = _predictions(arms, draws, trial_effects), _predictions(arms, _as_new(draws, arms, seed), _names(arms))
    generator = np.random.default_rng(seed)
    rows: list[CheckRow] = []
    for index, arm in enumerate(arms):
        as_new = not any(row.use == "fit" for row in arm.results)
        for result in arm.results:
            if result.outcome in _SHOWN:
                rows.append(_row(arm, result, (new if as_new else seen).of(index, result), as_new, generator))
    return tuple(rows)


def misses(rows: Sequence[CheckRow]) -> tuple[CheckRow, ...]:
    """The rows that do not lie where they should, leaving out those that are only shown."""
    return tuple(row for row in rows if row.use != "show" and not row.agrees)


@dataclass(frozen=True, slots=True)
class _Predictions:
    """Expected results by outcome, each (draws, rows), with the rows they belong to, and the spread of change."""

    values: Mapping[str, Floats]
    sd: Floats
    rows: Any

    def of(self, arm: int, result: Result) -> tuple[Floats, Floats]:
        place = self.rows.row(arm, result.at_h)
        return _SHOWN[result.outcome] * self.values[result.outcome][:, place], self.sd[:, place]


def _names(arms: Sequence[ArmData]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(arm.trial for arm in arms))


def _as_new(draws: Mapping[str, Floats], arms: Sequence[ArmData], seed: int) -> dict[str, Floats]:
    """The same draws with a fresh deviation for every trial."""
    generator = np.random.default_rng([seed, 1])
    shape = (len(draws["residual"]), len(_names(arms)))
    fresh = {
        f"trial_{part}": draws[f"trial_{part}_sd"][:, None] * generator.standard_normal(shape)
        for part in TrialEffect.__dataclass_fields__
    }
    return {**draws, **fresh}


def _predictions(arms: Sequence[ArmData], draws: Mapping[str, Floats], effects: Sequence[str]) -> _Predictions:
    import jax

    from matrescence.trials.mood_arm import expected, rows_of

    rows = rows_of(arms)

    def one(draw: Mapping[str, Any]) -> Any:
        parameters = MoodParameters(**{name: draw[name] for name in PARAMETERS})
        own = {name: _effect(draw, index) for index, name in enumerate(effects)}
        return expected(parameters, rows, own, draw["unknown_baseline"])

    with jax.enable_x64(True):
        found = jax.jit(jax.vmap(one))(dict(draws))
    values = {name: np.asarray(getattr(found, name)) for name in _SHOWN}
    return _Predictions(values, np.asarray(found.sd), rows)


def _effect(draw: Mapping[str, Any], index: int) -> TrialEffect:
    return TrialEffect(*(draw[f"trial_{part}"][index] for part in TrialEffect.__dataclass_fields__))


def _row(
    arm: ArmData, result: Result, predicted: tuple[Floats, Floats], as_new: bool, generator: np.random.Generator
) -> CheckRow:
    values, sd = predicted
    middle = float(values.mean())
    if as_new:
        values = _results(values, sd, arm, result, generator)
    low, high = (float(end) for end in np.quantile(values, (0.025, 0.975)))
    accept, rule = ((low, high), "95 % of new trials of this size") if as_new else _tolerance(result)
    must = arm.trial in MUST_TRIALS and result.outcome == "change" and result.at_h in MAIN_HOURS and not as_new
    return CheckRow(
        arm.trial, arm.name, arm.treatment, result.outcome, result.at_h, result.value, middle, low, high,
        accept, rule, result.use, result.grade, must,
    )  # fmt: skip


def _tolerance(result: Result) -> tuple[tuple[float, float], str]:
    if result.outcome == "change":
        se = result.se or 0.0
        return (result.value - se, result.value + se), f"published +/- {se:.1f} (1 SE)"
    return (result.value - RATE_POINTS, result.value + RATE_POINTS), "published +/- 8 points"


def _results(values: Floats, sd: Floats, arm: ArmData, result: Result, generator: np.random.Generator) -> Floats:
    """Results of trials of this size: means scatter by their standard error, rates are counts."""
    n = result.n or arm.n
    if result.outcome == "change":
        return values + sd / np.sqrt(n) * generator.standard_normal(values.shape)
    return 100.0 * generator.binomial(n, np.clip(values / 100.0, 0.0, 1.0)) / n
