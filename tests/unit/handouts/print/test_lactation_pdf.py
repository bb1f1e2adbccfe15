from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import textstat
from textstat.backend.counts import _count_syllables

from matrescence.actions.lactation import lactation
from matrescence.actions.mother_file import read_mother
from matrescence.care.lactation.course import Interval
from matrescence.formulary.library import load
from matrescence.handouts.clock import Clock
from matrescence.handouts.language import codes, language
from matrescence.handouts.print.lactation import lactation_data, lactation_pdf
from matrescence.reading import InputError

EXAMPLES = Path(__file__).parents[4] / "examples"
HIGHEST_GRADE = 8.0
Pages = Callable[[bytes], list[str]]
Said = Callable[[bytes], str]


def told(file: str, drug: str, **course: Any) -> dict[str, Any]:
    return lactation(read_mother(EXAMPLES / file), load(drug), women=50, **course).as_json()


ANA = told("mothers/ana.toml", "brexanolone", pauses=[Interval(30.0, 32.0)])
IRIS = told("lactation/iris_six_sessions.toml", "ketamine", regimen_name="series-of-six")
HANA = told("lactation/hana_weight_unknown.toml", "brexanolone", stopped_at_h=31.5)
ORAL = told("mothers/ana.toml", "zuranolone")
ALL = {"ana": ANA, "iris": IRIS, "hana": HANA, "zuranolone": ORAL}


@pytest.fixture(params=[(name, code) for name in ALL for code in codes()], ids=" ".join)
def handout(request: pytest.FixtureRequest) -> tuple[dict[str, Any], str]:
    name, code = request.param
    return ALL[name], code


def test_the_same_plan_language_and_dates_give_the_same_bytes(handout: Any, at: datetime) -> None:
    plans, code = handout
    assert lactation_pdf(plans, created_at=at, language=code) == lactation_pdf(plans, created_at=at, language=code)


def test_every_time_of_every_source_stands_with_its_day(handout: Any, at: datetime, said_by: Said) -> None:
    plans, code = handout
    words, clock = language(code), Clock.of(plans)
    text = said_by(lactation_pdf(plans, created_at=at, language=code))
    for source in plans["lactation"]:
        assert words.said(source["who"]) in text
        for pause in source["pauses"]:
            begins, ends = (words.day_and_time(clock.local(pause[key]), twelve=True) for key in ("from", "until"))
            assert f"{begins} {'' if not pause['at_least'] else words.say('print.not_before', at=ends)}" in text
            assert ends in text


def test_the_emergency_and_the_lines_to_call_are_on_the_first_page(handout: Any, at: datetime, pages_of: Pages) -> None:
    plans, code = handout
    words = language(code)
    first = pages_of(lactation_pdf(plans, created_at=at, language=code))[0]
    assert words.text("page.help") in first
    assert all(words.said(line["sentence"]) in first for line in plans["lines"])
    assert "988" in first and first.index(words.text("page.help")) < first.index(words.text("page.when_title"))


def test_whether_the_drug_can_be_had_comes_before_anything_else(at: datetime, pages_of: Pages) -> None:
    first = pages_of(lactation_pdf(ANA, created_at=at, language="es"))[0]
    assert first.index("RETIRADO el 14 de abril de 2025") < first.index("Comienzo")
    assert "USO FUERA DE LO APROBADO" in pages_of(lactation_pdf(IRIS, created_at=at, language="es"))[0]


def test_the_document_says_its_language_and_title(at: datetime) -> None:
    spanish, english = (lactation_pdf(ANA, created_at=at, language=code) for code in ("es", "en"))
    assert b"/Lang(es-US)" in spanish and b"/Lang(en-GB)" in english
    assert b"<pdfuaid:part>1</pdfuaid:part>" in spanish
    assert b"Feeding your baby: Brexanolone (ZULRESSO), Ana" in english


def test_every_page_is_marked_when_she_is_invented(at: datetime, pages_of: Pages) -> None:
    assert all("EJEMPLO INVENTADO" in page for page in pages_of(lactation_pdf(ANA, created_at=at, language="es")))
    real = {**ANA, "mother": {**ANA["mother"], "name": "Ana"}}
    assert "INVENTED" not in " ".join(pages_of(lactation_pdf(real, created_at=at)))


