from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matrescence.actions.infusion_examples import INVENTED_LIMIT, Course, example_order
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import readings as rd
from matrescence.care.infusion.plan import Treatment, plan_treatment
from matrescence.care.lactation.course import CourseError, Happened, Interval, as_given
from matrescence.care.lactation.log import given_by_log
from matrescence.formulary.library import load

START = datetime(2026, 1, 12, 8, tzinfo=UTC)


def planned(drug: str, regimen: str, *, concentration: bool = True) -> Treatment:
    found = load(drug)
    preparation = found.preparation if concentration else None
    return plan_treatment(found.regimens[regimen], preparation, found.observations, weight_kg=70, start=START)


LONG = planned("brexanolone", "label-90")
SIX = planned("ketamine", "series-of-six")
ORAL = planned("zuranolone", "50mg-14d")


def test_a_course_without_pause_or_stop_is_the_plan_itself() -> None:
    given = as_given(LONG)
    assert given.treatment is LONG
    assert given.happened is Happened.PLANNED
    assert given.ends_h == (60.0,)


def test_a_pause_takes_its_own_dose_away_and_nothing_else() -> None:
    given = as_given(LONG, pauses=[Interval(30.0, 32.0)])
    missing_ug_per_kg = 2.0 * 90.0
    assert given.treatment.total_dose_mg == pytest.approx((4200 - missing_ug_per_kg) * 70 / 1000)
    assert given.treatment.total_volume_ml == pytest.approx((4200 - missing_ug_per_kg) * 70 / 1000)
    assert given.ends_h == (60.0,)
    assert [s.end_h for s in given.treatment.steps if s.end_h == 30.0] == [30.0]


def test_a_pause_that_covers_a_whole_step_removes_it() -> None:
    given = as_given(LONG, pauses=[Interval(2.0, 30.0)])
    assert [(s.start_h, s.end_h) for s in given.treatment.steps] == [(0, 2), (30, 52), (52, 56), (56, 60)]


def test_two_pauses_in_one_step_leave_three_pieces() -> None:
    given = as_given(LONG, pauses=[Interval(40.0, 41.0), Interval(30.0, 31.0)])
    top = [(s.start_h, s.end_h) for s in given.treatment.steps if s.rate_ug_per_kg_h == 90.0]
    assert top == [(24, 30), (31, 40), (41, 52)]
    assert [pause.start_h for pause in given.pauses] == [30.0, 40.0]


def test_a_stop_ends_the_course_and_its_later_sessions() -> None:
    assert as_given(LONG, stopped_at_h=31.5).ends_h == (31.5,)
    given = as_given(SIX, stopped_at_h=72.25)
    assert given.happened is Happened.STOPPED
    assert given.ends_h == pytest.approx((2 / 3, 72.25))
    assert given.treatment.total_dose_mg == pytest.approx(35.0 + 35.0 * 0.25 * 1.5)


def test_doses_by_mouth_in_a_pause_are_not_taken() -> None:
    given = as_given(ORAL, pauses=[Interval(24.0, 72.0)])
    assert len(given.treatment.doses) == 12
    assert given.treatment.total_dose_mg == 12 * 50
    assert as_given(ORAL, stopped_at_h=25.0).ends_h == (24.0,)


def test_a_treatment_without_a_known_concentration_keeps_its_volume_unknown() -> None:
    given = as_given(planned("ketamine", "single", concentration=False), stopped_at_h=0.5)
    assert given.treatment.total_volume_ml is None


@pytest.mark.parametrize(
    ("pauses", "stop", "words"),
    [
        ([(-1, 2)], None, "within the course"),
        ([(5, 5)], None, "its start before its end"),
        ([(50, 60)], None, "a pause that lasts to the end is a stop"),
        ([(70, 80)], None, "0 to 60 h"),
        ([(float("nan"), 5)], None, "within the course"),
        ([(10, 20), (19, 22)], None, "overlap at 19 h"),
        ([], 0.0, "its start and end excluded"),
        ([], 60.0, "its start and end excluded"),
        ([(10, 20)], 15.0, "a pause ends after the stop"),
        ([(0, 10)], 10.0, "nothing of this course was given"),
    ],
)
def test_a_pause_or_stop_that_does_not_fit_is_refused(
    pauses: list[tuple[float, float]], stop: float | None, words: str
) -> None:
    with pytest.raises(CourseError, match=words):
        as_given(LONG, pauses=[Interval(*pair) for pair in pauses], stopped_at_h=stop)


# ---- from a log -----------------------------------------------------------------------------------------------


def course() -> Course:
    return Course(example_order("brexanolone", "label-90", START, limits=(INVENTED_LIMIT,)), START).begin()


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def stopped() -> Course:
    run = course().do(cmd.Observe, 20, rd.Sedation(excessive=True)).do(cmd.ConfirmStopped, 30)
    return run.do(cmd.ReportResolved, 40, "excessive-sedation")


def test_a_running_log_takes_the_rest_of_the_plan_for_given() -> None:
    run = course()
    given = given_by_log(LONG, run.state, now=at(60))
    assert given.happened is Happened.PLANNED
    assert given.ends_h == pytest.approx((60.0,), abs=0.2)
    assert given.treatment.total_dose_mg == pytest.approx(294.0, rel=0.01)


def test_the_rest_of_a_running_log_begins_where_it_was_looked_at() -> None:
    given = given_by_log(LONG, course().state, now=at(300))
    assert [step.start_h for step in given.treatment.steps[:2]] == pytest.approx([0.0, 5.0], abs=0.2)


def test_a_log_with_a_stop_and_a_resume_holds_a_pause_and_its_lower_ceiling() -> None:
    run = stopped().do(cmd.Resume, 42, 20.0).do(cmd.ConfirmRate, 45, 20.0)
    given = given_by_log(LONG, run.state, now=at(45))
    assert given.happened is Happened.PAUSED
    (pause,) = given.pauses
    assert pause.end_h - pause.start_h == pytest.approx(0.25)
    assert max(step.rate_ug_per_kg_h for step in given.treatment.steps[2:]) == 20.0


def test_a_log_that_stands_still_counts_as_stopped_for_now() -> None:
    given = given_by_log(LONG, stopped().state, now=at(50))
    assert given.happened is Happened.STOPPED
    assert given.stopped_at_h == pytest.approx(0.5, abs=0.1)


def test_a_finished_log_is_told_to_its_end() -> None:
    run = Course(example_order("ketamine", "single", START, limits=(INVENTED_LIMIT,)), START).begin()
    run = run.do(cmd.Tick, 40).do(cmd.ConfirmStopped, 40)
    given = given_by_log(planned("ketamine", "single"), run.state, now=at(300))
    assert given.happened is Happened.PLANNED
    assert given.ends_h == pytest.approx((2 / 3,), abs=0.02)


def test_a_log_fits_one_session_by_pump_that_has_run() -> None:
    with pytest.raises(CourseError, match="one session by pump"):
        given_by_log(SIX, course().state, now=at(60))
    with pytest.raises(CourseError, match="one session by pump"):
        given_by_log(ORAL, course().state, now=at(60))
    with pytest.raises(CourseError, match="no confirmed rate"):
        given_by_log(LONG, replace(course().state, started_at=None), now=at(60))
