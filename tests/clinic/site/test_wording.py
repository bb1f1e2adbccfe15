"""Licensed wording: checked against the scale's items, looked at before use, and never part of the program.

The texts here are invented: they are not the wording of any scale.
"""

from __future__ import annotations

import json
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from paper_examples import PEOPLE

from matrescence.instruments.library import load, names

pytestmark = pytest.mark.django_db
URL = "/site/wording/epds/"
PERMISSION = "invented letter of 1 January 2026"
ANSWERS = [f"invented answer {n}" for n in range(1, 5)]
ITEMS = {str(n): {"text": f"invented text {n}", "options": ANSWERS} for n in range(1, 11)}
PLAIN = "Invented introduction\n" + "".join(
    f"{n}. invented text {n}\n" + "".join(f"- {text}\n" for text in ANSWERS) for n in range(1, 11)
)
TOML = "[epds]\n[epds.items]\n" + "".join(
    f"{n} = {json.dumps(item).replace(': ', ' = ')}\n" for n, item in ITEMS.items()
)
FILES = {"words.json": json.dumps({"epds": {"items": ITEMS}}), "words.toml": TOML, "words.txt": PLAIN}


@pytest.fixture
def okafor(staff: dict[str, Client]) -> Client:
    return staff["site-representative"]


def send(browser: Client, content: str, file: str = "words.txt", do: str = "look", **more: str):  # type: ignore[no-untyped-def]
    from matrescence.clinic.log.site import open_site

    body = {"do": do, "permission": PERMISSION, "position": str(open_site().position), **more}
    if do == "look":
        return browser.post(URL, {**body, "file": SimpleUploadedFile(file, content.encode())})
    return browser.post(URL, {**body, "content": content, "name": file})


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_looked_at_first_and_is_in_use_only_afterwards(okafor: Client, file: str) -> None:
    from matrescence.clinic.log.site import open_site

    look = send(okafor, FILES[file], file)
    page = unescape(look.content.decode())
    assert look.status_code == 200 and "invented text 10" in page and "Use this wording" in page
    assert open_site().known.wordings == {}
    assert send(okafor, FILES[file], file, do="use").status_code == 302
    found = open_site().known.wordings["epds"]
    assert (found.permission, found.file, found.by) == (PERMISSION, file, PEOPLE["site-representative"])
    assert found.scale.item("10").wording == "invented text 10"
    assert [option.score for option in found.scale.item("3").options] == [3, 2, 1, 0]


def test_the_page_tells_who_has_put_it_in_and_by_whose_permission(okafor: Client, staff: dict[str, Client]) -> None:
    send(okafor, PLAIN, do="use")
    page = unescape(staff["nurse"].get("/site/wording/").content.decode())
    assert PERMISSION in page and PEOPLE["site-representative"] in page


@pytest.mark.parametrize(
    ("content", "file", "more", "told"),
    [
        (PLAIN, "words.txt", {"permission": ""}, "permission is missing"),
        (PLAIN.replace("7. invented text 7\n", ""), "words.txt", {}, "item 7 has no wording"),
        (PLAIN.replace("- invented answer 4\n", "", 1), "words.txt", {}, "4 texts, as printed from the top"),
        (PLAIN + "11. one more\n- a\n- b\n", "words.txt", {}, "'11' is not an item"),
        ("{", "words.json", {}, "broken JSON"),
        ("[epds", "words.toml", {}, "broken TOML"),
        ("[phq9]\n", "words.toml", {}, "it holds no table 'epds'"),
        ("", "words.txt", {}, "has no wording"),
    ],
)
def test_what_does_not_fit_the_scale_is_named_and_nothing_is_written(
    okafor: Client, content: str, file: str, more: dict[str, str], told: str
) -> None:
    from matrescence.clinic.log.site import open_site

    for do in ("look", "use"):
        answer = send(okafor, content, file, do, **more)
        assert answer.status_code == 422 and told in unescape(answer.content.decode())
    assert open_site().position == 0


@pytest.mark.parametrize(
    ("content", "told"), [(b"x" * 200_001, "larger than 200 kB"), ("é".encode("latin-1"), "save the file as UTF-8")]
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(okafor: Client, content: bytes, told: str) -> None:
    body = {"do": "look", "permission": PERMISSION, "file": SimpleUploadedFile("words.txt", content)}
    answer = okafor.post(URL, body)
    assert answer.status_code == 422 and told in answer.content.decode()


def test_a_later_record_replaces_it_and_a_withdrawal_with_a_reason_ends_it(okafor: Client) -> None:
    from matrescence.clinic.log.site import history, open_site

    send(okafor, PLAIN, do="use")
    send(okafor, PLAIN.replace("invented text 1\n", "another text\n"), do="use")
    assert open_site().known.wordings["epds"].scale.item("1").wording == "another text"
    short = okafor.post(URL, {"do": "withdraw", "why": "no", "position": "2"})
    assert short.status_code == 422
    assert okafor.post(URL, {"do": "withdraw", "why": "The permission has ended.", "position": "2"}).status_code == 302
    assert open_site().known.wordings == {}
    assert [line["kind"] for line in history()] == ["wording"] * 3


def test_only_the_sites_representative_puts_wording_in(staff: dict[str, Client]) -> None:
    assert send(staff["prescriber"], PLAIN).status_code == 403


def test_a_scale_whose_wording_comes_with_the_program_has_no_slots_to_fill(okafor: Client) -> None:
    assert okafor.get("/site/wording/phq9/").status_code == 404


def test_no_wording_of_a_licensed_scale_is_in_the_program() -> None:
    licensed = [load(name) for name in names() if not load(name).licence.wording_ships]
    assert {"epds", "madrs"} <= {scale.name for scale in licensed}
    for scale in licensed:
        assert scale.stem is None
        assert all(item.wording is None for item in scale.items)
    for scale in (load("epds"), load("madrs")):
        assert all(option.text is None for item in scale.items for option in item.options)
