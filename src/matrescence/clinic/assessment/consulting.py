"""The visit before an infusion: its questions, answered bit by bit, and what is still open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from matrescence.care.assessment.consultation import Answer, AnswerKind, Question, review
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.pages import Outcome, course_page, opened_or_404, record
from matrescence.clinic.people.access import page

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Row:
    """One question as the page shows it; ``value`` is what stands in its field."""

    question: Question
    value: str
    choices: tuple[tuple[str, str], ...]
    open: bool


@page("assessment.view", writes="consultation.record")
def consultation(request: HttpRequest, course_id: str) -> HttpResponse:
    """The checklist; a POST writes the answers that are new or changed."""
    opened = opened_or_404(course_id)
    if request.method != "POST":
        return _show(request, opened)
    changed = _changed(request.POST, opened)
    if not changed:
        return _show(request, opened, Outcome(problems=(_("Nothing was answered or changed."),)))
    outcome = record(request, course_id, "consultation", changed)
    if not outcome.ok:
        return _show(request, opened_or_404(course_id), outcome)
    left = len(review(opened.ground.questions, outcome.written.course.known.answers).open)
    messages.success(request, _("Written down. %(n)d question(s) still open.") % {"n": left})
    return redirect("assessment:consultation" if left else "assessment:show", course_id)


def _changed(typed: Mapping[str, str], opened: Opened) -> dict[str, Answer]:
    found = {q.key: _answer(q, typed.get(q.key, "")) for q in opened.ground.questions}
    before = opened.known.answers
    return {key: answer for key, answer in found.items() if answer is not None and before.get(key) != answer}


def _answer(question: Question, text: str) -> Answer | None:
    """What was typed as an answer; ``None`` for nothing.  What does not fit is left to the reader to refuse."""
    said = text.strip()
    if not said:
        return None
    if question.kind is AnswerKind.YES_NO and said in {YES, NO}:
        return said == YES
    if question.kind is AnswerKind.NUMBER:
        plain = said.replace(",", ".")
        return float(plain) if plain.replace(".", "", 1).isdecimal() else said
    return said


def _show(request: HttpRequest, opened: Opened, outcome: Outcome | None = None) -> HttpResponse:
    found = review(opened.ground.questions, opened.known.answers)
    return course_page(
        request,
        "assessment/consultation.html",
        opened,
        status=200 if outcome is None else outcome.status,
        here="assessment",
        outcome=outcome,
        rows=[_row(request, question, opened) for question in opened.ground.questions],
        found=found,
    )


def _row(request: HttpRequest, question: Question, opened: Opened) -> Row:
    answer = opened.known.answers.get(question.key)
    said = request.POST.get(question.key, "") if request.method == "POST" else _text(answer)
    choices: tuple[tuple[str, str], ...] = tuple((choice, choice) for choice in question.choices)
    if question.kind is AnswerKind.YES_NO:
        choices = ((YES, _("Yes")), (NO, _("No")))
    return Row(question, said, choices, answer is None)


def _text(answer: Answer | None) -> str:
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return YES if answer else NO
    return f"{answer:g}" if isinstance(answer, float | int) else answer
