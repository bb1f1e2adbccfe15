"""The expected mood is shown beside placebo, and a mood that is not forecast says why."""

from __future__ import annotations

from typing import Any

from matrescence.handouts.mood_words import mood_words

AT: dict[str, Any] = {
    "label": "hour 60",
    "change": {"p50": -16.2, "low": -21.4, "high": -10.6},
    "placebo_change": {"p50": -12.8},
    "response": {"p50": 66.9, "low": 38.2, "high": 88.4},
    "placebo_response": {"p50": 50.1},
    "remission": {"p50": 32.0, "low": 8.0, "high": 60.0},
}
MOOD = {"scale": "HAM-D17", "highest": 52, "baseline": 28.7, "grade": "C", "at": [AT], "plain": ["Borrowed."]}


def test_the_drug_stands_beside_placebo_at_each_time() -> None:
    (row,) = mood_words({"mood": MOOD})["rows"]
    assert (row["change"], row["placebo_change"]) == ("-16 (-21 to -11)", "-13")
    assert (row["response"], row["placebo_response"]) == ("67 (38 to 88)", "50")


def test_a_placebo_course_that_is_not_known_is_called_unknown() -> None:
    assert mood_words({"mood": MOOD})["rows"][0]["placebo_remission"] == "unknown"


def test_a_mood_that_is_not_forecast_says_why() -> None:
    words = mood_words({"mood": None, "mood_unknown": "No trial treated this."})
    assert words["why_not"] == "No trial treated this."
    assert not words["rows"]
