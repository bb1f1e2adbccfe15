"""Every page speaks Spanish: nothing is left untranslated, and what stays English says that it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from clinic_examples import NOW
from django.test import Client
from django.urls import reverse
from django.utils import translation
from people.addresses import Address, World, addresses, guarded
from reading_aloud import read_aloud
from stage_examples import FOLLOWED, PLANNED, play

from matrescence.clinic import translating
from matrescence.clinic.said import NAMES, OTHERS, English, said
from matrescence.clinic.templatetags.clinic import clock, number
from matrescence.clinic.templatetags.papers import day

SPANISH = "es"
HOLE = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
SHORTENED = {"No.", "US dollars"}
"""Shortened words carry a point in one of the languages."""
TAG = re.compile(r"</?\w+[^>]*>")


@cache
def written() -> Catalog:
    """The catalogue as people wrote it."""
    return translating.read_catalogue(translating.po_path(SPANISH), SPANISH)


def pairs() -> Iterator[tuple[str, str]]:
    """Every English sentence with its Spanish one; one that counts gives two pairs."""
    for message in written():
        if message.id:
            english = message.id if isinstance(message.id, tuple | list) else (message.id,)
            spanish = message.string if isinstance(message.string, tuple | list) else (message.string,)
            yield from zip(english, spanish, strict=True)


@pytest.fixture(autouse=True)
def no_language_afterwards() -> Iterator[None]:
    """A page that was asked for in Spanish leaves no Spanish to the tests that follow."""
    yield
    translation.deactivate()


# ---- the catalogue ----------------------------------------------------------------------------------------------


def test_every_sentence_of_the_clinic_has_its_spanish() -> None:
    """A new sentence without words fails here: run ``make messages`` and write them."""
    found = translating.gathered(SPANISH, written())
    assert len(found) > 1500
    assert translating.untranslated(found) == []


def test_the_catalogue_holds_no_sentence_that_nobody_says() -> None:
    def known(catalogue: Catalog) -> set[tuple[str | None, Any]]:
        return {(message.context, message.id) for message in catalogue if message.id}

    assert known(written()) == known(translating.gathered(SPANISH))


def test_nothing_is_guessed() -> None:
    assert [message.id for message in written() if message.fuzzy] == []


def test_what_is_filled_in_and_marked_up_is_the_same_in_both_languages() -> None:
    for english, spanish in pairs():
        assert sorted(HOLE.findall(english)) == sorted(HOLE.findall(spanish)), english
        assert sorted(TAG.findall(english)) == sorted(TAG.findall(spanish)), english


def test_sentences_begin_and_end_alike() -> None:
    """A blank at the edge joins two texts; a full stop ends both or neither."""
    for english, spanish in pairs():
        assert english[:1].isspace() == spanish[:1].isspace(), english
        assert english[-1:].isspace() == spanish[-1:].isspace(), english
        assert english.endswith(".") == spanish.endswith(".") or english in SHORTENED, english


def test_questions_and_calls_open_as_spanish_does() -> None:
    for _english, spanish in pairs():
        assert spanish.count("?") == spanish.count("¿"), spanish
        assert spanish.count("!") == spanish.count("¡"), spanish


def test_the_compiled_catalogue_is_what_the_written_one_compiles_to() -> None:
    with translating.po_path(SPANISH).with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    assert _told(compiled) == _told(written())
    assert compiled.plural_forms == written().plural_forms


def _told(catalogue: Catalog) -> set[str]:
    return {f"{m.context} {list(m.id)} {list(m.string)}" for m in catalogue if m.id}


def test_the_file_is_as_make_messages_writes_it() -> None:
    text = translating.po_text(translating.gathered(SPANISH, written()), SPANISH)
    assert translating.po_path(SPANISH).read_bytes() == text


def test_a_new_language_begins_with_every_sentence_and_no_words() -> None:
    begun = translating.gathered("pt_BR")
    assert len(translating.untranslated(begun)) == len(begun)
    assert "Plural-Forms: nplurals=" in translating.po_text(begun, "pt_BR").decode()


def test_a_sentence_that_changes_loses_its_old_words() -> None:
    old = Catalog(SPANISH)
    old.add("Log out, you", "Cierre la sesión")
    old.add("Log out", "Cerrar sesión")
    found = translating.gathered(SPANISH, old)
    assert said_of(found.get("Log out")) == "Cerrar sesión"
    assert found.get("Log out, you") is None


def said_of(message: Message | None) -> Any:
    """What a message says."""
    assert message is not None
    return message.string


# ---- words of the core --------------------------------------------------------------------------------------------


def test_names_of_the_core_are_said_in_spanish() -> None:
    with translation.override(SPANISH):
        for name in (*NAMES, *OTHERS):
            assert not isinstance(said(name), English), name
        assert said("Excessive sedation check") == "Control de sedación excesiva"
        assert said("Ketamine (racemic, intravenous)") == "Ketamina (racémica, por la vena)"
        assert said("a number from 10 to 65 years") == "un número de 10 a 65 años"


def test_a_sentence_of_a_rule_stays_english_and_says_so() -> None:
    with translation.override(SPANISH):
        found = said("The gate is closed: the pump has not been confirmed.")
        assert isinstance(found, English)
        assert found.lang == "en"


def test_decimals_have_a_point_as_on_the_pump() -> None:
    with translation.override(SPANISH):
        assert number(2.1) == "2.1"
        assert number(0.5, 2) == "0.50"


def test_days_and_months_are_written_as_spanish_writes_them() -> None:
    at = datetime(2026, 11, 24, 15, 5, tzinfo=UTC)
    with translation.override(SPANISH):
        assert clock(at, UTC) == "mar 24 nov 15:05"
        assert day(at, UTC) == "24 nov 2026 15:05"
    assert clock(at, UTC) == "Tue 24 Nov 15:05"


# ---- the pages ------------------------------------------------------------------------------------------------------


@pytest.fixture
def worlds(db: None, person: Callable[..., Any]) -> list[World]:
    """A course that is planned and one that was followed, with a link and a request."""
    from matrescence.clinic.own.tokens import make_link
    from matrescence.clinic.welcome.models import ConsultationRequest

    asked = ConsultationRequest.objects.create(key="k", name="M. Other (invented)", asked_at=NOW)
    other = person("pharmacist", name="P. Aalto (invented)").pk
    courses = [play(until, key=f"begin-{n}") for n, until in enumerate((PLANNED, FOLLOWED))]
    made = {"purpose": "screening", "scales": ["gad7"], "language": "es", "made_by": "N. Silva, RN (invented)"}
    links = [make_link(course, at=NOW, valid_for=timedelta(days=7), **made).link.pk for course in courses]
    return [World(course, other, link, asked.pk) for course, link in zip(courses, links, strict=True)]


@cache
def _english() -> tuple[set[str], list[re.Pattern[str]]]:
    """The English of the pages where Spanish differs: whole sentences, and those with something filled in."""
    said = {english for english, spanish in pairs() if english != spanish and re.search("[A-Za-z]{3}", english)}
    plain = {text.replace("%%", "%") for text in said if not re.search(r"%\(|\{", text)}
    filled = [re.compile(".+?".join(map(re.escape, HOLE.split(text)))) for text in said - plain if _words(text)]
    return plain, filled


def _words(text: str) -> int:
    """How many words stand in a sentence beside what is filled in."""
    return len(re.findall("[A-Za-z]{3,}", HOLE.sub(" ", text))) > 1


def left_in_english(page: str) -> list[str]:
    """Texts of the pages that stand there in English without saying so."""
    plain, filled = _english()
    spanish = {words for _english, words in pairs()}
    return [
        text
        for language, text in read_aloud(page)
        if language == SPANISH
        and text not in spanish
        and (text in plain or any(pattern.fullmatch(text) for pattern in filled))
    ]


def wrongly_marked(page: str) -> list[str]:
    """Spanish texts that are said to be English."""
    spanish = {words for english, words in pairs() if english != words} - {english for english, _ in pairs()}
    return [text for language, text in read_aloud(page) if language == "en" and text in spanish]


def pages_of(world: World, browser: Client, chosen: list[Address]) -> Iterator[tuple[str, str]]:
    """Every page of these addresses that there is to be seen."""
    for address in chosen:
        url = address.url(world)
        answer = browser.get(url, headers={"accept-language": SPANISH})
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            yield url, answer.content.decode()


PRINTED = ("planning:print", "lactation:print", "recovery:report")
"""Papers to be printed have a language of their own."""


@pytest.mark.django_db
def test_every_page_of_the_staff_is_spanish(worlds: list[World], logged_in: Callable[..., Client]) -> None:
    roles = ("nurse", "prescriber", "pharmacist", "coordinator", "site-representative", "auditor")
    browser = logged_in(*roles, name="E. Verything (invented)")
    chosen = [address for address in guarded() if address.name not in PRINTED and address.her_action is None]
    seen = 0
    for world in worlds:
        for url, page in pages_of(world, browser, chosen):
            seen += 1
            assert '<html lang="es">' in page or "<html" not in page, url
            whole = page if "<html" in page else f'<div lang="es">{page}</div>'
            assert left_in_english(whole) == [], url
            assert wrongly_marked(whole) == [], url
    assert seen > 70


@pytest.mark.django_db
def test_every_page_that_anybody_may_open_is_spanish(worlds: list[World]) -> None:
    names = ["account_login", "account_logout", "account_inactive"]
    names += [address.name for address in addresses() if address.name.startswith("welcome:")]
    chosen = [address for address in addresses() if address.name in names and address.actions is None]
    found = dict(pages_of(worlds[0], Client(), chosen))
    found["/nowhere/"] = Client().get("/nowhere/", headers={"accept-language": SPANISH}).content.decode()
    assert reverse("account_login") in found
    assert "/" in found
    for url, page in found.items():
        assert '<html lang="es">' in page, url
        assert left_in_english(page) == [], url
        assert wrongly_marked(page) == [], url


@pytest.mark.django_db
def test_a_refused_form_is_spanish_too(worlds: list[World], logged_in: Callable[..., Client]) -> None:
    browser = logged_in("nurse", "prescriber")
    rooms = ("assessment:record", "eligibility:decision", "planning:choose", "recovery:discharge", "mother:change")
    urls = [address.url(worlds[0]) for address in guarded() if address.name in rooms]
    assert len(urls) == len(rooms)
    for url in urls:
        page = browser.post(url, {"key": "k", "weight_kg": "9000"}, headers={"accept-language": SPANISH})
        if page.status_code == 422:
            assert left_in_english(page.content.decode()) == [], url
            assert wrongly_marked(page.content.decode()) == [], url


def test_the_check_would_see_what_is_left_in_english() -> None:
    page = '<html lang="es"><p>Worklist</p><p lang="en">Worklist</p><p>No. 7</p><p>{}</p></html>'
    assert left_in_english(page.format("Lista de trabajo")) == ["Worklist"]
    assert "2 urgent matters are open" in left_in_english(page.format("2 urgent matters are open"))
    assert wrongly_marked('<html lang="es"><p lang="en">Lista de trabajo</p></html>') == ["Lista de trabajo"]
