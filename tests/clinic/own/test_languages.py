"""Her pages in Spanish are all Spanish; a scale without an official translation is never translated here."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation.template import templatize

from matrescence.clinic import own
from matrescence.clinic.own import asked, crisis, lines
from matrescence.clinic.own.asked import ASKED
from matrescence.clinic.people.models import MotherLink
from matrescence.instruments.help_lines import load_lines
from matrescence.instruments.translations import translated

pytestmark = pytest.mark.django_db
ROOM = Path(own.__file__).parent
TEMPLATES = sorted((ROOM.parent / "templates" / "own").glob("*.html"))
THE_SAME = {"No", "Error:"}
"""Words that Spanish shares with English."""


def _of_templates() -> Iterator[tuple[str, ...]]:
    """The sentences of her templates; one that counts is a pair."""
    for file in TEMPLATES:
        for node in ast.walk(ast.parse(_as_code(templatize(file.read_text(encoding="utf-8"))))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield tuple(part.value for part in node.args if isinstance(part, ast.Constant))


def _as_code(text: str) -> str:
    """What Django makes of a template for its own extractor, with only the calls left."""
    return "\n".join(re.findall(r"n?gettext\((?:u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\"|[^()'\"])*\)", text))


def _of_code() -> Iterator[tuple[str, ...]]:
    for file in sorted(ROOM.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            marked = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if marked and node.func.id in {"_", "gettext_noop"} and isinstance(node.args[0], ast.Constant):
                yield (node.args[0].value,)


def test_every_sentence_of_her_pages_has_its_spanish() -> None:
    sentences = {*_of_templates(), *_of_code()}
    assert len(sentences) > 70

    with translation.override("es"):
        english = {said for said in sentences if _in_spanish(*said) in said}
    assert {said[0] for said in english} == THE_SAME


def _in_spanish(one: str, many: str = "", *_: object) -> str:
    return ngettext(one, many, 2) if many else gettext(one)


def test_the_lines_that_come_with_the_program_are_told_in_spanish() -> None:
    with translation.override("es"):
        for line in load_lines().lines:
            assert gettext(line.name) != line.name
            assert gettext(line.how) != line.how
    assert {line.name for line in load_lines().lines} <= set(lines.SHIPPED)


def test_a_link_in_spanish_is_spanish_to_the_end(opened: Callable[..., Any], words_of: Callable[..., str]) -> None:
    her = opened("phq9", "her-questions", language="es")
    page = her.get("1/")

    assert '<html lang="es">' in page.content.decode()
    assert "Poco interés o placer en hacer cosas" in words_of(page)
    assert "Gracias por contárnoslo" in words_of(her.browser.get(her.answer("phq9:9", "1").headers["Location"]))
    her.answer_all("rather-not")
    assert "Prefiero no decirlo" in words_of(her.get("check/"))
    her.send()
    assert "Su clínica ya tiene sus respuestas" in words_of(her.get("sent/"))


def test_she_can_change_the_language_before_and_after_she_begins(linked: Callable[..., Any]) -> None:
    her = linked("phq9")
    her.browser.post(f"{her.home}language/", {"language": "es", "next": her.home})
    assert '<html lang="es">' in her.get().content.decode()

    her.begin()
    assert '<html lang="es">' in her.get("1/").content.decode()
    response = her.browser.post(f"{her.home}language/", {"language": "en", "next": f"{her.home}1/"})
    assert response.headers["Location"] == f"{her.home}1/"
    assert '<html lang="en">' in her.get("1/").content.decode()


def test_changing_the_language_leads_nowhere_else(linked: Callable[..., Any]) -> None:
    her = linked("phq9")
    response = her.browser.post(f"{her.home}language/", {"language": "es", "next": "https://elsewhere.example/"})

    assert response.headers["Location"] == her.home


def test_a_scale_that_is_not_there_in_her_language_is_shown_as_it_is_and_says_so(
    opened: Callable[..., Any], worded: Callable[..., None], words_of: Callable[..., str]
) -> None:
    worded("epds")
    her = opened("epds", language="en")
    her.browser.post(f"{her.home}language/", {"language": "es", "next": her.home})
    page = her.get("1/")

    assert "no está disponible en su idioma" in words_of(page)
    assert '<h1 lang="en">' in page.content.decode()


def test_the_handout_is_told_in_her_language(opened: Callable[..., Any], words_of: Callable[..., str]) -> None:
    spanish = words_of(opened(purpose=MotherLink.HANDOUT, language="es").get("feeding/"))
    english = words_of(opened(purpose=MotherLink.HANDOUT, language="en").get("feeding/"))

    assert "Cuándo dar el pecho" in spanish
    assert "When to feed" in english
    assert "off label" in english.lower()


def test_no_wording_of_a_licensed_scale_is_here_in_any_language() -> None:
    assert translated("epds", "es") is None
    assert translated("madrs", "es") is None
    assert all(get_template(f"own/{file.name}") for file in TEMPLATES)
    assert {question.group for question in ASKED} == {"signs", "infant_harm", "past"}
    assert all(words.title and words.do for words in (*crisis.BY_URGENCY.values(), *crisis.BY_RULE.values()))
    assert asked.HER_QUESTIONS not in {"epds", "madrs"}
