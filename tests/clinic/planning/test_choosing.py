"""A prescriber chooses: regimen, session, limits from the site's own policy, and always two people to confirm."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
Staff = dict[str, Client]
LIMIT = {"measure": "spo2_percent", "finding": "hypoxia", "below": 90.0, "source": "site-policy"}
TYPED = {"regimen": "single", "session_number": "1"}


def position(course: str) -> str:
    from matrescence.clinic.log.courses import open_course

    return str(open_course(course).position)


def choose(browser: Client, course: str, **typed: str) -> Any:
    body = {"key": "one", "position": position(course), **TYPED, **typed}
    return browser.post(f"/mothers/{course}/plan/choose/", body)


def payload(course: str) -> dict[str, Any]:
    from matrescence.clinic.log.courses import history

    found = [line["payload"] for line in history(course) if line["kind"] == "plan-chosen"]
    return dict(found[-1])


def plans(course: str) -> int:
    from matrescence.clinic.log.courses import history

    return sum(line["kind"] == "plan-chosen" for line in history(course))


def form(browser: Client, course: str) -> str:
    return unescape(browser.get(f"/mothers/{course}/plan/choose/").content.decode())


def test_the_form_begins_with_the_sites_own_policy_and_says_what_is_not_set(
    begun: Callable[..., str], staff: Staff, site_named: Callable[..., Any]
) -> None:
    site_named(limits=[LIMIT], overdue_after_min=12, leaving={"observed_h": 2})
    page = form(staff["prescriber"], begun())
    assert 'name="spo2_below" id="spo2_below" value="90"' in page
    assert 'name="overdue_after_min" id="overdue_after_min" value="12"' in page
    assert 'name="observed_h" id="observed_h" value="2"' in page
    assert "The site's own policy." in page
    assert 'name="systolic_from" id="systolic_from" value=""' in page
    assert "Not set: a clinician decides." in page


def test_no_regimen_is_chosen_for_her_before_somebody_chooses(begun: Callable[..., str], staff: Staff) -> None:
    page = form(staff["prescriber"], begun())
    assert not [part for part in page.split("<input")[1:] if 'name="regimen"' in part and " checked" in part]


def test_what_is_chosen_goes_into_the_record_and_two_people_are_asked_for(
    begun: Callable[..., str], staff: Staff, site_named: Callable[..., Any]
) -> None:
    site_named(limits=[LIMIT])
    course = begun()
    answer = choose(
        staff["prescriber"], course, spo2_below="90", systolic_from="170", overdue_after_min="10", observed_h="1"
    )
    assert answer.status_code == 302
    found = payload(course)
    assert (found["regimen"], found["session_number"], found["two_person"]) == ("single", 1, True)
    assert found["overdue_after_min"] == 10 and found["leaving"] == {"observed_h": 1}
    sources = {row["measure"]: row["source"] for row in found["limits"]}
    assert sources == {"spo2_percent": "site-policy", "systolic_mmhg": "prescriber"}


def test_only_a_site_that_has_said_so_is_not_asked_for_two_people(
    begun: Callable[..., str], staff: Staff, site_named: Callable[..., Any]
) -> None:
    course = begun()
    choose(staff["prescriber"], course, two_person="no")
    assert payload(course)["two_person"] is True, "what is posted does not decide it"
    site_named(two_person=False)
    choose(staff["prescriber"], course, key="two")
    assert payload(course)["two_person"] is False


def test_a_limit_of_a_finding_that_the_drug_does_not_know_is_neither_asked_nor_kept(
    begun: Callable[..., str], staff: Staff
) -> None:
    course = begun(drug="brexanolone")
    assert "systolic_from" not in form(staff["prescriber"], course)
    choose(staff["prescriber"], course, regimen="label-90", systolic_from="170", spo2_below="90")
    assert [row["measure"] for row in payload(course)["limits"]] == ["spo2_percent"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"regimen": ""}, "Choose a regimen."),
        ({"session_number": "2"}, "This regimen has one session: 1."),
        ({"session_number": "7", "regimen": "series-of-six"}, "This regimen has the sessions 1 to 6."),
        ({"session_number": "1.5"}, "This regimen has one session: 1."),
        ({"spo2_below": "900"}, "50–100 %"),
        ({"overdue_after_min": "soon"}, "0–240 min"),
    ],
)
def test_a_refused_form_keeps_everything_that_was_typed(
    begun: Callable[..., str], staff: Staff, typed: dict[str, str], said: str
) -> None:
    course = begun()
    answer = choose(staff["prescriber"], course, pressure_within_mmhg="17", **typed)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422 and plans(course) == 0
    assert said in page
    assert 'id="pressure_within_mmhg" value="17"' in page
    assert all(f'value="{value}"' in page for value in typed.values() if value)


def test_a_double_click_is_one_plan(begun: Callable[..., str], staff: Staff) -> None:
    course = begun()
    body = {"key": "same", "position": position(course), **TYPED}
    for _ in range(2):
        assert staff["prescriber"].post(f"/mothers/{course}/plan/choose/", body).status_code == 302
    assert plans(course) == 1


def test_a_plan_is_not_chosen_over_what_somebody_has_written_since(begun: Callable[..., str], staff: Staff) -> None:
    course = begun()
    old = position(course)
    choose(staff["prescriber"], course)
    answer = choose(staff["prescriber"], course, key="late", position=old, regimen="series-of-six", spo2_below="88")
    page = unescape(answer.content.decode())
    assert answer.status_code == 409 and plans(course) == 1
    assert "Since you opened this page:" in page and 'value="88"' in page
    assert 'value="series-of-six" checked' in page


def test_only_a_prescriber_chooses(begun: Callable[..., str], staff: Staff) -> None:
    course = begun()
    for role in ("nurse", "pharmacist", "site-representative"):
        assert choose(staff[role], course).status_code == 403
    assert plans(course) == 0
    assert "Choose this regimen" not in unescape(staff["nurse"].get(f"/mothers/{course}/plan/").content.decode())


def test_the_page_says_who_chose_what_is_unset_and_who_still_has_to_confirm(
    begun: Callable[..., str], staff: Staff
) -> None:
    course = begun()
    choose(staff["prescriber"], course, spo2_below="90")
    page = unescape(staff["nurse"].get(f"/mothers/{course}/plan/").content.decode())
    assert "Chosen by Dr A. Moreau (invented)" in page
    assert "90 %" in page and "not set: a clinician decides" in page
    assert "Two people confirm before the start" in page
    assert "There is no dose plan to confirm yet" in page, "no session is named yet"


def test_who_has_confirmed_is_named_and_the_second_person_is_missed(prepared: Callable[..., str], staff: Staff) -> None:
    from matrescence.care.journey.confirming import dose_plan_digest
    from matrescence.clinic.log.courses import open_course

    course = prepared()
    choose(staff["prescriber"], course)
    opened = open_course(course)
    body = {"key": "c1", "compared": "yes", "digest": dose_plan_digest(opened.known, opened.ground) or ""}
    assert staff["pharmacist"].post(f"/mothers/{course}/infusion/confirm/dose-plan/", body).status_code == 302
    page = unescape(staff["nurse"].get(f"/mothers/{course}/plan/").content.decode())
    assert "confirmed by P. Lindqvist (invented)" in page
    assert "1 person is missing" in page and "2 people are missing" in page
    assert f"/mothers/{course}/infusion/confirm/dose-plan/" in page


def test_the_page_of_the_infusion_leads_to_the_plan_before_and_after_it_is_chosen(
    begun: Callable[..., str], staff: Staff
) -> None:
    course = begun()
    for _ in range(2):
        page = unescape(staff["nurse"].get(f"/mothers/{course}/infusion/").content.decode())
        assert f'href="/mothers/{course}/plan/"' in page
        choose(staff["prescriber"], course)
