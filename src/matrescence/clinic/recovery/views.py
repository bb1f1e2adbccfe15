"""The page of recovery: leaving, scores against the forecast, the next session, and coming back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from matrescence.actions.recovery import scale_references
from matrescence.care.journey.follow_up import Trend, follow_ups, trends
from matrescence.care.journey.leaving import leaving
from matrescence.care.recovery.discharge import Leaving
from matrescence.care.recovery.follow_up import driving
from matrescence.care.recovery.next_session import next_session
from matrescence.care.verdict import Finding, Reason
from matrescence.clinic.assessment.figure import trend_figure
from matrescence.clinic.clockwork.clock import course_now
from matrescence.clinic.inputs import Input, posted, typed_number
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.pages import course_page, opened_or_404
from matrescence.clinic.people.access import page
from matrescence.clinic.planning.views import numbered
from matrescence.clinic.recovery.forecast import RISK, figures, level_figures, own_forecast
from matrescence.clinic.said import said
from matrescence.facts import GRADE_MEANING

LOOKS = {Leaving.MAY_LEAVE: "open", Leaving.STAYS: "closed"}
FOUND = {
    Finding.ALLOWS: ("good", gettext_lazy("met")),
    Finding.FORBIDS: ("high", gettext_lazy("not met")),
    Finding.UNKNOWN: ("medium", gettext_lazy("not recorded")),
    Finding.ASKS: ("medium", gettext_lazy("clinician decides")),
    Finding.WARNS: ("medium", gettext_lazy("read")),
}


@page("recovery.view")
@require_safe
def show(request: HttpRequest, course_id: str) -> HttpResponse:
    """Everything about getting well and staying so."""
    opened = opened_or_404(course_id)
    risk = risk_input(posted(request.GET, "risk"))
    percent = typed_number(risk.value) if risk.value and not risk.error else None
    told, why_not = own_forecast(opened, percent if isinstance(percent, float) else None)
    context: dict[str, Any] = {
        "here": "recovery",
        **leaving_context(opened),
        "trends": [_trend(trend) for trend in trends(opened.known, opened.ground)],
        "own": told,
        "why_not": why_not,
        "figures": [] if told is None else figures(told),
        "level_figures": [] if told is None else level_figures(told),
        "risk": risk,
        **_coming(opened),
        "meaning": GRADE_MEANING,
    }
    references = sources_of(opened, context)
    context |= {"references": references, "number": numbered(references)}
    return course_page(request, "recovery/show.html", opened, status=422 if risk.error else 200, **context)


def risk_input(text: str) -> Input:
    """The risk of relapse that is accepted before the next session."""
    number = typed_number(text) if text else RISK[0]
    usable = isinstance(number, float) and RISK[0] <= number <= RISK[1]
    return Input(
        "risk",
        _("Risk of relapse that is accepted before the next session"),
        "number",
        text,
        hint=_("Nothing is recorded."),
        unit="%",
        error="" if usable else _("This cannot be used; allowed: 1 to 95."),
    )


def sources_of(opened: Opened, context: Mapping[str, Any]) -> list[dict[str, str]]:
    """Everything that the page rests on: of her forecast first, then of each rule that speaks on it."""
    own = [] if context["own"] is None else list(context["own"]["references"])
    reasons = [item for _look, _word, item in context["criteria"]]
    reasons += [item for line in context["trends"] for item in line["reasons"]]
    reasons += [] if context["driving"] is None else [context["driving"].reason]
    reasons += [] if context["next"] is None else context["next"].reasons
    lines = {**scale_references(), **opened.ground.guidance.citations, **opened.ground.drug.citations}
    keys = dict.fromkeys(item.source for item in reasons)
    known = {row["key"] for row in own}
    return own + [{"key": key, "text": lines[key]} for key in keys if key in lines and key not in known]


# ---- leaving ----------------------------------------------------------------------------------------------------


def leaving_context(opened: Opened) -> dict[str, Any]:
    """What the checklist says now, or how she left; both empty before an infusion has ended."""
    known, ground = opened.known, opened.ground
    found = leaving(known, ground, course_now(opened.id))
    return {
        "leaving": found,
        "leaving_look": "asks" if found is None else LOOKS.get(found.leaving, "asks"),
        "criteria": [] if found is None else [criterion(item) for item in found.reasons],
        "departure": known.departure if known.between_infusions or found is None else None,
        "waits": not known.between_infusions and found is not None,
        "sessions": [
            (number, item.state) for number, item in enumerate(known.infusions, start=1) if item.state.started_at
        ],
    }


def criterion(item: Reason) -> tuple[str, Any, Reason]:
    """One criterion: its look, its word, and the rule's sentence with its source."""
    look, word = FOUND[item.finding]
    return look, word, item


# ---- scores -----------------------------------------------------------------------------------------------------


def _trend(trend: Trend) -> dict[str, Any]:
    found = trend.outcome
    return {
        "trend": trend,
        "figure": trend_figure(trend),
        "answers": [] if found is None else _answers(trend),
        "reasons": [] if found is None else found.reasons,
    }


def _answers(trend: Trend) -> list[tuple[str, str]]:
    """Response, remission, reliable change and relapse in words; what is not known says so."""
    found = trend.outcome
    assert found is not None  # asked only where there is one
    fall = "" if found.fall_percent is None else f" ({found.fall_percent:.0f} %)"
    relapsed = "" if found.relapsed_on is None else f", {found.relapsed_on.isoformat()}"
    return [
        (_("Response"), _yes(found.response) + fall),
        (_("Remission"), _yes(found.remission)),
        (pgettext("of a score", "Change"), _("unknown") if found.change is None else said(found.change.value)),
        (
            _("Relapse"),
            _("no response to lose so far") if found.relapse is None else said(found.relapse.value) + relapsed,
        ),
    ]


def _yes(answer: bool | None) -> str:
    return _("unknown") if answer is None else _("yes") if answer else _("no")


# ---- coming back ------------------------------------------------------------------------------------------------


def _coming(opened: Opened) -> dict[str, Any]:
    """Follow-ups, driving, and what the drug's folder says comes next."""
    known, ground, now = opened.known, opened.ground, course_now(opened.id)
    zone = None if known.mother is None else known.mother.start.tzinfo
    ran = [item.state for item in known.infusions if item.state.started_at is not None]
    ended = next((state.ended_at for state in reversed(ran) if state.ended_at is not None), None)
    plan = known.plan
    return {
        "visits": [(item, item.is_overdue(now)) for item in follow_ups(known, ground)],
        "driving": None if ended is None else driving(ground.guidance.driving, end=ended.astimezone(zone)),
        "next": None
        if plan is None or not ran
        else next_session(
            ground.drug.regimens[plan.regimen],
            ground.guidance,
            done=[state.started_at.astimezone(zone) for state in ran if state.started_at is not None],
            response=_responded(opened),
        ),
    }


def _responded(opened: Opened) -> bool | None:
    """Whether she responded on the scale that was scored last; ``None``: not known."""
    found = [trend for trend in trends(opened.known, opened.ground) if trend.outcome is not None and trend.points]
    newest = max(found, key=lambda trend: trend.points[-1].at, default=None)
    return None if newest is None or newest.outcome is None else newest.outcome.response
