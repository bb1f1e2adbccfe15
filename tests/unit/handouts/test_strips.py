"""The figure of a virtual trial shows every published number, and marks those that would be unusual."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from matrescence.handouts.around.page import drawing, evidence_page
from matrescence.handouts.around.virtual_trial import power_content, virtual_trial_content
from matrescence.handouts.figures.strips import said, strips
from matrescence.trials.power import women_needed
from matrescence.trials.read_design import load_design
from matrescence.trials.report import report
from matrescence.trials.run import run


@pytest.fixture(scope="module")
def told() -> dict[str, object]:
    return report(run(load_design("repeated-41"), replicates=60, seed=1, workers=1))


def test_every_published_number_is_drawn_once_and_misses_are_marked(told: dict[str, object]) -> None:
    drawn = strips(told)
    assert ElementTree.fromstring(drawn).tag == "svg"
    published = [row for row in told["quantities"] if row["published"]]  # type: ignore[attr-defined]
    assert drawn.count('class="open published"') == len(published) + 1
    marked = sum(not row["published"]["inside_90"] for row in published)
    assert drawn.count("tick mark-name") == marked == 2


def test_the_page_says_whether_it_is_a_prediction_and_what_it_is_not_for(told: dict[str, object]) -> None:
    page = virtual_trial_content(told)
    text = evidence_page(page)
    assert "it is a check, no prediction" in text
    assert "depression after birth: nobody in it had PPD" in text
    assert ElementTree.fromstring(drawing(page.figures[0])).tag.endswith("svg")


def test_a_trial_that_was_kept_out_is_called_a_prediction() -> None:
    told = report(run(load_design("caesarean-654"), replicates=5, seed=1, workers=1))
    assert "it is a prediction" in evidence_page(virtual_trial_content(told))


def test_the_page_of_a_search_lists_every_size_that_was_tried() -> None:
    found = women_needed(load_design("caesarean-654"), target_percent=50.0, replicates=20, seed=1, workers=1)
    page = power_content(found.as_json())
    assert len(page.tables[0].rows) == len(found.tried)


@pytest.mark.parametrize(
    ("value", "unit", "words"), [(-17.72, "points", "-17.7"), (74.4, "%", "74"), (0.2596, "", "0.26")]
)
def test_numbers_are_as_fine_as_trials_print_them(value: float, unit: str, words: str) -> None:
    assert said(value, unit) == words
