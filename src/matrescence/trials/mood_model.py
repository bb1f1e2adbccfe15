"""The model-based meta-analysis of HAM-D17 in PPD, in NumPyro.

What is observed: the mean change of each arm at each visit with its standard error, the spread of change, and the
counts of women who responded or remitted.  How errors of one arm's visits go together: the mean changes of an arm are
jointly normal, with the correlation that the model itself gives to one woman's visits (her lasting share of the
spread against the scatter of a visit).  Response and remission at one visit are one three-way count, because remission
implies response; where the same women also gave means, or other visits, the count enters at half weight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist

from matrescence.outcomes.trial import Result, Trial
from matrescence.pharmacology.response import MoodParameters
from matrescence.trials.mood_arm import Expected, TrialEffect, expected, sustained
from matrescence.trials.mood_data import ArmData, arms_of

Array = Any

COUNT_WEIGHT = 0.5
SPREAD_OF_SPREAD = 0.10
"""The published standard error comes from a mixed model, so that times root n it is not quite the arm's own spread."""
SUSTAINED_VISITS_H = (60.0, 168.0, 720.0)

# Every prior in one place: name -> distribution.  Sizes in logits (one logit from 28 takes a score to 15), times in h.
PRIORS: Mapping[str, dist.Distribution] = {
    "placebo_size": dist.Normal(1.0, 0.4),
    "placebo_more_if_moderate": dist.Normal(0.0, 0.3),
    "placebo_shape": dist.LogNormal(np.log(0.7), 0.3),
    "placebo_infusion_h": dist.LogNormal(np.log(12.0), 0.8),
    "placebo_tablets_h": dist.LogNormal(np.log(168.0), 0.8),
    "untreated_size": dist.HalfNormal(0.6),
    "untreated_h": dist.LogNormal(np.log(1000.0), 0.5),
    "drug_size_mean": dist.Normal(0.0, 0.5),
    "drug_size_sd": dist.HalfNormal(0.2),
    "fading_severe_per_day": dist.HalfNormal(0.05),
    "fading_moderate_per_day": dist.HalfNormal(0.10),
    "spread": dist.HalfNormal(0.8),
    "residual": dist.HalfNormal(0.5),
    "trial_size_sd": dist.HalfNormal(0.3),
    "trial_time_sd": dist.HalfNormal(0.6),
    "unknown_baseline": dist.Normal(20.0, 1.5),
}
ONSET_PRIOR_H = (24.0, 48.0, 480.0)
ONSET_PRIOR_SPREAD = 0.7
NEUROSTEROIDS = 4


@dataclass(frozen=True, slots=True)
class Data:
    """What the likelihood needs: arms, the trials that have an effect of their own, and the pooled rows."""

    arms: tuple[ArmData, ...]
    trial_effects: tuple[str, ...]
    pooled: tuple[tuple[Trial, str, Result], ...]
    week_one: tuple[Result, ...]


def data_of(trials: Sequence[Trial]) -> Data:
    """Lay the trials out; only rows whose use is ``fit`` enter the likelihood."""
    arms = arms_of(trials)
    fitted = [arm for arm in arms if any(row.use == "fit" for row in arm.results)]
    # One arm of untreated women cannot tell its trial's deviation from its course.
    effects = tuple(dict.fromkeys(arm.trial for arm in fitted if arm.treatment != "untreated"))
    pooled = tuple(
        (trial, arm.treatment, row)
        for trial in trials
        if trial.pooled_from
        for arm in trial.arms
        for row in arm.results
        if row.use == "fit"
    )
    shares = (row for trial in trials for arm in trial.arms for row in arm.results)
    week_one = tuple(row for row in shares if row.outcome == "share-of-six-week-effect" and row.use == "fit")
    return Data(tuple(fitted), effects, pooled, week_one)


def mood_model(data: Data) -> None:
    """The NumPyro model of :class:`Data`; the sites named like the fields of ``MoodParameters`` are what is kept."""
    parameters, unknown_baseline = _parameters()
    effects = _trial_effects(data.trial_effects, parameters, unknown_baseline)
    found: dict[tuple[str, str], tuple[ArmData, TrialEffect]] = {}
    for arm in data.arms:
        effect = effects.get(arm.trial, TrialEffect(0.0, 0.0, unknown_baseline))
        found[arm.trial, arm.treatment] = (arm, effect)
        _observe_arm(arm, expected(parameters, arm, effect))
    for trial, treatment, row in data.pooled:
        parts = [found[name, treatment] for name in trial.pooled_from]
        _observe_pooled(f"{trial.name}/{treatment}/{row.outcome}", row, parameters, parts)
    for row in data.week_one:
        rate = parameters.onset_h[2]
        share = jnp.expm1(-row.at_h / rate) / jnp.expm1(-1008.0 / rate)
        numpyro.sample("week-one", dist.Normal(100.0 * share, row.se), obs=row.value)


