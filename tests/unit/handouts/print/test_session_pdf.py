"""The report of a session says what its log says: every time with its zone, every rate, stop, check and reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from matrescence.actions.infusion_examples import EXAMPLES, INVENTED_LIMIT, Course, example_order
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion import readings as rd
from matrescence.care.infusion.evolve import replay
from matrescence.care.infusion.monitoring import missed
from matrescence.care.infusion.timeline import timeline
from matrescence.handouts.digits import plain
from matrescence.handouts.print.session_checks import check_records
from matrescence.handouts.print.session_clock import ZonedClock, minutes_apart, spelled_out
from matrescence.handouts.print.session_rates import stops_of
from matrescence.handouts.print.session_report import WHAT_IT_IS_NOT, session_data, session_report_pdf
from matrescence.reading import InputError

Pages = Callable[[bytes], list[str]]
Said = Callable[[bytes], str]
SEDATION_CHECK = "excessive sedation check"


def log_of(name: str) -> tuple[ev.Event, ...]:
    return tuple(EXAMPLES[name]().log)


def clock_of(log: Sequence[ev.Event]) -> ZonedClock:
    return ZonedClock(ZoneInfo(replay(log).ordered.time_zone))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_same_log_and_times_give_the_same_bytes(name: str, at: datetime) -> None:
    log = log_of(name)
    assert session_report_pdf(log, created_at=at) == session_report_pdf(log, created_at=at)


@pytest.mark.parametrize("name", EXAMPLES)
def test_everything_recorded_stands_with_its_time_zone_and_who_said_it(name: str, at: datetime, said_by: Said) -> None:
    log = log_of(name)
    clock, text = clock_of(log), said_by(session_report_pdf(log, created_at=at))
    for line in timeline(log):
        assert f"{clock.at(line.happened_at)} {spelled_out(line.text)}" in text
        assert line.by in text
    assert "ug/" not in text


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_planned_and_every_confirmed_rate_stands_in_both_units(name: str, at: datetime, said_by: Said) -> None:
    log = log_of(name)
    order, clock, text = replay(log).ordered, clock_of(log), said_by(session_report_pdf(log, created_at=at))
    started = replay(log).started_at
    assert started is not None
    for stair in order.stairs:
        planned = clock.at(started + timedelta(hours=stair.start_h))
        assert f"{planned} {plain(stair.rate_ug_per_kg_h)} {plain(stair.rate_ml_per_h)} " in text
    per_unit = (order.stairs[0].rate_ml_per_h or 0.0) / order.stairs[0].rate_ug_per_kg_h
    for event in log:
        if isinstance(event, ev.RateConfirmed):
            rate = event.rate_ug_per_kg_h
            assert f"{clock.at(event.stamp.happened_at)} {plain(rate)} {plain(rate * per_unit)} " in text


def test_the_dose_given_is_the_sum_of_the_confirmed_rates(at: datetime) -> None:
    told = {row["name"]: row for row in session_data(log_of("hypoxia"), created_at=at)["dose"]}
    by_hand = 30 * 4 + 60 * (5 + 8 / 60)  # micrograms/kg: four hours at 30, then at 60 until 17:08
    assert told["Given, confirmed"]["per_kg"] == f"{by_hand:.0f} micrograms/kg"
    assert told["Given, confirmed"]["value"] == f"{plain(by_hand * 70 / 1000, decimals=1)} mg"
    assert told["Planned"]["value"] == "294 mg"


def test_a_session_ended_by_hypoxia_says_so_first_and_is_never_resumed(at: datetime, pages_of: Pages) -> None:
    first = pages_of(session_report_pdf(log_of("hypoxia"), created_at=at))[0]
    assert first.index("WITHDRAWN on 14 April 2025") < first.index("Ended early Tue 10 Mar 17:08 CDT") < 400
    assert "Never to be resumed after hypoxia" in first
    assert "Hypoxia never to be resumed Tue 10 Mar 17:05 CDT, rule" in first
    assert "(3 min after the request) Never resumed (hypoxia)" in first


def test_a_stop_and_what_followed_stand_in_one_row(at: datetime, said_by: Said) -> None:
    text = said_by(session_report_pdf(log_of("sedation-stop-and-resume"), created_at=at))
    assert "Wed 4 Mar 14:02 EST, nurse Rosa (2 min after the request)" in text
    assert "Resumed Wed 4 Mar 14:46 EST at 60 micrograms/kg/h, after 44 min" in text
    assert "plan: 90 micrograms/kg/h" in text
    first, last = stops_of(log_of("sedation-stop-and-resume"))
    assert (first.finding, first.resumed_ug_per_kg_h) == ("excessive-sedation", 60.0)
    assert (last.finding, last.resumed_at) == ("plan-complete", None)


def test_an_unconfirmed_stop_is_shouted(at: datetime, said_by: Said) -> None:
    log = log_of("hypoxia")
    cut = next(place for place, event in enumerate(log) if isinstance(event, ev.StopRequested)) + 1
    text = said_by(session_report_pdf(log[:cut], created_at=at))
    assert "NOT CONFIRMED" in text and "NOT ENDED. Phase at" in text and "Open: Stop not confirmed" in text


def test_in_the_night_when_the_clocks_change_both_hours_carry_their_zone(at: datetime, said_by: Said) -> None:
    text = said_by(session_report_pdf(log_of("clocks-change"), created_at=at))
    assert "Sun 25 Oct 02:00 CEST" in text and "Sun 25 Oct 02:00 CET" in text


def test_what_was_written_down_later_or_corrected_is_marked(at: datetime, said_by: Said) -> None:
    text = said_by(session_report_pdf(log_of("clocks-change"), created_at=at))
    assert "(written down Sat 24 Oct 20:50 CEST)" in text and "(corrected)" in text


def test_checks_are_counted_as_the_running_infusion_counts_them(at: datetime, said_by: Said) -> None:
    start = datetime(2026, 3, 3, 8, 0, tzinfo=ZoneInfo("America/New_York"))
    course = Course(example_order("brexanolone", "label-90", start, limits=(INVENTED_LIMIT,)), start).begin()
    course.do(cmd.Observe, 120, rd.Sedation(excessive=False)).do(cmd.Observe, 270, rd.Sedation(excessive=False))
    course.do(cmd.Observe, 540, rd.Oximetry(97.0))  # the checks of 14:00 and 16:00 are not done at 17:00
    now = course.log[-1].stamp.recorded_at
    record = next(row for row in check_records(course.log, now) if row.check.name == SEDATION_CHECK)
    assert [(kept.late, (kept.done_at - kept.due_at).total_seconds() / 60) for kept in record.kept] == [
        (False, 0.0),
        (True, 30.0),
    ]
    wanted = [item.due_at for item in missed(replay(course.log), now) if item.what == SEDATION_CHECK]
    assert list(record.missed) == wanted and len(wanted) == 1
    assert [(start + timedelta(hours=8)).astimezone(UTC)] == list(record.open)
    text = said_by(session_report_pdf(course.log, created_at=at))
    assert f"{SEDATION_CHECK} 1 1 1 1" in text
    assert "late: done Tue 3 Mar 12:30 EST (30 min late), nurse Kim" in text
    assert "Tue 3 Mar 14:00 EST excessive sedation check MISSED: not recorded" in text


def test_after_she_left_a_missed_check_is_still_missed() -> None:
    log = log_of("hypoxia")
    dropped = [e for e in log if not (isinstance(e, ev.Observed) and isinstance(e.reading, rd.Sedation))]
    record = next(r for r in check_records(dropped, dropped[-1].stamp.recorded_at) if r.check.name == SEDATION_CHECK)
    assert not record.kept and len(record.missed) + len(record.open) == 4


def test_a_bag_that_was_never_hung_says_why(at: datetime, said_by: Said) -> None:
    text = said_by(session_report_pdf(log_of("hypoxia"), created_at=at))
    assert "1 Tue 10 Mar 08:00 CDT 42 Tue 10 Mar 08:00 CDT, nurse Kim" in text
    assert "2 Tue 10 Mar 20:00 CDT 50.4 not needed: the infusion had ended" in text


def test_handovers_show_who_was_responsible_from_when(at: datetime) -> None:
    people = session_data(log_of("sedation-stop-and-resume"), created_at=at)["people"]
    assert people["responsible"] == [
        {"from": "Tue 3 Mar 07:30 EST", "who": "nurse Kim"},
        {"from": "Tue 3 Mar 20:40 EST", "who": "nurse Rosa"},
    ]
    assert sum(int(row["count"]) for row in people["entries"]) == len(log_of("sedation-stop-and-resume"))


def test_the_report_can_be_made_of_any_earlier_moment(at: datetime, said_by: Said) -> None:
    log = log_of("hypoxia")
    then = datetime(2026, 3, 10, 17, 6, 30, tzinfo=ZoneInfo("America/Chicago"))
    text = said_by(session_report_pdf(log, created_at=at, at=then))
    assert "As known at Tue 10 Mar 17:06:30 CDT" in text and "17:08 CDT" not in text
    with pytest.raises(InputError, match="before the infusion was opened"):
        session_report_pdf(log, created_at=at, at=then - timedelta(days=1))


def test_a_session_that_never_started_has_unknown_times_and_no_figure(at: datetime, said_by: Said) -> None:
    log = log_of("hypoxia")[:1]
    assert session_data(log, created_at=at)["figure"]["svg"] == ""
    text = said_by(session_report_pdf(log, created_at=at))
    assert "not started" in text and "No rate was confirmed." in text and "hour 24" in text


def test_a_drug_outside_the_formulary_and_a_rate_without_volume_are_unknown(at: datetime, said_by: Said) -> None:
    opened = log_of("hypoxia")[0]
    assert isinstance(opened, ev.Opened)
    stairs = tuple(replace(stair, rate_ml_per_h=None) for stair in opened.order.stairs)
    log = [replace(opened, order=replace(opened.order, drug="elsewhere", stairs=stairs)), *log_of("hypoxia")[1:]]
    text = said_by(session_report_pdf(log, created_at=at))
    assert "Approval unknown: this drug is not in the formulary" in text
    assert "08:00 CDT 30 unknown" in text


def test_notes_and_names_are_never_markup(at: datetime, said_by: Said) -> None:
    opened, *rest = log_of("hypoxia")
    assert isinstance(opened, ev.Opened)
    mother = 'Eve *b* #strong[x] "q" <i> (invented)'
    log = [replace(opened, order=replace(opened.order, mother=mother)), *rest]
    note = ev.NoteWritten(rest[-1].stamp, replace(rest[-1].cause, key="note"), "#panic() $x$ _y_ \\ <b>")
    text = said_by(session_report_pdf([*log, note], created_at=at))
    assert mother in text and "note: #panic() $x$ _y_ \\ <b>" in text
    assert "INVENTED EXAMPLE, NOT A PATIENT" in text


def test_it_says_what_it_is_not_and_that_a_line_was_torn(at: datetime, said_by: Said) -> None:
    text = said_by(session_report_pdf(log_of("torn-last-line"), created_at=at, torn_line=12))
    assert WHAT_IT_IS_NOT in text and "Line 12 of the log was cut off" in text
    with pytest.raises(InputError, match="does not begin with the opening"):
        session_report_pdf(log_of("hypoxia")[1:], created_at=at)


def test_the_words_of_times_and_units() -> None:
    planned = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
    assert minutes_apart(planned, planned + timedelta(minutes=5)) == "5 min late"
    assert minutes_apart(planned, planned - timedelta(minutes=2)) == "2 min early"
    assert minutes_apart(planned, planned + timedelta(seconds=20)) == "on time"
    assert spelled_out("500 ug/kg over 0.666667 h") == "500 micrograms/kg over 40 min"
    assert ZonedClock(ZoneInfo("America/Sao_Paulo")).at(planned) == "Tue 3 Mar 05:00 UTC-0300"
