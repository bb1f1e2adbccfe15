"""Her own women against full sampling (NUTS) on simulated women: medians within 0.1 posterior SD.

The sampler works on its own equations: levels by a matrix exponential of JAX, scores by the formulas of the mood model
written out again.  All women are sampled in one run, because given the data they are independent.  Five women take a
minute; ``MATRESCENCE_NUTS_WOMEN=50`` runs the fifty of the acceptance list, in about six.
"""

import os

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.scipy.linalg import expm
from jax.scipy.special import log_ndtr
from numpyro.infer import MCMC, NUTS

from matrescence.formulary import library
from matrescence.pharmacology.cohort import draw
from matrescence.pharmacology.importance import weighted_quantiles
from matrescence.pharmacology.individualise import fit_levels, own_women
from matrescence.pharmacology.level_fit import Level
from matrescence.pharmacology.mood_fit import Given, MoodWomen, after_scores, mood_women
from matrescence.pharmacology.response import MoodParameters, to_score
from matrescence.pharmacology.simulate import observe, simulate

TIMES = (4.0, 24.0, 52.0, 66.0)
EDGES = (0.0, 4.0, 24.0, 52.0, 56.0, 60.0, 66.0)
WITHIN = 0.1
SAMPLES = 1500
DRAWN = 40_000
WOMEN = int(os.environ.get("MATRESCENCE_NUTS_WOMEN", "5"))


def sampled(potential, start, seed):
    jax.config.update("jax_enable_x64", True)
    kernel = NUTS(potential_fn=potential, target_accept_prob=0.9)
    chains = jnp.stack([start, start + 0.1, start - 0.1, start + 0.2])
    run = MCMC(kernel, num_warmup=500, num_samples=SAMPLES, num_chains=4, chain_method="vectorized", progress_bar=False)
    run.run(jax.random.PRNGKey(seed), init_params=chains)
    assert int(run.get_extra_fields()["diverging"].sum()) < 10 if "diverging" in run.get_extra_fields() else True
    return np.asarray(run.get_samples())


def log_level_posterior(model, observed, rates):
    typical = {name: 70.0 * model.typical[name].known for name in ("cl", "v1", "q", "v2")}
    sd = np.sqrt(np.diag(np.array(model.between_women.covariance)))
    error = model.residual["plasma"].proportional

    def level(z):
        cl, v1, v2 = (typical[n] * jnp.exp(sd[i] * z[i]) for i, n in enumerate(("cl", "v1", "v2")))
        q = typical["q"]
        K = jnp.array([[-(cl + q) / v1, q / v2, 1.0], [q / v1, -q / v2, 0.0], [0.0, 0.0, 0.0]])
        state, found = jnp.zeros(2), []
        for first, last, rate in zip(EDGES[:-1], EDGES[1:], rates, strict=True):
            state = (expm(K * (last - first)) @ jnp.array([state[0], state[1], 70.0 * rate]))[:2]
            if last in TIMES:
                found.append(state[0] / v1)
        return jnp.stack(found)

    def potential(z):
        levels = jax.vmap(level)(z)
        miss = (observed - levels) / (error * levels)
        return (0.5 * miss**2 + jnp.log(levels)).sum() + 0.5 * (z**2).sum()

    return potential


@pytest.mark.slow
def test_medians_of_three_parameters_from_four_levels_agree_with_full_sampling():
    jax.config.update("jax_enable_x64", True)
    drug = library.load("brexanolone")
    model, given = drug.models[drug.default_model], drug.regimens["label-90"]
    regimen, her = given.as_input(), {"weight_kg": 70.0}
    cohort = draw(model, covariates=her, women=WOMEN, seed=11, uncertainty=False)
    observed = observe(model, simulate(model, cohort, regimen, TIMES, outputs=["plasma"])).values["plasma"]
    stairs = [next((s.rate_ug_per_kg_h for s in given.staircase if s.start_h <= e < s.end_h), 0.0) for e in EDGES[:-1]]
    samples = sampled(log_level_posterior(model, observed, stairs), jnp.zeros((WOMEN, 3)), seed=1)
    sd = np.sqrt(np.diag(np.array(model.between_women.covariance)))
    modes = []
    for woman in range(WOMEN):
        levels = [Level("plasma", t, v) for t, v in zip(TIMES, observed[woman], strict=True)]
        asked = {"covariates": her, "regimen": regimen, "levels": levels, "uncertainty": False}
        own = own_women(model, **asked, women=DRAWN, seed=2)
        mode = fit_levels(model, **asked)
        for at, name in enumerate(("cl", "v1", "v2")):
            z = np.log(own.cohort.parameters[name] / mode.typical[name]) / sd[at]
            full = samples[:, woman, at]
            median = weighted_quantiles(z, own.weights, (0.5,))[0]
            assert abs(median - np.median(full)) < WITHIN * full.std(), (woman, name)
            modes.append(abs(mode.deviation[mode.names.index(name)] / sd[at] - np.median(full)) / full.std())
    assert np.quantile(modes, 0.9) < 0.25  # the mode of a skewed posterior is not its median


