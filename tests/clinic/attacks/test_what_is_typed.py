"""Whatever is typed or put into an address: a sentence or a page of the house, never a fault, and nothing half written.

Longer or stranger than a column holds is refused before the database is asked: SQLite would keep it, and a clinic
that moves to PostgreSQL could not take it along.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from people.addresses import KWARGS, Address, guarded
from people.doors import rows

from matrescence.clinic.inputs import form_key, form_position, whole_number
from matrescence.clinic.log.models import Audit, Event

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]

STRANGE = {
    "a NUL": "a\x00b",
    "a number that is no digit": "\u00b2",
    "very many digits": "9" * 5000,
    "a long number": "9" * 25,
    "a number below zero": "-1",
    "no number": "nan",
    "too much": "1e400",
    "a long text": "x" * 3000,
    "the last minute there is": "9999-12-31T23:59",
    "the last day there is": "9999-12-31",
    "the first day there is": "0001-01-01",
    "markup": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "turned around": "\u202egnp.exe\u200b",
    "a formula": "=cmd|' /C calc'!A0",
    "a header": "\r\nX-Injected: 1",
    "a path": "../../etc/passwd",
}


@pytest.fixture
def everything(logged_in: Make) -> Client:
    from matrescence.clinic.people.matrix import ROLES

    return logged_in(*(role for role in ROLES if role != "mother"), name="E. Verything (invented)")


def test_every_form_of_a_course_answers_whatever_stands_in_all_its_fields(opened: Make, everything: Client) -> None:
    course = opened(skip_last=2)
    for address in guarded():
        if address.takes != ("course_id",) or "stream" in address.name:
            continue
        url = _url(address, course)
        for fields in _forms(_text(everything.get(url))):
            for typed in STRANGE.values():
                answer = everything.post(url, {**dict.fromkeys(fields, typed), "position": "1"})
                assert answer.status_code < 500, f"{url}: {typed[:20]!r}"
                assert "X-Injected" not in answer.headers
                assert "<img src=x" not in _text(answer)


def _text(answer: Any) -> str:
    return answer.content.decode() if answer.headers.get("Content-Type", "").startswith("text/html") else ""


def _url(address: Address, course: str) -> str:
    from django.urls import reverse

    return reverse(address.name, kwargs={"course_id": course, **KWARGS.get(address.name, {})})


def _forms(page: str) -> list[tuple[str, ...]]:
    """The names of the fields of each form on a page that is sent by POST."""
    found = re.findall(r'(?s)<form[^>]*method="post"[^>]*>(.*?)</form>', page)
    return [tuple(map(html.unescape, re.findall(r'\bname="([^"]+)"', form))) for form in found]


@pytest.mark.parametrize("typed", STRANGE.values(), ids=STRANGE)
def test_an_address_of_no_course_is_not_found_and_the_audit_keeps_none_of_it(typed: str, everything: Client) -> None:
    for address in guarded():
        if address.takes == ("course_id",):
            url = _url(address, "C0URSE").replace("C0URSE", quote(typed, safe=""))
            assert everything.get(url).status_code in {301, 400, 403, 404, 405}, url
    assert not Audit.objects.exclude(stream="").exists()


@pytest.mark.parametrize("typed", STRANGE.values(), ids=STRANGE)
def test_the_filter_of_the_audit_says_what_it_cannot_read(typed: str, everything: Client) -> None:
    names = ("who", "course", "action", "outcome", "since", "until", "page")
    for place in ("/audit/", "/audit/audit.csv", "/audit/audit.jsonl"):
        answer = everything.get(place, dict.fromkeys(names, typed))
        assert answer.status_code in {200, 400, 404, 422}, place


def test_what_travels_with_a_form_is_read_strictly() -> None:
    assert form_key({"key": "a" * 32}) == "a" * 32
    for forged in ("", "a\u00e9", "\u0430" * 32, "x" * 101, "a b", "a\x00", "\uff41" * 8):
        assert form_key({"key": forged}) != forged
        assert re.fullmatch("[0-9a-f]{32}", form_key({"key": forged}))
    assert form_position({}) is None
    assert [form_position({"position": typed}) for typed in ("7", "\u00b2", "\u0663", "-1", "9" * 4301)] == [
        7,
        0,
        0,
        0,
        0,
    ]
    assert [whole_number(typed) for typed in ("12", "1_2", "1e3", "", " 1")] == [12, None, None, None, None]


def test_an_unreadable_position_writes_over_nobody(begun: Make, everything: Client) -> None:
    course = begun()
    answer = everything.post(f"/mothers/{course}/assessment/consultation/", {"hopes": "sleep", "position": "\u00b2"})
    assert answer.status_code == 409
    assert Event.objects.filter(stream_id=course).count() == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("[" * 50_000, "deep.json"),
        ('{"epds": ' * 20_000, "deep.json"),
        ("a = " + "[" * 50_000, "deep.toml"),
        ("[" + ".".join("a" * 40_000) + "]", "deep.toml"),
        ('{"epds": {"items": {"1": {"text": "\\ud800", "options": ["a", "b", "c", "d"]}}}}', "half.json"),
        ('{"epds": {"items": {"1": {"text": NaN}}}}', "nan.json"),
        ("[epds]\nitems = 9999-12-31T23:59:59Z\n", "date.toml"),
        ("\x7fELF" + "x" * 100, "x.toml"),
    ],
)
def test_an_uploaded_wording_that_is_no_wording_is_refused_in_a_sentence(
    content: str, name: str, everything: Client
) -> None:
    body = {"do": "use", "content": content, "name": name, "permission": "Invented, for a test"}
    answer = everything.post("/site/wording/epds/", body)
    assert answer.status_code == 422
    assert not Event.objects.exists()


def test_a_form_that_is_too_large_is_refused(everything: Client, begun: Make) -> None:
    course = begun()
    too_large: list[Mapping[str, Any]] = [{"hopes": "x" * 1_100_000}, {f"f{n}": "x" for n in range(1001)}]
    for body in too_large:
        assert everything.post(f"/mothers/{course}/assessment/consultation/", body).status_code == 400
    assert Event.objects.count() == 1


def test_an_address_that_a_careless_proxy_passed_on_is_no_address(logged_in: Make, begun: Make) -> None:
    course = begun()
    for said, kept in (("<b>" * 50, ""), ("203.0.113.7", "203.0.113.7"), ("2001:DB8::1", "2001:db8::1"), ("", "")):
        logged_in("nurse", name=f"Nurse at {kept or said[:9]} (invented)").get(f"/mothers/{course}/", REMOTE_ADDR=said)
        assert rows(stream=course)[-1].address == kept


def test_tries_are_counted_for_a_whole_network_of_ipv6(db: None) -> None:
    answers = [Client().get(f"/s/guess{n}/", REMOTE_ADDR=f"2001:db8::{n:x}").status_code for n in range(21)]
    assert answers[:20] == [410] * 20 and answers[20] == 429
    assert Client().get("/s/guess/", REMOTE_ADDR="2001:db8:0:1::1").status_code == 410
