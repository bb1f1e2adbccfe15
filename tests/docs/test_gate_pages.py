"""The reference pages of eligibility and enrolment are what the tables say today."""

from __future__ import annotations

from pathlib import Path

from matrescence.actions.gate_pages import eligibility_page, enrolment_page
from matrescence.care.eligibility.rules import RULES as ELIGIBILITY_RULES
from matrescence.care.enrolment.rules import RULES as ENROLMENT_RULES

PAGES = Path(__file__).parents[2] / "docs" / "reference" / "rules"


def test_the_page_of_eligibility_is_the_one_generated_now() -> None:
    assert (PAGES / "eligibility.md").read_text(encoding="utf-8") == eligibility_page()
    assert all(f"`{rule.id}`" in eligibility_page() for rule in ELIGIBILITY_RULES)


def test_the_page_of_enrolment_is_the_one_generated_now() -> None:
    assert (PAGES / "enrolment.md").read_text(encoding="utf-8") == enrolment_page()
    assert all(f"`{rule.id}`" in enrolment_page() for rule in ENROLMENT_RULES)
