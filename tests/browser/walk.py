"""How a person goes through the pages: fill what is asked, press one button, read what came of it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

ASKED = ":is(input, select, textarea):not([type=hidden])"
"""What a person can fill in."""


def fill(page: Page | Locator, answers: Mapping[str, str]) -> None:
    """Fill the fields of a form by their names; a choice is made by its value."""
    for name, value in answers.items():
        field = page.locator(f'{ASKED}[name="{name}"]')
        kind = field.first.evaluate("one => one.type || one.tagName")
        if kind in {"radio", "checkbox"}:
            page.locator(f'input[name="{name}"][value="{value}"]').check()
        elif kind.startswith("select"):
            field.select_option(value)
        else:
            field.fill(value)


def press(page: Page, name: str, *, exact: bool = True) -> None:
    """Press the button of this name and wait for what comes."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=exact).first.click()


def follow(page: Page, name: str, *, exact: bool = True) -> None:
    """Follow the link of this name."""
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=exact).first.click()


def said(page: Page, text: str | re.Pattern[str]) -> None:
    """The page says at its top that it was done."""
    expect(page.locator(".messages")).to_contain_text(text)


def refused(page: Page, text: str | re.Pattern[str] = "") -> None:
    """The page says that nothing was written, and why."""
    expect(page.locator("#errors, .errors").first).to_be_visible()
    if text:
        expect(page.locator(".errors").first).to_contain_text(text)


def stage(page: Page, course: str, name: str) -> None:
    """Open one of the stages of a mother by the strip under her name."""
    if f"/mothers/{course}/" not in page.url:
        page.goto(f"/mothers/{course}/")
    with page.expect_navigation():
        page.get_by_role("navigation", name="Her journey").get_by_role("link", name=re.compile(f"^{name}")).click()


def act(page: Page, name: str, answers: Mapping[str, str] | None = None, *, written: bool = True) -> None:
    """Do one thing at the live page: one tap opens its form above the live values, one sends it."""
    link = page.locator("#acts, .opening").get_by_role("link", name=name, exact=True).first
    if not link.is_visible():
        page.locator("#acts summary").click()
    link.click()
    form = page.locator(".act-form")
    expect(form).to_be_visible()
    fill(form, answers or {})
    with page.expect_navigation():
        form.get_by_role("button").last.click()
    if written:
        expect(page.locator(".messages")).to_be_visible()


def phase(page: Page, words: str) -> None:
    """What the live page says about where it is, in its largest words."""
    expect(page.locator(".phase-words")).to_contain_text(words)


def command_line_shows(file: Path, *, at: str) -> str:
    """``matrescence course show`` of an exported course."""
    words = [sys.executable, "-m", "matrescence", "course", "show", str(file), "--at", at]
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout
