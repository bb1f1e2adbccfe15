"""The expected mood is shown beside placebo, and a mood that is not forecast says why."""

from __future__ import annotations

from typing import Any

from matrescence.handouts.mood_words import keeping, mood_words

AT: dict[str, Any] = {
    "label": "hour 60",
    "change": {"p50": -16.2, "low": -21.4, "high": -10.6},
    "placebo_change": {"p50": -12.8},
    "response": {"p50": 66.9, "low": 38.2, "high": 88.4},
    "placebo_response": {"p50": 50.1},
    "remission": {"p50": 32.0, "low": 8.0, "high": 60.0},
}
MOOD: dict[str, Any] = {
    "scale": "HAM-D17", "highest": 52, "baseline": 28.7, "grade": "C", "at": [AT], "plain": ["Borrowed."],
    "against": "placebo", "population": "depression after birth", "sessions": None, "relapse": None,
}  # fmt: skip
KEPT = {
    "median_days": {"p50": 12.0, "low": 7.0, "high": None},
    "lost_by_then": {"p50": 70.0, "low": 58.0, "high": 78.0},
}
RELAPSE: dict[str, Any] = {
    "by_days": 28,
    "stopped": KEPT,
    "weekly": {**KEPT, "median_days": {"p50": None, "low": 7.0, "high": None}},
    "published": [
        {"study": "A 2013", "arm": "no more", "population": "24 people", "median_days": 18.0, "source": "a_2013"}
    ],
    "maintenance": [{"text": "Going on helped.", "source": "b_2019"}],
}


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


def test_how_long_it_lasts_is_told_with_and_without_going_on_and_beside_what_was_found() -> None:
    rows = keeping(RELAPSE)
    assert rows[0]["text"].startswith(
        "Of women who respond, by the model: with no further session 70 (58 to 78) of 100"
    )
    assert "half by day 12" in rows[0]["text"] and "half have not by then" in rows[1]["text"]
    assert "half had relapsed by day 18" in rows[2]["text"]
    assert [row["source"] for row in rows] == [None, None, "a_2013", "b_2019"]


def test_sessions_are_counted_in_the_heading_and_tablets_are_not() -> None:
    six = {**MOOD, "scale": "MADRS", "highest": 60, "population": "other people", "sessions": 6, "relapse": RELAPSE}
    assert mood_words({"mood": six})["heading"] == "MADRS from 28.7 of 60, in other people, 6 sessions"
    assert "session" not in mood_words({"mood": MOOD})["heading"]
