"""The page of eligibility: the verdict with every reason, the form of health facts, and the prescriber's decision."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from matrescence.care.eligibility.decide import Outcome as Verdict
from matrescence.care.journey.eligible import covered, eligibility, open_reasons, undecided
from matrescence.care.journey.words import ClinicianDecided
from matrescence.clinic import pages
from matrescence.clinic.eligibility.facts import Facts, corrections, facts_from, inputs_of
from matrescence.clinic.eligibility.verdict import OUTCOMES, grouped, what_would_change_it
from matrescence.clinic.inputs import NO, YES, posted
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.pages import Outcome, course_page, opened_or_404
from matrescence.clinic.people.access import page

SHORTEST_REASON = 10


@page("eligibility.view")
def show(request: HttpRequest, course_id: str) -> HttpResponse:
    """The verdict from what is known today, with every reason."""
    return _page(request, opened_or_404(course_id))


@page("eligibility.view", writes="eligibility.record")
def facts(request: HttpRequest, course_id: str) -> HttpResponse:
    """Write down health facts: all of them, or some."""
    opened = opened_or_404(course_id)
    if request.method != "POST":
        return redirect("eligibility:show", course_id=course_id)
    found = facts_from(request.POST, opened.known.health)
    if found.wrong:
        return _page(request, opened, facts=found, status=422)
    if found.back and len(found.why) < SHORTEST_REASON:
        problem = _("Something that was known is set to “not asked”. Say why it is taken back (at least 10 letters).")
        return _page(request, opened, facts=found, outcome=Outcome(problems=(problem,)), status=422)
    outcome = _write(request, opened, found)
    if outcome is not None and not outcome.ok:
        return _page(request, opened_or_404(course_id), facts=found, outcome=outcome, status=outcome.status)
    told = _("The health facts are written down.") if outcome else _("Nothing was changed.")
    messages.success(request, told)
    return redirect("eligibility:show", course_id=course_id)


@page("eligibility.view", writes="eligibility.decide")
def decision(request: HttpRequest, course_id: str) -> HttpResponse:
    """Decide on what is left open; the decision is about exactly the reasons that were shown."""
    opened = opened_or_404(course_id)
    if request.method != "POST":
        return redirect("eligibility:show", course_id=course_id)
    go_on, why = posted(request.POST, "go_on"), posted(request.POST, "why")
    problem = _against_deciding(opened, go_on, why, posted(request.POST, "about"))
    if problem:
        return _page(request, opened, outcome=Outcome(problems=(problem,)), status=422, typed=request.POST)
    payload = {"go_on": go_on == YES, "why": why}
    outcome = pages.record(request, course_id, "eligibility-decision", payload)
    if not outcome.ok:
        return _page(request, opened_or_404(course_id), outcome=outcome, status=outcome.status, typed=request.POST)
    messages.success(request, _("The decision is written down."))
    return redirect("eligibility:show", course_id=course_id)


def _write(request: HttpRequest, opened: Opened, found: Facts) -> Outcome | None:
    """The new facts in one record, then a correction for each record that held what is taken back."""
    outcome = None
    if found.new or opened.known.health is None:
        outcome = pages.record(request, opened.id, "eligibility-facts", found.new)
        if not outcome.ok:
            return outcome
    for position, payload in corrections(opened.reader.told, found.back).items():
        content = {"of": position, "why": found.why, "payload": payload}
        outcome = pages.record(
            request, opened.id, "correction", content, strict=outcome is None, part=f"-back-{position}"
        )
        if not outcome.ok:
            return outcome
    return outcome


def _against_deciding(opened: Opened, go_on: str, why: str, about: str) -> str:
    found = eligibility(opened.known, opened.ground)
    if found is None or found.outcome is not Verdict.CLINICIAN_DECIDES:
        return _("Nothing is left open here that a prescriber could decide.")
    if about != digest(opened):
        return _("The reasons have changed since they were shown. Look at them again, then decide.")
    if go_on not in (YES, NO):
        return _("Say whether to go on.")
    return "" if len(why) >= SHORTEST_REASON else _("Say why (at least 10 letters).")


def digest(opened: Opened) -> str:
    """The fingerprint of the open reasons: a decision is about exactly these."""
    said = "\n".join(" ".join(item) for item in sorted(open_reasons(opened.known, opened.ground)))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _page(
    request: HttpRequest,
    opened: Opened,
    *,
    facts: Facts | None = None,
    outcome: Outcome | None = None,
    status: int = 200,
    typed: Any = None,
) -> HttpResponse:
    known, ground = opened.known, opened.ground
    found = eligibility(known, ground)
    context: dict[str, Any] = {
        "here": "eligibility",
        "found": found,
        "inputs": inputs_of(known.health) if facts is None else facts.inputs,
        "wrong": () if facts is None else facts.wrong,
        "why_back": "" if facts is None else facts.why,
        "outcome": outcome,
        "problems": () if outcome is None else outcome.problems,
        "typed": typed or {},
    }
    if found is not None:
        decided = known.decision
        word, shape = OUTCOMES[found.outcome]
        context |= {
            "word": word,
            "shape": shape,
            "groups": grouped(found),
            "open": undecided(found),
            "change": what_would_change_it(found),
            "about": digest(opened),
            "decision": decided,
            "decided_at": _decided_at(opened),
            "covered": decided is not None and covered(known, ground),
            "fallen": _fallen(opened),
            "decides": found.outcome is Verdict.CLINICIAN_DECIDES,
        }
    return course_page(request, "eligibility/show.html", opened, status=status, **context)


def _decided_at(opened: Opened) -> Any:
    entries = sorted(opened.known.entries.items(), reverse=True)
    return next((entry.happened_at for _, entry in entries if isinstance(entry.what, ClinicianDecided)), None)


def _fallen(opened: Opened) -> tuple[str, ...]:
    """The open reasons that the newest decision did not know of."""
    decided = opened.known.decision
    if decided is None:
        return ()
    return tuple(text for _, text in sorted(open_reasons(opened.known, opened.ground) - decided.about))
