"""Relapse: curves that agree with their papers, and say where they do not."""

from __future__ import annotations

import pytest
from scipy.stats import beta

from matrescence.actions.relapse import checks, readings, relapse
from matrescence.outcomes.relapse import relapse_studies


def study(name: str):
    return next(found for found in relapse_studies() if found.name == name)


def test_the_rows_that_must_come_out_are_in() -> None:
    rows = {(row["row"], row["fitted"]): row for row in checks() if row["row"] != "RL2"}
    assert rows["RL1", True]["inside"] and rows["RL1", True]["predicted"] == pytest.approx(18.0)
    assert rows["RL3", False]["inside"]


def test_the_hazard_ratio_alone_predicts_the_continued_arm() -> None:
    row = next(row for row in checks() if row["row"] == "RL3")
    assert row["predicted"] == pytest.approx(100 * (1 - (1 - 39 / 86) ** 0.49), rel=1e-4)
    low, high = 100 * beta.ppf([0.025, 0.975], 24.5, 66.5)
    assert (row["accept_low"], row["accept_high"]) == (pytest.approx(low, rel=1e-4), pytest.approx(high, rel=1e-4))
    assert row["published"] == pytest.approx(26.7, abs=0.05)


def test_a_constant_risk_contradicts_the_year_and_says_so() -> None:
    rows = [row for row in checks() if row["row"] == "RL2"]
    out = [row for row in rows if not row["inside"]]
    assert len(rows) == 4 and len(out) == 1
    assert out[0]["predicted"] == pytest.approx(100 * (1 - 0.5 ** (365 / 57)), rel=1e-4)
    contradicted = [r for r in readings(study("ketect-2022"), study("ketect-2022").arms[0]) if not r.fits]
    assert len(contradicted) == 2 and all(reading.why_not for reading in contradicted)


def test_both_readings_of_the_ambiguous_sentence_meet_at_a_year() -> None:
    fitting = [r for r in readings(study("ketect-2022"), study("ketect-2022").arms[0]) if r.fits]
    first, second = (reading.curve for reading in fitting)
    assert first.relapsed(365.0) == pytest.approx(0.7) == second.relapsed(365.0)
    assert first.median_days == pytest.approx(57.0)
    assert second.relapsed(57.0) == pytest.approx(0.35)
    assert first.shape < 1.0 and second.shape < 1.0


def test_the_interval_after_six_infusions_lies_within_the_accepted_range() -> None:
    reading = readings(study("murrough-2013"), study("murrough-2013").arms[0])[0]
    assert reading.worst is not None and reading.best is not None
    assert reading.worst.median_days == pytest.approx(18 / 1.6087, rel=1e-3)
    assert reading.best.median_days == pytest.approx(18 * 1.6087, rel=1e-3)


def test_without_numbers_there_is_no_curve() -> None:
    told = relapse()
    quiet = [
        arm for s in told["studies"] if s["name"] in {"phillips-2019", "sustain-1-responders"} for arm in s["arms"]
    ]
    assert quiet and all(arm["curves"] == [] and arm["unknown"] for arm in quiet)


def test_nobody_takes_these_for_mothers_with_depression_after_birth() -> None:
    told = relapse()
    assert all("Nobody in this study" in found["in_whom"] for found in told["studies"])
    assert any("No study followed mothers" in line for line in told["plain"])


def test_going_on_keeps_more_people_well_on_every_day() -> None:
    arms = next(found for found in relapse()["studies"] if found["name"] == "sustain-1")["arms"]
    stopped, continued = (arm["curves"][0]["well_percent"] for arm in arms)
    assert stopped[0] == continued[0] == 100.0
    assert all(on > off for on, off in zip(continued[1:], stopped[1:], strict=True))
    assert all(row["text"] != row["key"] for row in relapse()["references"])
