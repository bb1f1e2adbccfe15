"""Laws of the simulated room: mass is kept, steps do not matter, and nothing runs after hypoxia."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrescence.actions.bedside.report import PumpReport
from matrescence.actions.infusion_examples import INVENTED_LIMIT, example_order
from matrescence.bedside import scenario
from matrescence.bedside.faults import ABOUT, Fault, Planned, Where, lasting
from matrescence.bedside.rehearse import run_scenario
from matrescence.bedside.room import Rhythm, Room
from matrescence.care.infusion import events as ev
from matrescence.care.infusion.order import InfusionOrder
from matrescence.formulary import library
from matrescence.pharmacology.model import Model

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
END_S = 4000  # every fault is over by then, and every message has arrived


@cache
def ground() -> tuple[InfusionOrder, Model]:
    """A ketamine session of 40 minutes at 48 mL/h, and the drug's model: short, so that much can happen in it."""
    drug = library.load("ketamine")
    assert drug.default_model is not None
    order = example_order("ketamine", "single", START, weight_kg=64.0, limits=(INVENTED_LIMIT,))
    return order, drug.models[drug.default_model]


def second(number: float) -> datetime:
    return START + timedelta(seconds=number)


kinds = st.sampled_from([(fault, where) for fault, about in ABOUT.items() for where in about.happens_to])


def planned(horizon_s: int, longest_s: int) -> st.SearchStrategy[list[Planned]]:
    return st.lists(
        st.builds(
            lambda kind, at, length: lasting(kind[0], second(at), seconds=length, where=kind[1]),
            kinds, st.integers(1, horizon_s), st.integers(1, longest_s),
        ),
        max_size=5,
    )  # fmt: skip


hands = st.lists(st.tuples(st.integers(1, 2700), st.booleans()), max_size=8).map(sorted)


@settings(max_examples=40)
@given(planned(2700, 900), hands)
def test_the_volume_is_the_integral_of_the_rates_and_all_of_it_is_in_her(
    faults: list[Planned], pressed: list[tuple[int, bool]]
) -> None:
    """Everything happens on whole seconds, and a pump that says its rate each second says the whole truth."""
    heard = [one for one in faults if one.fault is not Fault.SILENCE]
    order, model = ground()
    room = Room(order, model, seed=1, at=START, rhythm=Rhythm(60, 1), faults=heard)
    room.start_pump()
    said, by_hand = {}, {0: room.look().pump.rate_ml_per_h}
    for at, start in pressed:
        said |= rates(room.step(second(at)))
        _ = room.start_pump() if start else room.stop_pump()
        by_hand[at] = room.look().pump.rate_ml_per_h
    said |= rates(room.step(second(END_S + 1)))
    said = {at: rate for at, rate in (said | by_hand).items() if at <= END_S}
    assert set(said) == set(range(END_S + 1))
    volume_ml = room.look().pump.volume_ml
    assert sum(said.values()) / 3600.0 == pytest.approx(volume_ml, abs=1e-6)
    assert room.body.given_ug == pytest.approx(volume_ml * 1000.0, rel=1e-9)


def rates(found: tuple[object, ...]) -> dict[int, float]:
    """Its rate at each second: message number n is of second n, whatever the pump's clock says."""
    return {int(report.message_id): report.rate_ml_per_h or 0.0 for report in found if isinstance(report, PumpReport)}


@settings(max_examples=40)
@given(planned(900, 300), st.lists(st.integers(1, 1199), max_size=12, unique=True).map(sorted))
def test_time_may_be_cut_into_any_steps(faults: list[Planned], cuts: list[int]) -> None:
    order, model = ground()
    whole, cut = (Room(order, model, seed=4, at=START, rhythm=Rhythm(5, 10), faults=faults) for _ in range(2))
    for room in (whole, cut):
        room.start_pump()
    at_once = whole.step(second(1200))
    in_steps = [report for at in [*cuts, 1200] for report in cut.step(second(at))]
    assert list(at_once) == in_steps
    assert whole.look() == replace(cut.look(), pump=whole.look().pump)
    assert cut.look().pump.volume_ml == pytest.approx(whole.look().pump.volume_ml)
    assert cut.levels_ng_per_ml() == pytest.approx(whole.levels_ng_per_ml(), rel=1e-9)


others = st.sampled_from([fault for fault in Fault if fault is not Fault.HYPOXIA])


@settings(max_examples=25)
@given(
    st.integers(0, 10**6),
    st.integers(300, 1800),
    st.lists(st.tuples(others, st.integers(0, 2400), st.integers(30, 600)), max_size=4),
    st.booleans(),
)
def test_no_infusion_runs_after_hypoxia(
    seed: int, falls_at: int, also: list[tuple[Fault, int, int]], nurse: bool
) -> None:
    """Whatever else goes wrong: once hypoxia is known, nothing starts, nothing goes on, and a nurse stops the pump."""
    whole = scenario.load("hypoxia")
    start = whole.start
    faults = [lasting(Fault.HYPOXIA, start + timedelta(seconds=falls_at), seconds=240, size=82.0)]
    for fault, at, length in also:
        where = Where.OXIMETER if Where.OXIMETER in ABOUT[fault].happens_to else None
        faults.append(lasting(fault, start + timedelta(seconds=at), seconds=length, where=where))
    play = replace(whole, faults=tuple(faults), rhythm=Rhythm(5, 10))
    done = run_scenario(play, seed=seed, nurse=nurse, hours=1.2)
    found = [e for e in done.log if isinstance(e, ev.Found) and e.finding == "hypoxia"]
    if not found:  # the oximeter was silent, in a demonstration or off her finger all through the fall
        assert any(isinstance(event, ev.SignalLost) for event in done.log)
        return
    known_at = found[0].stamp.recorded_at
    later = [event for event in done.log if event.stamp.happened_at > known_at]
    assert not [event for event in later if isinstance(event, ev.RateConfirmed | ev.ResumeAuthorised)]
    assert done.state.barred == "hypoxia"
    assert done.room.look().pump.running is not nurse or known_at > start + timedelta(hours=1.1)
