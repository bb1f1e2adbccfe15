"""A form that another site sends in her name, and an address that leads to another site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from clinic_examples import PASSWORD
from django.test import Client
from people.addresses import World, addresses

from matrescence.clinic.log.models import Event

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]
ELSEWHERE = [
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example", "javascript:alert(1)", "///x.test",
    "\thttps://evil.example", "https://testserver.evil.example", "https://testserver@evil.example", "data:text/html,x",
]  # fmt: skip


def test_no_address_takes_a_form_without_its_token(begun: Make, person: Make) -> None:
    from matrescence.clinic.people.matrix import ROLES

    someone = person(*(role for role in ROLES if role != "mother"), name="E. Verything (invented)")
    world, browser = World(begun(), person("nurse").pk, 1, 1), Client(enforce_csrf_checks=True)
    browser.force_login(someone)
    for address in addresses():
        if {"token", "uidb64"} & set(address.takes):
            continue
        url = address.url(world) if address.actions else _plain(address)
        if url:
            answer = browser.post(url, {"key": "a" * 32}, headers={"Origin": "https://evil.example"})
            assert answer.status_code == 403, address.name
    assert Event.objects.count() == 1


def _plain(address: Any) -> str:
    from django.urls import NoReverseMatch, reverse

    try:
        return reverse(address.name)
    except NoReverseMatch:
        return ""


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nothing_leads_to_another_site_after_a_log_in_an_unlock_or_a_reason(
    target: str, begun: Make, person: Make, logged_in: Make
) -> None:
    person("nurse", name="N. Silva")
    browser, course = Client(), begun()
    asked = f"?next={quote(target, safe='')}"
    answers = [
        browser.post(f"/accounts/login/{asked}", {"login": "N.-Silva", "password": PASSWORD, "next": target}),
        browser.post(f"/me/unlock/{asked}", {"password": PASSWORD, "next": target}),
        browser.post("/language/", {"language": "es", "next": target}, headers={"Referer": target.strip()}),
        logged_in("auditor").post(
            f"/mothers/{course}/break-glass/{asked}", {"reason": "Asked by the ward at night.", "next": target}
        ),
    ]
    for answer in answers:
        place = urlsplit(answer.headers.get("Location", ""))
        assert place.scheme in {"", "http"} and place.netloc in {"", "testserver"}, answer.headers["Location"]
        assert not answer.headers.get("Location", "").startswith(("//", "/\\", "\\"))


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_another_method_writes_nothing_and_passes_no_lock(method: str, begun: Make, logged_in: Make) -> None:
    course, browser = begun(), logged_in("nurse")
    body = {"hopes": "to sleep", "key": "a" * 32}
    headers = {"X-HTTP-Method-Override": "POST"}
    browser.generic(method, f"/mothers/{course}/assessment/consultation/", "hopes=sleep", headers=headers)
    browser.get(f"/mothers/{course}/assessment/consultation/", {**body, "_method": "POST"}, headers=headers)
    assert Event.objects.count() == 1
    session = browser.session
    session["seen_at"] = 0
    session.save()
    answer = browser.generic(method, f"/mothers/{course}/", headers={"HX-Request": "true"})
    assert b"Julia" not in answer.content
