"""Which drugs there are, and what happens when one is asked for by a wrong name."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from matrescence.facts import Fact, Statement
from matrescence.formulary import library
from matrescence.reading import InputError

DRUGS = library.names()


def test_the_four_drugs_are_there() -> None:
    assert DRUGS == ("brexanolone", "ketamine", "sertraline", "zuranolone")


@pytest.mark.parametrize(("wrong", "near"), [("brexanalone", "brexanolone"), ("Ketamin", "ketamine"), ("zurzuvae", "")])
def test_an_unknown_drug_is_refused_with_the_nearest_name(wrong: str, near: str) -> None:
    with pytest.raises(library.UnknownDrug, match=f"Did you mean '{near}'" if near else "Known: brexanolone"):
        library.load(wrong)


def test_an_unknown_drug_is_an_input_error() -> None:
    assert issubclass(library.UnknownDrug, InputError)


def test_a_shipped_drug_is_read_once() -> None:
    assert library.load("ketamine") is library.load("ketamine")


def test_an_empty_root_has_no_drugs(tmp_path: Path) -> None:
    assert library.names(root=tmp_path) == ()


@pytest.mark.parametrize("name", DRUGS)
def test_every_source_of_a_drug_stands_in_its_bibliography(name: str) -> None:
    drug = library.load(name)
    sources = {item.source for item in _walk(drug) if item.source}
    assert sources <= set(drug.citations)


@pytest.mark.parametrize("name", DRUGS)
def test_every_unknown_is_graded_unknown_and_every_number_is_not(name: str) -> None:
    facts = [item for item in _walk(library.load(name)) if isinstance(item, Fact)]
    assert all((fact.value is None) == (fact.grade == "U") for fact in facts)


@pytest.mark.parametrize("name", DRUGS)
def test_what_the_project_decided_is_never_graded_above_c(name: str) -> None:
    decided = [item for item in _walk(library.load(name)) if item.basis in {"project-decision", "calibrated"}]
    assert all(item.grade in {"C", "U"} for item in decided)


@pytest.mark.parametrize("name", DRUGS)
def test_what_was_read_second_hand_is_at_most_b(name: str) -> None:
    transcribed = [item for item in _walk(library.load(name)) if item.basis == "transcribed"]
    assert all(item.grade in {"B", "C", "U"} for item in transcribed)


def _walk(value: object) -> list[Fact | Statement]:
    if isinstance(value, Fact | Statement):
        return [value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [item for field in dataclasses.fields(value) for item in _walk(getattr(value, field.name))]
    if isinstance(value, dict):
        return [item for part in value.values() for item in _walk(part)]
    if isinstance(value, tuple):
        return [item for part in value for item in _walk(part)]
    return []
