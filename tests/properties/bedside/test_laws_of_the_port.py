"""Laws that no stream of messages may break, whatever a device sends and in whatever order it arrives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from matrescence.actions.bedside.association import Binding
from matrescence.actions.bedside.intake import take, tick
from matrescence.actions.bedside.record import Record
from matrescence.actions.bedside.report import Lane, OximeterReport, Quality
from matrescence.actions.bedside.seen import Live, Seen
from matrescence.actions.infusion_examples import INVENTED_LIMIT, Course, example_order
from matrescence.care.infusion.state import State

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
BOUND = Binding("oximeter", "a course", START - timedelta(days=1), None, "nurse Kim")


@cache
def state() -> State:
    """An infusion that runs, with an invented limit of 90 %."""
    return Course(example_order("brexanolone", "label-90", START, limits=(INVENTED_LIMIT,)), START).begin().state


def second(number: float) -> datetime:
    return START + timedelta(minutes=5, seconds=number)


@dataclass(frozen=True)
class Answered:
    """What one message led to."""

    report: OximeterReport
    now: datetime
    live: tuple[Live, ...]
    records: tuple[Record, ...]


def report(number: int, observed: float, received: float, spo2: float, **says: object) -> OximeterReport:
    return OximeterReport(
        device="oximeter", message_id=str(number), observed_at=second(observed), received_at=second(received),
        spo2_percent=spo2, **{"lane": Lane.LIVE, **says},  # type: ignore[arg-type]
    )  # fmt: skip


def answers(reports: list[OximeterReport], waited_s: float = 0.0) -> tuple[list[Answered], list[Record]]:
    """Hand messages in by their receipt; each answer, and every reading that was written."""
    seen, found, written = Seen(), [], []
    for one in sorted(reports, key=lambda one: (one.received_at, one.message_id)):
        now = one.received_at + timedelta(seconds=waited_s)
        for taken in (tick(seen, now=now), None):
            if taken is None:
                taken = take(seen, one, state=state(), binding=BOUND, now=now)  # noqa: PLW2901
                found.append(Answered(one, now, taken.live, taken.records))
            seen = taken.seen
            written += [record for record in taken.records if record.command == "observe"]
    written += [record for record in tick(seen, now=second(10**6)).records if record.command == "observe"]
    return found, written


messages = st.builds(
    report,
    st.integers(0, 10**6),
    st.floats(0, 600),
    st.floats(0, 600),
    st.sampled_from([97.0, 96.0, 89.0, 84.0, 0.0, -100.0, 101.0]),
    lane=st.sampled_from([Lane.LIVE, Lane.LIVE, Lane.LIVE, Lane.DEMO]),
    quality=st.sampled_from([Quality.GOOD, Quality.GOOD, Quality.QUESTIONABLE, Quality.INVALID]),
)
near = st.builds(
    lambda number, at, delay, spo2: report(number, at, at + delay, spo2),
    st.integers(0, 10**6), st.floats(0, 600), st.floats(-20, 30), st.sampled_from([97.0, 89.0, 84.0]),
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(messages | near, max_size=40), st.sampled_from([0.0, 0.0, 4.0, 30.0]))
def test_nothing_of_a_demonstration_and_nothing_old_ever_becomes_live(
    reports: list[OximeterReport], waited_s: float
) -> None:
    newest = None
    for one in answers(reports, waited_s)[0]:
        said, shown = one.report, [value for value in one.live if value.value is not None]
        if one.live:
            assert said.lane is Lane.LIVE
            assert (one.now - said.observed_at).total_seconds() <= 10.0
            assert (said.observed_at - said.received_at).total_seconds() <= 5.0
            at = min(said.observed_at, said.received_at)
            assert newest is None or at > newest
        if shown:
            assert said.quality is Quality.GOOD
            assert {value.value for value in shown} == {said.spo2_percent}
            assert 0.0 < (said.spo2_percent or 0.0) <= 100.0
        if said.lane is Lane.LIVE:
            at = min(said.observed_at, said.received_at)
            newest = at if newest is None else max(newest, at)


@settings(max_examples=300)
@given(st.lists(messages | near, max_size=40))
def test_nothing_is_charted_that_was_not_said_of_her_and_nothing_before_it_was_known(
    reports: list[OximeterReport],
) -> None:
    found, written = answers(reports)
    said = {
        (one.report.spo2_percent, min(one.report.observed_at, one.report.received_at))
        for one in found
        if one.report.lane is Lane.LIVE and one.report.quality is Quality.GOOD
    }
    said |= {(one.report.spo2_percent, one.report.received_at) for one in found if one.report.lane is Lane.LIVE}
    for record in written:
        assert (record.payload["reading"]["spo2_percent"], record.happened_at) in said
    assert len({record.key for record in written}) == len(written)


def episodes(times: list[float], gap_s: float = 60.0) -> list[list[float]]:
    """Times, in order, cut where more than the gap lies between two."""
    groups: list[list[float]] = []
    for at in sorted(times):
        if groups and at - groups[-1][-1] <= gap_s:
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


steady = st.lists(
    st.tuples(st.integers(1, 45), st.sampled_from([97.0, 97.0, 97.0, 86.0])), min_size=1, max_size=60
).map(lambda steps: [(sum(s for s, _ in steps[: n + 1]), spo2) for n, (_, spo2) in enumerate(steps)])
delays = st.lists(st.floats(0.05, 2.5), min_size=60, max_size=60)


def at_once(found: list[Answered]) -> list[float]:
    """When each sample was observed that was written by its own message."""
    return [
        (one.report.observed_at - second(0)).total_seconds()
        for one in found
        for record in one.records
        if record.command == "observe" and one.report.fingerprint in record.key
    ]


@settings(max_examples=200)
@given(steady, delays)
def test_every_episode_is_told_at_once_exactly_once_in_whatever_order_its_messages_arrive(
    samples: list[tuple[int, float]], delay: list[float]
) -> None:
    reports = [report(n, at, at + delay[n], spo2) for n, (at, spo2) in enumerate(samples)]
    told = at_once(answers(reports)[0])
    expected = episodes([float(at) for at, spo2 in samples if spo2 < 90.0])
    assert len(told) == len(expected)
    for at, group in zip(sorted(told), expected, strict=True):
        assert at in group


@settings(max_examples=200)
@given(steady, delays, st.lists(st.integers(0, 59), max_size=20))
def test_resends_and_messages_that_overtake_each_other_give_the_same_chart(
    samples: list[tuple[int, float]], delay: list[float], again: list[int]
) -> None:
    calm = [(at, max(spo2, 95.0)) for at, spo2 in samples]
    in_order = [report(n, at, at + 0.1, spo2) for n, (at, spo2) in enumerate(calm)]
    shuffled = [report(n, at, at + delay[n], spo2) for n, (at, spo2) in enumerate(calm)]
    resent = [
        replace(shuffled[n], received_at=shuffled[n].received_at + timedelta(seconds=n))
        for n in again
        if n < len(shuffled)
    ]
    assert key_and_value(answers([*shuffled, *resent])[1]) == key_and_value(answers(in_order)[1])


@settings(max_examples=100)
@given(st.lists(messages | near, max_size=30))
def test_the_same_messages_twice_are_written_once(reports: list[OximeterReport]) -> None:
    once = answers(reports)[1]
    twice = answers([*reports, *reports])[1]
    assert key_and_value(twice) == key_and_value(once)


def key_and_value(records: list[Record]) -> set[tuple[str, datetime, float]]:
    return {(record.key, record.happened_at, record.payload["reading"]["spo2_percent"]) for record in records}


@settings(max_examples=100)
@given(st.integers(1, 30), st.integers(1, 300))
def test_at_most_one_ordinary_sample_a_minute(every_s: int, count: int) -> None:
    reports = [report(n, n * every_s, n * every_s + 0.1, 97.0) for n in range(count)]
    minutes = [int(record.happened_at.timestamp() // 60) for record in answers(reports)[1]]
    assert len(minutes) == len(set(minutes))
    assert set(minutes) == {int(one.observed_at.timestamp() // 60) for one in reports}
