"""The page of cost: the bill, who pays it, and what an account may pay.  What is typed here is looked at, not kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from matrescence.actions.recovery import in_words
from matrescence.care.drug import Drug
from matrescence.care.mother import Mother
from matrescence.care.recovery.accounts import Saving, pre_tax_saving
from matrescence.care.recovery.bill import Bill
from matrescence.care.recovery.cover import Share, share
from matrescence.clinic.inputs import with_errors
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.pages import course_page, opened_or_404
from matrescence.clinic.people.access import page
from matrescence.clinic.planning.views import numbered
from matrescence.clinic.recovery.charged import charged
from matrescence.clinic.recovery.cost_form import Terms, read_terms
from matrescence.clinic.recovery.prices import bill_of, items_of
from matrescence.clinic.site.settings import site_settings
from matrescence.facts import GRADE_MEANING, Fact
from matrescence.formulary.costs.library import load_plan_years, references

LIMITS = {
    "fsa": "Flexible spending account, most for the year",
    "fsa_carryover": "Flexible spending account, most carried over",
    "hsa_self": "Health savings account, self only",
    "hsa_family": "Health savings account, family",
    "hdhp_least_deductible_self": "High-deductible plan, least deductible, self only",
    "hdhp_least_deductible_family": "High-deductible plan, least deductible, family",
    "hdhp_out_of_pocket_self": "High-deductible plan, most out of pocket, self only",
    "hdhp_out_of_pocket_family": "High-deductible plan, most out of pocket, family",
    "legal_out_of_pocket_self": "Legal out-of-pocket maximum, self only",
    "legal_out_of_pocket_family": "Legal out-of-pocket maximum, family",
}
"""The limits of a plan year in words."""


@page("cost.view")
def show(request: HttpRequest, course_id: str) -> HttpResponse:
    """The bill of the course; with her insurance typed in, what falls to her."""
    opened = opened_or_404(course_id)
    prices = site_settings().prices
    mother, drug, regimen = _planned(opened)
    terms = read_terms(request.POST, items_of(drug.name, prices), usual_year=mother.start.year)
    found = bill_of(mother, drug, regimen, prices, facility_h=terms.facility_h)
    wrong = with_errors(terms.inputs)
    context: dict[str, Any] = {
        "here": "recovery",
        "regimen": drug.regimens[regimen],
        "is_chosen": opened.known.plan is not None,
        "cost": charged(found),
        "inputs": terms.inputs,
        "wrong": wrong,
        "meaning": GRADE_MEANING,
        **_divided(found, terms, asked=request.method == "POST" and not wrong),
        **_year(terms.plan_year),
    }
    known = _sources(found, context["limits"])
    context |= {"references": known, "number": numbered(known)}
    return course_page(request, "recovery/cost.html", opened, status=422 if wrong else 200, **context)


def _planned(opened: Opened) -> tuple[Mother, Drug, str]:
    """Who, with what, and by which regimen: the one that was chosen, else the drug's usual one."""
    mother, drug, plan = opened.known.mother, opened.ground.drug, opened.known.plan
    assert mother is not None  # a course begins with who she is
    return mother, drug, drug.default_regimen if plan is None else plan.regimen


def _divided(found: Bill, terms: Terms, *, asked: bool) -> dict[str, Any]:
    """Who pays what and what an account saves, in words; nothing of it before her insurance was typed in."""
    if not asked:
        return {"share": None, "saving": None, "reasons": found.reasons}
    shared = share(found, terms.cover)
    saving = _saving(terms, shared)
    return {
        "share": {name: in_words(getattr(shared, name)) for name in ("hers", "insurer", "covered", "not_covered")},
        "saving": saving and {"counted": in_words(saving.counted), "saved": saving.saved and in_words(saving.saved)},
        "reasons": [*found.reasons, *shared.reasons, *(saving.reasons if saving else ())],
    }


def _saving(terms: Terms, shared: Share) -> Saving | None:
    if terms.savings is None:
        return None
    year = load_plan_years().get(terms.plan_year)
    return pre_tax_saving(terms.savings, year, hers=shared.hers, cover=terms.cover)


def _year(number: int) -> dict[str, Any]:
    """The limits of a plan year in words; none where the year is not kept."""
    year = load_plan_years().get(number)
    limits = [] if year is None else [(LIMITS.get(name, name), fact) for name, fact in year.limits.items()]
    return {"plan_year": number, "limits": limits}


def _sources(found: Bill, limits: Sequence[tuple[str, Fact]]) -> list[dict[str, str]]:
    lines = references()
    used = [line.item.price.statement.source for line in found.lines] + [fact.source for _name, fact in limits]
    return [{"key": key, "text": lines[key]} for key in dict.fromkeys(used) if key in lines]
