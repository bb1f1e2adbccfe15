"""Whoever tries the invented clinic: every link that a page offers leads somewhere, for every person who may log in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from matrescence.care.journey.worklist import Press
from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.demo import runner
from matrescence.clinic.demo.scene import people
from matrescence.clinic.demo.seed import accounts, seed_scenes, site_and_requests
from matrescence.clinic.live import port, simulated
from matrescence.clinic.people.matrix import Cell, matrix
from matrescence.clinic.people.models import User
from matrescence.clinic.worklist.lines import grouped, lines

LEVELS = 2
LINK = re.compile(r'<(?:a|form)\s[^>]*?(?:href|action)="(/[^"#?]*)[^"]*"[^>]*>')
NEVER = frozenset({"started past the rules"})
"""A group that the rules of the clinic let nobody reach: only a log that other hands have changed stands in it."""


@pytest.fixture(scope="module")
def invented(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The whole invented clinic, seeded once for all people, and taken away again."""
    with django_db_blocker.unblock():
        accounts(runner.PASSWORD)
        site_and_requests(now())
        seed_scenes(now())
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)
    port.forget()
    simulated.forget()


def links(page: str) -> set[str]:
    """The addresses in this clinic that a page links to; a form with ``get`` counts, one with ``post`` is an act."""
    found = set()
    for match in LINK.finditer(page):
        if 'method="post"' not in match.group(0):
            found.add(unescape(match.group(1)))
    return found


def walked(browser: Client) -> dict[str, tuple[int, str]]:
    """Every page within two links of the worklist (of her own page, where she has none): its answer, and from where."""
    answered: dict[str, tuple[int, str]] = {}
    user = User.objects.get(pk=browser.session["_auth_user_id"])
    begins = "/worklist/" if matrix()["worklist.view"].best(user.known_roles) is Cell.YES else "/me/"
    waiting = {begins: "the log-in"}
    for _level in range(LEVELS + 1):
        following: dict[str, str] = {}
        for address, came_from in waiting.items():
            answer = browser.get(address, follow=True)
            answered[address] = (answer.status_code, came_from)
            if "text/html" in answer.headers.get("Content-Type", ""):
                following |= dict.fromkeys(links(answer.content.decode()), address)
        waiting = {link: page for link, page in following.items() if link not in answered and _is_page(link)}
    return answered


def _is_page(address: str) -> bool:
    return not address.startswith(settings.STATIC_URL)


def test_one_course_stands_in_each_group_of_the_worklist(invented: None, db: None) -> None:
    groups = {press for press, _rows in grouped(lines()[0])}
    assert groups == {press for press in Press if press.value not in NEVER}


@pytest.mark.parametrize("user", [row["user"] for row in people()])
def test_every_link_within_two_steps_of_the_worklist_leads_somewhere(invented: None, db: None, user: str) -> None:
    browser = Client()
    browser.force_login(User.objects.get(username=user))
    found = walked(browser)
    assert len(found) > 5
    assert {page: how for page, how in found.items() if how[0] != 200} == {}
