"""The feeding handout: plain words, no request to anywhere, every time and amount of the plan."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
import textstat
from icalendar import Calendar
from textstat.backend.counts import _count_syllables

from matrescence.actions.lactation import lactation
from matrescence.actions.mother_file import read_mother
from matrescence.care.lactation.course import Interval
from matrescence.formulary.library import load
from matrescence.handouts.lactation_calendar import entries, lactation_calendar
from matrescence.handouts.lactation_page import lactation_page
from matrescence.handouts.lactation_terminal import show
from matrescence.handouts.lactation_words import lactation_words

EXAMPLES = Path(__file__).parents[3] / "examples"
HIGHEST_GRADE = 8.0


def told(file: str, drug: str, **course: Any) -> dict[str, Any]:
    return lactation(read_mother(EXAMPLES / file), load(drug), women=50, **course).as_json()


ANA = told("mothers/ana.toml", "brexanolone", pauses=[Interval(30.0, 32.0)])
IRIS = told("lactation/iris_six_sessions.toml", "ketamine", regimen_name="series-of-six")
HANA = told("lactation/hana_weight_unknown.toml", "brexanolone", pauses=[Interval(10, 11)], stopped_at_h=31.5)
ORAL = told("mothers/ana.toml", "zuranolone")
SERTRALINE = told("mothers/ana.toml", "sertraline")
ALL = {"ana": ANA, "iris": IRIS, "hana": HANA, "zuranolone": ORAL, "sertraline": SERTRALINE}


def prose(page: str) -> list[str]:
    """The sentences of the page: paragraphs, list items and what each source says; no headings, times or amounts."""
    main = re.search(r"<main>(.*)</main>", page, re.DOTALL)
    assert main is not None
    beside = r'<span class="cite">.*?</span>|<abbr.*?</abbr>|<b>.*?</b>(?=[A-Z])|<td.*?</td>'
    body = re.sub(beside, "", main[1], flags=re.DOTALL)
    blocks = re.findall(r"<(?:p|li|th scope=\"row\")[^>]*>(.*?)</(?:p|li|th)>", body, re.DOTALL)
    plain = [re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", block))).strip() for block in blocks]
    return [text for text in plain if text.endswith(".") and len(text.split()) > 4]


@pytest.mark.parametrize("name", ALL)
def test_the_handout_reads_at_the_eighth_grade_or_below(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # The pronouncing dictionary is a download; without it every word is hyphenated.
    monkeypatch.setattr(_count_syllables, "get_cmudict", lambda lang: None)
    sentences = prose(lactation_page(ALL[name]))
    assert len(sentences) >= 12
    assert textstat.flesch_kincaid_grade(" ".join(sentences)) <= HIGHEST_GRADE


@pytest.mark.parametrize("name", ALL)
def test_the_grade_holds_when_syllables_are_counted_by_groups_of_vowels(name: str) -> None:
    text = " ".join(prose(lactation_page(ALL[name])))
    words = re.findall(r"[A-Za-z']+", text)
    spoken = sum(max(1, len(re.findall(r"[aeiouy]+", word.lower().removesuffix("e")))) for word in words)
    sentences = len(re.findall(r"[.!?](?:\s|$)", text))
    assert 0.39 * len(words) / sentences + 11.8 * spoken / len(words) - 15.59 <= HIGHEST_GRADE


@pytest.mark.parametrize("name", ALL)
def test_the_page_is_one_file_without_script_or_request(name: str) -> None:
    page = lactation_page(ALL[name])
    assert not re.search(r"<script|<link|<img|src=|@import|url\(", page)
    assert page.count("<main>") == 1
    assert "INVENTED EXAMPLE, NOT A PATIENT" in page


def test_her_name_is_escaped() -> None:
    page = lactation_page({**ANA, "mother": {**ANA["mother"], "name": "<b>Eve</b>"}})
    assert "<b>Eve</b>" not in page
    assert "&lt;b&gt;Eve" in page


@pytest.mark.rule("lactation.infant_emergency")
@pytest.mark.parametrize("name", ALL)
def test_the_emergency_and_the_crisis_line_stand_on_every_page(name: str) -> None:
    page = lactation_page(ALL[name])
    assert "Get help at once if your baby is hard to wake" in page
    assert "988" in page
    assert "hard to wake" in show(ALL[name])


def test_an_unknown_weight_is_said_and_no_amount_is_shown() -> None:
    page = lactation_page(HANA)
    assert "We do not guess it." in page
    assert "Not known: your baby&#39;s weight is missing." in page
    assert not re.search(r"\d+ to \d+ mL", page)


def test_a_source_without_a_time_has_no_amount_of_milk() -> None:
    label = next(row for row in lactation_words(ANA)["rows"] if row["who"] == "US label")
    assert (label["breaks"], label["milk"]) == (["No time is named."], "Not known: no time is named.")


def test_what_has_changed_is_said_with_clock_times() -> None:
    assert "No drug was given from Sun 8 Mar 15:00 to 17:00." in lactation_page(ANA)
    page = lactation_page(HANA)
    assert "The drug was stopped at Sat 31 Oct 15:30." in page
    assert "Changed from the plan." in page
    assert "The end and the times stay" in lactation_page(ANA)
    assert "The end and the times stay" not in page
    assert "What has changed" not in lactation_page(IRIS)


def test_amounts_are_rounded_up_to_ten_millilitres() -> None:
    row = next(row for row in lactation_words(IRIS)["rows"] if row["who"] == "Milk study (Wolfson)")
    each = 150 * 5.2 * (12 + 2 / 3) / 24  # 411.7 mL
    assert row["milk"].startswith(f"{-(-each // 10) * 10:.0f} to ")
    assert row["milk"].endswith("mL in all.")
    assert len(row["breaks"]) == 6


def test_the_levels_that_no_model_gives_are_said_to_be_unknown() -> None:
    assert "is not known" in lactation_words(ORAL)["expected"]
    assert "% of your dose" in lactation_words(ANA)["expected"]


def test_formula_and_mixed_feeding_are_spoken_to() -> None:
    formula = lactation_page({**ANA, "mother": {**ANA["mother"], "feeding": "formula"}})
    assert "none of the drug comes to your baby in milk" in formula
    mixed = lactation_page({**ANA, "mother": {**ANA["mother"], "feeding": "mixed"}})
    assert "so you may need less" in mixed


def test_the_calendar_holds_every_break_and_every_time_to_feed_again() -> None:
    found = entries(IRIS)
    assert sum(entry.kind == "treatment" for entry in found) == 6
    assert sum(entry.summary == "No breast milk, says Milk study (Wolfson)" for entry in found) == 6
    assert sum(entry.summary == "Feed again, says Milk study (Wolfson)" for entry in found) == 6
    assert [entry.at_h for entry in found if entry.kind == "milk"] == [-48.0]
    label = "US label of nasal esketamine (another product)"
    assert not any(entry.summary == f"Feed again, says {label}" for entry in found)


def test_the_calendar_is_valid_the_same_every_time_and_without_her_name() -> None:
    made = lactation_calendar(ANA)
    assert made == lactation_calendar(ANA)
    assert b"Ana" not in made
    events = Calendar.from_ical(made).walk("VEVENT")
    again = [event for event in events if "Feed again, says Milk study" in event["SUMMARY"]]
    assert [event["DTSTART"].dt.isoformat() for event in again] == ["2026-03-11T13:00:00+00:00"]
    assert len({event["UID"] for event in events}) == len(events)
