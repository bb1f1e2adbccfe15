"""The page of the plan: what holds, what would hold with other numbers, and every option side by side."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from matrescence.care.drug import Drug
from matrescence.care.journey.confirming import confirmations, told
from matrescence.care.journey.words import PlanChosen
from matrescence.care.mother import Mother
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.pages import course_page, opened_or_404, zone_of
from matrescence.clinic.people.access import page
from matrescence.clinic.planning.laid import compared, laid_out
from matrescence.clinic.planning.limits import limit_rows
from matrescence.clinic.planning.what_if import WhatIf, what_if
from matrescence.clinic.recovery.charged import charged
from matrescence.clinic.recovery.prices import bill_of
from matrescence.clinic.site.settings import site_settings
from matrescence.facts import GRADE_MEANING
from matrescence.formulary.costs.library import references as cost_references
from matrescence.handouts.compare_words import cells, keys_of
from matrescence.handouts.mood_words import mood_words
from matrescence.handouts.page_words import page_words
from matrescence.reading import InputError


@page("plan.view")
@require_safe
def show(request: HttpRequest, course_id: str) -> HttpResponse:
    """The plan as it is chosen, or as it would be; a change of the form brings the plan alone."""
    opened = opened_or_404(course_id)
    mother, drug = opened.known.mother, opened.ground.drug
    assert mother is not None  # a course begins with who she is
    chosen = opened.known.plan
    asked = what_if(request.GET, mother, drug, None if chosen is None else chosen.regimen)
    context: dict[str, Any] = {**plan_context(opened, asked), "wanted": asked, "here": "infusion"}
    if request.headers.get("HX-Request"):
        frame: dict[str, Any] = {"course": opened, "mother": mother, "drug": drug, "zone": zone_of(opened)}
        return render(request, "planning/parts/plan.html", frame | context)
    status = 422 if asked.wrong else 200
    return course_page(request, "planning/show.html", opened, status=status, **context, **chosen_context(opened))


@page("plan.view")
@require_safe
def side_by_side(request: HttpRequest, course_id: str) -> HttpResponse:
    """Every option in a fixed order, never ranked."""
    opened = opened_or_404(course_id)
    assert opened.known.mother is not None  # a course begins with who she is
    found, picture = compared(opened.known.mother)
    context: dict[str, Any] = {
        "here": "infusion",
        "found": found,
        "options": [{**row, "cells": _cells(row)} for row in found["options"]],
        "picture": picture,
        "number": numbered(found["references"]),
        "meaning": GRADE_MEANING,
    }
    return course_page(request, "planning/compare.html", opened, **context)


def _cells(row: Any) -> list[tuple[str, list[str], list[str]]]:
    """Each cell of one option: its name, its lines, and the keys of its sources."""
    keys = keys_of(row)
    return [(name, lines, keys[name]) for name, lines in cells(row)]


# ---- the plan that is shown -------------------------------------------------------------------------------------


def plan_context(opened: Opened, asked: WhatIf) -> dict[str, Any]:
    """Everything the plan says; ``impossible`` instead where it cannot be made."""
    if asked.mother is None:
        return {"plan": None}
    drug, chosen = opened.ground.drug, opened.known.plan
    try:
        laid = laid_out(asked.mother, drug.name, asked.regimen, opened.known.health)
    except InputError as error:
        return {"plan": None, "impossible": str(error)}
    words = page_words(laid.told)
    cost = cost_of(asked.mother, drug, asked.regimen)
    references = [*words["references"], *_priced_by(cost, words["number"])]
    return {
        "plan": laid.told,
        "words": words,
        "drawn": laid.drawn,
        "effects": list(zip(words["effects"], laid.told["side_effects"], laid.drawn["effects"], strict=True)),
        "stops": list(zip(words["stops"], laid.told["interruptions"], strict=True)),
        "mood": mood_words(laid.told),
        "cost": cost,
        "references": references,
        "number": numbered(references),
        "meaning": GRADE_MEANING,
        "is_chosen": chosen is not None and chosen.regimen == asked.regimen and not asked.differs,
        "made_by": drug.preparation,
    }


def cost_of(mother: Mother, drug: Drug, regimen: str) -> Any:
    """What the course is charged with, in the site's own prices where it has them."""
    return charged(bill_of(mother, drug, regimen, site_settings().prices))


def _priced_by(cost: Any, known: Any) -> list[dict[str, str]]:
    lines = cost_references()
    keys = dict.fromkeys(row.said.source for row in cost.rows)
    return [{"key": key, "text": lines[key]} for key in keys if key in lines and key not in known]


def numbered(references: Any) -> dict[str, int]:
    """Each source by its number in the list."""
    return {reference["key"]: number for number, reference in enumerate(references, start=1)}


# ---- the plan that was chosen -----------------------------------------------------------------------------------


def chosen_context(opened: Opened) -> dict[str, Any]:
    """Who chose what, who has confirmed it, and what is missing."""
    known, ground = opened.known, opened.ground
    entry = next((e for _, e in sorted(known.entries.items(), reverse=True) if isinstance(e.what, PlanChosen)), None)
    if entry is None or not isinstance(entry.what, PlanChosen):
        return {"chosen": None}
    return {
        "chosen": entry.what,
        "chosen_by": entry.by,
        "chosen_at": entry.happened_at,
        "regimen": ground.drug.regimens[entry.what.regimen],
        "limits": limit_rows(ground.drug, entry.what),
        "confirmed": [(item, told(item)) for item in confirmations(known, ground)] if ground.infused else [],
    }
