"""What an arm of women with given parameters is expected to show: mean change, its spread, response, remission.

Within one baseline the latent score is normal at each visit, so means are Gauss-Hermite sums and rates are normal
distribution functions; over baselines they are weighted sums.  No random numbers: the likelihood is smooth.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jax.scipy.stats import norm

from matrescence.pharmacology.response import (
    HIGHEST_HAMD17,
    REMISSION_AT_MOST,
    MoodParameters,
    grown,
    hamd17_latent,
    to_latent,
    to_score,
)
from matrescence.trials.mood_data import SCORE_NODES, ArmData

Array = Any

_POINTS, _RAW = np.polynomial.hermite_e.hermegauss(SCORE_NODES)
_WEIGHTS = _RAW / _RAW.sum()


class Expected(NamedTuple):
    """What is expected at each visit (V,): changes in points, rates as shares; ``correlation`` (V, V) between visits."""

    change: Array
    sd: Array
    response: Array
    remission: Array
    correlation: Array


class TrialEffect(NamedTuple):
    """How one trial differs from the typical one, and the mean of a baseline that was not published."""

    size: Array
    time: Array
    baseline: Array


def expected(parameters: MoodParameters, arm: ArmData, effect: TrialEffect, *, visits_h: Array = None) -> Expected:
    """The expected results of one arm at its visits (or at ``visits_h``)."""
    times = jnp.asarray(arm.visits_h if visits_h is None else visits_h)
    baseline, middle, latent_sd, passed = _latent(parameters, arm, effect, times)
    scores = to_score(middle[..., None] + latent_sd[:, None, None] * _POINTS, xp=jnp)
    changes = scores - baseline[None, :, None]
    change = jnp.einsum("vkj,k,j->v", changes, arm.weights, _WEIGHTS)
    square = jnp.einsum("vkj,k,j->v", changes**2, arm.weights, _WEIGHTS)
    half = to_latent(baseline / 2.0 + arm.half_cut, xp=jnp)
    seven = to_latent(REMISSION_AT_MOST + 0.5, xp=jnp)
    response = norm.cdf((half[None, :] - middle) / latent_sd[:, None]) @ arm.weights
    remission = norm.cdf((seven - middle) / latent_sd[:, None]) @ arm.weights
    shared = parameters.spread * passed / latent_sd
    correlation = jnp.outer(shared, shared) * (1.0 - jnp.eye(times.size)) + jnp.eye(times.size)
    return Expected(change, jnp.sqrt(square - change**2), response, remission, correlation)


def sustained(
    parameters: MoodParameters, arm: ArmData, effect: TrialEffect, *, visits_h: tuple[float, ...], remission: bool
) -> Array:
    """The share of women who are in remission (or respond) at every one of ``visits_h``.

    Given a woman's own ``eta`` the visits are independent, so the product of their chances is averaged over ``eta``.
    """
    times = jnp.asarray(visits_h)
    baseline, middle, _, passed = _latent(parameters, arm, effect, times)
    own = parameters.spread * passed[:, None, None] * _POINTS
    cut = jnp.full_like(baseline, REMISSION_AT_MOST + 0.5) if remission else baseline / 2.0 + arm.half_cut
    chance = norm.cdf((to_latent(cut, xp=jnp)[None, :, None] - middle[..., None] - own) / parameters.residual)
    return jnp.einsum("kj,k,j->", jnp.prod(chance, axis=0), arm.weights, _WEIGHTS)


def _latent(
    parameters: MoodParameters, arm: ArmData, effect: TrialEffect, times: Array
) -> tuple[Array, Array, Array, Array]:
    baseline = jnp.clip(arm.nodes + (0.0 if arm.baseline_known else effect.baseline), 8.0, HIGHEST_HAMD17 - 1.0)
    middle = hamd17_latent(
        parameters,
        baseline=baseline[None, :],
        treatment=arm.treatment,
        severe=arm.severe,
        times_h=times[:, None],
        setting=arm.setting,
        trial_size=effect.size,
        trial_time=effect.time,
        xp=jnp,
    )
    passed = grown(parameters, setting=arm.setting, times_h=times, trial_time=effect.time, xp=jnp)
    return baseline, middle, jnp.sqrt((parameters.spread * passed) ** 2 + parameters.residual**2), passed
