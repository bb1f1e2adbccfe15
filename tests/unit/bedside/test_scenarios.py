"""Each scenario played against the infusion's own rules ends as a clinician would expect."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from matrescence.actions.bedside.policy import Policy
from matrescence.bedside import scenario
from matrescence.bedside.nurse import NAME
from matrescence.bedside.rehearse import Played, run_scenario
from matrescence.care.infusion import events as ev
from matrescence.care.infusion.alarms import alarms
from matrescence.care.infusion.dose import dose
from matrescence.care.infusion.evolve import replay
from matrescence.care.infusion.log import from_line
from matrescence.care.infusion.monitoring import missed
from matrescence.care.infusion.readings import Oximetry
from matrescence.care.infusion.state import Phase
from matrescence.reading import InputError

SPARSE = Policy(chart_every_s=600.0)


@cache
def played(name: str) -> Played:
    """One scenario, once; the long ones with a sample every ten minutes and a beat a minute."""
    long = name in {"quiet-night", "sedation-then-resume"}
    return run_scenario(scenario.load(name), policy=SPARSE if long else Policy(), beat_s=60.0 if long else 10.0)


def events(name: str, kind: type) -> list[object]:
    return [event for event in played(name).log if isinstance(event, kind)]


@pytest.mark.parametrize("name", scenario.names())
def test_nothing_that_was_said_is_refused(name: str) -> None:
    assert [(record.payload, [why.text for why in no.reasons]) for record, no in played(name).refused] == []


@pytest.mark.parametrize("name", scenario.names())
def test_every_record_has_a_key_of_its_own(name: str) -> None:
    keys = [record.key for record in played(name).records]
    assert len(keys) == len(set(keys))


def test_a_quiet_night_runs_its_sixty_hours_by_itself() -> None:
    done = played("quiet-night")
    assert done.state.phase is Phase.COMPLETED
    assert [point.rate_ug_per_kg_h for point in done.state.rates] == [30, 60, 90, 60, 30, 0]
    assert [bag.what for bag in done.state.bags] == ["1", "2", "3", "4", "5"]
    assert (done.state.findings, done.state.questions, dict(done.state.silent)) == ((), (), {})
    assert missed(done.state, done.room.at) == ()
    assert dose(done.state, done.room.at).confirmed_ug_per_kg == pytest.approx(4200.0, rel=2e-3)
    assert done.room.look().pump.volume_ml == pytest.approx(294.0)


def test_after_a_sedation_it_goes_on_at_the_same_rate_and_no_higher() -> None:
    done = played("sedation-then-resume")
    assert done.state.phase is Phase.COMPLETED
    (resumed,) = events("sedation-then-resume", ev.ResumeAuthorised)
    assert resumed.rate_ug_per_kg_h == 90.0  # type: ignore[attr-defined]
    requested, stopped = (
        events("sedation-then-resume", ev.StopRequested)[0],
        events("sedation-then-resume", ev.Stopped)[0],
    )
    assert stopped.stamp.happened_at - requested.stamp.happened_at <= timedelta(minutes=2)  # type: ignore[attr-defined]
    gap = next(point for point in done.state.rates if point.rate_ug_per_kg_h == 0)
    back = done.state.rates[done.state.rates.index(gap) + 1]
    missing_ml = 90.0 * 64.0 / 1000.0 * ((back.at - gap.at) / timedelta(hours=1))
    planned_ml = 4200.0 * 64.0 / 1000.0
    assert done.room.look().pump.volume_ml == pytest.approx(planned_ml - missing_ml, rel=0.02)  # the pump sets tenths


def test_after_hypoxia_it_never_runs_again() -> None:
    done = played("hypoxia")
    assert (done.state.phase, done.state.barred) == (Phase.ENDED_EARLY, "hypoxia")
    requested = events("hypoxia", ev.StopRequested)
    assert len(requested) == 1
    fell = done.scenario.faults[0].start
    assert requested[0].stamp.happened_at - fell < timedelta(minutes=1)  # type: ignore[attr-defined]
    stopped = events("hypoxia", ev.Stopped)[0].stamp.happened_at  # type: ignore[attr-defined]
    assert not [e for e in events("hypoxia", ev.RateConfirmed) if e.stamp.happened_at > stopped]  # type: ignore[attr-defined]
    assert not done.room.look().pump.running


def test_a_fall_is_told_at_once_by_one_sample_and_charted_by_the_minute() -> None:
    below = [
        event for event in events("hypoxia", ev.Observed)
        if isinstance(event.reading, Oximetry) and event.reading.spo2_percent < 90  # type: ignore[attr-defined]
    ]  # fmt: skip
    at_once = [e for e in below if e.stamp.recorded_at - e.stamp.happened_at < timedelta(seconds=1)]  # type: ignore[attr-defined]
    assert len(at_once) == 1
    assert 3 <= len(below) <= 6


def test_a_probe_that_is_off_and_a_plug_that_is_out_are_both_silence() -> None:
    lost, back = events("probe-off", ev.SignalLost), events("probe-off", ev.SignalBack)
    start = played("probe-off").scenario.start
    minutes = [(event.stamp.happened_at - start) / timedelta(minutes=1) for event in lost]  # type: ignore[attr-defined]
    assert minutes == pytest.approx([120.5, 180.5], abs=0.2)
    assert len(back) == 2
    assert "no-reading" in {problem.code for problem in played("probe-off").problems}
    assert played("probe-off").state.phase is Phase.RUNNING


def test_nothing_of_a_demonstration_is_charted() -> None:
    done = played("demo-monitor")
    fault = done.scenario.faults[0]
    during = [
        seen for seen in done.state.observations
        if isinstance(seen.reading, Oximetry) and fault.active(seen.at) and seen.by != NAME
    ]  # fmt: skip
    assert during == []
    assert [problem.code for problem in done.problems] == ["demo"]
    assert len(events("demo-monitor", ev.SignalLost)) == 1


def test_wrong_clocks_are_told_and_stop_nothing() -> None:
    done = played("clock-skew")
    assert done.state.phase is Phase.RUNNING
    assert {problem.code for problem in done.problems} == {"clock-ahead", "late"}
    assert events("clock-skew", ev.StopRequested) == []
    assert events("clock-skew", ev.PumpDeviated) == []
    assert done.state.rate_ug_per_kg_h == 60.0


def test_a_stop_is_not_confirmed_while_the_pump_runs_on_and_that_is_the_first_alarm() -> None:
    done = played("stubborn-pump")
    first = events("stubborn-pump", ev.StopRequested)[0].stamp.happened_at  # type: ignore[attr-defined]
    stopped = events("stubborn-pump", ev.Stopped)[0].stamp.happened_at  # type: ignore[attr-defined]
    stubborn = next(one for one in done.scenario.faults if one.fault.value == "pump-keeps-running")
    assert first < stubborn.end <= stopped
    assert [e for e in events("stubborn-pump", ev.PumpDeviated) if first < e.stamp.happened_at < stopped]  # type: ignore[attr-defined]
    then = stubborn.end - timedelta(minutes=1)
    known = replay(event for event in done.log if event.stamp.recorded_at <= then)
    assert alarms(known, then)[0].rule == "infusion.stop-not-confirmed"


def test_a_blocked_line_is_cleared_and_a_pump_that_gives_too_much_is_left_to_a_clinician() -> None:
    done = played("stubborn-pump")
    assert len(events("stubborn-pump", ev.ResumeAuthorised)) == 2
    assert done.state.phase is Phase.STOPPED
    assert [finding.finding for finding in done.state.unresolved] == ["pump-deviation"]
    assert "pump-alarm" in {problem.code for problem in done.problems}


def test_without_the_nurse_nobody_answers_a_stop_request() -> None:
    done = run_scenario(scenario.load("hypoxia"), nurse=False, hours=2.5)
    assert done.state.phase is Phase.STOP_REQUESTED
    assert done.room.look().pump.running
    assert {record.by for record in done.records} == {
        "Dr. Sim (invented, simulated clinician)", "oximeter-1 (simulated)", "pump-1 (simulated)",
    }  # fmt: skip


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_night() -> None:
    load = scenario.load("demo-monitor")
    again = run_scenario(load)
    assert again.text.encode() == played("demo-monitor").text.encode()
    assert run_scenario(load, seed=1).text != again.text


def test_the_log_is_one_that_the_replay_reads() -> None:
    lines = played("demo-monitor").text.splitlines()
    assert [from_line(line) for line in lines] == list(played("demo-monitor").log)


def test_everything_the_nurse_writes_says_that_she_is_invented() -> None:
    assert "invented" in NAME
    people = {record.by for record in played("quiet-night").records}
    assert all("invented" in by or "simulated" in by or by in {"clock", "bedside port"} for by in people)


# ---- the files ---------------------------------------------------------------------------------------------------

WHOLE = {
    "title": '"A title"', "shows": '"Something."', "drug": '"brexanolone"', "regimen": '"60"', "weight_kg": "70",
    "start": "2026-03-03T08:00:00Z", "hours": "1", "seed": "1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"hours": "0"}, "hours"),
        ({"start": "2026-03-03T08:00:00"}, "UTC offset"),
        ({"colour": "1"}, "colour"),
        ({"faults": '[{ fault = "fire", at_h = 1, for_min = 1 }]'}, "fire"),
        ({"faults": '[{ fault = "demo", at_h = 1, for_min = 1, where = "pump" }]'}, "does not happen to pump"),
        ({"faults": '[{ fault = "hypoxia", at_h = 1, for_min = 1, size = 5 }]'}, "lies outside"),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_wrong(change: dict[str, str], said: str, tmp_path: Path) -> None:
    lines = [f"{key} = {value}" for key, value in {**WHOLE, **change}.items()]
    (tmp_path / "wrong.toml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError, match=said) as error:
        scenario.load("wrong", root=tmp_path)
    assert "wrong.toml" in str(error.value)


def test_a_name_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(InputError, match="hypoxia"):
        scenario.load("hypoxya")
