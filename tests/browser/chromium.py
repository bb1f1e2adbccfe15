"""Debian's Chromium, and the browsers of the people who work here."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from served import PASSWORD, Served

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
USERS = {
    "nurse": "nina",
    "other nurse": "rosa",
    "prescriber": "amelie",
    "pharmacist": "per",
    "coordinator": "carla",
    "site-representative": "ruth",
    "auditor": "audun",
}
"""Who logs in for each role; their names stand in the demonstration's list of people."""
LOG_IN_AGAIN_S = 120.0
"""The idle lock is at five minutes; a session is used again only while it is far from it."""
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}
PATIENCE_MS = 20_000


def where_chromium_is(playwrights_own: str) -> str:
    """The browser: the one that is named, else Debian's, else the one that Playwright has fetched.

    Raises:
        RuntimeError: there is none; the message says how to get it.
    """
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not found and Path(playwrights_own).exists():
        found = playwrights_own
    if not found:
        raise RuntimeError(
            "The browser tests need Chromium and there is none. Install it (Debian: apt-get install chromium), "
            "or say where it is in the variable CHROMIUM."
        )
    return found


@dataclass
class Browsers:
    """Makes windows: a page of somebody with a role, or of nobody."""

    browser: Browser
    served: Served
    _kept: dict[str, tuple[float, Any]] = field(default_factory=dict)
    _open: list[BrowserContext] = field(default_factory=list)

    def page(self, role: str | None = None, **options: Any) -> Page:
        """A window of its own; logged in where a role is given.  Options are those of a Playwright context."""
        state = None if role is None else self._state(role)
        return self._context(state, **options).new_page()

    def close(self) -> None:
        """Close every window that was opened."""
        while self._open:
            self._open.pop().close()

    def _context(self, state: Any = None, **options: Any) -> BrowserContext:
        made = {"viewport": DESK, "base_url": self.served.address, "locale": "en-GB", "reduced_motion": "reduce"}
        context = self.browser.new_context(**{**made, **options}, storage_state=state)
        context.set_default_timeout(PATIENCE_MS)
        self._open.append(context)
        return context

    def _state(self, role: str) -> Any:
        at, state = self._kept.get(role, (-LOG_IN_AGAIN_S, None))
        if time.monotonic() - at > LOG_IN_AGAIN_S:
            page = self._context().new_page()
            log_in(page, USERS[role])
            state = page.context.storage_state()
            self._kept[role] = (time.monotonic(), state)
        return state


def log_in(page: Page, user: str) -> None:
    """Log in as anybody does."""
    page.goto("/accounts/login/")
    page.get_by_label("User name").fill(user)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


@contextmanager
def browsers_at(served: Served) -> Iterator[Browsers]:
    """A running Chromium."""
    with sync_playwright() as playwright:
        executable = where_chromium_is(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        made = Browsers(browser, served)
        try:
            yield made
        finally:
            made.close()
            browser.close()
