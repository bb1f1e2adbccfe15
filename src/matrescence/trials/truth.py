"""What one replicate of a virtual trial takes as true: one draw of everything that is uncertain.

A *predictive* replicate takes one posterior draw of the mood model and the deviation of a new trial, one posterior draw
of the session model and the doubt of borrowing it, or one draw of a published mean, odds ratio or hazard ratio within
its own interval and the spread between trials.  A *fixed* replicate takes the means, so that what is left is the chance
of drawing these women and not others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from matrescence.outcomes.prevention import Window, prevention_trials
from matrescence.pharmacology.philox import Stream, standard_normals
from matrescence.pharmacology.pooling import Between, Measure, log_ratio, pool
from matrescence.pharmacology.response import MoodParameters, TrialEffect
from matrescence.pharmacology.sessions import SessionParameters
from matrescence.pharmacology.survival import Curve, exponential
from matrescence.reading import InputError
from matrescence.trials.design import Change, Design, DesignArm, Kind, Pool, Ratio
from matrescence.trials.latent import latent_change, latent_shift

if TYPE_CHECKING:
    from matrescence.outcomes.posterior import MoodPosterior

Floats: TypeAlias = NDArray[np.float64]

TRIAL_ITSELF = 2**32 - 1
"""The index of a woman that no trial reaches: its numbers belong to the replicate as a whole."""
_ROW, _TRIAL_FROM, _CONTROL, ARM_DRAWS_FROM = 0, 1, 7, 8
_Z95 = 1.959963984540054


class Deviation(Enum):
    """Whose deviation from a typical trial a replicate has: that of a new trial, or of the one that is repeated."""

    NEW = "new"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class MoodTruth:
    """The parameters of one replicate (each a number) and the deviation of this trial from a typical one."""

    parameters: MoodParameters
    trial: TrialEffect


@dataclass(frozen=True, slots=True)
class ScoreTruth:
    """For each arm and visit, how far the latent score falls and how much women differ; NaN where nobody is seen."""

    shift: Floats
    spread: Floats


@dataclass(frozen=True, slots=True)
class SessionTruth:
    """The parameters of the session model in one replicate, each a number (``placebo_size`` two)."""

    parameters: SessionParameters


@dataclass(frozen=True, slots=True)
class EventsTruth:
    """The chance of being affected in each arm."""

    risks: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RelapseTruth:
    """The curve of staying well in each arm."""

    curves: tuple[Curve, ...]


Truth: TypeAlias = MoodTruth | ScoreTruth | SessionTruth | EventsTruth | RelapseTruth


def truths(
    design: Design,
    *,
    seed: int,
    replicates: Sequence[int],
    fixed: bool,
    deviation: Deviation = Deviation.NEW,
    posterior: MoodPosterior | None = None,
) -> list[Truth]:
    """What each of the numbered replicates takes as true; the same for a number whatever else is asked for.

    With ``Deviation.OWN`` a trial that the model was fitted to keeps the deviation that was found for it.
    ``posterior`` is the shipped one when it is not given; only designs of kind mood need it.

    Raises:
        StalePosterior: the shipped posterior does not belong to the shipped trials.
        InputError: the trial's own deviation is wanted, and the model was not fitted to the trial.
    """
    if design.kind is Kind.MOOD and posterior is None:
        from matrescence.outcomes.posterior import mood_posterior

        posterior = mood_posterior()
    own = _own_place(design, posterior) if deviation is Deviation.OWN else None
    drawn = (_numbers(design, seed, replicate, fixed) for replicate in replicates)
    if posterior is not None and design.kind is Kind.MOOD:
        return [_mood_truth(z, fixed, posterior, own) for z in drawn]
    if design.kind is Kind.SESSIONS:
        return [_session_truth(design, z, fixed) for z in drawn]
    return [_BY_KIND[design.kind](design, z) for z in drawn]


def treated_log_odds(design_pool: Pool) -> tuple[float, float]:
    """The pooled log odds ratio of all trials in the window but the one left out, and how far a new trial may lie off.

    The second number is ``sqrt(standard error**2 + tau2)`` (REML).

    Raises:
        InputError: no other trial has counts in this window.
    """
    window = Window(design_pool.window)
    found = [trial.in_window(window) for trial in prevention_trials() if _counts(trial.name, trial.drug, design_pool)]
    arms = [outcome.arms for outcome in found if outcome is not None and outcome.arms is not None]
    effects = [log_ratio(arm, Measure.ODDS_RATIO) for arm in arms if arm.informative]
    if not effects:
        raise InputError(f"pool: no trial of {', '.join(design_pool.drugs)} has counts in the window {window.value!r}.")
    pooled = pool(effects, between=Between.REML)
    return pooled.estimate, math.hypot(pooled.standard_error, math.sqrt(pooled.tau2))


def _counts(name: str, drug: str, design_pool: Pool) -> bool:
    return drug in design_pool.drugs and name != design_pool.left_out


def _numbers(design: Design, seed: int, replicate: int, fixed: bool) -> Floats:
    """The replicate's own standard normal numbers: row, trial size, trial time, control; then one for each arm."""
    draws = ARM_DRAWS_FROM + len(design.arms)
    if fixed:
        return np.zeros(draws)
    itself = np.array([TRIAL_ITSELF], dtype=np.int64)
    numbers = standard_normals(seed=seed, women=itself, draws=draws, stream=Stream.VIRTUAL_TRIAL, part=replicate)
    return np.asarray(numbers[:, 0])


