"""Every page in every state: nothing for axe-core at WCAG 2.2 AA, in light and dark; all of it at 320 px and 400 %."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from chromium import Browsers
from look import problems
from states import HERS, IN_SPANISH, STAFF, State, open_state, spanish

IDS = [state.name for state in (*STAFF, *HERS)]


@pytest.mark.parametrize("state", [*STAFF, *HERS], ids=IDS)
def test_a_page_keeps_wcag_22_aa_and_fits_a_narrow_screen(
    browsers: Browsers, mothers: Mapping[str, str], state: State
) -> None:
    page = browsers.page(state.role)
    open_state(page, state, mothers)
    assert problems(page) == []


@pytest.mark.parametrize("name", IN_SPANISH)
def test_a_page_keeps_wcag_22_aa_in_spanish_too(browsers: Browsers, mothers: Mapping[str, str], name: str) -> None:
    state = next(state for state in STAFF if state.name == name)
    page = browsers.page(state.role)
    page.goto("/")
    spanish(page)
    open_state(page, state, mothers)
    assert page.locator("html").get_attribute("lang") == "es"
    assert problems(page) == []
