"""What arms of women with given parameters are expected to show: mean change, its spread, response, remission.

Within one baseline the latent score is normal at each visit, so means are Gauss-Hermite sums and rates are normal
distribution functions; over baselines they are weighted sums.  No random numbers: the likelihood is smooth.
Everything is laid out in rows, one for each visit of each arm, so that all arms are one computation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jax.scipy.stats import norm
from numpy.typing import NDArray

from matrescence.pharmacology.response import (
    HIGHEST_HAMD17,
    REMISSION_AT_MOST,
    TYPICAL,
    MoodParameters,
    TrialEffect,
    drug_part,
    grown,
    placebo_size,
    spread_of,
    to_latent,
    to_score,
)
from matrescence.trials.mood_data import ArmData

Array = Any
Floats = NDArray[np.float64]

SCORE_NODES = 10
_POINTS, _RAW = np.polynomial.hermite_e.hermegauss(SCORE_NODES)
_WEIGHTS = _RAW / _RAW.sum()
LOWEST_BASELINE = 15.0
"""Nobody below twice the remission score is in a trial of depression: half a baseline is never below remission."""


class Expected(NamedTuple):
    """What is expected in each row (R,): changes in points, rates as shares, and a visit's lasting share of spread."""

    change: Array
    sd: Array
    response: Array
    remission: Array
    lasting: Array


_SEVEN = float(to_latent(REMISSION_AT_MOST + 0.5))


@dataclass(frozen=True, slots=True)
class Rows:
    """Arms and their visits: row ``r`` is the visit at ``times_h[r]`` of arm ``arm[r]``."""

    arms: tuple[ArmData, ...]
    visits_h: tuple[tuple[float, ...], ...]
    arm: NDArray[np.int64]
    times_h: Floats

    def row(self, arm: int, at_h: float) -> int:
        """The row of one visit of one arm."""
        return int(np.flatnonzero((self.arm == arm) & (self.times_h == at_h))[0])


def rows_of(arms: Sequence[ArmData], visits_h: Sequence[Sequence[float]] | None = None) -> Rows:
    """One row for each visit of each arm (or for each of the hours given for it)."""
    visits = [arm.visits_h for arm in arms] if visits_h is None else visits_h
    arm = np.repeat(np.arange(len(arms)), [len(hours) for hours in visits])
    flat = np.array([at_h for hours in visits for at_h in hours], dtype=np.float64)
    return Rows(tuple(arms), tuple(tuple(hours) for hours in visits), arm, flat)


def expected(
    parameters: MoodParameters, rows: Rows, effects: Mapping[str, TrialEffect], unknown_baseline: Array
) -> Expected:
    """The expected results of every row."""
    baseline, latent, lasting = latent_rows(parameters, rows, effects, unknown_baseline)
    weights = np.stack([arm.weights for arm in rows.arms])[rows.arm]
    half_cut = np.stack([arm.half_cut for arm in rows.arms])[rows.arm]
    sd = jnp.sqrt(lasting**2 + parameters.residual**2)
    changes = to_score(latent[..., None] + sd[:, None, None] * _POINTS, xp=jnp) - baseline[..., None]
    within = changes @ _WEIGHTS
    change = jnp.sum(within * weights, axis=1)
    square = jnp.sum((changes**2 @ _WEIGHTS) * weights, axis=1)
    half = to_latent(baseline / 2.0 + half_cut, xp=jnp)
    response = jnp.sum(norm.cdf((half - latent) / sd[:, None]) * weights, axis=1)
    remission = jnp.sum(norm.cdf((_SEVEN - latent) / sd[:, None]) * weights, axis=1)
    return Expected(change, jnp.sqrt(square - change**2), response, remission, lasting / sd)


def sustained(
    parameters: MoodParameters,
    rows: Rows,
    effects: Mapping[str, TrialEffect],
    unknown_baseline: Array,
    *,
    remission: bool = True,
) -> Array:
    """The share of each arm's women (arms,) who are in remission, or respond, at every one of its visits.

    Given a woman's own ``eta`` the visits are independent, so the product of their chances is averaged over ``eta``.
    Every arm must have the same number of visits.
    """
    baseline, latent, lasting = latent_rows(parameters, rows, effects, unknown_baseline)
    half_cut = np.stack([arm.half_cut for arm in rows.arms])[rows.arm]
    cut = _SEVEN if remission else to_latent(baseline / 2.0 + half_cut, xp=jnp)[..., None]
    own = latent[..., None] + lasting[:, None, None] * _POINTS
    chance = norm.cdf((cut - own) / parameters.residual)
    every_visit = jnp.prod(chance.reshape(len(rows.arms), -1, *chance.shape[1:]), axis=1)
    weights = np.stack([arm.weights for arm in rows.arms])
    return jnp.einsum("akj,ak,j->a", every_visit, weights, _WEIGHTS)


def latent_rows(
    parameters: MoodParameters, rows: Rows, effects: Mapping[str, TrialEffect], unknown_baseline: Array
) -> tuple[Array, Array, Array]:
    """Baseline (R, K), the latent course of the middle woman (R, K), and her lasting spread (R,)."""
    fall, lasting = [], []
    for arm, visits in zip(rows.arms, rows.visits_h, strict=True):
        effect = effects.get(arm.trial, TYPICAL)
        times = jnp.asarray(visits)
        here = grown(parameters, setting=arm.setting, times_h=times, trial=effect, xp=jnp)
        size = placebo_size(parameters, setting=arm.setting, severe=arm.severe, trial=effect)
        drug = drug_part(parameters, treatment=arm.treatment, severe=arm.severe, times_h=times, xp=jnp)
        lasting.append(spread_of(parameters, arm.setting) * here)
        fall.append(size * here + drug)
    nodes = np.stack([arm.nodes for arm in rows.arms])[rows.arm]
    unknown = np.array([not arm.baseline_known for arm in rows.arms])[rows.arm, None]
    baseline = jnp.clip(nodes + jnp.where(unknown, unknown_baseline, 0.0), LOWEST_BASELINE, HIGHEST_HAMD17 - 1.0)
    return baseline, to_latent(baseline, xp=jnp) - jnp.concatenate(fall)[:, None], jnp.concatenate(lasting)
