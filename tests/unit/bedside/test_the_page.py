"""The page about the bedside lists every fault and every number of the port, as the code has them."""

from __future__ import annotations

import re
from pathlib import Path

from matrescence.actions.bedside.policy import POLICY, REASONS
from matrescence.bedside.faults import ABOUT

PAGE = (Path(__file__).parents[3] / "docs" / "explanation" / "bedside.md").read_text("utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| `")]


def test_the_page_lists_every_fault_and_no_other() -> None:
    listed = {row[0].strip("`"): row[1:] for row in ROWS if len(row) == 4}
    expected = {
        fault.value: [
            ", ".join(place.value for place in about.happens_to),
            about.does,
            f"{about.size} ({about.usual_size:g})" if about.size else "",
        ]
        for fault, about in ABOUT.items()
    }
    assert listed == expected


def test_the_page_lists_every_number_with_its_reason() -> None:
    listed = {row[0].strip("`"): row[1:] for row in ROWS if len(row) == 3}
    assert listed == {name: [f"{getattr(POLICY, name):g}", why] for name, why in REASONS.items()}


def test_the_page_says_that_it_is_no_monitor_and_no_model_of_harm() -> None:
    assert re.search(r"Neither is a monitor", PAGE)
    assert re.search(r"hypoxia and sedation are \*injected\*", PAGE)
