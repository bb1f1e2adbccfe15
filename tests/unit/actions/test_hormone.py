"""The hormone: what was read, no line between, no dose from it."""

from __future__ import annotations

import pytest

from matrescence.actions.hormone import hormone


@pytest.fixture(scope="module")
def told() -> dict:
    return hormone(women=400)


def test_levels_are_shown_in_both_units_with_their_assay(told: dict) -> None:
    points = {row["key"]: row for row in told["points"]}
    late = points["late-not-depressed"]
    assert late["level"]["nmol_per_l"] == 54.6
    assert late["level"]["ng_per_ml"] == pytest.approx(54.6 * 318.5 / 1000)
    assert late["assay"] == "RIA"
    assert points["day-3-well"]["level"]["ng_per_ml"] == pytest.approx(0.73, abs=0.005)
    assert points["day-3-well"]["assay"] == "not read"
    assert all(
        row["low"]["ng_per_ml"] < row["level"]["ng_per_ml"] < row["high"]["ng_per_ml"] for row in points.values()
    )


def test_no_curve_is_invented(told: dict) -> None:
    assert told["curve"] is None and told["why_no_curve"]
    assert {row["stage"] for row in told["course"]} == {"pregnancy", "after birth"}


def test_the_infusion_reaches_the_published_peak(told: dict) -> None:
    label, lower = told["infusion"]
    assert 74.2 <= label["peak_ng_per_ml"]["p50"] <= 108.4
    assert 47.8 <= label["peak_h"] <= 55.8
    assert lower["peak_ng_per_ml"]["p50"] < label["peak_ng_per_ml"]["p50"]
    assert label["peak_nmol_per_l"] == pytest.approx(label["peak_ng_per_ml"]["p50"] * 3.1397, rel=1e-3)
    assert label["grade"] == "C"


def test_the_receptor_is_left_unknown(told: dict) -> None:
    half = told["modulation"]["half_effect_nmol_per_l"]
    assert half["value"] is None and half["grade"] == "U"


def test_studies_on_both_sides_stand_side_by_side(told: dict) -> None:
    found = {row["key"]: row["finding"] for row in told["studies"]}
    assert found["hellgren_2014"] == found["osborne_2017"] == "lower in depressed"
    assert found["deligiannidis_2016"] == found["fda_2019"] == "no difference"
    assert sum(told["counts"].values()) == len(found)


def test_it_is_never_a_rule_for_a_dose(told: dict) -> None:
    assert told["never_a_dose"] in told["plain"]
    assert "rule for a dose" in told["never_a_dose"]


def test_the_same_seed_gives_the_same_levels() -> None:
    assert hormone(women=50, seed=3) == hormone(women=50, seed=3)
    assert hormone(women=50, seed=3)["infusion"] != hormone(women=50, seed=4)["infusion"]


def test_every_source_that_is_named_is_listed(told: dict) -> None:
    assert all(row["text"] != row["key"] for row in told["references"])
