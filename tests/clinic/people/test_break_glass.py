"""A record that one's role does not open is opened with a reason, for an hour, in everybody's sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from people.doors import REASON, Clock, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(logged_in: Callable[..., Client]) -> Client:
    return logged_in("auditor", name="A. Uditor (invented)")


def opened(browser: Client, course: str, reason: str = REASON, **more: str) -> Any:
    return browser.post(f"/mothers/{course}/break-glass/", {"reason": reason, **more})


@pytest.mark.parametrize("reason", ["", "because", " " * 40, "x" * 501])
def test_without_a_reason_it_stays_closed_and_what_was_typed_is_kept(auditor: Client, begun: Any, reason: str) -> None:
    course = begun()
    response = opened(auditor, course, reason)
    assert response.status_code == 422 and "15 to 500 letters" in response.content.decode()
    assert reason.strip() in response.content.decode()
    assert auditor.get(f"/mothers/{course}/").status_code == 302


def test_with_a_reason_it_is_open_for_an_hour_and_for_her_alone(
    auditor: Client, begun: Any, clock: Clock, logged_in: Callable[..., Client]
) -> None:
    course = begun()
    page = auditor.get(f"/mothers/{course}/", follow=True)
    back = opened(auditor, course, next=f"/mothers/{course}/history/")
    assert "Your role does not open this record" in page.content.decode()
    assert back.headers["Location"] == f"/mothers/{course}/history/"
    assert auditor.get(f"/mothers/{course}/").status_code == 200
    assert auditor.get(f"/mothers/{begun(key='begin-2')}/").status_code == 302
    assert logged_in("auditor", name="B. Other (invented)").get(f"/mothers/{course}/").status_code == 302
    for _ in range(15):
        clock.pass_by(minutes=4)
        auditor.get("/me/here/")
    assert "/break-glass/" in auditor.get(f"/mothers/{course}/").headers["Location"]


def test_it_is_written_down_with_the_reason(auditor: Client, begun: Any) -> None:
    course = begun()
    opened(auditor, course)
    (row,) = rows(outcome="opened")
    assert (row.who, row.role, row.stream, row.detail) == ("A. Uditor (invented)", "auditor", course, REASON)


def test_it_stands_on_her_page_while_it_is_open(
    auditor: Client, begun: Any, logged_in: Callable[..., Client], clock: Clock
) -> None:
    course, nurse = begun(), logged_in("nurse", name="N. Urse (invented)")
    opened(auditor, course)
    seen = nurse.get(f"/mothers/{course}/").content.decode()
    assert "A. Uditor (invented), until" in seen and REASON in seen
    assert "Close it now" not in seen and "Close it now" in auditor.get(f"/mothers/{course}/").content.decode()


def test_she_closes_it_before_the_hour_is_over(auditor: Client, begun: Any, logged_in: Callable[..., Client]) -> None:
    course, nurse = begun(), logged_in("nurse", name="N. Urse (invented)")
    opened(auditor, course)
    assert REASON in auditor.get("/me/").content.decode()
    nurse.post(f"/mothers/{course}/break-glass/close/")
    assert auditor.get(f"/mothers/{course}/").status_code == 200
    auditor.post(f"/mothers/{course}/break-glass/close/")
    assert auditor.get(f"/mothers/{course}/").status_code == 302
    assert REASON not in nurse.get(f"/mothers/{course}/").content.decode()
    assert rows(action="account.break-glass", who="A. Uditor (invented)", detail="closed")


def test_the_auditor_sees_every_one_of_them(auditor: Client, begun: Any) -> None:
    assert "Nobody has opened one" in auditor.get("/audit/break-glass/").content.decode()
    course = begun()
    opened(auditor, course)
    listed = auditor.get("/audit/break-glass/").content.decode()
    assert REASON in listed and course in listed and "open now" in listed


def test_a_role_without_a_glass_in_the_file_cannot_break_one(begun: Any, logged_in: Callable[..., Client]) -> None:
    course, prescriber = begun(), logged_in("prescriber", name="P. Rescriber (invented)")
    assert opened(prescriber, course).status_code == 403
    assert not rows(outcome="opened")
    assert rows(action="account.break-glass", outcome="refused", who="P. Rescriber (invented)")


def test_a_reason_leads_to_no_other_site(auditor: Client, begun: Any) -> None:
    course = begun()
    for target in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        assert opened(auditor, course, next=target).headers["Location"] == f"/mothers/{course}/"


def test_there_is_no_glass_before_a_course_that_does_not_exist(auditor: Client) -> None:
    assert opened(auditor, "2222222222222222").status_code == 404
