"""The women of one replicate: who comes in, what is measured at each visit, who is lost on the way.

Every random number belongs to (seed, replicate, woman): the women of replicate 17 are the same whether it is run
alone, in a chunk, by another process or on another machine, and the first 50 women of an arm are the same when it has
60.  Scores are whole numbers, as a rater writes them down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matrescence.pharmacology.philox import Stream, standard_normals
from matrescence.pharmacology.response import hamd17_course, severe_from_baseline, to_latent, to_score
from matrescence.pharmacology.sessions import madrs_course
from matrescence.trials.design import BaselineRange, Design, DesignArm, Share
from matrescence.trials.latent import baseline_table
from matrescence.trials.truth import EventsTruth, MoodTruth, RelapseTruth, ScoreTruth, SessionTruth, Truth

Floats: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]

ARM_STRIDE = 2**24
"""Women of arm ``a`` have the indices ``a * ARM_STRIDE`` and up, so that arms grow without meeting."""
_BASELINE, _OWN, _LOST, _VISITS_FROM = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Seen:
    """What one replicate has on paper: a row for each woman, in the order of the arms.

    ``scores`` is (women, visits), NaN where she was not seen; ``affected`` and ``days`` are empty where the design
    does not ask for them.  ``affected`` is the event: depressed, or relapsed (else followed to ``days``).
    """

    arm: Whole
    baseline: Floats
    scores: Floats
    affected: NDArray[np.bool_]
    days: Floats


def see(design: Design, truth: Truth, *, seed: int, replicate: int) -> Seen:
    """Draw the women of one replicate and measure them."""
    parts = [
        _see_arm(design, truth, index, _normals(design, index, seed=seed, replicate=replicate))
        for index in range(len(design.arms))
    ]
    return Seen(*(np.concatenate([getattr(part, name) for part in parts]) for name in Seen.__dataclass_fields__))


def entry_scores(baseline: BaselineRange, z: Floats) -> Floats:
    """Whole scores at entry by inversion: the standard normal number of a woman says at which share she stands."""
    scores, weights = baseline_table(baseline)
    steps = np.cumsum(weights)
    place = np.searchsorted(steps, _share_below(z) * steps[-1], side="right")
    return np.asarray(scores[np.minimum(place, scores.size - 1)])


def lost_at(completion: Sequence[Share], z: Floats) -> Floats:
    """When each woman leaves, in the units of ``completion``; ``inf`` for those who stay.

    Between two published shares the risk of leaving is constant; after the last one nobody leaves.
    """
    if not completion:
        return np.full(z.shape, np.inf)
    hours = np.array([0.0, *(share.at_h for share in completion)])
    hazard = np.array([0.0, *(-math.log(max(share.value, 1e-12)) for share in completion)])
    own = -np.log(np.clip(1.0 - _share_below(z), 1e-300, 1.0))
    return np.asarray(np.where(own <= hazard[-1], np.interp(own, hazard, hours), np.inf))


def _normals(design: Design, index: int, *, seed: int, replicate: int) -> Floats:
    draws = _VISITS_FROM + len(design.visits_h)
    women = index * ARM_STRIDE + np.arange(design.arms[index].n, dtype=np.int64)
    z = standard_normals(seed=seed, women=women, draws=draws, stream=Stream.VIRTUAL_TRIAL, part=replicate)
    if design.crossover and index:
        first = np.arange(design.arms[index].n, dtype=np.int64)
        same = standard_normals(seed=seed, women=first, draws=_VISITS_FROM, stream=Stream.VIRTUAL_TRIAL, part=replicate)
        z[:_VISITS_FROM] = same
    return z


def _see_arm(design: Design, truth: Truth, index: int, z: Floats) -> Seen:
    arm = design.arms[index]
    women, visits = arm.n, len(design.visits_h)
    affected, days = np.zeros(women, dtype=np.bool_), np.full(women, np.nan)
    baseline, scores = np.full(women, np.nan), np.full((women, visits), np.nan)
    if isinstance(truth, MoodTruth | ScoreTruth | SessionTruth):
        baseline = entry_scores(_entry(arm), z[_BASELINE])
        if isinstance(truth, MoodTruth):
            course = _mood(design, truth, arm, baseline, z)
        elif isinstance(truth, SessionTruth):
            course = _sessions(design, truth, arm, baseline, z)
        else:
            course = _score(design, truth, index, baseline, z)
        scores = np.where(_there(design, arm, z), np.round(course), np.nan)
    elif isinstance(truth, EventsTruth):
        affected = _share_below(z[_OWN]) < truth.risks[index]
        followed = np.isinf(lost_at(arm.completion, z[_LOST]))
        days = np.where(followed, design.followed_days, np.nan)
    else:
        affected, days = _relapse(design, truth, index, z)
    return Seen(np.full(women, index), baseline, np.asarray(scores), affected, days)


def _entry(arm: DesignArm) -> BaselineRange:
    if arm.baseline is None:
        raise ValueError(f"the arm {arm.name!r} has no baseline")
    return arm.baseline


def _there(design: Design, arm: DesignArm, z: Floats) -> NDArray[np.bool_]:
    lost_h = lost_at(arm.completion, z[_LOST])
    return np.asarray(np.asarray(design.visits_h)[None, :] <= lost_h[:, None])


def _mood(design: Design, truth: MoodTruth, arm: DesignArm, baseline: Floats, z: Floats) -> Floats:
    course = hamd17_course(
        truth.parameters,
        baseline=baseline,
        treatment=arm.treatment,
        severe=severe_from_baseline(baseline),
        times_h=np.asarray(design.visits_h),
        eta=z[_OWN],
        setting=design.setting,
        trial=truth.trial,
        residual=z[_VISITS_FROM:].T,
    )
    return np.asarray(course)


def _sessions(design: Design, truth: SessionTruth, arm: DesignArm, baseline: Floats, z: Floats) -> Floats:
    course = madrs_course(
        truth.parameters,
        baseline=baseline,
        treatment=arm.treatment,
        sessions_at_h=arm.sessions_at_h,
        times_h=np.asarray(design.visits_h),
        eta=z[_OWN],
        residual=z[_VISITS_FROM:].T,
    )
    return np.asarray(course)


def _score(design: Design, truth: ScoreTruth, index: int, baseline: Floats, z: Floats) -> Floats:
    lasting, passing = math.sqrt(design.within_woman), math.sqrt(1.0 - design.within_woman)
    own = lasting * z[_OWN][:, None] + passing * z[_VISITS_FROM:].T
    start = to_latent(baseline, highest=design.highest)[:, None]
    return np.asarray(to_score(start - truth.shift[index] + truth.spread[index] * own, highest=design.highest))


def _relapse(design: Design, truth: RelapseTruth, index: int, z: Floats) -> tuple[NDArray[np.bool_], Floats]:
    curve = truth.curves[index]
    relapse_days = curve.scale_days * (-np.log(1.0 - _share_below(z[_OWN]))) ** (1.0 / curve.shape)
    lost_days = lost_at(design.arms[index].completion, z[_LOST]) / 24.0
    seen_until = np.minimum(design.followed_days, lost_days)
    return relapse_days <= seen_until, np.minimum(relapse_days, seen_until)


def _share_below(z: Floats) -> Floats:
    from scipy.special import ndtr

    return np.asarray(ndtr(z))
