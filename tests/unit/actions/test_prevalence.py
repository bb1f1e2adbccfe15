"""Prevalence: which figure is used and why, how many mothers, how many screens, how many places."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from matrescence.actions.places import Service
from matrescence.actions.prevalence import Asked, expected_mothers, prevalence
from matrescence.pharmacology.screening import Share, share_of
from matrescence.reading import InputError


def test_without_a_place_the_newest_national_figure_is_used() -> None:
    told = prevalence(Asked(births=10_000))
    assert (told["used"]["value"], told["used"]["year"]) == (12.7, 2021)
    assert told["mothers"]["expected"] == 1270
    assert [row["year"] for row in told["us"]] == [2022, 2021, 2020, 2018, 2012]
    assert told["us"][0]["value"] is None
    for name in ("us", "USA", "united states"):
        assert prevalence(Asked(births=10_000, place=name))["used"]["value"] == 12.7


def test_a_place_shows_every_dated_figure_and_uses_the_newest() -> None:
    told = prevalence(Asked(births=35_000, place="mississippi"))
    assert [(row["year"], row["value"]) for row in told["figures"]] == [(2021, 20.8), (2018, 23.5)]
    assert told["used"]["value"] == 20.8
    assert told["mothers"]["expected"] == pytest.approx(7280)


@pytest.mark.parametrize("place", ["Texas", "Sweden"])
def test_an_unknown_place_says_so_and_shows_the_range(place: str) -> None:
    told = prevalence(Asked(births=1000, place=place))
    assert told["figures"] == []
    assert f"No figure for '{place}' was read" in told["used"]["note"]
    assert "8.7 to 25.4 %" in told["used"]["note"]
    assert (told["mothers_across_places"]["low"], told["mothers_across_places"]["high"]) == (87, 254)


def test_a_misspelt_place_is_offered_the_nearest() -> None:
    assert "Did you mean 'Vermont'" in prevalence(Asked(births=1000, place="Vermnt"))["used"]["note"]


def test_without_a_survey_interval_the_spread_is_that_of_chance() -> None:
    found = expected_mothers(10_000, Share(0.127))
    low, high = binom.interval(0.95, 10_000, 0.127)
    assert found["interval"] == "chance alone"
    assert (found["low"], found["high"]) == (pytest.approx(low, abs=1.5), pytest.approx(high, abs=1.5))


def test_with_one_it_carries_both() -> None:
    share = share_of(0.183, low=0.149, high=0.222)
    found = expected_mothers(2_000, share)
    random = np.random.default_rng(5)
    drawn = random.binomial(2_000, np.clip(random.normal(0.183, share.error, 200_000), 0.0, 1.0))
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert (found["low"], found["high"]) == (pytest.approx(low, rel=0.02), pytest.approx(high, rel=0.02))
    assert prevalence(Asked(births=2_000, group="age-19"))["mothers"] == found


def test_the_screens_follow_from_the_published_accuracy() -> None:
    rows = {row["at_least"]: row for row in prevalence(Asked(births=10_000))["screening"]["cutoffs"]}
    assert set(rows) == {10, 11, 13}
    for at_least, sens, spec in ((10, 0.85, 0.84), (11, 0.81, 0.88), (13, 0.66, 0.95)):
        row = rows[at_least]
        assert row["positive"] == pytest.approx(10_000 * (sens * 0.127 + (1 - spec) * 0.873))
        assert row["found"] + row["missed"] == pytest.approx(1270)
        assert row["found"] + row["false_alarms"] == pytest.approx(row["positive"])
        assert row["positive_low"] < row["positive"] < row["positive_high"]


def test_the_conflict_of_the_two_sources_is_shown_and_not_smoothed() -> None:
    screening = prevalence(Asked(births=10_000))["screening"]
    conflict = screening["conflict"]
    assert conflict["predicted_percent"] > conflict["without_disease_percent"] == 16.0 > conflict["observed_percent"]
    assert conflict["prevalence_needed_percent"] is None
    assert conflict["prevalence_needed_at_best_percent"] == pytest.approx(100 * 0.02 / 0.73, rel=1e-4)
    assert screening["observed"]["mothers"] == 1400
    assert "No prevalence explains that" in conflict["text"]


def test_no_uptake_is_assumed_without_saying_so() -> None:
    service = prevalence(Asked(births=10_000))["service"]
    assert {row["name"] for row in service["assumed"]} >= {"uptake_percent", "occupancy_percent", "chair_stay_h"}
    assert all(row["basis"] == "project-decision" for row in service["assumed"])
    given = Service(
        uptakes_percent=(4.0,),
        occupancies_percent=(80.0,),
        turned_away_percent=(2.0,),
        chair_stays_h=(2.5,),
        open_hours_per_week=(50.0,),
        bed_turnover_h=4.0,
    )
    told = prevalence(Asked(births=10_000, service=given))["service"]
    assert told["assumed"] == []
    (bed,), (chair,) = told["beds"], told["chairs"]
    courses = 1270 * 0.04
    assert bed["mean_in_use"] == pytest.approx(courses * 64 / 8766, rel=1e-4)
    assert chair["mean_in_use"] == pytest.approx(courses * 6 * 2.5 / (50 * 365.25 / 7), rel=1e-4)
    assert bed["hours_each"] == 64 and chair["sessions_each"] == 6
    assert "withdrew" in told["availability"]["text"]


def test_impossible_wishes_are_refused_with_what_is_allowed() -> None:
    for asked, message in (
        (Asked(births=0), "--births 0"),
        (Asked(births=10, group="age-91"), "Allowed: age-19"),
        (Asked(births=10, service=Service(uptakes_percent=(120.0,))), "--uptake 120"),
        (Asked(births=10, service=Service(chair_stays_h=(0.5,))), "40 minutes"),
        (Asked(births=10, service=Service(open_hours_per_week=(200.0,))), "--open-h 200"),
    ):
        with pytest.raises(InputError, match=message):
            prevalence(asked)


def test_every_source_that_is_named_is_listed() -> None:
    told = prevalence(Asked(births=10_000))
    assert all(row["text"] != row["key"] for row in told["references"])
    assert {"ahr_ppd", "levis_2020", "wisner_2013", "ko_2017"} <= {row["key"] for row in told["references"]}
