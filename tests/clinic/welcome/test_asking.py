"""Asking for a consultation: open to everybody, easy, and telling nobody anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from matrescence.clinic.site.values import SiteSettings, Window
from matrescence.clinic.welcome import views
from matrescence.clinic.welcome.models import ConsultationRequest
from matrescence.clinic.welcome.slots import NOTICE, open_slots
from matrescence.clinic.welcome.throttle import BY_ADDRESS

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
MONDAYS = SiteSettings(
    setting="Lakeside maternal clinic (invented)",
    zone=NEW_YORK,
    consultations=(Window(0, time(9), time(11)),),
    slot_min=30,
)


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clinic that has consultation hours on Mondays, seen on a Sunday."""
    monkeypatch.setattr(views, "site_settings", lambda: MONDAYS)
    monkeypatch.setattr(views, "now", lambda: datetime(2026, 3, 1, 12, tzinfo=UTC))


def _ask(browser: Client, **fields: str) -> object:
    return browser.post("/", {"key": "k1", "name": "Maya (invented)", "telephone": "555-0100", "slot": "", **fields})


@pytest.mark.usefixtures("hours")
def test_a_time_is_booked_once() -> None:
    slot = datetime(2026, 3, 2, 9, tzinfo=NEW_YORK).isoformat()
    assert _ask(Client(), slot=slot).status_code == 302
    late = _ask(Client(), key="k2", name="Nora (invented)", slot=slot)
    assert late.status_code == 422
    assert "just been taken" in late.content.decode()
    assert ConsultationRequest.objects.count() == 1


@pytest.mark.usefixtures("hours")
def test_a_double_click_is_one_request() -> None:
    browser = Client()
    for _ in range(2):
        assert _ask(browser).status_code == 302
    assert ConsultationRequest.objects.count() == 1


@pytest.mark.usefixtures("hours")
def test_the_page_shows_nothing_back_that_she_did_not_enter() -> None:
    _ask(Client())
    other = Client().get("/").content.decode()
    assert "Maya" not in other and "555-0100" not in other
    assert Client().get("/asked/").status_code == 302


@pytest.mark.usefixtures("hours")
def test_without_a_way_to_reach_her_nothing_is_sent_and_what_she_wrote_is_kept() -> None:
    page = _ask(Client(), telephone="", words="step-free entrance")
    assert page.status_code == 422
    assert "step-free entrance" in page.content.decode()
    assert not ConsultationRequest.objects.exists()


@pytest.mark.usefixtures("hours")
def test_one_address_that_asks_too_often_is_told_to_wait() -> None:
    answers = [_ask(Client(), key=f"k{number}").status_code for number in range(BY_ADDRESS[0] + 1)]
    assert answers == [302] * BY_ADDRESS[0] + [429]


@pytest.mark.usefixtures("hours")
def test_the_crisis_line_stands_on_the_page_and_on_its_confirmation() -> None:
    browser = Client()
    for page in (browser.get("/"), _ask(browser), browser.get("/asked/")):
        if page.status_code == 200:
            assert "988" in page.content.decode()


def test_without_hours_she_is_called() -> None:
    assert "We call you" in Client().get("/").content.decode()


def test_slots_are_cut_from_the_hours_of_the_weekday() -> None:
    found = open_slots(MONDAYS, taken=(), now=datetime(2026, 3, 1, 12, tzinfo=UTC))
    first = [at.isoformat() for at in found[:5]]
    assert first == [f"2026-03-02T{hour}-05:00" for hour in ("09:00:00", "09:30:00", "10:00:00", "10:30:00")] + [
        "2026-03-09T09:00:00-04:00"
    ]


def test_nobody_books_a_time_that_is_too_near() -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=NEW_YORK)
    assert all(at - now >= NOTICE for at in open_slots(MONDAYS, taken=(), now=now))


def test_an_hour_that_the_clock_leaves_out_gives_no_slot() -> None:
    at_night = SiteSettings(zone=NEW_YORK, consultations=(Window(6, time(1), time(4)),), slot_min=60)
    found = open_slots(at_night, taken=(), now=datetime(2026, 3, 7, 12, tzinfo=UTC))
    assert [at.hour for at in found if at.day == 8] == [1, 3]


def test_a_coordinator_closes_a_request_and_its_time_is_free_again(logged_in: Callable[..., Client]) -> None:
    slot = datetime(2026, 3, 2, 14, tzinfo=UTC)
    asked = ConsultationRequest.objects.create(key="a", name="Maya (invented)", slot_at=slot, asked_at=slot)
    browser = logged_in("coordinator")
    browser.post(f"/requests/{asked.pk}/decline/", {"note": "She has found care nearer to her home."})
    asked.refresh_from_db()
    assert asked.state == ConsultationRequest.DECLINED
    ConsultationRequest.objects.create(key="b", name="Nora (invented)", slot_at=slot, asked_at=slot)


def test_a_request_is_not_closed_without_a_word(logged_in: Callable[..., Client]) -> None:
    asked = ConsultationRequest.objects.create(
        key="a", name="Maya (invented)", asked_at=datetime(2026, 3, 2, tzinfo=UTC)
    )
    logged_in("coordinator").post(f"/requests/{asked.pk}/decline/", {"note": " "})
    asked.refresh_from_db()
    assert asked.state == ConsultationRequest.NEW
