"""Every page of the clinic in every state that a person can see it in: one table, for axe, narrow screens, pictures.

A state is a page at an address, opened by somebody with a role; some need a press or two before they look as they
should.  ``{Ana}`` in an address is the course of the mother of that name.  Everybody is invented.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from playwright.sync_api import Page, expect
from served import Served

Act = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class State:
    """One page in one state.  ``role`` is who opens it, ``None`` for anybody; ``act`` is what is done on it first."""

    name: str
    path: str
    role: str | None = "nurse"
    act: Act | None = None
    about: str = ""
    status: int = 200


def opened(page: Page, state: State, mothers: Mapping[str, str]) -> None:
    """Open a page and bring it into its state."""
    answer = page.goto(state.path.format(**mothers))
    assert answer is not None
    assert answer.status == state.status, f"{state.name}: {answer.status} at {page.url}"
    if state.act is not None:
        state.act(page)
    expect(page.locator("h1:visible").first).to_be_visible()
    if page.locator("#live").count():
        expect(page.locator("#stream-state")).to_be_hidden()


def press(name: str) -> Act:
    """Press a button of the main part, with whatever stands in its form."""

    def act(page: Page) -> None:
        with page.expect_navigation():
            page.locator("main").get_by_role("button", name=name, exact=True).first.click()

    return act


def unfold(page: Page) -> None:
    """Open everything that is folded."""
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")


def spanish(page: Page) -> None:
    """Ask for Spanish in the foot of the page."""
    with page.expect_navigation():
        page.get_by_role("button", name="Español").click()


def dialog(name: str) -> Act:
    """Open an act of the live page above it."""

    def act(page: Page) -> None:
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(page.locator("#act-dialog")).to_be_visible()
        expect(page.locator("#act-body button").first).to_be_visible()

    return act


@cache
def mothers_of(served: Served) -> Mapping[str, str]:
    """The demonstration's mothers, and a few more whose infusions stand where no demonstration leaves them."""
    ask = served.ask
    more = {
        "Lena": ask("running", name="Lena", for_min=95),
        "Mira": ask("running", name="Mira", for_min=200),
        "Oda": ask("running", name="Oda", for_min=320),
        "Rhea": ask("before_start", name="Rhea", starts_in_min=10),
        "Tove": ask("running", name="Tove", for_min=61 * 60),
    }
    ask("say", course=more["Mira"], command="report-finding", finding="excessive-sedation")
    ask("say", course=more["Oda"], command="report-finding", finding="hypoxia")
    ask("say", course=more["Oda"], command="confirm-stopped")
    ask("oximeter_at", course=more["Lena"], device="oximeter 21")
    ask("oximeter_says", device="oximeter 21", spo2=97)
    return {**served.mothers, **more}
