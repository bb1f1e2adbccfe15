from __future__ import annotations

import pytest

from matrescence.pharmacology.regimen import Bolus, RateStep, Regimen

REGIMEN = Regimen((RateStep(1.0, 4.0, 30.0), RateStep(4.0, 24.0, 60.0)), (Bolus(0.5, 7.0), Bolus(4.0, 3.0)))


def test_total_is_rate_times_time_plus_boluses() -> None:
    assert REGIMEN.total_ug == 3 * 30.0 + 20 * 60.0 + 10.0
    assert (REGIMEN.start_h, REGIMEN.end_h) == (0.5, 24.0)
    assert (Regimen().start_h, Regimen().end_h, Regimen().total_ug) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("at_h", [0.0, 0.5, 2.0, 4.0, 10.0, 30.0])
def test_what_was_given_and_what_remains_make_the_whole(at_h: float) -> None:
    later = REGIMEN.remaining_after(at_h)
    given = REGIMEN.stopped_at(at_h)
    at_that_moment = sum(bolus.amount_ug for bolus in REGIMEN.boluses if bolus.at_h == at_h)
    assert given.total_ug + at_that_moment + later.total_ug == pytest.approx(REGIMEN.total_ug, rel=1e-15)
    assert later == Regimen() or later.start_h >= at_h


def test_a_pause_takes_away_what_falls_into_it_and_moves_nothing() -> None:
    paused = REGIMEN.paused(3.0, 5.0)
    assert paused.steps == (RateStep(1.0, 3.0, 30.0), RateStep(5.0, 24.0, 60.0))
    assert paused.boluses == REGIMEN.boluses
