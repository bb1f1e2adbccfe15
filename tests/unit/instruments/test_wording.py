"""A clinic's own text in the empty slots.  The texts here are invented: they are not the wording of any scale."""

from __future__ import annotations

from pathlib import Path

import pytest

from matrescence.instruments.library import load
from matrescence.instruments.wording import load_wording
from matrescence.reading import InputError

PERMISSION = 'permission = "invented letter of 1 January 2026"\n'


def epds(skip: int = 0, options: int = 4) -> str:
    answers = ", ".join(f'"answer {n}"' for n in range(1, options + 1))
    lines = [f'{n} = {{ text = "invented text {n}", options = [{answers}] }}' for n in range(1, 11) if n != skip]
    return '[epds]\nstem = "Invented stem"\n[epds.items]\n' + "\n".join(lines)


def write(folder: Path, text: str) -> Path:
    path = folder / "wording.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_slots_are_filled_in_printed_order(tmp_path: Path) -> None:
    filled = load_wording(write(tmp_path, PERMISSION + epds()))["epds"]
    assert filled.stem == "Invented stem"
    assert [(o.score, o.text) for o in filled.item("1").options] == [(n, f"answer {n + 1}") for n in range(4)]
    assert [(o.score, o.text) for o in filled.item("3").options] == [(3 - n, f"answer {n + 1}") for n in range(4)]
    assert load("epds").item("1").wording is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (epds(), "permission is missing"),
        (PERMISSION + "[epdss.items]", "Did you mean 'epds'"),
        (PERMISSION + "[phq9.items]", "its wording comes with the program"),
        (PERMISSION + epds(skip=7), "item 7 has no wording; every item is needed"),
        (PERMISSION + epds(options=3), "4 texts, as printed from the top"),
        (PERMISSION + epds() + '\n11 = { text = "more", options = ["a", "b"] }', "'11' is not an item"),
        (PERMISSION + "[epds]\n", "items is missing"),
        (PERMISSION + epds().replace("text =", "txt =", 1), "'txt' is not a field here"),
        (PERMISSION + "epds = 3", "a table of fields is needed"),
    ],
)
def test_a_wording_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_wording(write(tmp_path, text))
