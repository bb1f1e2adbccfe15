"""Her page: begin, change, correct, and every record."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from clinic_examples import read_step
from django.test import Client

from matrescence.actions.course import Request
from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.log import courses
from matrescence.clinic.mother import fields

pytestmark = pytest.mark.django_db


def _typed(**changed: str) -> dict[str, str]:
    _, mother = read_step("mother.toml")
    return fields.as_typed(mother) | {"drug": "ketamine", "key": "k1"} | changed


def _begun(browser: Client, **changed: str) -> str:
    page = browser.post("/mothers/begin/", _typed(**changed))
    assert page.status_code == 302, page.content.decode()
    return page.headers["Location"].strip("/").split("/")[-1]


def test_what_is_typed_is_what_is_recorded(logged_in: Callable[..., Client]) -> None:
    course = _begun(logged_in("nurse"))
    _, mother = read_step("mother.toml")
    [line] = courses.history(course)
    written = line["payload"]["mother"]
    assert {key: written[key] for key in mother if key != "medicines"} == {
        key: value for key, value in mother.items() if key != "medicines"
    }
    assert line["by"] == "nurse (invented)"


def test_a_double_click_begins_one_course(logged_in: Callable[..., Client]) -> None:
    browser = logged_in("nurse")
    assert _begun(browser) == _begun(browser)
    assert len(courses.course_ids()) == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("weight_kg", "660", "a number from 25 to 350 kg"),
        ("weight_kg", "heavy", "a number"),
        ("weight_kg", "", "Write a number from 25 to 350 kg"),
        ("start", "2026-04-21", "a date and time"),
        ("time_zone", "New York", "IANA"),
        ("planned_sleep", "at night", "22:00-06:00"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field_and_everything_typed_is_kept(
    logged_in: Callable[..., Client], field: str, value: str, said: str
) -> None:
    page = logged_in("nurse").post("/mothers/begin/", _typed(**{field: value}))
    text = page.content.decode()
    assert page.status_code == 422
    assert said in text and f'id="{field}-error"' in text
    assert "Julia (invented)" in text
    assert not courses.course_ids()


def test_what_is_left_empty_stays_unknown(logged_in: Callable[..., Client]) -> None:
    course = _begun(logged_in("nurse"), egfr_ml_per_min_1_73m2="", liver="", medicines="", planned_sleep="")
    mother = courses.open_course(course).known.mother
    assert (mother.egfr_ml_per_min_1_73m2, mother.liver, mother.medicines) == (None, None, None)


def test_no_medicines_and_medicines_unknown_are_two_things(logged_in: Callable[..., Client]) -> None:
    course = _begun(logged_in("nurse"), medicines="none")
    assert courses.open_course(course).known.mother.medicines == ()


def test_only_what_changed_is_written(logged_in: Callable[..., Client]) -> None:
    browser = logged_in("nurse")
    course = _begun(browser)
    browser.post(f"/mothers/{course}/change/", _typed(weight_kg="67.5", key="k2", position="1"))
    assert courses.history(course)[-1]["payload"] == {"weight_kg": 67.5}
    assert courses.open_course(course).known.mother.weight_kg == 67.5


def test_what_was_known_does_not_become_unknown_by_emptying_a_field(logged_in: Callable[..., Client]) -> None:
    browser = logged_in("nurse")
    course = _begun(browser)
    page = browser.post(f"/mothers/{course}/change/", _typed(egfr_ml_per_min_1_73m2="", key="k2", position="1"))
    assert page.status_code == 422
    assert len(courses.history(course)) == 1


def test_a_correction_leaves_the_old_record_where_it_is(logged_in: Callable[..., Client]) -> None:
    browser = logged_in("prescriber")
    course = _begun(browser)
    typed = _typed(weight_kg="56", key="k2", position="1", why="pounds were taken for kilograms")
    assert browser.post(f"/mothers/{course}/correct/1/", typed).status_code == 302
    kept = courses.history(course)
    assert [line["kind"] for line in kept] == ["mother-recorded", "correction"]
    assert courses.open_course(course).known.mother.weight_kg == 56
    page = browser.get(f"/mothers/{course}/history/").content.decode()
    assert "corrected by record 2" in page


def test_two_people_at_once_do_not_write_over_each_other(logged_in: Callable[..., Client]) -> None:
    browser = logged_in("nurse")
    course = _begun(browser)
    browser.post(f"/mothers/{course}/change/", _typed(weight_kg="67", key="k2", position="1"))
    page = browser.post(f"/mothers/{course}/change/", _typed(weight_kg="70", key="k3", position="1"))
    assert page.status_code == 409
    assert 'value="70"' in page.content.decode()
    assert courses.open_course(course).known.mother.weight_kg == 67


def test_her_page_shows_where_she_is_and_what_is_next(logged_in: Callable[..., Client]) -> None:
    browser = logged_in("nurse")
    course = _begun(browser)
    text = browser.get(f"/mothers/{course}/").content.decode()
    assert "Next:" in text and "Julia (invented)" in text and "off-label" in text


def test_a_course_that_is_not_there_is_not_found(logged_in: Callable[..., Client]) -> None:
    assert logged_in("nurse").get("/mothers/nosuchcourse/").status_code == 404


def test_a_long_history_comes_in_pages_and_no_record_is_left_out(logged_in: Callable[..., Client]) -> None:
    browser = logged_in("prescriber")
    course = _begun(browser)
    changes = [Request("mother-changed", {"weight_kg": 60.0 + n / 100}, id=f"w{n}") for n in range(250)]
    for change in changes:
        courses.add(course, change, now=now())
    correction = _typed(weight_kg="56", key="k2", position="251", why="pounds were taken for kilograms")
    assert browser.post(f"/mothers/{course}/correct/1/", correction).status_code == 302
    pages = [browser.get(f"/mothers/{course}/history/?page={page}").content.decode() for page in (1, 2, 3)]
    found = [int(number) for page in pages for number in re.findall(r'id="record-(\d+)"', page)]
    assert found == list(range(252, 0, -1))
    assert "corrected by record 252" in pages[2]  # told on the first record, two pages from the one that corrects it
    assert "Older" in pages[0] and "Newer" not in pages[0] and "Page 3 of 3" in pages[2] and "Older" not in pages[2]
