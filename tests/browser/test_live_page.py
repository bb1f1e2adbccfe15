"""The live page in a real browser: how old a value is, a stream that is lost, another screen, two taps to a stop."""

from __future__ import annotations

import re
import time

import pytest
from chromium import Browsers
from look import problems
from playwright.sync_api import Locator, Page, expect
from walk import act

SOON_S = 3.0
"""Far more than it may take; how fast it is, the benchmark measures."""


def watched(browsers: Browsers, name: str, device: str) -> tuple[str, Page]:
    """A running infusion with an oximeter that has just spoken, and the page of somebody who watches it."""
    ask = browsers.served.ask
    course = ask("running", name=name, for_min=45)
    ask("oximeter_at", course=course, device=device)
    page = browsers.page("nurse")
    page.clock.install()
    page.goto(f"/mothers/{course}/infusion/")
    ask("oximeter_says", device=device, spo2=97)
    expect(saturation(page)).to_have_class(re.compile(r"\blive\b"))
    expect(saturation(page).locator(".sign-value")).to_have_text("97")
    return course, page


def saturation(page: Page) -> Locator:
    """The tile of the oxygen saturation."""
    return page.locator('[data-part="signs"] .sign.spo2_percent')


@pytest.mark.hazard("old-value-seen-as-now", "silence-read-as-well")
def test_a_value_that_grows_old_is_greyed_and_crossed_and_counted_by_the_pages_own_clock(browsers: Browsers) -> None:
    _, page = watched(browsers, "Dorte", "oximeter 41")
    limits = [float(saturation(page).get_attribute(f"data-{name}-s") or 0) for name in ("live", "gone")]
    page.clock.fast_forward(int(1000 * limits[0]) + 1000)
    expect(saturation(page)).to_have_class(re.compile(r"\bold\b"))
    expect(saturation(page).locator(".sign-age")).to_contain_text("NOT CURRENT")
    expect(saturation(page).locator(".sign-value")).to_have_css("text-decoration-line", "line-through")
    page.clock.fast_forward(int(1000 * (limits[1] - limits[0])) + 1000)
    expect(saturation(page)).to_have_class(re.compile(r"\bgone\b"))
    expect(saturation(page).locator(".sign-age")).to_have_text(re.compile(r"no data for \d+ s"))
    expect(saturation(page).locator(".sign-value")).to_be_hidden()
    assert problems(page) == []


@pytest.mark.hazard("old-value-seen-as-now")
def test_after_the_tab_was_asleep_it_shows_at_once_how_old_everything_is(browsers: Browsers) -> None:
    _, page = watched(browsers, "Eja", "oximeter 42")
    session = page.context.new_cdp_session(page)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    session.send("Page.setWebLifecycleState", {"state": "active"})
    page.clock.fast_forward("10:00")
    expect(saturation(page).locator(".sign-age")).to_have_text(re.compile(r"no data for 6\d\d s"))


@pytest.mark.hazard("old-value-seen-as-now")
def test_a_lost_stream_is_said_for_the_whole_page_and_found_again(browsers: Browsers) -> None:
    _, page = watched(browsers, "Frida", "oximeter 43")
    page.context.set_offline(True)
    page.clock.fast_forward(8000)
    expect(page.locator("#stream-state")).to_contain_text("NOT CONNECTED")
    expect(page.locator("#live")).to_have_class(re.compile(r"\blost\b"))
    page.context.set_offline(False)
    expect(page.locator("#stream-state")).to_be_hidden(timeout=20_000)


def test_an_entry_in_one_browser_is_on_another_screen_soon(browsers: Browsers) -> None:
    course = browsers.served.ask("running", name="Gerd", for_min=45)
    here, there = browsers.page("nurse"), browsers.page("prescriber")
    for page in (here, there):
        page.goto(f"/mothers/{course}/infusion/")
    expect(there.locator("#stream-state")).to_be_hidden()
    act(here, "Write a note", {"text": "She is awake and well."})
    began = time.monotonic()
    expect(there.locator('[data-part="latest"]')).to_contain_text("She is awake and well.")
    assert time.monotonic() - began < SOON_S


@pytest.mark.hazard("resumed-after-hypoxia")
def test_a_low_saturation_is_on_the_screen_as_an_alarm_and_a_stop(browsers: Browsers) -> None:
    course, page = watched(browsers, "Hedda", "oximeter 44")
    browsers.served.ask("oximeter_says", device="oximeter 44", spo2=84)
    expect(page.locator(".phase-words")).to_contain_text("STOP REQUESTED", timeout=5000)
    expect(page.locator('[data-part="alarms"]')).to_contain_text("Stop not confirmed (hypoxia)")
    expect(page.locator("#announce")).to_contain_text("New alarm")
    act(page, "Confirm that it has stopped")
    expect(page.locator("#acts").get_by_role("link", name="Go on after the stop")).to_have_count(0)
    assert browsers.served.lines(course)[-1]["payload"]["command"] == "confirm-stopped"


def test_a_stop_takes_two_taps(browsers: Browsers) -> None:
    course = browsers.served.ask("running", name="Ingrid", for_min=45)
    page = browsers.page("nurse", has_touch=True, viewport={"width": 390, "height": 844})
    page.goto(f"/mothers/{course}/infusion/")
    page.locator("#acts").get_by_role("link", name=re.compile("STOP$")).tap()
    with page.expect_navigation():
        page.get_by_role("button", name="Request the stop now").tap()
    expect(page.locator(".phase-words")).to_contain_text("STOP REQUESTED")
    assert browsers.served.lines(course)[-1]["payload"]["command"] == "request-stop"


def test_a_double_tap_is_one_record(browsers: Browsers) -> None:
    course = browsers.served.ask("running", name="Jorid", for_min=45)
    page = browsers.page("nurse")
    page.goto(f"/mothers/{course}/infusion/do/write-note/")
    page.get_by_label("Note").fill("Once is enough.")
    page.get_by_role("button", name="Write it down").dblclick(no_wait_after=True)
    expect(page.locator(".phase-words")).to_be_visible()
    notes = [line for line in browsers.served.lines(course) if line["payload"].get("command") == "write-note"]
    assert len(notes) == 1
