"""A fact keeps its promises: ranges the right way round, unknown means unknown, grades only fall."""

from __future__ import annotations

import itertools

import pytest

from matrescence.facts import GRADES, Fact, Grade, lowest_grade


def fact(value: float | None, low: float | None = None, high: float | None = None) -> Fact:
    return Fact(value, "h", "somebody_2020", "Table 1", "read", "A", low, high)


def test_a_range_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(ValueError, match="wrong way round"):
        fact(5.0, low=9.0, high=1.0)


@pytest.mark.parametrize(("value", "message"), [(0.5, "below its own low"), (9.5, "above its own high")])
def test_a_value_outside_its_own_range_is_refused(value: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fact(value, low=1.0, high=9.0)


def test_an_unknown_value_is_never_a_number() -> None:
    with pytest.raises(ValueError, match="unknown"):
        _ = fact(None).known
    assert fact(3.0).known == 3.0


@pytest.mark.parametrize("pair", list(itertools.product(GRADES, repeat=2)))
def test_the_grade_of_a_conclusion_is_the_lowest_it_rests_on(pair: tuple[Grade, Grade]) -> None:
    assert lowest_grade(pair) == pair[0 if GRADES.index(pair[0]) >= GRADES.index(pair[1]) else 1]


def test_a_conclusion_that_rests_on_nothing_has_no_grade() -> None:
    with pytest.raises(ValueError, match="rests on no graded number"):
        lowest_grade([])
