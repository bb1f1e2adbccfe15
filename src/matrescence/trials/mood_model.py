"""The model-based meta-analysis of HAM-D17 in PPD, in NumPyro.

What is observed: the mean change of each arm at each visit with its standard error, the spread of change, and the
counts of women who responded or remitted.  How errors of one arm's visits go together: the mean changes of an arm are
jointly normal, with the correlation that the model itself gives to one woman's visits (her lasting share of the
spread against the scatter of a visit).  Response and remission at one visit are one three-way count, because remission
implies response; where the same women also gave means, or other visits, the count enters at half weight.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist

from matrescence.pharmacology.response import MoodParameters, TrialEffect
from matrescence.trials.mood_arm import expected, sustained
from matrescence.trials.mood_likelihood import Data

Array = Any

# Every prior in one place: name -> distribution.  Sizes in logits (one logit from 28 takes a score to 15), times in h.
PRIORS: Mapping[str, dist.Distribution] = {
    "placebo_size": dist.Normal(1.0, 0.4),
    "placebo_more_if_moderate": dist.Normal(0.0, 0.5),
    "placebo_shape": dist.LogNormal(np.log(0.7), 0.3),
    "placebo_infusion_h": dist.LogNormal(np.log(12.0), 0.8),
    "placebo_tablets_h": dist.LogNormal(np.log(168.0), 0.8),
    "untreated_size": dist.HalfNormal(0.6),
    "untreated_h": dist.LogNormal(np.log(1000.0), 0.5),
    "drug_size_mean": dist.Normal(0.0, 0.5),
    "drug_size_sd": dist.HalfNormal(0.4),
    "drug_size_ssri": dist.Normal(0.0, 0.5),
    "fading_severe_per_day": dist.HalfNormal(0.05),
    "fading_moderate_per_day": dist.HalfNormal(0.3),
    "spread_infusion": dist.HalfNormal(0.8),
    "spread_tablets": dist.HalfNormal(0.8),
    "residual": dist.HalfNormal(0.5),
    # Few trials cannot tell a spread from none, and placebo arms plainly differ: priors that stay off zero
    # (Chung Y et al., Psychometrika 2013;78:685-709).
    "trial_size_sd": dist.LogNormal(np.log(0.3), 0.5),
    "trial_time_sd": dist.LogNormal(np.log(1.0), 0.5),
    "trial_shape_sd": dist.LogNormal(np.log(0.25), 0.5),
    "unknown_baseline": dist.TruncatedNormal(20.0, 1.5, low=16.0, high=26.0),
}
ONSET_PRIOR_H = (24.0, 48.0, 480.0)
ONSET_PRIOR_SPREAD = 0.7
NEUROSTEROIDS = 4


def mood_model(data: Data) -> None:
    """The NumPyro model of :class:`Data`; the sites named like the fields of ``MoodParameters`` are what is kept."""
    parameters, unknown_baseline = _parameters()
    effects = _trial_effects(data, parameters)
    seen = expected(parameters, data.rows, effects, unknown_baseline)
    _observe_changes(data, seen.change, seen.lasting)
    numpyro.sample("spreads", dist.Normal(jnp.log(seen.sd[data.spread_rows]), data.spread_error), obs=data.spread_log)
    _observe_counts(data, seen.response[data.count_rows], seen.remission[data.count_rows])
    if data.pooled_rows is not None:
        lasting = sustained(parameters, data.pooled_rows, effects, unknown_baseline)
        chance = data.pooled_mix @ lasting
        yes = data.pooled_yes
        numpyro.factor("sustained", jnp.sum(yes * jnp.log(chance) + (data.pooled_n - yes) * jnp.log1p(-chance)))
    if data.week_one is not None:
        rate = parameters.onset_h[..., 2]
        share = 100.0 * jnp.expm1(-data.week_one[0] / rate) / jnp.expm1(-1008.0 / rate)
        numpyro.sample("week_one", dist.Normal(share, data.week_one[2]), obs=data.week_one[1])


def _parameters() -> tuple[MoodParameters, Array]:
    drawn = {name: numpyro.sample(name, prior) for name, prior in PRIORS.items()}
    raw = numpyro.sample("drug_size_raw", dist.Normal(0.0, 1.0).expand([NEUROSTEROIDS]).to_event(1))
    onset_raw = numpyro.sample("onset_raw", dist.Normal(0.0, 1.0).expand([len(ONSET_PRIOR_H)]).to_event(1))
    sizes = [drawn["drug_size_mean"] + drawn["drug_size_sd"] * raw, drawn["drug_size_ssri"][None]]
    parameters = MoodParameters(
        **{name: drawn[name] for name in MoodParameters.__dataclass_fields__ if name in drawn},
        drug_size=numpyro.deterministic("drug_size", jnp.concatenate(sizes)),
        onset_h=numpyro.deterministic("onset_h", jnp.asarray(ONSET_PRIOR_H) * jnp.exp(ONSET_PRIOR_SPREAD * onset_raw)),
        fading_severe_per_h=numpyro.deterministic("fading_severe_per_h", drawn["fading_severe_per_day"] / 24.0),
        fading_moderate_per_h=numpyro.deterministic("fading_moderate_per_h", drawn["fading_moderate_per_day"] / 24.0),
    )
    return parameters, drawn["unknown_baseline"]


def _trial_effects(data: Data, parameters: MoodParameters) -> dict[str, TrialEffect]:
    """Size and time are told by each trial's own data and are drawn around their mean; the shape is barely told."""
    infusion = np.array([setting == "infusion" for setting in data.trial_settings])
    size_mean = parameters.placebo_size + (1.0 - data.trial_severe) * parameters.placebo_more_if_moderate
    time_mean = jnp.where(infusion, jnp.log(parameters.placebo_infusion_h), jnp.log(parameters.placebo_tablets_h))
    size = numpyro.sample("trial_own_size", dist.Normal(size_mean, parameters.trial_size_sd).to_event(1)) - size_mean
    time = numpyro.sample("trial_own_time", dist.Normal(time_mean, parameters.trial_time_sd).to_event(1)) - time_mean
    raw = numpyro.sample("trial_shape_raw", dist.Normal(0.0, 1.0).expand([len(infusion)]).to_event(1))
    shape = parameters.trial_shape_sd * raw
    for name, value in (("size", size), ("time", time), ("shape", shape)):
        numpyro.deterministic(f"trial_{name}", value)
    return {name: TrialEffect(size[i], time[i], shape[i]) for i, name in enumerate(data.trial_effects)}


def _observe_changes(data: Data, change: Array, lasting: Array) -> None:
    shared = jnp.where(data.change_there, lasting[data.change_rows], 0.0)
    eye = np.eye(data.change_rows.shape[1])
    correlation = shared[:, :, None] * shared[:, None, :] * (1.0 - eye) + eye
    covariance = correlation * data.change_se[:, :, None] * data.change_se[:, None, :]
    mean = jnp.where(data.change_there, change[data.change_rows], 0.0)
    numpyro.sample("changes", dist.MultivariateNormal(mean, covariance).to_event(1), obs=data.change_values)


def _observe_counts(data: Data, response: Array, remission: Array) -> None:
    alone = jnp.where(data.count_remission, remission, response)
    first = jnp.where(data.count_split, remission, alone)
    neither = 1.0 - jnp.where(data.count_split, response, alone)
    # Nobody is counted as "response alone" where only one of the two rates was published.
    only_response = jnp.where(data.count_split, response - remission, 1.0)
    chances = jnp.stack([first, neither, only_response], axis=-1)
    numpyro.factor("counts", jnp.sum(data.counts * jnp.log(jnp.clip(chances, 1e-9, 1.0))))
