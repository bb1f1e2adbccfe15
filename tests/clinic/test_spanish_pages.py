"""Every page as a Spanish reader gets it: all Spanish, and what stays English says that it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from clinic_examples import NOW
from django.test import Client
from django.urls import reverse
from django.utils import translation
from people.addresses import Address, World, addresses, guarded
from reading_aloud import read_aloud
from spanish_words import SPANISH, left_in_english, wrongly_marked
from stage_examples import FOLLOWED, PLANNED, play


@pytest.fixture(autouse=True)
def no_language_afterwards() -> Iterator[None]:
    """A page that was asked for in Spanish leaves no Spanish to the tests that follow."""
    yield
    translation.deactivate()


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
        assert ("en", "English") in read_aloud(page), "each language is offered by its own name"
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
