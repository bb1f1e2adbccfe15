"""A stand-in for the posterior of the mood model: invented draws, so that these tests ask about trials and not fits."""

from __future__ import annotations

import numpy as np
import pytest

from matrescence.outcomes.posterior import MoodPosterior

MIDDLES = {
    "placebo_size": 0.95,
    "placebo_more_if_moderate": 0.1,
    "placebo_shape": 0.5,
    "placebo_infusion_h": 12.0,
    "placebo_tablets_h": 150.0,
    "untreated_size": 0.3,
    "untreated_h": 1000.0,
    "fading_severe_per_h": 0.0003,
    "fading_moderate_per_h": 0.003,
    "spread_infusion": 0.6,
    "spread_tablets": 0.7,
    "residual": 0.4,
    "trial_size_sd": 0.15,
    "trial_time_sd": 0.3,
    "trial_shape_sd": 0.1,
}


@pytest.fixture(scope="session")
def stand_in() -> MoodPosterior:
    generator = np.random.default_rng(7)
    draws = {name: middle * (1.0 + 0.05 * generator.standard_normal(60)) for name, middle in MIDDLES.items()}
    draws["drug_size"] = np.array([0.8, 0.55, 0.5, 0.55, 0.3]) + 0.05 * generator.standard_normal((60, 5))
    draws["onset_h"] = np.tile([24.0, 60.0, 480.0], (60, 1))
    return MoodPosterior(draws, {"trial_effects": []})
