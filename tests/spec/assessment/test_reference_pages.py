"""The committed reference pages equal what the tables say.  Run this file to write them anew."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from matrescence.care.assessment.rules import RULES
from matrescence.instruments.reference_page import instruments_page, rules_page

ROOT = Path(__file__).parents[3]
CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text("utf-8"))["cases"]
PAGES = {
    ROOT / "docs" / "reference" / "instruments.md": instruments_page,
    ROOT / "docs" / "reference" / "rules" / "assessment.md": lambda: rules_page("Rules of assessment", RULES, CASES),
}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_the_committed_page_is_what_the_tables_say(path: Path) -> None:
    assert path.read_text("utf-8") == PAGES[path]()


if __name__ == "__main__":
    for path, page in PAGES.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(), "utf-8")
