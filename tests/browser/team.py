"""The people of a journey with their windows, and what they do in more than one of them."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page
from served import Served
from walk import fill, press

NURSE = "N. Silva, RN (invented)"
PRESCRIBER = "Dr A. Moreau (invented)"


@dataclass
class Team:
    """Everybody's window, and her course."""

    served: Served
    nurse: Page
    second_nurse: Page
    prescriber: Page
    pharmacist: Page
    course: str = ""

    def pass_hours(self, hours: float) -> None:
        """Let her clock go on; the live page is opened again, as after a walk down the corridor."""
        self.served.ask("jump", course=self.course, hours=hours)
        self.nurse.goto(f"/mothers/{self.course}/infusion/")

    def at(self, page: Page, path: str = "") -> Page:
        """One of her pages in somebody's window."""
        page.goto(f"/mothers/{self.course}/{path}")
        return page


def keep(page: Page, answers: dict[str, str]) -> None:
    """Fill a paper and keep it as a draft: what is signed is what was saved."""
    fill(page, {f"field-{name}": value for name, value in answers.items()})
    press(page, "Keep as a draft and check")


def those_asked(page: Page, answers: dict[str, str]) -> dict[str, str]:
    """The answers to what this page asks."""
    return {name: said for name, said in answers.items() if page.locator(f'[name="{name}"]').count()}


def her_link(nurse: Page, course: str, **more: str) -> str:
    """Have a link made, and read its address as she would get it."""
    nurse.goto(f"/mothers/{course}/assessment/links/")
    fill(nurse, more)
    press(nurse, "Make the link")
    return nurse.get_by_label("Address").input_value()


def tap(her: Page, name: str) -> None:
    """Tap a button with a finger."""
    with her.expect_navigation():
        her.get_by_role("button", name=name, exact=True).tap()


def fits(her: Page) -> None:
    """Nothing of the page lies beyond the right edge of the telephone."""
    assert her.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