def _parameters() -> tuple[MoodParameters, Array]:
    drawn = {name: numpyro.sample(name, prior) for name, prior in PRIORS.items()}
    raw = numpyro.sample("drug_size_raw", dist.Normal(0.0, 1.0).expand([NEUROSTEROIDS]).to_event(1))
    ssri = numpyro.sample("drug_size_ssri", dist.Normal(0.0, 0.5))
    onset_raw = numpyro.sample("onset_raw", dist.Normal(0.0, 1.0).expand([len(ONSET_PRIOR_H)]).to_event(1))
    neurosteroids = drawn["drug_size_mean"] + drawn["drug_size_sd"] * raw
    onset_h = jnp.asarray(ONSET_PRIOR_H) * jnp.exp(ONSET_PRIOR_SPREAD * onset_raw)
    parameters = MoodParameters(
        **{name: drawn[name] for name in MoodParameters.__dataclass_fields__ if name in drawn},
        drug_size=numpyro.deterministic("drug_size", jnp.concatenate([neurosteroids, ssri[None]])),
        onset_h=numpyro.deterministic("onset_h", onset_h),
        fading_severe_per_h=numpyro.deterministic("fading_severe_per_h", drawn["fading_severe_per_day"] / 24.0),
        fading_moderate_per_h=numpyro.deterministic("fading_moderate_per_h", drawn["fading_moderate_per_day"] / 24.0),
    )
    return parameters, drawn["unknown_baseline"]


def _trial_effects(names: Sequence[str], parameters: MoodParameters, unknown_baseline: Array) -> dict[str, TrialEffect]:
    count = len(names)
    size = numpyro.sample("trial_size_raw", dist.Normal(0.0, 1.0).expand([count]).to_event(1))
    time = numpyro.sample("trial_time_raw", dist.Normal(0.0, 1.0).expand([count]).to_event(1))
    size = numpyro.deterministic("trial_size", parameters.trial_size_sd * size)
    time = numpyro.deterministic("trial_time", parameters.trial_time_sd * time)
    return {name: TrialEffect(size[i], time[i], unknown_baseline) for i, name in enumerate(names)}


def _observe_arm(arm: ArmData, seen: Expected) -> None:
    where = f"{arm.trial}/{arm.name}"
    changes = arm.fitted("change")
    if changes:
        visits = np.array([arm.visit(row.at_h) for row in changes])
        se = np.array([(row.se or np.nan) * row.inflate for row in changes])
        covariance = seen.correlation[visits][:, visits] * np.outer(se, se)
        values = np.array([row.value for row in changes])
        numpyro.sample(f"{where}/change", dist.MultivariateNormal(seen.change[visits], covariance), obs=values)
        _observe_spread(where, arm, changes, seen)
    _observe_counts(where, arm, seen)


def _observe_spread(where: str, arm: ArmData, changes: Sequence[Result], seen: Expected) -> None:
    for row in changes:
        if row.spread == "read" and row.se is not None:
            sd = row.se * np.sqrt(arm.n)
            error = float(np.sqrt(0.5 / (arm.n - 1) + SPREAD_OF_SPREAD**2))
            mean = jnp.log(seen.sd[arm.visit(row.at_h)])
            numpyro.sample(f"{where}/spread@{row.at_h:g}", dist.Normal(mean, error), obs=np.log(sd))


def _observe_counts(where: str, arm: ArmData, seen: Expected) -> None:
    rows = [*arm.fitted("response"), *arm.fitted("remission")]
    hours = sorted({row.at_h for row in rows})
    weight = COUNT_WEIGHT if arm.fitted("change") or len(hours) > 1 else 1.0
    for at_h in hours:
        here = {row.outcome: row for row in rows if row.at_h == at_h}
        visit = arm.visit(at_h)
        chances = {"response": seen.response[visit], "remission": seen.remission[visit]}
        numpyro.factor(f"{where}/counts@{at_h:g}", weight * _log_chance(here, chances, arm.n))


def _log_chance(rows: Mapping[str, Result], chances: Mapping[str, Array], n: int) -> Array:
    shares = {name: row.value / 100.0 for name, row in rows.items()}
    people = next(iter(rows.values())).n or n
    if len(rows) == 2:
        cells = [shares["remission"], shares["response"] - shares["remission"], 1.0 - shares["response"]]
        p = [chances["remission"], chances["response"] - chances["remission"], 1.0 - chances["response"]]
    else:
        name = next(iter(rows))
        cells, p = [shares[name], 1.0 - shares[name]], [chances[name], 1.0 - chances[name]]
    return people * sum(share * jnp.log(jnp.maximum(chance, 1e-9)) for share, chance in zip(cells, p, strict=True))


def _observe_pooled(
    where: str, row: Result, parameters: MoodParameters, parts: Sequence[tuple[ArmData, TrialEffect]]
) -> None:
    people = float(sum(arm.n for arm, _ in parts))
    chance = sum(
        arm.n / people * sustained(parameters, arm, effect, visits_h=SUSTAINED_VISITS_H, remission=True)
        for arm, effect in parts
    )
    numpyro.factor(where, _log_chance({"rate": row}, {"rate": chance}, row.n or int(people)))
