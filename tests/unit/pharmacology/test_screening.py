"""Positive screens: against Bayes' rule as published, against many draws, and their laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrescence.pharmacology.screening import (
    Share,
    from_logit,
    logit,
    positive_share,
    predictive_value,
    prevalence_behind,
    share_of,
)

# Predictive values that follow from Levis 2020 at three prevalences: cut-off, prevalence, positive predictive value.
KNOWN = ((0.85, 0.84, 0.07, 0.29), (0.81, 0.88, 0.13, 0.50), (0.66, 0.95, 0.20, 0.77), (0.66, 0.95, 0.13, 0.66))
shares = st.floats(0.02, 0.98)


@pytest.mark.parametrize(("sensitivity", "specificity", "prevalence", "value"), KNOWN)
def test_the_predictive_value_follows_from_bayes(
    sensitivity: float, specificity: float, prevalence: float, value: float
) -> None:
    found = predictive_value(sensitivity=sensitivity, specificity=specificity, prevalence=prevalence)
    assert found == pytest.approx(value, abs=0.005)


def test_a_quarter_screens_positive_at_a_prevalence_of_thirteen_percent() -> None:
    found = positive_share(sensitivity=Share(0.85), specificity=Share(0.84), prevalence=Share(0.13))
    assert found.value == pytest.approx(0.85 * 0.13 + 0.16 * 0.87)
    assert round(100 * found.value) == 25
    assert found.interval() == (found.value, found.value)


def test_the_interval_agrees_with_many_draws() -> None:
    parts = {
        "sensitivity": share_of(0.85, low=0.79, high=0.90),
        "specificity": share_of(0.84, low=0.79, high=0.88),
        "prevalence": share_of(0.12, low=0.10, high=0.15),
    }
    random = np.random.default_rng(3)

    def drawn(share: Share) -> np.ndarray:
        spread = share.error / (share.value * (1.0 - share.value))
        return 1.0 / (1.0 + np.exp(-random.normal(logit(share.value), spread, 200_000)))

    sens, spec, prev = (drawn(parts[name]) for name in ("sensitivity", "specificity", "prevalence"))
    low, high = np.quantile(sens * prev + (1.0 - spec) * (1.0 - prev), [0.025, 0.975])
    ours = positive_share(**parts).interval()
    assert ours == (pytest.approx(float(low), abs=0.006), pytest.approx(float(high), abs=0.006))


@settings(max_examples=60)
@given(st.floats(0.55, 0.99), st.floats(0.55, 0.99), st.floats(0.0, 1.0))
def test_the_prevalence_is_found_back(sensitivity: float, specificity: float, prevalence: float) -> None:
    positive = positive_share(
        sensitivity=Share(sensitivity), specificity=Share(specificity), prevalence=Share(prevalence)
    ).value
    found = prevalence_behind(positive, sensitivity=sensitivity, specificity=specificity)
    assert found is None or found == pytest.approx(prevalence, abs=1e-9)
    if 1e-9 < prevalence < 1.0 - 1e-9:
        assert found is not None


def test_no_prevalence_gives_fewer_positives_than_false_alarms_alone() -> None:
    assert prevalence_behind(0.14, sensitivity=0.85, specificity=0.84) is None
    assert prevalence_behind(0.14, sensitivity=0.5, specificity=0.5) is None
    assert predictive_value(sensitivity=0.0, specificity=1.0, prevalence=0.1) is None


@settings(max_examples=60)
@given(shares, st.floats(0.001, 0.1))
def test_an_interval_stays_within_zero_and_one_and_is_found_back(value: float, error: float) -> None:
    low, high = Share(value, error).interval()
    assert 0.0 < low < value < high < 1.0
    assert share_of(value, low=low, high=high).error == pytest.approx(error, rel=1e-6)


@settings(max_examples=40)
@given(st.floats(-30.0, 30.0))
def test_the_logit_goes_there_and_back(value: float) -> None:
    assert logit(from_logit(value)) == pytest.approx(value, abs=1e-2 if value > 25.0 else 1e-4)


def test_an_impossible_interval_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot have the interval"):
        share_of(0.5, low=0.6, high=0.7)
    assert share_of(0.5, low=None, high=0.7).error == 0.0
