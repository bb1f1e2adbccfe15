"""Two people confirm: one person under two names that the eye takes for one is one person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from matrescence.care.people import mixes_scripts, reads_as

pytestmark = pytest.mark.django_db
NINA = "N. Silva, RN"
LOOKS_THE_SAME = {
    "a space that is not broken": "N.\u00a0Silva, RN",
    "a space of no width": "N. Sil\u200bva, RN",
    "a joiner": "N. Sil\u2060va, RN",
    "wide letters": "Ｎ. Ｓｉｌｖａ, ＲＮ",
    "mathematical letters": "𝐍. 𝐒𝐢𝐥𝐯𝐚, 𝐑𝐍",
    "a Cyrillic letter": "N. Silv\u0430, RN",
    "Greek capitals": "\u039d. Silva, RN",
    "another way to write i": "N. S\u0456lva, RN",
    "without points": "N Silva RN",
    "in capitals": "N. SILVA, RN",
    "a filler of Hangul": "N. Silva, RN\u3164",
    "turned around and back": "N. Silva\u202d, RN\u202c",
}


@pytest.mark.rule("journey.two_person_plan")
@pytest.mark.parametrize("name", LOOKS_THE_SAME.values(), ids=LOOKS_THE_SAME)
def test_a_name_that_looks_the_same_is_no_second_person(name: str) -> None:
    assert reads_as(name) == reads_as(NINA)


@pytest.mark.parametrize("name", ["N. Silvá, RN", "M. Silva, RN", "N. Silva, MD", "N. S. Ilva, RN", "Н. Силва, RN"])
def test_a_name_that_reads_otherwise_is_another_person(name: str) -> None:
    assert reads_as(name) != reads_as(NINA)


def test_a_word_of_two_alphabets_is_told_from_a_name_in_each() -> None:
    assert mixes_scripts("N. Silv\u0430, RN")
    assert not mixes_scripts("Н. Силва, RN")
    assert not mixes_scripts("李娜 (invented)")


@pytest.mark.parametrize("name", LOOKS_THE_SAME.values(), ids=LOOKS_THE_SAME)
def test_no_second_account_gets_a_name_that_looks_the_same(
    name: str, logged_in: Callable[..., Client], person: Callable[..., Any]
) -> None:
    from matrescence.clinic.people.models import User

    person("nurse", name=NINA)
    rep = logged_in("site-representative", name="R. Osei (invented)")
    answer = rep.post("/people/new/", {"user_name": "second", "name": name, "roles": ["prescriber"]})
    assert answer.status_code == 422
    assert not User.objects.filter(username="second").exists()


@pytest.mark.parametrize("user_name", ["NINA", "ｎｉｎａ", "n\u0456na", "nin\u0430"])
def test_no_second_account_gets_a_user_name_that_looks_the_same(
    user_name: str, logged_in: Callable[..., Client]
) -> None:
    from matrescence.clinic.people.models import User

    rep = logged_in("site-representative", name="R. Osei (invented)")
    rep.post("/people/new/", {"user_name": "nina", "name": NINA, "roles": ["nurse"]})
    answer = rep.post("/people/new/", {"user_name": user_name, "name": "Another, MD", "roles": ["prescriber"]})
    assert answer.status_code == 422
    assert User.objects.filter(name="Another, MD").count() == 0


def test_a_name_is_kept_in_one_way_of_writing(logged_in: Callable[..., Client]) -> None:
    from matrescence.clinic.people.models import User

    rep = logged_in("site-representative", name="R. Osei (invented)")
    rep.post("/people/new/", {"user_name": "zoe", "name": "Zoe\u0308   Ｍarsh, RN", "roles": ["nurse"]})
    assert User.objects.get(username="zoe").name == "Zo\u00eb Marsh, RN"
