"""One sample for each minute, the earliest of it; a finding at once, and once for each episode."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from matrescence.actions.bedside.charting import Chart, Sample, offer, settle
from matrescence.actions.bedside.policy import POLICY
from matrescence.care.infusion.readings import Oximetry

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
HYPOXIA = ("hypoxia",)


def second(number: float) -> datetime:
    return NOON + timedelta(seconds=number)


def played(*samples: tuple[float, float], until: float = 600.0) -> tuple[list[float], list[float]]:
    """(when, SpO2) of each sample -> what was written at once, and what was written after its wait."""
    chart, at_once, settled = Chart(), [], []
    for at, spo2 in samples:
        chart, now = offer(
            chart, Sample(second(at), f"{at}", Oximetry(spo2)), HYPOXIA if spo2 < 90 else (), POLICY, second(at)
        )
        at_once += now
        chart, ready = settle(chart, POLICY, second(at))
        settled += ready
    _, ready = settle(chart, POLICY, second(until))
    return [(s.at - NOON).total_seconds() for s in at_once], [(s.at - NOON).total_seconds() for s in (*settled, *ready)]


def test_each_minute_is_charted_once_with_its_earliest_sample() -> None:
    at_once, settled = played(*((at, 97.0) for at in range(0, 180, 5)))
    assert (at_once, settled) == ([], [0, 60, 120])


def test_a_straggler_that_is_earlier_takes_its_place_while_the_minute_waits() -> None:
    chart, _ = offer(Chart(), Sample(second(2), "b", Oximetry(97)), (), POLICY, second(2))
    chart, _ = offer(chart, Sample(second(1), "a", Oximetry(96)), (), POLICY, second(2.5))
    assert settle(chart, POLICY, second(4.9))[1] == ()
    assert [sample.key for sample in settle(chart, POLICY, second(5))[1]] == ["a"]


def test_a_minute_that_is_charted_is_not_charted_again() -> None:
    assert played((0, 97.0), (10, 97.0), (1, 96.0))[1] == [0]


def test_a_fall_is_told_at_once_when_it_begins_and_the_minutes_go_on() -> None:
    samples = [(at, 85.0 if 70 <= at < 250 else 97.0) for at in range(0, 360, 5)]
    at_once, settled = played(*samples)
    assert at_once == [70]
    assert settled == [0, 60, 120, 180, 240, 300]


def test_a_second_fall_after_more_than_a_minute_is_told_again() -> None:
    assert played((0, 97.0), (10, 85.0), (20, 97.0), (65, 86.0))[0] == [10]
    assert played((0, 97.0), (10, 85.0), (20, 97.0), (75, 86.0))[0] == [10, 75]


def test_a_sample_told_at_once_is_not_written_a_second_time_for_its_minute() -> None:
    at_once, settled = played((0, 85.0), (5, 85.0), (60, 97.0))
    assert (at_once, settled) == ([0], [60])
