"""Every language has the same words with the same holes, and says every sentence that a mother can be shown."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from matrescence.actions.lactation import lactation
from matrescence.actions.mother_file import read_mother
from matrescence.care.lactation.rules import RULES
from matrescence.facts import GRADE_MEANING
from matrescence.formulary import library
from matrescence.handouts import heading
from matrescence.handouts.lactation_page import lactation_page
from matrescence.handouts.lactation_words import lactation_words
from matrescence.handouts.language import codes, language
from matrescence.reading import InputError

EXAMPLES = Path(__file__).parents[3] / "examples"
OTHERS = [code for code in codes() if code != "en"]


def words_of(code: str) -> dict[str, Any]:
    told = tomllib.loads(files("matrescence.handouts").joinpath("words", f"{code}.toml").read_text(encoding="utf-8"))
    return {
        f"{section}.{name}" if isinstance(entries, dict) else section: value
        for section, entries in told.items()
        if section != "said"
        for name, value in (entries.items() if isinstance(entries, dict) else [("", entries)])
    }


def holes(value: Any) -> set[str]:
    lines = value if isinstance(value, list) else [value]
    return {name for line in lines for _, name, _, _ in string.Formatter().parse(line) if name}


@pytest.fixture(scope="module")
def every_handout() -> list[dict[str, Any]]:
    mothers = [read_mother(EXAMPLES / name) for name in ("mothers/ana.toml", "lactation/hana_weight_unknown.toml")]
    return [
        lactation(mother, library.load(drug), regimen_name=regimen, women=10).as_json()
        for mother in mothers
        for drug in library.names()
        for regimen in library.load(drug).regimens
    ]


def test_there_is_spanish_beside_english() -> None:
    assert codes() == ("en", "es")
    assert (language("es").tag, language().tag) == ("es-US", "en-GB")


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_has_the_same_keys_with_the_same_holes(code: str) -> None:
    english, other = words_of("en"), words_of(code)
    assert set(other) == set(english)
    for key, value in english.items():
        assert type(other[key]) is type(value), key
        if isinstance(value, list):
            assert len(other[key]) == len(value), key
        if key != "facts.not_translated":
            assert holes(other[key]) == holes(value), key
    assert all(value for value in other.values())


@pytest.mark.parametrize("code", OTHERS)
def test_every_sentence_that_a_mother_can_be_shown_is_translated(
    code: str, every_handout: list[dict[str, Any]]
) -> None:
    words = language(code)
    mark = words.say("facts.not_translated", text="")
    for told in every_handout:
        for text in sentences(told):
            assert not words.said(text).endswith(mark), text
    assert mark not in " ".join(lactation_page(told, language=code) for told in every_handout)


def sentences(told: dict[str, Any]) -> Iterator[str]:
    yield from (heading.drug_name(told), heading.regimen_name(told), told["note"])
    for row in told["lactation"]:
        yield from (row["who"], row["advice"])
    yield from (row["text"] for row in told["watch_infant_for"])
    yield from (row["sentence"] for row in told["lines"])


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_keeps_every_number(code: str, every_handout: list[dict[str, Any]]) -> None:
    words = language(code)
    for text in {text for told in every_handout for text in sentences(told)}:
        missing = set(re.findall(r"\d[\d.,-]*\d|\d", text)) - set(re.findall(r"\d[\d.,-]*\d|\d", words.said(text)))
        assert not missing, (text, missing)


@pytest.mark.parametrize("code", codes())
def test_every_rule_that_leaves_something_unknown_has_words_for_a_mother(code: str) -> None:
    own = language(code).words["unknown"]
    assert {f"lactation.{name}" for name in own} <= {rule.id for rule in RULES}


def test_a_sentence_that_nobody_has_translated_is_shown_in_english_and_says_so() -> None:
    assert language("es").said("Ask the ward.") == "Ask the ward. (en inglés)"
    assert language("en").said("Ask the ward.") == "Ask the ward."


def test_a_sentence_with_numbers_keeps_them_in_its_translation() -> None:
    said = language("es").said(
        "In 95 of 100 women like her milk is forecast to be below 10 ng/mL by 22.8 h after the end; "
        "in half of them by 13.6 h. A forecast, not advice."
    )
    assert "a las 22.8 h del final" in said and "menos de 10 ng/mL" in said and "a las 13.6 h" in said


def test_the_english_words_are_those_of_the_other_pages() -> None:
    words = language("en")
    assert dict(words.words["grades"]) == GRADE_MEANING
    for status in ("withdrawn", "approved", "off-label", "elsewhere"):
        told = {"status": status, "as_of": "2025-04-14"}
        plan = {"availability": {**told, "text": ""}}
        key = status if status in words.words["availability"] else "other"
        said = words.say(f"availability.{key}", date=words.date("2025-04-14"), status=status.upper())
        assert said == heading.availability(plan)["headline"]


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (0, 0, "00:00 (midnight)"),
        (0, 30, "00:30 (12:30 a.m.)"),
        (9, 5, "09:05 (9:05 a.m.)"),
        (12, 0, "12:00 (noon)"),
        (12, 1, "12:01 (12:01 p.m.)"),
        (22, 40, "22:40 (10:40 p.m.)"),
    ],
)
def test_a_time_is_also_said_as_it_is_said_at_home(hour: int, minute: int, said: str) -> None:
    assert language().time(datetime(2026, 3, 7, hour, minute), twelve=True) == said  # noqa: DTZ001 -- a wall clock


def test_the_page_is_spanish_from_its_tag_to_its_foot(every_handout: list[dict[str, Any]]) -> None:
    page = lactation_page(every_handout[0], language="es")
    assert '<html lang="es-US">' in page and '<ol class="references" lang="en">' in page
    assert "Pida ayuda de inmediato" in page and "envíe AYUDA al 988" in page
    assert "RETIRADO el 14 de abril de 2025" in page
    main = page.split("<main>")[1].split("</main>")[0]
    assert not re.search(r"\b(the|your|baby|milk|feed|break|source)\b", re.sub(r"<[^>]+>", " ", main))


def test_her_name_is_escaped_in_every_language(every_handout: list[dict[str, Any]]) -> None:
    told = {**every_handout[0], "mother": {**every_handout[0]["mother"], "name": "<b>Eve</b> {x}"}}
    for code in codes():
        page = lactation_page(told, language=code)
        assert "<b>Eve" not in page and "&lt;b&gt;Eve&lt;/b&gt; {x}" in page


def test_a_woman_without_a_name_is_called_so_in_each_language(every_handout: list[dict[str, Any]]) -> None:
    told = {**every_handout[0], "mother": {**every_handout[0]["mother"], "name": ""}}
    assert [lactation_words(told, language(code))["name"] for code in codes()] == ["unnamed", "sin nombre"]


def test_an_unknown_language_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(InputError, match=r"language 'ess' is not known. Did you mean 'es'\? Allowed: en, es."):
        language("ess")