def test_the_box_to_say_it_back_and_the_day_to_look_again_are_there(handout: Any, at: datetime, said_by: Said) -> None:
    plans, code = handout
    words = language(code)
    open_line = said_by(lactation_pdf(plans, created_at=at, language=code))
    assert all(question in open_line for question in words.list_of("print.teach"))
    assert words.text("print.review_open") in open_line
    assert words.date(plans["availability"]["checked_on"]) in open_line
    dated = said_by(lactation_pdf(plans, created_at=at, language=code, review_on=date(2026, 9, 1)))
    assert words.say("print.review_on", date=words.date("2026-09-01")) in dated


def test_an_unknown_weight_is_said_and_no_amount_is_shown(at: datetime, said_by: Said) -> None:
    text = said_by(lactation_pdf(HANA, created_at=at))
    assert "We do not guess it." in text and "weight not known" in text
    assert not re.search(r"\d+ to \d+ mL", text)
    unchecked = {**HANA, "availability": {**HANA["availability"], "checked_on": None}}
    assert "When the sources were last checked is not known." in said_by(lactation_pdf(unchecked, created_at=at))


def test_a_source_that_names_no_end_gives_no_time_to_feed_again(at: datetime) -> None:
    rows = {row["who"]: row for row in lactation_data(IRIS, created_at=at)["rows"]}
    label = rows["US label of nasal esketamine (another product)"]["pauses"]
    assert [until for _, until, _ in label] == ["no time named; not before Thu 1 Oct 10:40 (10:40 a.m.)"]


def test_what_changed_is_said_with_its_times(at: datetime, said_by: Said) -> None:
    text = said_by(lactation_pdf(ANA, created_at=at))
    assert "No drug was given from Sun 8 Mar 15:00 (3:00 p.m.) to 17:00 (5:00 p.m.)." in text
    assert "What has changed" not in said_by(lactation_pdf(IRIS, created_at=at))


def test_the_lanes_of_the_drawing_fill_the_axis_without_gap(handout: Any, at: datetime) -> None:
    plans, code = handout
    for lane in lactation_data(plans, created_at=at, language=code)["chart"]["lanes"]:
        edges = [edge for begins, ends, _ in lane["parts"] for edge in (begins, ends)]
        assert edges[0] == 0.0 and edges[-1] == 1.0 and edges == sorted(edges)
        assert edges[1:-1:2] == edges[2:-1:2]


@pytest.mark.parametrize("name", ["*Eve* #strong[x] $y$", "<b>Eve</b> {name}"])
def test_a_name_is_never_markup(name: str, at: datetime, said_by: Said) -> None:
    plans = {**ANA, "mother": {**ANA["mother"], "name": name}}
    for code in codes():
        assert name in said_by(lactation_pdf(plans, created_at=at, language=code))


def prose(plans: dict[str, Any], at: datetime) -> list[str]:
    """The sentences of the handout, as the layout gets them."""
    data = lactation_data(plans, created_at=at)
    found = [*data["say"].values(), *data["teach"], *data["unknown"], *data["changes"]]
    found += [data["store_amount"], data["expected"], *(row["text"] for row in data["watch"])]
    found += [row["advice"] for row in data["rows"]]
    return [text for text in found if text.endswith((".", "?")) and len(text.split()) > 4]


@pytest.mark.parametrize("name", ALL)
def test_the_handout_reads_at_the_eighth_grade_or_below(
    name: str, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The pronouncing dictionary is a download; without it every word is hyphenated.
    monkeypatch.setattr(_count_syllables, "get_cmudict", lambda lang: None)
    sentences = prose(ALL[name], at)
    assert len(sentences) >= 25
    assert textstat.flesch_kincaid_grade(" ".join(sentences)) <= HIGHEST_GRADE


@pytest.mark.parametrize("name", ALL)
def test_the_spanish_is_easy_to_read(name: str, at: datetime) -> None:
    """Fernandez Huerta (1959): 206.84 - 60 syllables per word - 1.02 words per sentence; from 60 on it is normal."""
    data = lactation_data(ALL[name], created_at=at, language="es")
    found = [*data["say"].values(), *data["teach"], *data["unknown"], data["expected"], data["store_amount"]]
    found += [row["advice"] for row in data["rows"]]
    text = " ".join(line for line in found if line.endswith((".", "?")))
    words = re.findall(r"[a-záéíóúüñ]+", text.lower())
    syllables = sum(max(1, len(re.findall(r"[aeiouáéíóúü]+", word))) for word in words)
    sentences = len(re.findall(r"[.:;?!](?:\s|$)", text))
    assert 206.84 - 60.0 * syllables / len(words) - 1.02 * len(words) / sentences >= 60.0


def test_a_language_without_words_is_refused(at: datetime) -> None:
    with pytest.raises(InputError, match="Allowed: en, es"):
        lactation_pdf(ANA, created_at=at, language="fr")