def _own_place(design: Design, posterior: MoodPosterior | None) -> int:
    """The place of the trial that is repeated among the deviations of the posterior."""
    fitted = () if posterior is None else posterior.trials
    if design.evidence not in fitted:
        raise InputError(
            f"--deviation own cannot be used with {design.name}: the mood model was not fitted to this trial. Fitted: "
            f"{', '.join(fitted) or 'none that bears on it'}."
        )
    return fitted.index(design.evidence)


def _mood_truth(z: Floats, fixed: bool, posterior: MoodPosterior, own: int | None) -> MoodTruth:
    size = int(posterior.draws["residual"].shape[0])
    row = _row_of(z, size)
    parameters = _mean(posterior) if fixed else posterior.parameters(row)
    parts: dict[str, float] = {}
    for place, name in enumerate(TrialEffect.__dataclass_fields__, start=_TRIAL_FROM):
        if own is None:
            parts[name] = float(getattr(parameters, f"trial_{name}_sd") * z[place])
        else:
            found = posterior.draws[f"trial_{name}"][:, own]
            parts[name] = float(found.mean() if fixed else found[row])
    return MoodTruth(parameters, TrialEffect(**parts))


def _row_of(z: Floats, size: int) -> int:
    """The posterior draw that a replicate's first number stands for."""
    share = 0.5 * math.erfc(-float(z[_ROW]) / math.sqrt(2.0))
    return min(int(share * size), size - 1)


def _session_truth(design: Design, z: Floats, fixed: bool) -> SessionTruth:
    """One draw of the session model, its effect larger or smaller by the doubt; the means where that is asked for."""
    from matrescence.outcomes.posterior import session_posterior

    posterior = session_posterior()
    if fixed:
        return SessionTruth(posterior.mean())
    drawn = posterior.parameters(_row_of(z, posterior.size))
    doubt = 0.0 if design.doubt is None else design.doubt.sd
    return SessionTruth(replace(drawn, size=drawn.size * math.exp(doubt * float(z[_TRIAL_FROM]))))


def _mean(posterior: MoodPosterior) -> MoodParameters:
    if _MEANS.get("of") is not posterior:
        _MEANS.update({"of": posterior, "mean": posterior.mean()})
    return cast("MoodParameters", _MEANS["mean"])


_MEANS: dict[str, object] = {}
"""The last posterior whose mean was taken: a fixed run asks for the same mean in every replicate."""


def _events_truth(design: Design, z: Floats) -> EventsTruth:
    risk = design.control.risk
    if risk is None:
        raise InputError(f"{design.name}: the arm {design.control.name!r} has no risk.")
    error = math.sqrt(1.0 / max(risk.people, 0.5) + 1.0 / max(risk.of - risk.people, 0.5))
    control = math.log(risk.value / (1.0 - risk.value)) + error * float(z[_CONTROL])
    return EventsTruth(
        tuple(_chance(control + _log_ratio(design, arm, z, index)) for index, arm in enumerate(design.arms))
    )


