"""The MADRS model of ketamine sessions, fitted to trials in treatment-resistant depression, in NumPyro.

There is one model for all trials and no trial effect: too few trials were read to tell one.  Mean changes enter with
their standard errors and, where it was read, their spread between people; rates as counts (those of one arm share one
weight); the difference from placebo in standard deviations; the weekly phase as no further change.
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

SCATTER_SHARE = 0.2
"""Share of the variance that belongs to one rating, not to the person: a project decision, near the HAM-D17 fit."""
MOST_SESSIONS = 12
NEVER_H = 1e9

PRIORS: Mapping[str, dist.Distribution] = {
    "size": dist.HalfNormal(2.5),
    "gain": dist.Beta(2.0, 2.0),
    "slow_share": dist.Beta(2.0, 3.0),
    # No fitted number lies in the first day, so the onset is this prior: better than control from 40 minutes on
    # (Kishimoto et al. 2016), significantly so by 110 minutes (Zarate et al. 2006).
    "onset_h": dist.LogNormal(np.log(1.0), 0.5),
    "fast_h": dist.LogNormal(np.log(72.0), 0.5),
    # Mouse spines stay raised for up to two weeks after one dose (Phoumthipphavong et al. 2016).
    "slow_h": dist.LogNormal(np.log(336.0), 0.4),
    "placebo_h": dist.LogNormal(np.log(24.0), 0.7),
    "baseline": dist.Normal(33.0, 2.0),
}


SERIES_ENDS_H = 264.0
"""The last session of six in two weeks; what is given later is the weekly phase."""
_REMISSION = float(to_latent(MADRS_REMISSION_AT_MOST + 0.5, highest=HIGHEST_MADRS))


class Point(NamedTuple):
    """What is expected at one hour of one arm: change and its spread in points, rates as shares."""

    change: Array
    sd: Array
    response: Array
    remission: Array


class Where(NamedTuple):
    """One hour of one arm."""

    treatment: str
    sessions_at_h: tuple[float, ...]
    at_h: float


def session_model(trials: Sequence[Trial]) -> None:
    """The NumPyro model; only rows whose use is ``fit`` enter."""
    drawn = {name: numpyro.sample(name, prior) for name, prior in PRIORS.items()}
    total = numpyro.sample("total_spread", dist.HalfNormal(1.0))
    parameters = SessionParameters(
        **drawn,
        placebo_size=numpyro.sample("placebo_size", dist.HalfNormal(0.8).expand([2]).to_event(1)),
        spread=numpyro.deterministic("spread", total * np.sqrt(1.0 - SCATTER_SHARE)),
        scatter=numpyro.deterministic("scatter", total * np.sqrt(SCATTER_SHARE)),
    )
    rows = [(arm, row) for trial in trials for arm in trial.arms for row in arm.results if row.use == "fit"]
    for (arm, row), seen in zip(rows, predictions(parameters, rows), strict=True):
        numpyro.factor(f"{arm.name}/{row.source}/{row.outcome}@{row.at_h:g}", _log_likelihood(arm, row, seen))
    spreads = [(arm, row) for arm, row in rows if row.outcome == "change" and row.sd is not None]
    seen = points(parameters, [_places(arm, row)[0] for arm, row in spreads])
    found = jnp.stack([jnp.log(here.sd) for here in seen])
    error = np.array([np.sqrt(0.5 / (arm.n - 1)) for arm, _ in spreads])
    numpyro.sample("spreads", dist.Normal(found, error), obs=np.log([row.sd for _, row in spreads]))


def predictions(parameters: SessionParameters, rows: Sequence[tuple[Arm, Result]]) -> list[Array]:
    """What the model expects where each row was published, in the row's own unit.

    Raises:
        ValueError: the model has no prediction of a row's outcome.
    """
    wanted = [place for arm, row in rows for place in _places(arm, row)]
    seen = iter(points(parameters, wanted))
    return [_in_unit(row, [next(seen) for _ in _places(arm, row)]) for arm, row in rows]


def points(parameters: SessionParameters, places: Sequence[Where]) -> list[Point]:
    """The expected results at each place, over baselines and over people; one computation for each treatment."""
    found: dict[int, Point] = {}
    for treatment in dict.fromkeys(place.treatment for place in places):
        mine = [index for index, place in enumerate(places) if place.treatment == treatment]
        seen = _points(parameters, treatment, [places[index] for index in mine])
        found |= {index: Point(*(part[row] for part in seen)) for row, index in enumerate(mine)}
    return [found[index] for index in range(len(places))]


def _points(parameters: SessionParameters, treatment: str, places: Sequence[Where]) -> Point:
    times = np.array([place.at_h for place in places])[:, None]
    padded = [(*place.sessions_at_h, *[NEVER_H] * (MOST_SESSIONS - len(place.sessions_at_h))) for place in places]
    baseline = jnp.clip(parameters.baseline + BASELINE_SD * _BASE_POINTS, 15.0, HIGHEST_MADRS - 1.0)
    middle = madrs_latent(
        parameters,
        baseline=baseline[None, :],
        treatment=treatment,
        sessions_at_h=[column[:, None] for column in np.array(padded).T],
        times_h=jnp.asarray(times),
        xp=jnp,
    )
    middle = jnp.broadcast_to(middle, (len(places), baseline.size))
    sd = jnp.sqrt(parameters.spread**2 + parameters.scatter**2) * -jnp.expm1(-times / parameters.onset_h)
    scores = to_score(middle[..., None] + sd[..., None] * _POINTS, xp=jnp, highest=HIGHEST_MADRS)
    changes = scores - baseline[:, None]
    change = (changes @ _WEIGHTS) @ _BASE_WEIGHTS
    square = (changes**2 @ _WEIGHTS) @ _BASE_WEIGHTS
    half = to_latent(baseline / 2.0 + 0.25, xp=jnp, highest=HIGHEST_MADRS)
    return Point(
        change,
        jnp.sqrt(square - change**2),
        norm.cdf((half - middle) / sd) @ _BASE_WEIGHTS,
        norm.cdf((_REMISSION - middle) / sd) @ _BASE_WEIGHTS,
    )


def _places(arm: Arm, row: Result) -> tuple[Where, ...]:
    here = Where(arm.treatment, arm.sessions_at_h, row.at_h)
    if row.outcome == "standardised-difference":
        return here, here._replace(treatment="saline")
    if row.outcome == "difference":
        series = [at_h for at_h in arm.sessions_at_h if at_h <= SERIES_ENDS_H]
        return here, here._replace(at_h=series[-1] + 24.0)
    return (here,)


def _in_unit(row: Result, seen: Sequence[Point]) -> Array:
    here = seen[0]
    if row.outcome == "change":
        return here.change
    if row.outcome in ("response", "remission"):
        return 100.0 * getattr(here, row.outcome)
    if row.outcome == "difference":
        return here.change - seen[1].change
    if row.outcome == "standardised-difference":
        return (here.change - seen[1].change) / jnp.sqrt(0.5 * (here.sd**2 + seen[1].sd ** 2))
    raise ValueError(f"the model has no prediction of {row.outcome!r}")


def _log_likelihood(arm: Arm, row: Result, seen: Array) -> Array:
    if row.outcome not in ("response", "remission"):
        if row.se is None:
            raise ValueError(f"a fitted {row.outcome} without a standard error was let through")
        return dist.Normal(seen, row.se).log_prob(row.value)
    share, people = row.value / 100.0, float(row.n or arm.n)
    chance = jnp.clip(seen / 100.0, 1e-9, 1.0 - 1e-9)
    # Visits, and response and remission, are of the same people: together they count as one.
    same = sum(other.outcome in ("response", "remission") and other.use == "fit" for other in arm.results)
    return people / same * (share * jnp.log(chance) + (1.0 - share) * jnp.log1p(-chance))
