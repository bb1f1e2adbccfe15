"""The keyboard alone: a screening up to its end, the acts at a bed, and the focus, which is always seen."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from chromium import PHONE, Browsers
from playwright.sync_api import Page, expect
from states import STAFF, State, open_state

MOST_TABS = 60

_FOCUSED = """() => {
  const one = document.activeElement, of = one.labels?.[0];
  const marked = part => part && (parseFloat(getComputedStyle(part).outlineWidth) >= 2
    && getComputedStyle(part).outlineStyle !== "none");
  const box = one.getBoundingClientRect();
  const [right, down] = [Math.min(box.width / 2, 20), Math.min(box.height / 2, 10)];
  const above = document.elementFromPoint(box.left + right, box.top + down);
  return {
    text: (one.innerText || one.value || "").trim(), name: one.name ?? "", tag: one.tagName, type: one.type ?? "",
    marked: one === document.body || marked(one) || marked(of),
    seen: one === document.body || !above || [one, ...(one.labels ?? [])].some(part => part.contains(above))
      || above.contains(one),
    top: box.top, bottom: box.bottom, high: innerHeight,
  };
}"""


def focused(page: Page) -> dict[str, object]:
    """What has the focus; it is marked, and nothing lies over it."""
    found: dict[str, object] = page.evaluate(_FOCUSED)
    assert found["marked"], f"the focus cannot be seen: {found}"
    assert found["seen"], f"something lies over what has the focus: {found}"
    return found


def tab_to(page: Page, text: str = "", *, name: str = "", most: int = MOST_TABS) -> int:
    """Press Tab until this has the focus; return how often that was."""
    for pressed in range(1, most + 1):
        page.keyboard.press("Tab")
        found = focused(page)
        if (text and re.search(text, str(found["text"]))) or (name and found["name"] == name):
            return pressed
    raise AssertionError(f"{text or name}: not reached within {most} tabs at {page.url}")


def enter(page: Page) -> None:
    """Press Enter and wait for what comes."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.hazard("self-harm-answer-unseen")
def test_a_screening_ends_on_the_crisis_page_by_keyboard_alone(browsers: Browsers, mothers: Mapping[str, str]) -> None:
    her = browsers.page(viewport=PHONE)
    her.goto(browsers.served.ask("link", course=mothers["Nell"]))
    tab_to(her, "^Begin$")
    enter(her)
    tab_to(her, "^Keep and go on$")
    enter(her)
    assert "answer" in her.locator(".errors").inner_text().lower()
    for _ in range(9):
        tab_to(her, name="answer")
        her.keyboard.press("ArrowDown")
        her.keyboard.press("ArrowDown")
        enter(her)
    expect(her).to_have_url(re.compile("/now/"))
    assert tab_to(her, "^Call 988$") < 12
    tab_to(her, "^Go on with the questions$")
    enter(her)
    expect(her.locator(".progress")).to_contain_text("10 of")


@pytest.mark.hazard("stop-believed")
def test_an_infusion_is_stopped_by_keyboard_within_ten_tabs(browsers: Browsers) -> None:
    course = browsers.served.ask("running", name="Berit", for_min=40)
    nurse = browsers.page("nurse")
    nurse.goto(f"/mothers/{course}/infusion/")
    nurse.keyboard.press("Tab")
    assert focused(nurse)["text"] == "Skip to the content"
    nurse.keyboard.press("Enter")
    assert tab_to(nurse, "STOP$") <= 10
    nurse.keyboard.press("Enter")
    expect(nurse.locator("#act-body .act-form")).to_be_visible()
    expect(nurse.get_by_label("Why (may be left empty)")).to_be_focused()
    tab_to(nurse, "^Request the stop now$", most=5)
    enter(nurse)
    expect(nurse.locator(".phase-words")).to_contain_text("STOP REQUESTED")
    nurse.keyboard.press("Tab")
    nurse.keyboard.press("Enter")
    assert tab_to(nurse, "^Confirm that it has stopped$") <= 10
    nurse.keyboard.press("Enter")
    expect(nurse.locator("#act-body .act-form")).to_be_visible()
    tab_to(nurse, "^The pump stands still$", most=5)
    enter(nurse)
    expect(nurse.locator(".phase-words")).to_contain_text("Stopped")


def test_escape_closes_a_form_above_the_live_values_and_gives_the_focus_back(
    browsers: Browsers, mothers: Mapping[str, str]
) -> None:
    nurse = browsers.page("nurse")
    nurse.goto(f"/mothers/{mothers['Liv']}/infusion/")
    tab_to(nurse, "STOP$")
    nurse.keyboard.press("Enter")
    expect(nurse.locator("#act-dialog")).to_be_visible()
    nurse.keyboard.press("Escape")
    expect(nurse.locator("#act-dialog")).to_be_hidden()
    assert str(focused(nurse)["text"]).endswith("STOP")


REFUSED = [state for state in STAFF if state.name.endswith("-refused") and state.name != "infusion-refused"]


@pytest.mark.parametrize("state", REFUSED, ids=[state.name for state in REFUSED])
def test_the_focus_goes_to_what_was_refused(browsers: Browsers, mothers: Mapping[str, str], state: State) -> None:
    page = browsers.page(state.role)
    open_state(page, state, mothers)
    expect(page.locator(".errors").first).to_be_focused()
    first = page.locator(".errors a").first
    if first.count():
        page.keyboard.press("Tab")
        expect(first).to_be_focused()
        page.keyboard.press("Enter")
        target = first.get_attribute("href")
        page.keyboard.press("Tab")
        assert target is not None and focused(page)["tag"] != "BODY"


@pytest.mark.parametrize("name", ["worklist", "enrolment", "eligibility", "infusion-running", "site-settings", "audit"])
def test_the_focus_goes_down_the_page_in_order_and_is_never_hidden(
    browsers: Browsers, mothers: Mapping[str, str], name: str
) -> None:
    page = browsers.page(next(state for state in STAFF if state.name == name).role)
    open_state(page, next(state for state in STAFF if state.name == name), mothers)
    went = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        found = focused(page)
        if found["tag"] == "BODY":
            break
        went.append(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert went == sorted(went)
    assert len(set(went)) >= 10
