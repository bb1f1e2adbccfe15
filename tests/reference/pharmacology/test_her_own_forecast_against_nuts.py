"""Her own women against full sampling (NUTS) on fifty simulated women: medians within 0.1 posterior SD.

The sampler works on its own equations: levels by the textbook sum of two exponentials, scores by the formulas of the
mood model written out again.  Each woman has four chains of her own; all chains of all women are one compiled program.
"""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.scipy.special import log_ndtr
from numpyro.diagnostics import effective_sample_size, gelman_rubin
from numpyro.infer.hmc import hmc

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
CHAINS, WARMUP, SAMPLES = 4, 300, 1200
DRAWN = 40_000
"""Virtual women of each forecast from levels; forecasts from scores are quicker and take more."""
WOMEN = 50


def sampled(potential, data, size, seed):
    """NUTS for each row of ``data``: (women, draws, size); checked to have mixed."""
    init, step = hmc(potential_fn_gen=lambda one: partial(potential, one), algo="NUTS")

    def chain(one, key):
        start = 0.1 * jax.random.normal(key, (size,))
        state = init(start, num_warmup=WARMUP, target_accept_prob=0.9, model_args=(one,), rng_key=key)
        state = jax.lax.fori_loop(0, WARMUP, lambda _, s: step(s, (one,)), state)

        def onward(state, _):
            state = step(state, (one,))
            return state, (state.z, state.diverging)

        return jax.lax.scan(onward, state, None, length=SAMPLES)[1]

    keys = jax.random.split(jax.random.PRNGKey(seed), (WOMEN, CHAINS))
    run = jax.jit(jax.vmap(jax.vmap(chain, in_axes=(None, 0))))
    draws, diverging = (np.asarray(found) for found in run(jnp.asarray(data), keys))
    assert diverging.mean() < 1e-3
    for woman in draws:
        assert effective_sample_size(woman).min() > 2000
        assert gelman_rubin(woman).max() < 1.01
    return draws.reshape(WOMEN, CHAINS * SAMPLES, size)


def level_potential(model, rates):
    """Minus the log posterior of three standard normal numbers given four levels; two compartments, rates in steps."""
    typical = {name: 70.0 * model.typical[name].known for name in ("cl", "v1", "q", "v2")}
    sd = np.sqrt(np.diag(np.array(model.between_women.covariance)))
    error = model.residual["plasma"].proportional
    times, given = np.array(TIMES)[:, None], 70.0 * np.array(rates)
    since, after = (np.maximum(times - np.array(edge), 0.0) for edge in (EDGES[:-1], EDGES[1:]))

    def levels(z):
        cl, v1, v2 = (typical[n] * jnp.exp(sd[i] * z[i]) for i, n in enumerate(("cl", "v1", "v2")))
        k10, k12, k21 = cl / v1, typical["q"] / v1, typical["q"] / v2
        root = jnp.sqrt((k10 + k12 + k21) ** 2 - 4.0 * k10 * k21)
        fast, slow = (0.5 * (k10 + k12 + k21 + sign * root) for sign in (1.0, -1.0))
        parts = (((fast - k21) / root, fast), ((k21 - slow) / root, slow))
        return sum(a / w * (jnp.exp(-w * after) - jnp.exp(-w * since)) for a, w in parts) @ given / v1

    def potential(observed, z):
        expected = levels(z)
        miss = (observed - expected) / (error * expected)
        return (0.5 * miss**2 + jnp.log(expected)).sum() + 0.5 * (z**2).sum()

    return potential


@pytest.fixture(autouse=True)
def _in_64_bits():
    """For the test alone: what runs after it in the same process finds the precision it left."""
    with jax.enable_x64(True):
        yield


@pytest.mark.slow
def test_medians_of_three_parameters_from_four_levels_agree_with_full_sampling():
    drug = library.load("brexanolone")
    model, given = drug.models[drug.default_model], drug.regimens["label-90"]
    regimen, her = given.as_input(), {"weight_kg": 70.0}
    cohort = draw(model, covariates=her, women=WOMEN, seed=11, uncertainty=False)
    observed = observe(model, simulate(model, cohort, regimen, TIMES, outputs=["plasma"])).values["plasma"]
    stairs = [next((s.rate_ug_per_kg_h for s in given.staircase if s.start_h <= e < s.end_h), 0.0) for e in EDGES[:-1]]
    samples = sampled(level_potential(model, stairs), observed, 3, seed=1)
    sd = np.sqrt(np.diag(np.array(model.between_women.covariance)))
    modes = []
    for woman in range(WOMEN):
        levels = [Level("plasma", t, v) for t, v in zip(TIMES, observed[woman], strict=True)]
        asked = {"covariates": her, "regimen": regimen, "levels": levels, "uncertainty": False}
        own = own_women(model, **asked, women=DRAWN, seed=2)
        mode = fit_levels(model, **asked)
        for at, name in enumerate(("cl", "v1", "v2")):
            z = np.log(own.cohort.parameters[name] / mode.typical[name]) / sd[at]
            full = samples[woman, :, at]
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


def score_potential(hours):
    """Minus the log posterior of four standard normal numbers given four whole scores (as their edges, one row)."""

    def latent(z):
        own, time, shape = 0.9 * z[0] - 0.2 * z[1], 0.4 * z[2], 0.2 * z[3]
        grown = 1.0 - jnp.exp(-((hours / (12.0 * jnp.exp(time))) ** (0.7 * jnp.exp(shape))))
        drug = 0.6 * (1.0 - jnp.exp(-hours / 24.0)) * jnp.exp(-0.0005 * jnp.maximum(hours - 60.0, 0.0))
        return jnp.log(28.0 / 24.0) - (1.1 * grown) - drug + own * grown

    def potential(edges, z):
        middle = latent(z)
        below, above = (log_ndtr((edge - middle) / 0.4) for edge in edges)
        return -(above + jnp.log1p(-jnp.exp(below - above))).sum() + 0.5 * (z**2).sum()

    return potential


def score_edges(scores):
    """The latent places between which each whole score is written down: (women, 2, scores)."""
    inside = [np.clip(scores + side, 0.5, 51.5) for side in (-0.5, 0.5)]
    low, high = (np.log(score) - np.log(52.0 - score) for score in inside)
    return np.stack([np.where(scores <= 0, -60.0, low), np.where(scores >= 52, 60.0, high)], axis=1)


@pytest.mark.slow
def test_medians_of_her_own_course_from_four_scores_agree_with_full_sampling():
    hours = np.array([24.0, 60.0, 168.0, 720.0])
    given = Given(28.0, "brexanolone-90", 1.0)
    true = mood_women(population(), given, women=WOMEN, seed=21)
    noise = np.random.default_rng(5).normal(size=(WOMEN, 4))
    scores = np.round(to_score(true.latent(hours) + 0.4 * noise))
    samples = sampled(score_potential(hours), score_edges(scores), 4, seed=2)
    women = mood_women(population(), given, women=3 * DRAWN, seed=3)
    for woman in range(WOMEN):
        after = after_scores(women, times_h=hours, scores=scores[woman], seed=4)
        assert isinstance(after, MoodWomen)
        own = 0.9 * samples[woman, :, 0] - 0.2 * samples[woman, :, 1]
        pairs = ((after.own, own), (after.place.time, 0.4 * samples[woman, :, 2]))
        for mine, full in pairs:
            median = weighted_quantiles(mine, after.weights, (0.5,))[0]
            assert abs(median - np.median(full)) < WITHIN * full.std(), woman
