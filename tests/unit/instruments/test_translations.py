"""Official translations fit their scales item by item; no other language is made up."""

from __future__ import annotations

import pytest

from matrescence.instruments import translations
from matrescence.instruments.checks import reference_keys
from matrescence.instruments.library import SHIPPED, load, names


@pytest.mark.parametrize("name", ["phq9", "gad7"])
def test_every_item_and_answer_of_a_free_scale_is_there_in_spanish(name: str) -> None:
    scale, english = translations.translated(name, "es"), load(name)

    assert scale is not None
    assert [item.key for item in scale.items] == [item.key for item in english.items]
    assert all(
        item.wording and item.wording != there.wording for item, there in zip(scale.items, english.items, strict=True)
    )
    assert all([o.score for o in item.options] == [0, 1, 2, 3] for item in scale.items)
    assert scale.self_harm == english.self_harm


def test_the_lowest_answer_is_no_day_at_all() -> None:
    scale = translations.translated("phq9", "es")

    assert scale is not None
    assert scale.items[8].options[0].text == "Ningún día"


def test_a_scale_whose_wording_may_not_travel_has_no_translation() -> None:
    kept_back = [name for name in names() if not load(name).licence.wording_ships]

    assert "epds" in kept_back
    assert [name for name in kept_back if translations.translated(name, "es")] == []


def test_a_language_that_is_not_there_gives_nothing() -> None:
    assert translations.translated("phq9", "xx") is None


def test_each_translation_says_where_its_words_were_read() -> None:
    known = reference_keys(SHIPPED / "references.bib")

    for name in ("phq9", "gad7"):
        said = translations.statement(name, "es")
        assert said is not None
        assert said.source in known
