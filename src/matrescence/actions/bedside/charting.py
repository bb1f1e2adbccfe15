"""Which samples of an oximeter are written into the chart.

Time is cut into stretches of ``chart_every_s``.  Of each stretch the earliest sample is written once, after a short
wait for stragglers, so that the order in which messages arrive does not change the chart.

A sample that shows a finding is written at once and does not wait.  Samples that show the same finding with less than
``episode_gap_s`` between them are one *episode*; it is told at once only when it begins.  The ordinary samples go on
through an episode, because a fall and a recovery are what a chart is for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from matrescence.actions.bedside.policy import Policy
from matrescence.care.infusion.readings import Oximetry

_TOLD_KEPT = 64  # an at-once sample and its stretch are at most one stretch apart


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading with its instant and the key of its message."""

    at: datetime
    key: str
    reading: Oximetry


@dataclass(frozen=True, slots=True)
class Waiting:
    """The earliest sample of a stretch so far, and when it is settled."""

    sample: Sample
    ready_at: datetime


@dataclass(frozen=True, slots=True)
class Episode:
    """One finding from its first sample to its last so far."""

    finding: str
    first: datetime
    last: datetime

    def near(self, at: datetime, gap_s: float) -> bool:
        """Whether a sample at this instant belongs to it."""
        gap = timedelta(seconds=gap_s)
        return self.first - gap <= at <= self.last + gap

    def with_sample(self, at: datetime) -> Episode:
        """The episode with one more sample."""
        return replace(self, first=min(self.first, at), last=max(self.last, at))


@dataclass(frozen=True, slots=True)
class Chart:
    """What the chart of one device remembers: stretches that are done, those that wait, episodes, and keys told."""

    done: frozenset[int] = frozenset()
    waiting: Mapping[int, Waiting] = field(default_factory=dict)
    episodes: tuple[Episode, ...] = ()
    told: tuple[str, ...] = ()


def offer(
    chart: Chart, sample: Sample, findings: tuple[str, ...], policy: Policy, now: datetime
) -> tuple[Chart, tuple[Sample, ...]]:
    """Take in one sample: the chart after it, and what must be written at once (this sample, or nothing)."""
    chart = _wait(chart, sample, policy, now)
    at_once = False
    for finding in findings:
        chart, begins = _in_episode(chart, finding, sample.at, policy)
        at_once = at_once or begins
    if not at_once:
        return chart, ()
    return replace(chart, told=(*chart.told, sample.key)[-_TOLD_KEPT:]), (sample,)


def settle(chart: Chart, policy: Policy, now: datetime) -> tuple[Chart, tuple[Sample, ...]]:
    """The samples whose stretch has settled, in their order; one that was told at once is not written again."""
    ready = {number: one.sample for number, one in chart.waiting.items() if one.ready_at <= now}
    if not ready:
        return chart, ()
    waiting = {number: one for number, one in chart.waiting.items() if number not in ready}
    samples = sorted(ready.values(), key=lambda sample: (sample.at, sample.key))
    after = replace(chart, done=chart.done | ready.keys(), waiting=waiting)
    return after, tuple(sample for sample in samples if sample.key not in chart.told)


def _wait(chart: Chart, sample: Sample, policy: Policy, now: datetime) -> Chart:
    number = math.floor(sample.at.timestamp() / policy.chart_every_s)
    if number in chart.done:
        return chart
    there = chart.waiting.get(number)
    if there is None:
        there = Waiting(sample, now + timedelta(seconds=policy.settle_s))
    elif (sample.at, sample.key) < (there.sample.at, there.sample.key):
        there = replace(there, sample=sample)
    else:
        return chart
    return replace(chart, waiting={**chart.waiting, number: there})


def _in_episode(chart: Chart, finding: str, at: datetime, policy: Policy) -> tuple[Chart, bool]:
    """The chart with a finding seen at an instant, and whether an episode begins with it."""
    same = [one for one in chart.episodes if one.finding == finding and one.near(at, policy.episode_gap_s)]
    others = tuple(one for one in chart.episodes if one not in same)
    if not same:
        return replace(chart, episodes=(*others, Episode(finding, at, at))), True
    joined = Episode(finding, min(one.first for one in same), max(one.last for one in same)).with_sample(at)
    return replace(chart, episodes=(*others, joined)), False
