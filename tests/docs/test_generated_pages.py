"""Every generated page is what its function says today; run ``make docs`` to write them anew."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
assert _spec is not None and _spec.loader is not None
generate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(generate)


@pytest.mark.parametrize("path", sorted(generate.pages()), ids=lambda path: path.name)
def test_the_committed_page_is_what_the_code_says(path: Path) -> None:
    assert path.read_text("utf-8") == generate.pages()[path](), "stale: run `make docs`"
