"""A link opens once, in one browser, for one mother, until it is over; every look at it is written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.log.models import Audit
from matrescence.clinic.own.access import MISSES
from matrescence.clinic.people.models import MotherLink

pytestmark = pytest.mark.django_db


def test_looking_at_a_link_uses_nothing_up(linked: Callable[..., Any]) -> None:
    her = linked("phq9")
    preview = Client(headers={"user-agent": "a message that shows previews"})

    assert preview.get(her.home).status_code == 200
    assert preview.head(her.home).status_code == 200
    assert her.link.opened_at is None

    assert her.begin().status_code == 302
    assert her.get("1/").status_code == 200


def test_a_preview_tells_nothing_about_her(linked: Callable[..., Any]) -> None:
    page = linked("phq9").get().content.decode()

    assert "Julia" not in page
    assert "Silva" not in page
    assert 'name="robots" content="noindex' in page


def test_the_browser_that_began_owns_it_and_another_finds_it_dead(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    other = Client()

    assert her.get("1/").status_code == 200
    for place in ("", "1/", "check/", "sent/", "now/", "stop/"):
        assert other.get(her.home + place).status_code == 410, place
    assert other.post(her.home).status_code == 410
    assert her.get("1/").status_code == 200


def test_a_cookie_that_somebody_made_up_opens_nothing(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    thief = Client()
    thief.cookies[f"own-{her.link.pk}"] = "guessed:1abc:not-a-signature"

    assert thief.get(f"{her.home}1/").status_code == 410


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_pages(linked: Callable[..., Any]) -> None:
    her = linked("phq9")
    cookie = her.begin().cookies[f"own-{her.link.pk}"]

    assert cookie["httponly"]
    assert cookie["path"] == "/s/"
    assert cookie["samesite"] == "Lax"


def test_it_dies_when_its_time_is_over_and_when_it_is_withdrawn(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    MotherLink.objects.filter(pk=her.link.pk).update(withdrawn=True)
    assert her.get("1/").status_code == 410

    MotherLink.objects.filter(pk=her.link.pk).update(withdrawn=False, expires_at=now() - timedelta(seconds=1))
    assert her.get("1/").status_code == 410


def test_every_dead_link_gives_the_same_page(linked: Callable[..., Any], opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    bodies = {Client().get(her.home).content, Client().get("/s/there-is-no-such-link/").content}

    assert len(bodies) == 1
    assert b"988" in bodies.pop()


def test_who_tries_many_links_is_kept_out_but_she_is_not(
    opened: Callable[..., Any], linked: Callable[..., Any]
) -> None:
    her, fresh = opened("phq9"), linked("phq9")
    guesser = Client()
    found = [guesser.get(f"/s/guess-{number}/").status_code for number in range(MISSES + 1)]

    assert found == [410] * MISSES + [429]
    assert guesser.get(fresh.home).status_code == 429
    assert her.get("1/").status_code == 200


def test_only_a_hash_of_the_secret_is_kept(linked: Callable[..., Any]) -> None:
    her = linked("phq9")

    assert her.token not in str(MotherLink.objects.filter(pk=her.link.pk).values())


def test_each_look_is_audited_as_hers(opened: Callable[..., Any]) -> None:
    her = opened("phq9")
    her.get("1/")
    Client().get(f"{her.home}1/")

    rows = Audit.objects.filter(stream=her.course, action="assessment.answer").order_by("seq")
    assert {row.role for row in rows} == {"mother"}
    assert [row.outcome for row in rows] == ["done", "read", "refused"]
    assert not any("Julia" in row.detail + row.who for row in rows)


def test_a_questionnaire_opens_no_handout_and_a_handout_no_questionnaire(opened: Callable[..., Any]) -> None:
    asks, tells = opened("phq9"), opened(purpose=MotherLink.HANDOUT)

    assert asks.get("feeding/").status_code == 410
    assert tells.get("1/").status_code == 410
    assert tells.get("feeding/").status_code == 200


def test_the_secret_of_a_link_never_stands_in_the_log(
    linked: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    from django.conf import settings

    from matrescence.clinic.own.log_filter import HideLinks

    her = linked("phq9")
    caplog.handler.addFilter(HideLinks())
    her.get("1/")

    assert "(hidden)" in caplog.text
    assert her.token not in caplog.text
    assert "links" in settings.LOGGING["handlers"]["console"]["filters"]
