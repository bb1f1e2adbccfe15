"""Pages of evidence: self-contained, escaped, valid drawings, the same tables on the terminal."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from rich.console import Console

from matrescence.actions.hormone import hormone
from matrescence.actions.prevalence import Asked, prevalence
from matrescence.actions.prevention import prevention
from matrescence.actions.relapse import relapse
from matrescence.handouts.around.content import Page
from matrescence.handouts.around.hormone import hormone_content
from matrescence.handouts.around.page import drawing, evidence_page
from matrescence.handouts.around.prevalence import prevalence_content
from matrescence.handouts.around.prevention import prevention_content
from matrescence.handouts.around.relapse import relapse_content
from matrescence.handouts.around.terminal import show
from matrescence.handouts.around.trial_check import trial_check_content
from matrescence.outcomes.prevention import Window

CHECKED = {
    "trial": "a-trial", "arm": "drug", "treatment": "ssri", "outcome": "change", "at_h": 60.0, "published": -9.0,
    "predicted": -8.0, "low": -10.0, "high": -6.0, "accept": [-10.0, -8.0], "rule": "published +/- 1 (1 SE)",
    "use": "fit", "grade": "A", "must": False, "agrees": True,
}  # fmt: skip
MISSED = {**CHECKED, "outcome": "response", "at_h": 720.0, "published": 70.0, "predicted": 50.0, "low": 40.0}
TABLE = {
    "rows": [CHECKED, {**MISSED, "high": 60.0, "agrees": False}, {**CHECKED, "outcome": "standardised-difference"}],
    "lines": ["2 of 3 published numbers agree; 1 do not:", "- a-trial, drug, response: because."],
}
MAKE: dict[str, Callable[[], Page]] = {
    "prevention": lambda: prevention_content(prevention()),
    "first week": lambda: prevention_content(prevention(window=Window.WEEK_1)),
    "check": lambda: trial_check_content(TABLE),
    "relapse": lambda: relapse_content(relapse()),
    "hormone": lambda: hormone_content(hormone(women=50)),
    "prevalence": lambda: prevalence_content(prevalence(Asked(births=12_345, place="Idaho"))),
}


@pytest.fixture(scope="module", params=sorted(MAKE))
def page(request: pytest.FixtureRequest) -> Page:
    return MAKE[request.param]()


def test_a_page_asks_nothing_of_any_network(page: Page) -> None:
    html = evidence_page(page)
    assert "<script" not in html and "@import" not in html and "url(" not in html
    assert not re.search(r'(?:src|href)="(?!#)', html)
    assert html.count("<h1>") == 1


def test_a_drawing_is_valid_and_described(page: Page) -> None:
    for figure in page.figures:
        root = ElementTree.fromstring(drawing(figure))
        assert root.tag.endswith("svg")
        names = {child.tag.rpartition("}")[2] for child in root}
        assert {"title", "desc", "style"} <= names
        width = float(root.attrib["width"])
        texts = [node for node in root.iter() if node.tag.endswith("text")]
        assert texts and all(0 <= float(node.attrib["x"]) <= width for node in texts)
        drawn = [
            value for node in root.iter() for key, value in node.attrib.items() if key in {"d", "x", "y", "cx", "x1"}
        ]
        assert not any("nan" in value or "inf" in value for value in drawn)


def test_words_end_within_the_drawing(page: Page) -> None:
    for figure in page.figures:
        root = ElementTree.fromstring(figure.svg)
        width = float(root.attrib["width"])
        for node in root.iter("text"):
            if node.attrib["text-anchor"] == "start":
                assert float(node.attrib["x"]) + len(node.text or "") * 12 * 0.5 <= width + 4, node.text


def test_every_row_is_as_long_as_its_head(page: Page) -> None:
    for table in page.tables:
        assert {len(row) for row in table.rows} <= {len(table.head)}
        assert {*table.numbers, *table.spare} <= set(range(len(table.head)))


def test_the_terminal_shows_the_same_sentences_wide_and_narrow(page: Page) -> None:
    for width in (80, 200):
        told = io.StringIO()
        show(page, Console(file=told, width=width, highlight=False))
        flat = " ".join(told.getvalue().split())
        for line in page.lead:
            assert " ".join(line.split()) in flat


def test_words_from_outside_cannot_become_markup() -> None:
    told = copy.deepcopy(prevention())
    told["trials"][0]["label"] = "<b onload=x>&"
    told["plain"][0] = "<script>alert(1)</script>"
    html = evidence_page(prevention_content(told))
    assert "<script" not in html and "<b onload" not in html
    assert "&lt;script&gt;" in html


def test_the_trials_without_counts_are_in_the_forest() -> None:
    svg = MAKE["prevention"]().figures[0].svg
    for label in ("Pretreatment trial 2023", "Luo 2025", "Gao 2015", "no counts were read"):
        assert label in svg


def test_what_does_not_agree_is_marked_in_the_drawing_and_explained() -> None:
    page = trial_check_content(TABLE)
    assert page.figures[0].svg.count('class="open published"') == 2  # the key, and the one that does not agree
    assert page.notes == (("Does not agree, and why", ("a-trial, drug, response: because.",)),)
    assert len(page.tables[0].rows) == 3
