from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from matrescence.care.assessment.scales import Code, Item, Option, Scale
from matrescence.instruments.checks import check, check_scale, loinc_check_digit
from matrescence.instruments.library import SHIPPED, load
from matrescence.reading import InputError

EPDS, PHQ9, CSSRS = load("epds"), load("phq9"), load("cssrs")


def test_the_shipped_scales_have_no_findings() -> None:
    assert check() == ()


@pytest.mark.parametrize(
    ("number", "digit"),
    # LOINC codes that many systems use every day: creatinine, glucose, haemoglobin A1c, body weight.
    [("2160", 0), ("2345", 7), ("4548", 4), ("29463", 7)],
)
def test_the_check_digit_is_that_of_well_known_codes(number: str, digit: int) -> None:
    assert loinc_check_digit(number) == digit


def _with_item(scale: Scale, place: int, **changes: object) -> Scale:
    items = list(scale.items)
    items[place] = replace(items[place], **changes)  # type: ignore[arg-type]
    return replace(scale, items=tuple(items))


def _with_bands(scale: Scale, place: int, **changes: object) -> Scale:
    table = scale.band_tables[0]
    bands = list(table.bands)
    bands[place] = replace(bands[place], **changes)  # type: ignore[arg-type]
    return replace(scale, band_tables=(replace(table, bands=tuple(bands)),))


@pytest.mark.parametrize(
    ("scale", "finding"),
    [
        (_with_item(EPDS, 0, key="2"), "two items have the same key"),
        (_with_item(EPDS, 0, high=0), "low 0 is not below high 0"),
        (_with_item(EPDS, 0, high=4), "highest total is given as 30.0 but the items sum to 31"),
        (_with_item(PHQ9, 0, options=(Option(0, "no"),)), "do not cover 0 to 3"),
        (_with_item(PHQ9, 0, reversed=True), "not in the order in which they are printed"),
        (_with_item(CSSRS, 2, ask_if="9"), "there is no item '9'"),
        (replace(EPDS, cutoffs=(replace(EPDS.cutoffs[0], on="epds-4"),)), "there is no subscale 'epds-4'"),
        (
            replace(CSSRS, tiers=(replace(CSSRS.tiers[0], rule="assessment.none"),)),
            "there is no rule 'assessment.none'",
        ),
        (_with_bands(PHQ9, 0, high=5), "gap or an overlap between minimal and mild"),
        (_with_bands(PHQ9, 4, high=26), "do not reach from the lowest to the highest"),
        (replace(PHQ9, missing=replace(PHQ9.missing, at_most=0)), "at_most is given if and only if"),
        (replace(PHQ9, missing=replace(PHQ9.missing, at_most=9)), "as many answers may be missing as there are items"),
        (_with_item(PHQ9, 0, wording=None), "the wording may ship but an item has none"),
        (_with_item(EPDS, 0, wording="some text"), "the wording may not ship, but there is some"),
        (replace(EPDS, codes=(Code("http://loinc.org", "71354-6", "", "cox_1987", "B"),)), "check digit should be 5"),
    ],
)
def test_a_planted_fault_is_found(scale: Scale, finding: str) -> None:
    assert any(finding in found for found in check_scale(scale))


def test_a_source_that_is_not_in_the_bibliography_is_found(tmp_path: Path) -> None:
    text = (SHIPPED / "epds.toml").read_text("utf-8").replace("matthey_2004", "matthey_2099")
    (tmp_path / "epds.toml").write_text(text, "utf-8")
    shutil.copy(SHIPPED / "references.bib", tmp_path)
    assert check(tmp_path) == ("epds: source 'matthey_2099' is not in references.bib",)


def test_an_unknown_item_key_is_an_error() -> None:
    with pytest.raises(KeyError, match="epds has no item '11'"):
        EPDS.item("11")


def test_an_unknown_scale_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean 'phq9'"):
        load("phq8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('label = "EPDS"\n', "", "label is missing"),
        ('rater = "self"', 'rater = "her"', "one of self, clinician"),
        (
            'basis = "read", grade = "A" }\ntotal_high',
            'basis = "read", grade = "U" }\ntotal_high',
            "an unknown number has no value and grade 'U'",
        ),
        ("value = 85, low = 79", "value = 85, low = 89", "value 85.0 lies below its own low 89.0"),
        ("low = 79, high = 90", "lowest = 79, high = 90", "'lowest' is not a field here"),
        ("at_least = 10\n", "", "give either at_least or at_most"),
        ("number = 1, key", "nummer = 1, key", "'nummer' is not a field here"),
    ],
)
def test_a_broken_scale_file_is_refused_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = (SHIPPED / "epds.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "epds.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError, match=message) as refused:
        load("epds", root=tmp_path)
    assert "epds.toml" in str(refused.value)


def test_places_and_scores_of_a_reversed_item_are_each_others_inverse() -> None:
    item = Item(3, "3", "item 3", 0, 3, reversed=True)
    assert [item.score_of(place) for place in (1, 2, 3, 4)] == [3, 2, 1, 0]
    assert [item.printed_option_of(score) for score in (3, 2, 1, 0)] == [1, 2, 3, 4]
