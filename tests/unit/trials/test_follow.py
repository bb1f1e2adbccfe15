"""Times to an event against lifelines."""

from __future__ import annotations

import math

import numpy as np
import pytest
from lifelines import KaplanMeierFitter

from matrescence.trials.analysis import Engine
from matrescence.trials.follow import cox, median_time, share_by


def followed(*, people: int = 120, seed: int = 5, whole: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    treated = (np.arange(people) % 2).astype(float)
    relapse = generator.exponential(np.where(treated > 0, 300.0, 150.0))
    leave = generator.uniform(50.0, 400.0, people)
    times = np.minimum(relapse, leave)
    return (np.ceil(times / 20.0) if whole else times), relapse <= leave, treated


@pytest.mark.parametrize("whole", [False, True], ids=["no ties", "many ties"])
def test_cox_is_lifelines(whole: bool) -> None:
    times, events, treated = followed(whole=whole)
    assert cox(times, events, treated) == pytest.approx(cox(times, events, treated, engine=Engine.PACKAGES), rel=1e-5)


@pytest.mark.parametrize("whole", [False, True], ids=["no ties", "many ties"])
def test_median_and_shares_are_lifelines(whole: bool) -> None:
    times, events, _ = followed(whole=whole)
    assert median_time(times, events) == median_time(times, events, engine=Engine.PACKAGES)
    fitted = KaplanMeierFitter().fit(times, events)
    for at in (1.0, 4.0, 90.0, 250.0):
        assert share_by(times, events, at=at) == pytest.approx(1.0 - fitted.predict(at), abs=1e-9)


def test_a_median_that_is_not_reached_is_infinite() -> None:
    assert median_time(np.array([1.0, 2.0, 3.0]), np.array([True, False, False])) == math.inf


def test_no_ratio_can_be_told_when_one_arm_has_no_event() -> None:
    times, events, treated = followed()
    assert math.isnan(cox(times, events & (treated < 0.5), treated)[0])
