"""The page of feeding, and her choice: whose advice she follows, or that she does not breastfeed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from matrescence.actions.course_payload import NOT_BREASTFEEDING
from matrescence.care.journey.words import FeedingChosen
from matrescence.clinic import pages
from matrescence.clinic.clockwork.clock import course_now
from matrescence.clinic.inputs import Input, posted, with_errors
from matrescence.clinic.lactation.told import feeding_told
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.pages import Outcome, course_page, opened_or_404
from matrescence.clinic.people.access import page
from matrescence.clinic.said import said
from matrescence.facts import GRADE_MEANING
from matrescence.handouts.digits import significant
from matrescence.handouts.lactation_words import lactation_words
from matrescence.handouts.language import codes, language
from matrescence.reading import InputError


@page("lactation.view")
@require_safe
def show(request: HttpRequest, course_id: str) -> HttpResponse:
    """Each source beside the others, none ranked."""
    return _page(request, opened_or_404(course_id))


@page("lactation.view", writes="lactation.choose")
def choose(request: HttpRequest, course_id: str) -> HttpResponse:
    """Write down what she chose."""
    opened = opened_or_404(course_id)
    if request.method != "POST":
        return redirect("lactation:show", course_id=course_id)
    follows = posted(request.POST, "follows")
    if not follows:
        return _page(request, opened, error=_("Say whose advice she follows, or that she does not breastfeed."))
    outcome = pages.record(request, course_id, "feeding-choice", {"follows": follows})
    if not outcome.ok:
        return _page(request, opened_or_404(course_id), outcome=outcome)
    messages.success(request, _("Her choice is written down."))
    return redirect("lactation:show", course_id=course_id)


def _page(request: HttpRequest, opened: Opened, *, outcome: Outcome | None = None, error: str = "") -> HttpResponse:
    choice = _choice(opened, posted(request.POST, "follows"), error)
    status = 422 if error else 200 if outcome is None else outcome.status
    context: dict[str, Any] = {
        "here": "lactation",
        "choice": choice,
        "wrong": with_errors((choice,)),
        "problems": () if outcome is None else outcome.problems,
        "outcome": outcome,
        "languages": [(code, language(code).name) for code in codes()],
        **_chosen(opened),
        **_told(opened),
    }
    return course_page(request, "lactation/show.html", opened, status=status, **context)


def _told(opened: Opened) -> dict[str, Any]:
    try:
        told = feeding_told(opened, course_now(opened.id))
    except InputError as error:
        return {"told": None, "impossible": str(error)}
    words = lactation_words(told)
    return {
        "told": told,
        "words": words,
        "rows": list(zip(words["rows"], told["lactation"], strict=True)),
        "number": words["number"],
        "references": words["references"],
        "meaning": GRADE_MEANING,
        "infant": _infant(told["infant"]),
    }


def _infant(told: Any) -> dict[str, Any]:
    """What an infant fed without a pause would get: the relative dose and the dose, each with its range."""
    found = {name: told[name] for name in ("relative_infant_dose_percent", "infant_dose_ug_per_kg")}
    shown = {
        name: None if row is None else {key: significant(value) for key, value in row.items()}
        for name, row in found.items()
    }
    return {**shown, "grade": told["grade"], "women": told["women"], "unknown": told["unknown"]}


def _choice(opened: Opened, typed: str, error: str) -> Input:
    """One line for each source of the drug's folder, and one for a mother who does not breastfeed."""
    advice = opened.ground.drug.lactation.advice
    choices = (*((item.who, said(item.who)) for item in advice), (NOT_BREASTFEEDING, _("She does not breastfeed")))
    return Input("follows", _("Whose advice does she follow?"), "choice", typed, choices=choices, error=error)


def _chosen(opened: Opened) -> dict[str, Any]:
    """Her newest choice, who wrote it down, and when."""
    entries = sorted(opened.known.entries.items(), reverse=True)
    entry = next((e for _, e in entries if isinstance(e.what, FeedingChosen)), None)
    feeding = opened.known.feeding
    return {"chosen": feeding, "chosen_by": entry and entry.by, "chosen_at": entry and entry.happened_at}
