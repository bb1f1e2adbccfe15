"""The site's settings: each value with its limits, what is left empty stays unknown, and every room reads the same."""

from __future__ import annotations

from datetime import time
from html import unescape

import pytest
from django.test import Client
from paper_examples import PHARMACY, SETTING

pytestmark = pytest.mark.django_db
URL = "/site/settings/"
WHOLE = {
    "setting": SETTING,
    "pharmacy": PHARMACY,
    "time_zone": "America/New_York",
    "spo2_below": "90",
    "systolic_from": "180",
    "diastolic_from": "110",
    "sedation_scale": "moaas",
    "sedation_score": "2",
    "overdue_after_min": "5",
    "unrecorded_after_min": "7,5",
    "two_person": "yes",
    "observed_h": "2",
    "pressure_within_mmhg": "20",
    "open_monday_from": "08:00",
    "open_monday_to": "17:00",
    "consult_monday_from": "09:00",
    "consult_monday_to": "12:00",
    "slot_min": "45",
    "price_ketamine_session": "650,50",
    "price_ketamine_session_dated": "2026-01-05",
    "line_1_role": "clinic",
    "line_1_name": "Ward (invented)",
    "line_1_number": "555-0100",
    "line_1_how": "call, day and night",
}


def send(browser: Client, **changes: str):  # type: ignore[no-untyped-def]
    from matrescence.clinic.log.site import open_site

    return browser.post(URL, {**WHOLE, "position": str(open_site().position), **changes})


@pytest.fixture
def okafor(staff: dict[str, Client]) -> Client:
    return staff["site-representative"]


def test_what_is_written_down_is_what_every_room_reads(okafor: Client) -> None:
    from matrescence.clinic.site.settings import help_lines, site_settings

    assert send(okafor).status_code == 302
    found = site_settings()
    assert (found.setting, found.pharmacy, str(found.time_zone)) == (SETTING, PHARMACY, "America/New_York")
    sides = [
        (limit.measure.value, limit.finding, limit.below, limit.at_or_below, limit.at_or_above)
        for limit in found.limits
    ]
    assert sides == [
        ("spo2_percent", "hypoxia", 90, None, None),
        ("systolic_mmhg", "severe-hypertension", None, None, 180),
        ("diastolic_mmhg", "severe-hypertension", None, None, 110),
        ("sedation_score", "excessive-sedation", None, 2, None),
    ]
    assert (found.overdue_after_min, found.unrecorded_after_min, found.two_person) == (5, 7.5, True)
    assert (found.leaving.observed_h, found.leaving.pressure_within_mmhg) == (2, 20)
    assert [(w.day, w.start, w.end) for w in found.consultations] == [(0, time(9), time(12))]
    assert [(item.key, item.price) for item in found.prices_for("ketamine")] == [("session", "650.50")]
    assert next(line.name for line in help_lines().lines) == "Ward (invented)"
    assert {"911", "988"} <= {line.number for line in help_lines().lines}


def test_a_drug_gets_only_the_limits_that_its_own_rules_know(okafor: Client) -> None:
    from matrescence.clinic.site.settings import site_settings
    from matrescence.formulary import library

    send(okafor)
    found = site_settings().limits_for(library.load("brexanolone"))
    assert {limit.finding for limit in found} == {"hypoxia", "excessive-sedation"}


def test_what_was_written_down_stands_in_the_form_again(okafor: Client) -> None:
    from matrescence.clinic.log.site import history

    send(okafor)
    page = unescape(okafor.get(URL).content.decode())
    for name in ("spo2_below", "consult_monday_from", "price_ketamine_session_dated", "line_1_how"):
        assert f'id="{name}" value="{WHOLE[name]}"' in page
    assert '<option value="moaas" selected>' in page
    assert send(okafor).status_code == 302
    first, second = history()
    assert first["payload"] == second["payload"]


def test_what_is_left_empty_is_not_set_and_is_never_guessed(okafor: Client) -> None:
    from matrescence.clinic.site.settings import site_settings

    assert okafor.post(URL, {"setting": SETTING, "position": "0"}).status_code == 302
    found = site_settings()
    assert found.limits == () and found.overdue_after_min is None and found.two_person is None


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"spo2_below": "101"}, "spo2_below", "allowed: 50–100 %"),
        ({"spo2_below": "ninety"}, "spo2_below", "allowed: 50–100 %"),
        ({"systolic_from": "1800"}, "systolic_from", "allowed: 80–300 mmHg"),
        ({"slot_min": "22.5"}, "slot_min", "allowed: 10–240 min"),
        ({"slot_min": ""}, "slot_min", "Say how long one consultation takes."),
        ({"time_zone": "America/New_Yorck"}, "time_zone", "Did you mean 'America/New_York'?"),
        ({"sedation_score": ""}, "sedation_score", "A limit of sedation needs its scale"),
        ({"open_monday_to": ""}, "open_monday_to", "Both times, or none."),
        ({"open_monday_to": "07:00"}, "open_monday_to", "This is not later than the time before it."),
        ({"price_ketamine_session": "a lot"}, "price_ketamine_session", "US dollars from 0 to 9999999.99"),
        ({"price_ketamine_session_dated": ""}, "price_ketamine_session_dated", "A price and the day it is from"),
        ({"line_1_number": ""}, "line_1_number", "A line needs all four"),
    ],
)
def test_what_cannot_be_used_is_named_at_its_field_and_everything_typed_is_kept(
    okafor: Client, changes: dict[str, str], field: str, told: str
) -> None:
    from matrescence.clinic.log.site import open_site

    answer = send(okafor, **changes)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert told in page and f'href="#{field}"' in page and f'id="{field}-error"' in page
    assert f'value="{SETTING}"' in page
    assert open_site().position == 0


def test_settings_that_somebody_else_has_changed_since_are_not_written_over(okafor: Client) -> None:
    from matrescence.clinic.site.settings import site_settings

    send(okafor)
    answer = send(okafor, position="0", setting="Another name (invented)")
    assert answer.status_code == 409 and "Another name (invented)" in answer.content.decode()
    assert site_settings().setting == SETTING


def test_who_may_not_change_them_reads_them(staff: dict[str, Client], okafor: Client) -> None:
    send(okafor)
    page = staff["nurse"].get(URL).content.decode()
    assert SETTING in page and "<textarea" not in page and 'name="spo2_below"' not in page
    assert send(staff["nurse"]).status_code == 403


def test_the_page_says_that_these_limits_are_the_sites_own_and_why(okafor: Client) -> None:
    page = unescape(okafor.get(URL).content.decode())
    assert "No source gives these numbers" in page and "stays unknown" in page
