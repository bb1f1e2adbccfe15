"""What was recorded of an infusion becomes the input of the model: confirmed rates, and the plan for the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matrescence.actions.infusion_examples import example_order
from matrescence.actions.update_file import _steps
from matrescence.care.infusion.state import RatePoint, State
from matrescence.pharmacology.regimen import RateStep

START = datetime(2026, 3, 7, 8, 0, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def state(*points: tuple[float, float], ended_h: float | None = None, latest_h: float | None = None) -> State:
    return replace(
        State(),
        order=example_order("brexanolone", "label-90", START),
        started_at=START,
        rates=tuple(RatePoint(at(hour), rate) for hour, rate in points),
        ended_at=None if ended_h is None else at(ended_h),
        latest_at=None if latest_h is None else at(latest_h),
    )


def test_a_pause_that_was_confirmed_is_a_gap_and_an_early_end_is_the_end() -> None:
    recorded = state((0.0, 30.0), (4.0, 60.0), (10.0, 0.0), (12.0, 30.0), (20.0, 0.0), ended_h=20.0)
    assert list(_steps(recorded, START)) == [
        RateStep(0.0, 4.0, 30.0),
        RateStep(4.0, 10.0, 60.0),
        RateStep(12.0, 20.0, 30.0),
    ]


def test_an_infusion_that_still_runs_goes_on_as_planned() -> None:
    steps = list(_steps(state((0.0, 30.0), latest_h=2.0), START))
    assert steps[:2] == [RateStep(0.0, 2.0, 30.0), RateStep(2.0, 4.0, 30.0)]
    assert [(step.start_h, step.end_h, step.rate_ug_per_h) for step in steps[2:]] == [
        (4.0, 24.0, 60.0),
        (24.0, 52.0, 90.0),
        (52.0, 56.0, 60.0),
        (56.0, 60.0, 30.0),
    ]
    total = sum(step.rate_ug_per_h * (step.end_h - step.start_h) for step in steps)
    assert total == pytest.approx(30 * 4 + 60 * 20 + 90 * 28 + 60 * 4 + 30 * 4)


def test_a_pump_that_stands_still_gives_nothing_more() -> None:
    assert list(_steps(state((0.0, 30.0), (4.0, 0.0), latest_h=6.0), START)) == [RateStep(0.0, 4.0, 30.0)]


def test_what_never_ran_gives_nothing() -> None:
    assert list(_steps(state(), START)) == []
