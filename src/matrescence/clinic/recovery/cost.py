"""The page of cost: the bill, who pays it, and what an account may pay.  What is typed here is looked at, not kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from matrescence.actions.recovery import NOT_PAPERS, in_words
from matrescence.care.recovery.accounts import Saving, pre_tax_saving
from matrescence.care.recovery.cover import Cover, Share, share
from matrescence.clinic.inputs import with_errors
from matrescence.clinic.pages import course_page, opened_or_404
from matrescence.clinic.people.access import page
from matrescence.clinic.planning.views import numbered
from matrescence.clinic.recovery.charged import charged
from matrescence.clinic.recovery.cost_form import Terms, read_terms
from matrescence.clinic.recovery.prices import bill_of, items_of
from matrescence.clinic.site.settings import site_settings
from matrescence.facts import GRADE_MEANING
from matrescence.formulary.costs.library import load_plan_years, references


@page("cost.view")
def show(request: HttpRequest, course_id: str) -> HttpResponse:
    """The bill of the course; with her insurance typed in, what falls to her."""
    opened = opened_or_404(course_id)
    mother, drug, plan = opened.known.mother, opened.ground.drug, opened.known.plan
    assert mother is not None  # a course begins with who she is
    regimen = drug.default_regimen if plan is None else plan.regimen
    prices = site_settings().prices
    terms = read_terms(request.POST, items_of(drug.name, prices), usual_year=mother.start.year)
    found = bill_of(mother, drug, regimen, prices, facility_h=terms.facility_h)
    asked = request.method == "POST" and not with_errors(terms.inputs)
    shared = share(found, terms.cover) if asked else None
    saving = _saving(terms, shared)
    lines = references()
    year = load_plan_years().get(terms.plan_year)
    used = [line.item.price.statement.source for line in found.lines]
    used += [] if year is None else [fact.source for fact in year.limits.values()]
    known = [{"key": key, "text": lines[key]} for key in dict.fromkeys(used) if key in lines]
    context: dict[str, Any] = {
        "here": "recovery",
        "regimen": drug.regimens[regimen],
        "is_chosen": plan is not None,
        "cost": charged(found),
        "inputs": terms.inputs,
        "wrong": with_errors(terms.inputs),
        "share": None if shared is None else _words(shared, terms.cover),
        "saving": saving and {"counted": in_words(saving.counted), "saved": saving.saved and in_words(saving.saved)},
        "reasons": [*found.reasons, *(shared.reasons if shared else ()), *(saving.reasons if saving else ())],
        "year": year,
        "plan_year": terms.plan_year,
        "limits": [] if year is None else [(LIMITS.get(name, name), fact) for name, fact in year.limits.items()],
        "references": known,
        "number": numbered(known),
        "not_papers": NOT_PAPERS,
        "meaning": GRADE_MEANING,
    }
    return course_page(request, "recovery/cost.html", opened, status=422 if context["wrong"] else 200, **context)


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


def _saving(terms: Terms, shared: Share | None) -> Saving | None:
    if shared is None or terms.savings is None:
        return None
    year = load_plan_years().get(terms.plan_year)
    return pre_tax_saving(terms.savings, year, hers=shared.hers, cover=terms.cover)


def _words(shared: Share, cover: Cover) -> dict[str, Any]:
    parts = ("hers", "insurer", "covered", "not_covered")
    by_line = {key: f"${amount:,.2f}" for key, amount in shared.by_line.items()}
    return {**{name: in_words(getattr(shared, name)) for name in parts}, "by_line": by_line}
