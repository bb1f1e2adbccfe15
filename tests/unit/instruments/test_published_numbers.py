"""What the files say of each scale, against the numbers as published."""

from __future__ import annotations

import pytest

from matrescence.care.assessment.scales import Cutoff, Missing
from matrescence.facts import Fact
from matrescence.instruments.library import load, names


def cutoff(scale: str, key: str) -> Cutoff:
    return next(found for found in load(scale).cutoffs if found.key == key)


@pytest.mark.parametrize(
    ("key", "at_least", "sensitivity", "specificity"),
    [
        ("possible", 10, (85, 79, 90), (84, 79, 88)),
        ("best-balance", 11, (81, 75, 87), (88, 85, 91)),
        ("probable", 13, (66, 58, 74), (95, 92, 96)),
    ],
)
def test_epds_accuracy_is_that_of_levis_2020(
    key: str, at_least: int, sensitivity: tuple[float, ...], specificity: tuple[float, ...]
) -> None:
    def numbers(fact: Fact) -> tuple[float | None, ...]:
        return fact.value, fact.low, fact.high

    found = cutoff("epds", key)
    assert found.threshold == at_least
    assert numbers(found.sensitivity) == sensitivity
    assert numbers(found.specificity) == specificity
    assert found.sensitivity.source == found.specificity.source == "levis_2020"


@pytest.mark.parametrize(
    ("key", "percent", "ppv", "npv"),
    [
        ("possible", 7, 0.29, 0.99),
        ("best-balance", 7, 0.34, 0.98),
        ("probable", 7, 0.50, 0.97),
        ("possible", 13, 0.44, 0.97),
        ("best-balance", 13, 0.50, 0.97),
        ("probable", 13, 0.66, 0.95),
        ("possible", 20, 0.57, 0.96),
        ("best-balance", 20, 0.63, 0.95),
        ("probable", 20, 0.77, 0.92),
    ],
)
def test_epds_predictive_values_follow_from_the_accuracy_by_bayes(
    key: str, percent: float, ppv: float, npv: float
) -> None:
    found, ill = cutoff("epds", key), percent / 100
    hit, clear = found.sensitivity.known / 100, found.specificity.known / 100
    true_positive, false_positive = hit * ill, (1 - clear) * (1 - ill)
    true_negative, false_negative = clear * (1 - ill), (1 - hit) * ill
    assert true_positive / (true_positive + false_positive) == pytest.approx(ppv, abs=0.0051)
    assert true_negative / (true_negative + false_negative) == pytest.approx(npv, abs=0.0051)


@pytest.mark.parametrize(
    ("scale", "key", "sensitivity", "specificity", "source"),
    [
        ("epds", "anxiety-5", 70.9, 92.2, "epds3a_denmark_2021"),
        ("phq9", "probable", 84, 81, "wang_2021"),
        ("gad7", "anxiety", 89, 82, "spitzer_2006"),
        ("madrs", "severe-31", 93.5, 83.3, "muller_2003"),
        ("mdq", "perinatal", 89, 84, "frey_2012"),
        ("mdq", "standard", 39, 91, "frey_2012"),
    ],
)
def test_accuracy_is_as_published(scale: str, key: str, sensitivity: float, specificity: float, source: str) -> None:
    found = cutoff(scale, key)
    assert (found.sensitivity.value, found.specificity.value) == (sensitivity, specificity)
    assert found.sensitivity.source == source


@pytest.mark.parametrize(
    ("scale", "low", "high", "items"),
    [
        ("epds", 0, 30, 10),
        ("phq9", 0, 27, 9),
        ("gad7", 0, 21, 7),
        ("hamd17", 0, 52, 17),
        ("madrs", 0, 60, 10),
        ("mdq", 0, 13, 13),
        ("rass", -5, 4, 1),
        ("moaas", 0, 5, 1),
        ("poss", 0, 4, 1),
        ("cadss6", 0, 24, 6),
        ("aldrete", 0, 10, 5),
    ],
)
def test_the_range_of_every_scale_is_as_published(scale: str, low: int, high: int, items: int) -> None:
    found = load(scale)
    assert (found.total_low.value, found.total_high.value, len(found.scored_items)) == (low, high, items)


def test_every_scale_that_was_asked_for_is_there_and_no_other() -> None:
    assert names() == (
        "aldrete", "cadss6", "cssrs", "epds", "gad7", "hamd17", "madrs", "mdq", "moaas", "phq9", "poss", "rass",
    )  # fmt: skip


def test_hamilton_items_have_their_published_maxima() -> None:
    assert [item.high for item in load("hamd17").items] == [4, 4, 4, 2, 2, 2, 4, 4, 4, 4, 4, 2, 2, 2, 4, 2, 2]


def test_epds_items_printed_from_the_highest_score_down_are_those_published() -> None:
    assert [item.number for item in load("epds").items if item.reversed] == [3, 5, 6, 7, 8, 9, 10]


def test_the_short_dissociation_scale_takes_its_six_published_questions() -> None:
    assert [item.number for item in load("cadss6").items] == [1, 2, 6, 7, 15, 22]


@pytest.mark.parametrize(
    ("scale", "starts"),
    [
        ("phq9", [0, 5, 10, 15, 20]),
        ("gad7", [0, 5, 10, 15]),
        ("hamd17", [0, 8, 17, 24]),
        ("madrs", [0, 7, 20, 35]),
    ],
)
def test_bands_start_where_published(scale: str, starts: list[int]) -> None:
    assert [band.low for band in load(scale).band_tables[0].bands] == starts


@pytest.mark.parametrize(
    ("scale", "rule", "at_most"),
    [
        ("epds", Missing.ALL_NEEDED, 0),
        ("phq9", Missing.PRORATE, 2),
        ("gad7", Missing.UNKNOWN, 0),
        ("hamd17", Missing.UNKNOWN, 0),
        ("cadss6", Missing.UNKNOWN, 0),
    ],
)
def test_each_scale_has_its_own_rule_for_missing_answers(scale: str, rule: Missing, at_most: int) -> None:
    assert (load(scale).missing.kind, load(scale).missing.at_most) == (rule, at_most)


@pytest.mark.parametrize("scale", ["epds", "madrs", "cssrs", "mdq", "poss", "cadss6"])
def test_no_wording_travels_where_permission_is_lacking(scale: str) -> None:
    found = load(scale)
    assert not found.licence.wording_ships
    assert found.stem is None
    assert all(item.wording is None for item in found.items)


@pytest.mark.parametrize(("scale", "key"), [("epds", "10"), ("phq9", "9"), ("hamd17", "3"), ("madrs", "10")])
def test_every_scale_that_asks_about_self_harm_says_where_and_acts_from_one(scale: str, key: str) -> None:
    asked = load(scale).self_harm
    assert asked is not None
    assert (asked.item, asked.at_least) == (key, 1)


def test_the_lowest_answer_of_gad7_is_not_the_common_copying_error() -> None:
    assert load("gad7").items[0].options[0].text == "Not at all"
