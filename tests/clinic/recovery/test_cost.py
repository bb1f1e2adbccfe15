"""Cost: the bill with dated sources, the site's own prices, what is unknown, and what an account may pay."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from stage_examples import PLANNED, play

pytestmark = pytest.mark.django_db
Staff = dict[str, Client]


def shown(answer: Any) -> str:
    return unescape(answer.content.decode())


def ask(browser: Client, course: str, **typed: str) -> Any:
    return browser.post(f"/mothers/{course}/recovery/cost/", typed)


def tile(page: str, name: str) -> str:
    """The number under one heading."""
    return page.partition(f"<dt>{name}</dt><dd>")[2].partition("</dd>")[0]


def test_a_price_known_as_a_range_gives_a_range_with_its_date(staff: Staff) -> None:
    page = shown(staff["nurse"].get(f"/mothers/{play(PLANNED)}/recovery/cost/"))
    assert "$400.00 to $800.00" in page and "2025-11-20" in page


def test_the_site_price_replaces_the_shipped_one_and_says_so(staff: Staff, site_named: Callable[..., Any]) -> None:
    course = play(PLANNED)
    site_named(prices=[{"drug": "ketamine", "key": "session", "price": "525.50", "dated": "2026-03-01"}])
    page = shown(staff["nurse"].get(f"/mothers/{course}/recovery/cost/"))
    assert "$525.50" in page and "$800.00" not in page
    assert "2026-03-01" in page and "the site's own" in page


def test_her_share_is_deductible_first_and_then_her_percentage(staff: Staff, site_named: Callable[..., Any]) -> None:
    """1,000 charged, 300 of the deductible left: she pays 300 and 20 % of 700, that is 440; the insurer 560."""
    course = play(PLANNED)
    site_named(prices=[{"drug": "ketamine", "key": "session", "price": "1000", "dated": "2026-03-01"}])
    terms = {
        "deductible": "1500",
        "deductible_met": "1200",
        "coinsurance_percent": "20",
        "out_of_pocket_max": "8000",
        "out_of_pocket_met": "1200",
        "covers_session": "yes",
    }
    page = shown(ask(staff["nurse"], course, **terms))
    assert (tile(page, "She"), tile(page, "Her insurer")) == ("$440.00", "$560.00")
    kept = {"kind": "fsa", "coverage": "self", "plan_year": "2026", "contribution": "3400", "tax_rate_percent": "25"}
    page = shown(ask(staff["nurse"], course, **terms, **kept))
    assert (tile(page, "From the account"), tile(page, "Tax saved")) == ("$440.00", "$110.00")


def test_a_tax_rate_is_never_guessed_and_more_than_the_limit_is_not_counted(
    staff: Staff, site_named: Callable[..., Any]
) -> None:
    """A flexible spending account holds 3,400 in 2026."""
    course = play(PLANNED)
    site_named(prices=[{"drug": "ketamine", "key": "session", "price": "9000", "dated": "2026-03-01"}])
    typed = {"covers_session": "no", "kind": "fsa", "plan_year": "2026", "contribution": "5000"}
    page = shown(ask(staff["nurse"], course, **typed))
    assert tile(page, "From the account") == "$3,400.00"
    assert tile(page, "Tax saved") == "unknown"
    assert "only the limit is counted" in page


def test_a_plan_year_that_is_not_kept_has_unknown_limits(staff: Staff) -> None:
    page = shown(ask(staff["nurse"], play(PLANNED), plan_year="2031"))
    assert "the limits of this plan year are not kept" in page


def test_nothing_that_is_typed_about_her_money_is_recorded(staff: Staff) -> None:
    from matrescence.clinic.log.courses import open_course
    from matrescence.clinic.log.models import Audit

    course = play(PLANNED)
    before = open_course(course).position
    ask(staff["nurse"], course, deductible="1234.56")
    assert open_course(course).position == before
    row = Audit.objects.order_by("-seq")[0]
    assert row.action == "cost.view" and "1234" not in str(row.__dict__)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"deductible": "much"}, "US dollars from 0 on"),
        ({"coinsurance_percent": "120"}, "allowed: 0 to 100"),
        ({"plan_year": "26"}, "allowed: 2000 to 2100"),
        ({"deductible": "-5"}, "US dollars from 0 on"),
    ],
)
def test_what_cannot_be_used_is_named_and_everything_is_kept(staff: Staff, typed: dict[str, str], said: str) -> None:
    answer = ask(staff["nurse"], play(PLANNED), out_of_pocket_max="8000", **typed)
    page = shown(answer)
    assert answer.status_code == 422 and said in page
    assert 'id="out_of_pocket_max" value="8000"' in page
    assert all(f'value="{value}"' in page for value in typed.values())
    assert "Who pays" not in page


def test_a_drug_whose_stay_has_no_price_costs_at_least(begun: Callable[..., str], staff: Staff) -> None:
    page = shown(staff["nurse"].get(f"/mothers/{begun(drug='brexanolone')}/recovery/cost/"))
    assert "at least" in page and "Monitored stay: the price is not known" in page
    assert "withdrawn (14 April 2025)" in page
