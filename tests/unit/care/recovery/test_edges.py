from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from matrescence.care.infusion.readings import BloodPressure
from matrescence.care.recovery.bill import Item, Per, Price, Quantities, bill
from matrescence.care.recovery.discharge import Leaving, Observed, SiteLimits, discharge
from matrescence.care.recovery.guidance import Criterion, DischargeCriterion, Guidance
from matrescence.care.recovery.money import Amount, split
from matrescence.care.recovery.next_session import next_session
from matrescence.care.recovery.outcome import Measured, outcome
from matrescence.care.verdict import Finding
from matrescence.facts import Statement
from matrescence.formulary.library import load
from matrescence.formulary.outcomes.library import load_definitions
from matrescence.instruments.library import load as load_scale

SAID = Statement("said", "somebody_2026", "p. 1", "read", "B")
NOBODY = SiteLimits()


def test_a_drug_without_criteria_leaves_it_to_the_clinician() -> None:
    found = discharge((), Observed(), site=NOBODY, scales={})
    assert (found.leaving, found.reasons) == (Leaving.NOTHING_SAID, ())


@pytest.mark.parametrize("kind", list(Criterion))
def test_nothing_recorded_is_unknown_for_every_criterion(kind: Criterion) -> None:
    found = discharge([DischargeCriterion(kind, SAID)], Observed(), site=NOBODY, scales={})
    assert found.leaving is Leaving.STAYS
    assert [reason.finding for reason in found.reasons] == [Finding.UNKNOWN]


@pytest.mark.parametrize(("hours", "told"), [(0.0, "0 min"), (0.04, "2 min"), (1.0, "1 h"), (2.75, "2 h 45 min")])
def test_the_time_since_the_end_is_said_in_hours_and_minutes(hours: float, told: str) -> None:
    observed, criterion = Observed(hours_since_end=hours), DischargeCriterion(Criterion.OBSERVED, SAID)
    found = discharge([criterion], observed, site=NOBODY, scales={})
    assert [f"{told} since the end" in reason.text for reason in found.reasons] == [True]


def test_a_readiness_score_without_a_known_cut_off_is_for_the_clinician() -> None:
    criterion = DischargeCriterion(Criterion.READINESS, SAID, scale="epds")
    found = discharge([criterion], Observed(readiness_total=9), site=NOBODY, scales={"epds": load_scale("epds")})
    assert found.leaving is Leaving.CLINICIAN
    unnamed = discharge(
        [DischargeCriterion(Criterion.READINESS, SAID)], Observed(readiness_total=9), site=NOBODY, scales={}
    )
    assert unnamed.leaving is Leaving.CLINICIAN


@pytest.mark.rule("recovery.readiness", "recovery.not_recorded")
def test_a_total_that_the_scale_does_not_have_is_not_met() -> None:
    """95 typed for 9.5 lets nobody go home."""
    criterion = DischargeCriterion(Criterion.READINESS, SAID, scale="aldrete")
    scales = {"aldrete": load_scale("aldrete")}
    found = discharge([criterion], Observed(readiness_total=95), site=NOBODY, scales=scales)
    assert (found.leaving, found.reasons[0].finding) == (Leaving.STAYS, Finding.UNKNOWN)
    assert "the scale has no such total" in found.reasons[0].text


@pytest.mark.rule("recovery.blood_pressure", "recovery.not_recorded")
@pytest.mark.parametrize("slip", [BloodPressure(0, 0), BloodPressure(78, 122), BloodPressure(400, 80)])
def test_a_blood_pressure_that_nobody_can_have_read_is_not_met(slip: BloodPressure) -> None:
    site, fine = SiteLimits(pressure_within_mmhg=20), BloodPressure(120, 78)
    criterion = DischargeCriterion(Criterion.BLOOD_PRESSURE, SAID)
    for before, now in ((slip, slip), (fine, slip), (slip, fine)):
        found = discharge([criterion], Observed(pressure_before=before, pressure_now=now), site=site, scales={})
        assert found.leaving is Leaving.STAYS


def test_a_scale_on_which_higher_is_better_has_no_outcome() -> None:
    with pytest.raises(ValueError, match="higher is worse"):
        outcome(load_scale("aldrete"), baseline=None, later=(), definitions=load_definitions())


def test_two_scores_of_one_day_are_refused() -> None:
    twice = [Measured(date(2026, 6, 1), 10), Measured(date(2026, 6, 1), 12)]
    with pytest.raises(ValueError, match="same day"):
        outcome(load_scale("epds"), baseline=None, later=twice, definitions=load_definitions())


def test_scores_are_read_in_the_order_of_their_days() -> None:
    later = [Measured(date(2026, 6, 9), 4), Measured(date(2026, 6, 5), 20)]
    found = outcome(
        load_scale("epds"), baseline=Measured(date(2026, 6, 1), 20), later=later, definitions=load_definitions()
    )
    assert found.latest == later[0]
    assert found.fall_percent == 80.0


def test_the_next_session_needs_one_that_is_done() -> None:
    with pytest.raises(ValueError, match="at least one"):
        next_session(load("ketamine").regimens["single"], Guidance(), done=(), response=None)


def test_a_quantity_nobody_knows_leaves_the_charge_unknown() -> None:
    items = [Item("vials", "Vials", Per.VIAL, Price(Decimal(5), Decimal(5), "2026", SAID))]
    found = bill(items, Quantities(sessions=1, vials=None, hours=None))
    assert found.total == Amount(Decimal("0.00"), None)
    assert "how many is not known" in found.reasons[0].text


def test_a_half_cent_is_rounded_up_once_for_each_line() -> None:
    items = [Item("hours", "Hours", Per.HOUR, Price(Decimal("0.01"), Decimal("0.01"), "2026", SAID))]
    assert bill(items, Quantities(1, None, Decimal("0.5"))).total.exact == Decimal("0.01")


def test_two_items_of_one_key_are_refused() -> None:
    twice = [Item("a", "A", Per.COURSE, Price(None, None, None, SAID))] * 2
    with pytest.raises(ValueError, match="share a key"):
        bill(twice, Quantities(1, None, None))


@pytest.mark.parametrize(("least", "most"), [("-1", "1"), ("2", "1")])
def test_an_amount_runs_from_zero_upwards(least: str, most: str) -> None:
    with pytest.raises(ValueError, match="from zero upwards"):
        Amount(Decimal(least), Decimal(most))


def test_a_split_needs_whole_cents_and_something_to_divide_by() -> None:
    with pytest.raises(ValueError, match="whole cents"):
        split(Decimal("0.005"), {"a": Decimal(1)})
    with pytest.raises(ValueError, match="every weight is zero"):
        split(Decimal("1.00"), {"a": Decimal(0)})
    assert split(Decimal("0.00"), {"a": Decimal(0)}) == {"a": Decimal("0.00")}


def test_a_cent_that_is_left_over_goes_to_the_largest_remainder() -> None:
    parts = split(Decimal("1.00"), {"a": Decimal(1), "b": Decimal(1), "c": Decimal(1)})
    assert parts == {"a": Decimal("0.34"), "b": Decimal("0.33"), "c": Decimal("0.33")}


def test_a_late_session_is_never_planned_into_the_past() -> None:
    regimen = load("ketamine").regimens["series-of-six"]
    done = [datetime(2026, 6, 1, 10, tzinfo=UTC), datetime(2026, 6, 20, 9, tzinfo=UTC)]
    assert next_session(regimen, Guidance(), done=done, response=None).at == done[-1]
