"""Staff make a link; its address is shown once; a scale without wording cannot be sent, and they are told why."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from clinic_examples import NOW
from django.test import Client

from matrescence.actions.course import Request
from matrescence.clinic.assessment.qr import QUIET_MODULES, qr_svg
from matrescence.clinic.assessment.wording import sendable, wording_of
from matrescence.clinic.log import site
from matrescence.clinic.people.models import MotherLink
from matrescence.instruments.library import load

pytestmark = pytest.mark.django_db


def _page(course: str) -> str:
    return f"/mothers/{course}/assessment/links/"


def _make(browser: Client, course: str, **typed: Any) -> Any:
    usual = {"key": "k1", "purpose": "screening", "language": "en", "days": "3", "scales": ["phq9"]}
    return browser.post(_page(course), {**usual, **typed})


def _address(page: str) -> str:
    return re.findall(r"<textarea[^>]*>\s*(\S+)\s*</textarea>", page)[0]


def test_the_address_is_shown_once_as_text_and_as_a_code(
    begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    course, nurse = begun(), logged_in("nurse")
    made = _make(nurse, course).content.decode()
    address = _address(made)

    assert made.count('<svg class="qr"') == 1
    assert Client().get(address).status_code == 200
    assert address.rstrip("/").rsplit("/", 1)[1] not in nurse.get(_page(course)).content.decode()


def test_sending_the_form_again_makes_no_second_link_and_shows_no_address(
    begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    course, nurse = begun(), logged_in("nurse")
    _make(nurse, course)
    again = _make(nurse, course)

    assert again.headers["Location"] == _page(course)
    assert MotherLink.objects.count() == 1


def test_what_the_link_is_for_is_kept(begun: Callable[..., str], logged_in: Callable[..., Client]) -> None:
    course = begun()
    _make(logged_in("coordinator"), course, scales=["phq9", "her-questions"], language="es", days="7")
    link = MotherLink.objects.get()

    assert (link.purpose, link.language, link.scales) == ("screening", "es", ["phq9", "her-questions"])
    assert (link.expires_at - link.made_at).days == 7


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"scales": ["epds"]}, "EPDS: Its wording may not come with the program."),
        ({"scales": ["cssrs"]}, "C-SSRS screener: A clinician rates it"),
        ({"scales": ["nonsense"]}, "nonsense"),
        ({"scales": []}, "Choose at least one scale."),
        ({"scales": ["her-questions"], "purpose": "follow-up"}, "Choose at least one scale."),
        ({"purpose": "spying"}, "Choose what the link is for."),
        ({"language": "xx"}, "Choose a language."),
        ({"days": "400"}, "Choose how long the link works."),
    ],
)
def test_a_link_that_cannot_work_is_not_made(
    wrong: dict[str, Any], said: str, begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    response = _make(logged_in("nurse"), begun(), **wrong)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not MotherLink.objects.exists()


def test_a_handout_needs_no_scale(begun: Callable[..., str], logged_in: Callable[..., Client]) -> None:
    assert _make(logged_in("nurse"), begun(), purpose="handout", scales=[]).status_code == 200
    assert MotherLink.objects.get().scales == []


def test_the_wording_that_the_site_puts_in_makes_a_scale_sendable() -> None:
    assert wording_of("epds", "en") is None
    table = {"items": {i.key: {"text": "Invented", "options": ["a", "b", "c", "d"]} for i in load("epds").items}}
    payload = {"scale": "epds", "permission": "Invented, for a test", "file": "x.toml", "table": table}
    site.add(Request("wording", payload, id="w1", by="S. Rep (invented)"), now=NOW)

    found = wording_of("epds", "en")
    assert found is not None
    assert found.items[0].wording == "Invented"
    assert wording_of("epds", "es") is None
    assert [item.why for item in sendable("en") if item.scale.name == "epds"] == [""]


def test_the_free_scales_are_there_in_both_languages() -> None:
    for name in ("phq9", "gad7"):
        english, spanish = wording_of(name, "en"), wording_of(name, "es")
        assert english is not None
        assert spanish is not None
        assert all(a.wording != b.wording for a, b in zip(english.items, spanish.items, strict=True))
        assert [o.score for o in spanish.items[0].options] == [0, 1, 2, 3]


def test_a_withdrawn_link_is_dead(begun: Callable[..., str], logged_in: Callable[..., Client]) -> None:
    course, nurse = begun(), logged_in("nurse")
    address = _address(_make(nurse, course).content.decode())
    link = MotherLink.objects.get()
    nurse.post(f"{_page(course)}{link.pk}/withdraw/")

    assert Client().get(address).status_code == 410
    assert "withdrawn" in nurse.get(_page(course)).content.decode()


def test_a_link_of_another_mother_cannot_be_withdrawn_from_here(
    begun: Callable[..., str], logged_in: Callable[..., Client]
) -> None:
    one, other, nurse = begun(key="b1"), begun(key="b2"), logged_in("nurse")
    _make(nurse, one)
    link = MotherLink.objects.get()

    assert nurse.post(f"{_page(other)}{link.pk}/withdraw/").status_code == 404
    assert not MotherLink.objects.get().withdrawn


@pytest.mark.parametrize("role", ["pharmacist", "site-representative", "auditor"])
def test_who_may_not_make_a_link(role: str, begun: Callable[..., str], logged_in: Callable[..., Client]) -> None:
    course = begun()

    assert _make(logged_in(role), course).status_code == 403
    assert not MotherLink.objects.exists()


def test_the_code_has_the_quiet_border_that_readers_need_and_no_inline_style() -> None:
    svg = ElementTree.fromstring(str(qr_svg("https://clinic.example/s/abc/", title="a <code>")))
    size = int(svg.attrib["viewBox"].split()[2])
    path = svg.find("path")
    assert path is not None
    starts = [tuple(map(int, move)) for move in re.findall(r"M(\d+) (\d+)", path.attrib["d"])]

    assert "style" not in path.attrib
    assert min(min(x, y) for x, y in starts) == QUIET_MODULES
    assert (size - 2 * QUIET_MODULES - 17) % 4 == 0  # ISO/IEC 18004: 17 + 4 x version modules a side
