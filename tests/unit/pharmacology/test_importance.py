"""Weights, what they are worth, and weighted quantiles, against closed forms and NumPy."""

import numpy as np
import pytest

from matrescence.pharmacology.importance import chosen, effective_size, moments, normalised, weighted_quantiles


def test_equal_weights_are_worth_every_draw_and_one_heavy_weight_is_worth_one():
    assert effective_size(np.full(50, 0.02)) == pytest.approx(50.0)
    assert effective_size(normalised(np.array([0.0, -800.0, -np.inf]))) == pytest.approx(1.0)


def test_weights_from_normal_draws_are_worth_what_theory_says():
    """Draws of N(0, 1) weighted to N(mean, 1) are worth exp(-mean**2) of their number."""
    z = np.random.default_rng(2).normal(size=200_000)
    weights = normalised(0.7 * z)
    assert effective_size(weights) / z.size == pytest.approx(np.exp(-0.49), rel=0.03)
    mean, covariance = moments(z[:, None], weights)
    assert mean[0] == pytest.approx(0.7, abs=0.02)
    assert covariance[0, 0] == pytest.approx(1.0, abs=0.03)


def test_impossible_weights_are_refused():
    with pytest.raises(ValueError, match="impossible"):
        normalised(np.array([-np.inf, np.nan]))


def test_equal_weights_give_the_quantiles_of_hyndman_and_fan_type_5():
    values = np.random.default_rng(3).normal(size=(101, 2))
    found = weighted_quantiles(values, np.full(101, 1 / 101), (0.1, 0.5, 0.9))
    assert found == pytest.approx(np.quantile(values, (0.1, 0.5, 0.9), axis=0, method="hazen"))


def test_whole_weights_are_repeats():
    values, counts = np.array([3.0, 1.0, 2.0]), np.array([1, 5, 4])
    repeated = np.repeat(values, counts)
    assert weighted_quantiles(values, counts / 10, (0.5,))[0] == pytest.approx(np.median(repeated), abs=0.5)


def test_each_draw_is_chosen_as_often_as_its_weight_says():
    weights = np.array([0.1, 0.2, 0.7])
    assert np.bincount(chosen(weights, count=10)).tolist() == [1, 2, 7]
