"""A model file is data: a rate is a quotient of names, and nothing that could be a program is understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from matrescence.formulary import library
from matrescence.formulary.read_model import read_model, read_rate
from matrescence.pharmacology.model import Rate
from matrescence.reading import InputError


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("cl / v1", Rate(("cl",), ("v1",))),
        ("1 / v1", Rate((), ("v1",))),
        ("ka", Rate(("ka",))),
        ("formed * delays / mtt", Rate(("formed", "delays"), ("mtt",))),
        ("q/v2", Rate(("q",), ("v2",))),
    ],
)
def test_a_quotient_of_names_is_read(text: str, rate: Rate) -> None:
    problems: list[str] = []
    assert read_rate(text, "here", problems) == rate
    assert problems == []


@pytest.mark.parametrize("text", ["cl / v1 / v2", "exp(cl)", "cl + q", "2 * cl", "", "cl -q", "__import__('os')"])
def test_anything_else_is_refused(text: str) -> None:
    problems: list[str] = []
    read_rate(text, "here", problems)
    assert "cannot be used" in problems[0]


def test_units_become_canonical_when_a_model_is_read() -> None:
    clearance = library.load("ketamine").models["simons_2022"].typical["cl"]
    assert clearance.unit == "L/h"
    assert clearance.value == pytest.approx(1.48 * 60)


def test_all_problems_of_a_file_come_in_one_message(tmp_path: Path) -> None:
    path = tmp_path / "broken_2020.toml"
    path.write_text('label = "x"\ngrade = "Z"\nsources = []\n[structure]\n[typical]\n[studied]\n', encoding="utf-8")
    with pytest.raises(InputError) as told:
        read_model(path, drug="x")
    assert str(told.value).count("\n") >= 5
