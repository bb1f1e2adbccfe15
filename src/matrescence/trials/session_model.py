"""The MADRS model of ketamine sessions, fitted to trials in treatment-resistant depression, in NumPyro.

There is one model for all trials and no trial effect: too few trials were read to tell one.  Mean changes enter with
their standard errors, rates as counts (the visits of one arm share one weight), the difference from placebo in
standard deviations, and the weekly phase as no further change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax.scipy.stats import norm

from matrescence.outcomes.trial import Arm, Result, Trial
from matrescence.pharmacology.response import to_latent, to_score
from matrescence.pharmacology.sessions import HIGHEST_MADRS, MADRS_REMISSION_AT_MOST, SessionParameters, madrs_latent

Array = Any

BASELINE_SD = 5.0
"""Between-person standard deviation at entry, in points; a project decision, because no baselines were read."""
_BASE_POINTS, _BASE_RAW = np.polynomial.hermite_e.hermegauss(5)
_POINTS, _RAW = np.polynomial.hermite_e.hermegauss(10)
_BASE_WEIGHTS, _WEIGHTS = _BASE_RAW / _BASE_RAW.sum(), _RAW / _RAW.sum()

PRIORS: Mapping[str, dist.Distribution] = {
    "size": dist.HalfNormal(2.5),
    "gain": dist.Beta(2.0, 2.0),
    "slow_share": dist.Beta(2.0, 3.0),
    "onset_h": dist.LogNormal(np.log(2.0), 0.5),
    "fast_h": dist.LogNormal(np.log(72.0), 0.5),
    # Mouse spines stay raised for up to two weeks after one dose (Phoumthipphavong et al. 2016).
    "slow_h": dist.LogNormal(np.log(336.0), 0.4),
    "placebo_h": dist.LogNormal(np.log(24.0), 0.7),
    "spread": dist.HalfNormal(1.0),
    "scatter": dist.HalfNormal(0.4),
    "baseline": dist.Normal(33.0, 2.0),
}


class Point(NamedTuple):
    """What is expected at one hour of one arm: change and its spread in points, rates as shares."""

    change: Array
    sd: Array
    response: Array
    remission: Array


def session_model(trials: Sequence[Trial]) -> None:
    """The NumPyro model; only rows whose use is ``fit`` enter."""
    drawn = {name: numpyro.sample(name, prior) for name, prior in PRIORS.items()}
    placebo = numpyro.sample("placebo_size", dist.HalfNormal(0.8).expand([2]).to_event(1))
    parameters = SessionParameters(**drawn, placebo_size=placebo)
    for trial in trials:
        for arm in trial.arms:
            fitted = [row for row in arm.results if row.use == "fit"]
            for row in fitted:
                where = f"{trial.name}/{arm.name}/{row.outcome}@{row.at_h:g}"
                weight = 1.0 / len({other.at_h for other in fitted if other.outcome == row.outcome})
                numpyro.factor(where, weight * log_likelihood(parameters, arm, row))


def log_likelihood(parameters: SessionParameters, arm: Arm, row: Result) -> Array:
    """The logarithm of the likelihood of one published row.

    Raises:
        ValueError: rows of this outcome cannot be fitted.
    """
    seen = prediction(parameters, arm, row)
    if row.outcome in ("response", "remission"):
        share, people = row.value / 100.0, float(row.n or arm.n)
        chance = jnp.clip(seen / 100.0, 1e-9, 1.0 - 1e-9)
        # Response and remission of the same people: half each.
        return 0.5 * people * (share * jnp.log(chance) + (1.0 - share) * jnp.log1p(-chance))
    if row.se is None:
        raise ValueError(f"a fitted {row.outcome} without a standard error was let through")
    return dist.Normal(seen, row.se).log_prob(row.value)


def prediction(parameters: SessionParameters, arm: Arm, row: Result) -> Array:
    """What the model expects where ``row`` was published, in the row's own unit.

    Raises:
        ValueError: the model has no prediction of this outcome.
    """
    seen = point(parameters, arm.treatment, arm.sessions_at_h, row.at_h)
    if row.outcome == "change":
        return seen.change
    if row.outcome in ("response", "remission"):
        return 100.0 * getattr(seen, row.outcome)
    if row.outcome == "standardised-difference":
        saline = point(parameters, "saline", arm.sessions_at_h, row.at_h)
        return (seen.change - saline.change) / jnp.sqrt(0.5 * (seen.sd**2 + saline.sd**2))
    if row.outcome == "difference":
        before = [at_h for at_h in arm.sessions_at_h if at_h <= 264.0]
        return seen.change - point(parameters, arm.treatment, arm.sessions_at_h, before[-1] + 24.0).change
    raise ValueError(f"the model has no prediction of {row.outcome!r}")


def point(parameters: SessionParameters, treatment: str, sessions_at_h: Sequence[float], at_h: float) -> Point:
    """The expected results at one hour, over baselines and over people."""
    baseline = jnp.clip(parameters.baseline + BASELINE_SD * _BASE_POINTS, 15.0, HIGHEST_MADRS - 1.0)
    middle = madrs_latent(
        parameters,
        baseline=baseline,
        treatment=treatment,
        sessions_at_h=sessions_at_h,
        times_h=jnp.full_like(baseline, at_h),
        xp=jnp,
    )
    sd = jnp.sqrt(parameters.spread**2 + parameters.scatter**2) * -jnp.expm1(-at_h / parameters.onset_h)
    changes = to_score(middle[:, None] + sd * _POINTS, xp=jnp, highest=HIGHEST_MADRS) - baseline[:, None]
    change = _BASE_WEIGHTS @ (changes @ _WEIGHTS)
    square = _BASE_WEIGHTS @ (changes**2 @ _WEIGHTS)
    half = to_latent(baseline / 2.0 + 0.25, xp=jnp, highest=HIGHEST_MADRS)
    low = float(to_latent(MADRS_REMISSION_AT_MOST + 0.5, highest=HIGHEST_MADRS))
    return Point(
        change,
        jnp.sqrt(square - change**2),
        _BASE_WEIGHTS @ norm.cdf((half - middle) / sd),
        _BASE_WEIGHTS @ norm.cdf((low - middle) / sd),
    )
