"""A screening on her own telephone that ends on the crisis page at once, and the task that follows it: by touch.

Petra is invented.  Her telephone is 320 px wide.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from chromium import PHONE, Browsers
from playwright.sync_api import Page, expect
from served import Served
from team import fits, her_link, tap
from walk import command_line_shows, fill, press, refused, said

NAME = "Petra (invented)"
HARM_ITEM = 9
"""The item of the PHQ-9 that asks about being better off dead."""


@pytest.mark.hazard("self-harm-answer-unseen", "urgent-task-forgotten")
def test_an_answer_that_cannot_wait_shows_whom_to_call_at_once_and_leaves_a_task(
    browsers: Browsers, served: Served, tmp_path: Path
) -> None:
    course = served.ask("begin", name=NAME)
    nurse = browsers.page("nurse")
    her = browsers.page(viewport=PHONE, has_touch=True, is_mobile=True)
    open_her_link(her, her_link(nurse, course))
    answer_up_to_the_item(her)
    the_crisis_page_is_there(her)
    she_stops_there(her)
    the_task_is_there_and_cannot_be_closed_without_words(nurse, course)
    the_log_tells_it(served, course, tmp_path)


def open_her_link(her: Page, address: str) -> None:
    her.goto(address)
    fits(her)
    tap(her, "Begin")


def answer(her: Page, nth: int) -> None:
    """Tap an answer, counted from the first, and keep it."""
    choice = her.locator(".pick label").nth(nth)
    box = choice.bounding_box()
    assert box is not None and box["height"] >= 44, "too small for a thumb"
    choice.tap()
    tap(her, "Keep and go on")


def answer_up_to_the_item(her: Page) -> None:
    tap(her, "Keep and go on")
    refused(her)  # nothing was chosen: the page says so and stays
    for number in range(1, HARM_ITEM):
        expect(her.locator(".progress")).to_contain_text(f"{number} of")
        fits(her)
        answer(her, 1)
    expect(her.locator(".progress")).to_contain_text(f"{HARM_ITEM} of")
    answer(her, 2)


def the_crisis_page_is_there(her: Page) -> None:
    expect(her).to_have_url(re.compile(r"/now/"))
    expect(her.get_by_role("heading", level=1)).to_have_text("Thank you for telling us. You are not alone.")
    call = her.locator(".calls").get_by_role("link", name="Call 988")
    expect(call).to_have_attribute("href", "tel:988")
    expect(her.locator(".lifeline").get_by_role("link", name="988")).to_be_in_viewport()
    expect(her.locator("main")).to_contain_text("Your clinic has been told about this answer.")
    fits(her)


def the_task_is_there_and_cannot_be_closed_without_words(nurse: Page, course: str) -> None:
    nurse.goto("/worklist/")
    nurse.get_by_role("region", name=re.compile("^.?.?Urgent")).get_by_role("link", name=NAME).click()
    expect(nurse.get_by_role("heading", level=1)).to_have_text("What is urgent")
    press(nurse, "Write it down")
    refused(nurse)
    fill(nurse, {"outcome": "assessed"})
    press(nurse, "Write it down")
    refused(nurse)
    expect(nurse.locator('[name="outcome"][value="assessed"]')).to_be_checked()
    expect(nurse.locator(".task")).to_have_count(1)
    fill(nurse, {"done": "Called her within the hour; safe tonight, her sister stays; seen tomorrow at 9."})
    press(nurse, "Write it down")
    said(nurse, re.compile("."))
    nurse.goto(f"/mothers/{course}/urgent/")
    expect(nurse.locator("main")).to_contain_text("Nothing urgent is open.")


def she_stops_there(her: Page) -> None:
    with her.expect_navigation():
        her.get_by_role("link", name="Stop for now").tap()
    expect(her.locator(".lifeline")).to_contain_text("988")
    fits(her)


def the_log_tells_it(served: Served, course: str, tmp_path: Path) -> None:
    told = served.lines(course)
    assert [line["kind"] for line in told] == ["mother-recorded", "assessment", "urgent-disposition"]
    assert told[1]["payload"]["scales"][0]["answers"][str(HARM_ITEM)] == 2
    assert told[2]["by"] == "N. Silva, RN (invented)"
    shown = command_line_shows(served.export(course, tmp_path / "petra.jsonl"), at=told[-1]["recorded_at"])
    assert "URGENT" not in shown
    assert re.search(r"Assessment\s+\S+ waiting", shown), shown
