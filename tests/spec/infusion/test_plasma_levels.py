"""A plasma level: kept under the hour of its sample, a fact beside the forecast, and no part of any rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matrescence.actions.infusion_examples import INVENTED_LIMIT, Course, example_order
from matrescence.actions.update_levels import levels_in
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion import readings as rd
from matrescence.care.infusion.alarms import alarms
from matrescence.care.infusion.evolve import replay
from matrescence.care.infusion.handover import handover
from matrescence.care.infusion.monitoring import done_times, due
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.state import Phase
from matrescence.care.infusion.timeline import timeline
from matrescence.formulary import library
from matrescence.pharmacology.regimen import RateStep

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
H = 60.0
VEIN, ARTERY = rd.Drawn.VEIN, rd.Drawn.ARTERY


def begun(drug: str = "brexanolone", regimen: str = "label-90") -> Course:
    return Course(example_order(drug, regimen, START, limits=(INVENTED_LIMIT,)), START).begin()


def test_a_level_stands_where_its_blood_was_drawn_not_where_the_laboratory_told_it() -> None:
    course = begun().do(cmd.Observe, 5 * H, rd.PlasmaLevel(41.2, drawn=VEIN), recorded_min=9 * H)
    (seen,) = course.state.observations
    assert seen.at == START + timedelta(hours=5)
    assert timeline(course.log)[-1].text == "plasma level 41.2 ng/mL, drawn from a vein"


@pytest.mark.rule("infusion.no-limit")
@pytest.mark.parametrize("level", [0.4, 9_000.0])
def test_no_level_stops_an_infusion_asks_a_clinician_or_is_missed_a_limit(level: float) -> None:
    before = begun()
    course = begun().do(cmd.Observe, 0.5, rd.PlasmaLevel(level))
    assert course.state.phase is Phase.RUNNING
    assert [type(event) for event in course.log[len(before.log) :]] == [ev.Observed]
    at = course.stamp(1).happened_at
    assert alarms(course.state, at) == alarms(before.state, at)


@pytest.mark.rule("infusion.check-due")
def test_a_level_is_no_check() -> None:
    course, without = begun(), begun()
    course.do(cmd.Observe, 2 * H, rd.PlasmaLevel(30.0))
    at = course.stamp(2 * H).happened_at
    assert due(course.state, at) == due(without.state, at)
    assert all(done_times(course.state, check) == [] for check in course.order.checks)


def test_a_level_is_handed_over_beside_the_newest_of_every_other_kind() -> None:
    course = begun().do(cmd.Observe, 2 * H, rd.PlasmaLevel(30.0)).do(cmd.Observe, 3 * H, rd.PlasmaLevel(44.0))
    found = handover(course.state, course.stamp(4 * H).happened_at)
    assert found is not None
    assert [(one.reading, one.age_min) for one in found.readings] == [(rd.PlasmaLevel(44.0), 60.0)]


@pytest.mark.rule("infusion.correction")
def test_a_level_is_corrected_by_a_level_and_keeps_its_hour() -> None:
    course = begun().do(cmd.Observe, 2 * H, rd.PlasmaLevel(300.0), recorded_min=4 * H)
    key = course.state.observations[0].key
    refused = course.ask(cmd.CorrectObservation, 5 * H, key, rd.Pulse(70.0))
    assert isinstance(refused, Refused) and [why.rule for why in refused.reasons] == ["infusion.correction"]
    course.do(cmd.CorrectObservation, 5 * H, key, rd.PlasmaLevel(30.0))
    (seen,) = course.state.observations
    assert (seen.reading, seen.at, seen.corrected) == (rd.PlasmaLevel(30.0), START + timedelta(hours=2), True)
    assert timeline(course.log)[-1].text == f"correction of {key}: plasma level 30 ng/mL"


def test_a_level_that_comes_after_she_left_is_still_taken() -> None:
    course = begun("ketamine", "single").routine(200).do(cmd.Discharge, 200)
    course.do(cmd.Observe, 30, rd.PlasmaLevel(120.0), recorded_min=3 * 24 * H)
    assert course.state.phase is Phase.DISCHARGED
    assert replay(course.log).observations[-1].reading == rd.PlasmaLevel(120.0)


# ---- what becomes of it in her own forecast ------------------------------------------------------------------

GIVEN = (RateStep(0.0, 1.0, 500.0),)
#   the drug       the level                              hour   what is said of it; empty: it is used without a word
MEANT = (
    ("ketamine", rd.PlasmaLevel(120.0, drawn=VEIN), 0.5, ""),
    ("ketamine", rd.PlasmaLevel(120.0), 0.5, "nobody said; it is used as venous, as the model's are"),
    ("ketamine", rd.PlasmaLevel(120.0, drawn=ARTERY), 0.5, "the model is of venous blood. It is kept"),
    ("ketamine", rd.PlasmaLevel(0.0, below_ng_per_ml=1.0), 9.0, "could not be told from none is no number"),
    ("ketamine", rd.PlasmaLevel(0.2), 0.0, "nothing had been given when it was drawn"),
    ("brexanolone", rd.PlasmaLevel(40.0, drawn=ARTERY), 0.5, ""),  # its source does not say where the blood was drawn
    ("brexanolone", rd.PlasmaLevel(40.0), 0.5, ""),
    ("zuranolone", rd.PlasmaLevel(40.0), 0.5, "no source gives a model of its levels"),
)


@pytest.mark.parametrize(("drug", "level", "hour", "says"), MEANT)
def test_a_level_is_used_where_the_model_can_use_it_and_named_where_it_cannot(
    drug: str, level: rd.PlasmaLevel, hour: float, says: str
) -> None:
    course = begun().do(cmd.Observe, hour * H, level)
    found = levels_in(course.state.observations, library.load(drug), GIVEN, START)
    kept = "It is kept" in " ".join(found.notes)
    assert [(item.at_h, item.value, item.of) for item in found.used] == (
        [] if kept else [(hour, level.level_ng_per_ml, "plasma")]
    )
    assert says in " ".join(found.notes) and bool(found.notes) is bool(says)


def test_where_nothing_ran_no_level_is_used() -> None:
    seen = begun().do(cmd.Observe, 60, rd.PlasmaLevel(40.0)).state.observations
    found = levels_in(seen, library.load("brexanolone"), (), START)
    assert found.used == () and len(found.notes) == 1