def _relapse_truth(design: Design, z: Floats) -> RelapseTruth:
    if design.control.median_days is None:
        raise InputError(f"{design.name}: the arm {design.control.name!r} has no median_days.")
    base = exponential(median_days=design.control.median_days)
    ratios = [math.exp(_log_ratio(design, arm, z, index)) for index, arm in enumerate(design.arms)]
    return RelapseTruth(tuple(base.with_hazard_ratio(ratio) for ratio in ratios))


def _log_ratio(design: Design, arm: DesignArm, z: Floats, index: int) -> float:
    """The logarithm of an arm's odds or hazard ratio against the control arm; 0 for the control arm itself."""
    if arm.name == design.plan.control:
        return 0.0
    mean, sd = _of_ratio(arm.ratio) if arm.ratio is not None else _pooled(design)
    return mean + sd * float(z[ARM_DRAWS_FROM + index])


def _pooled(design: Design) -> tuple[float, float]:
    if design.pool is None:
        raise InputError(f"{design.name}: give the arms a ratio, or the design a pool.")
    return _treated_log_odds(design.pool)


@lru_cache(maxsize=16)
def _treated_log_odds(design_pool: Pool) -> tuple[float, float]:
    return treated_log_odds(design_pool)


def _of_ratio(ratio: Ratio) -> tuple[float, float]:
    error = (math.log(ratio.high) - math.log(ratio.low)) / (2.0 * _Z95)
    return math.log(ratio.value), math.hypot(error, ratio.between)


def _chance(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds))


def _score_truth(design: Design, z: Floats) -> ScoreTruth:
    shape = (len(design.arms), len(design.visits_h))
    shift, spread = np.full(shape, np.nan), np.full(shape, np.nan)
    for index, arm in enumerate(design.arms):
        hours = [change.at_h for change in arm.changes]
        between = [visit for visit, at_h in enumerate(design.visits_h) if hours[0] <= at_h <= hours[-1]]
        pairs = [_latent(design, index, change, z) for change in arm.changes]
        at = np.asarray(design.visits_h)[between]
        shift[index, between], spread[index, between] = (
            np.interp(at, hours, part) for part in zip(*pairs, strict=True)
        )
    return ScoreTruth(shift, spread)


def _latent(design: Design, index: int, change: Change, z: Floats) -> tuple[float, float]:
    """The latent fall and spread of an arm at a visit that the design writes down."""
    arm = design.arms[index]
    if arm.baseline is None:
        raise InputError(f"{design.name}: the arm {arm.name!r} has no baseline.")
    own = change.se * float(z[_CONTROL if arm.name == design.plan.control else ARM_DRAWS_FROM + index])
    typical = change.value + (_control_mean(design, change.at_h, 0.0) if change.beyond_control else 0.0)
    drawn = change.value + own
    if change.beyond_control:
        drawn += _control_mean(design, change.at_h, float(z[_CONTROL]))
    start, spread = latent_change(arm.baseline, mean=typical, sd=change.sd, highest=design.highest)
    if drawn == typical:
        return start, spread
    return latent_shift(arm.baseline, mean=drawn, spread=spread, start=start, highest=design.highest), spread


def _control_mean(design: Design, at_h: float, off: float) -> float:
    change = _at(design.control.changes, at_h)
    return change.value + change.se * off


def _at(changes: Sequence[Change], at_h: float) -> Change:
    """The change at an hour: as written, or in a straight line between the two beside it."""
    hours = [change.at_h for change in changes]
    value, se, sd = (
        float(np.interp(at_h, hours, [getattr(change, name) for change in changes])) for name in ("value", "se", "sd")
    )
    return replace(changes[0], at_h=at_h, value=value, se=se, sd=sd)


_BY_KIND: dict[Kind, Callable[[Design, Floats], Truth]] = {
    Kind.SCORE: _score_truth,
    Kind.EVENTS: _events_truth,
    Kind.RELAPSE: _relapse_truth,
}