def population() -> MoodParameters:
    one = np.ones(1)
    return MoodParameters(
        placebo_size=1.1 * one,
        placebo_more_if_moderate=0.1 * one,
        placebo_shape=0.7 * one,
        placebo_infusion_h=12.0 * one,
        placebo_tablets_h=150.0 * one,
        untreated_size=0.6 * one,
        untreated_h=1000.0 * one,
        drug_size=np.full((1, 5), 0.6),
        onset_h=np.array([[24.0, 48.0, 480.0]]),
        fading_severe_per_h=0.0005 * one,
        fading_moderate_per_h=0.002 * one,
        spread_infusion=0.9 * one,
        spread_tablets=0.9 * one,
        residual=0.4 * one,
        trial_size_sd=0.2 * one,
        trial_time_sd=0.4 * one,
        trial_shape_sd=0.2 * one,
    )


def log_score_posterior(scores, hours):
    def latent(z):
        own, time, shape = 0.9 * z[0] - 0.2 * z[1], 0.4 * z[2], 0.2 * z[3]
        grown = 1.0 - jnp.exp(-((hours / (12.0 * jnp.exp(time))) ** (0.7 * jnp.exp(shape))))
        drug = 0.6 * (1.0 - jnp.exp(-hours / 24.0)) * jnp.exp(-0.0005 * jnp.maximum(hours - 60.0, 0.0))
        return jnp.log(28.0 / 24.0) - (1.1 * grown) - drug + own * grown

    def edge(score):
        return jnp.log(score) - jnp.log(52.0 - score)

    low, high = edge(np.clip(scores - 0.5, 0.5, 51.5)), edge(np.clip(scores + 0.5, 0.5, 51.5))
    low, high = jnp.where(scores <= 0, -60.0, low), jnp.where(scores >= 52, 60.0, high)

    def potential(z):
        middle = jax.vmap(latent)(z)
        above, below = log_ndtr((high - middle) / 0.4), log_ndtr((low - middle) / 0.4)
        return -(above + jnp.log1p(-jnp.exp(below - above))).sum() + 0.5 * (z**2).sum()

    return potential


@pytest.mark.slow
def test_medians_of_her_own_course_from_four_scores_agree_with_full_sampling():
    jax.config.update("jax_enable_x64", True)
    hours = np.array([24.0, 60.0, 168.0, 720.0])
    given = Given(28.0, "brexanolone-90", 1.0)
    true = mood_women(population(), given, women=WOMEN, seed=21)
    noise = np.random.default_rng(5).normal(size=(WOMEN, 4))
    scores = np.round(to_score(true.latent(hours) + 0.4 * noise))
    samples = sampled(log_score_posterior(scores, hours), jnp.zeros((WOMEN, 4)), seed=2)
    women = mood_women(population(), given, women=DRAWN, seed=3)
    for woman in range(WOMEN):
        after = after_scores(women, times_h=hours, scores=scores[woman], seed=4)
        assert isinstance(after, MoodWomen)
        own = 0.9 * samples[:, woman, 0] - 0.2 * samples[:, woman, 1]
        pairs = ((after.own, own), (after.place.time, 0.4 * samples[:, woman, 2]))
        for mine, full in pairs:
            median = weighted_quantiles(mine, after.weights, (0.5,))[0]
            assert abs(median - np.median(full)) < WITHIN * full.std(), woman
