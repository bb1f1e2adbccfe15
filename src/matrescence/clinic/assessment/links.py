"""One-time links to her own pages: make one, show its address once, withdraw it, see what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from matrescence.care.assessment.scales import Measures
from matrescence.clinic.assessment.qr import qr_svg
from matrescence.clinic.assessment.wording import ENGLISH, sendable
from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.inputs import form_key
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.own.answering import forget_expired
from matrescence.clinic.own.asked import HER_QUESTIONS
from matrescence.clinic.own.models import Visit
from matrescence.clinic.own.tokens import make_link
from matrescence.clinic.pages import Outcome, course_page, opened_or_404
from matrescence.clinic.people.access import page
from matrescence.clinic.people.models import MotherLink

PURPOSES = {
    MotherLink.SCREENING: gettext_lazy("Screening: a whole questionnaire, as an assessment"),
    MotherLink.FOLLOW_UP: gettext_lazy("Follow-up: how she is now, as a later score"),
    MotherLink.HANDOUT: gettext_lazy("Feeding handout: each source's advice with her times"),
}
VALID_DAYS = (1, 3, 7, 14)
USUAL_DAYS = 3
KEY_KEPT_S = 24 * 3600
"""How long the key of a form is remembered: a resend of it makes no second link."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A scale with, for each language, why it cannot be sent (empty: it can)."""

    name: str
    label: str
    title: str
    languages: tuple[tuple[str, str], ...]

    @property
    def possible(self) -> bool:
        """Whether it can be sent in any language."""
        return any(not why for _language, why in self.languages)

    @property
    def same(self) -> str:
        """Why it cannot be sent, where that is the same in every language."""
        reasons = {why for _language, why in self.languages}
        return reasons.pop() if len(reasons) == 1 else ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A link in the list: what became of it."""

    link: MotherLink
    purpose: str
    state: str
    alive: bool
    answered: int


@page("link.make")
def links(request: HttpRequest, course_id: str) -> HttpResponse:
    """Make a link; the list of those there are."""
    opened = opened_or_404(course_id)
    forget_expired(now())
    if request.method != "POST":
        return _show(request, opened)
    problems = _problems(request)
    if problems:
        return _show(request, opened, outcome=Outcome(problems=tuple(problems)), status=422)
    if not cache.add(f"link-form-{form_key(request.POST)}", 1, KEY_KEPT_S):
        messages.warning(
            request, _("This link was made already. Its address was shown once; make a new one if it is lost.")
        )
        return redirect("assessment:links", course_id)
    purpose = request.POST["purpose"]
    made = make_link(
        course_id,
        purpose=purpose,
        scales=[] if purpose == MotherLink.HANDOUT else request.POST.getlist("scales"),
        language=request.POST["language"],
        made_by=request.actor.name,
        at=now(),
        valid_for=timedelta(days=int(request.POST["days"])),
    )
    address = request.build_absolute_uri(reverse("own:start", args=[made.token]))
    code = qr_svg(address, title=_("QR code of the link"))
    return course_page(
        request, "assessment/link_made.html", opened, here="assessment", made=made.link, address=address, code=code
    )


@page("link.make")
@require_POST
def withdraw(request: HttpRequest, course_id: str, link_id: int) -> HttpResponse:
    """Close a link for good; what she has not sent is deleted."""
    opened_or_404(course_id)
    changed = MotherLink.objects.filter(pk=link_id, stream=course_id).update(withdrawn=True)
    if not changed:
        raise Http404("There is no such link.")
    forget_expired(now())
    messages.success(request, _("The link is withdrawn."))
    return redirect("assessment:links", course_id)


def _problems(request: HttpRequest) -> list[str]:
    purpose, language, days = (request.POST.get(name, "") for name in ("purpose", "language", "days"))
    found = []
    if purpose not in PURPOSES:
        found.append(_("Choose what the link is for."))
    if language not in dict(settings.LANGUAGES):
        found.append(_("Choose a language."))
    if days not in {str(day) for day in VALID_DAYS}:
        found.append(_("Choose how long the link works."))
    if purpose in {MotherLink.SCREENING, MotherLink.FOLLOW_UP} and not found:
        found += _wrong_scales(request.POST.getlist("scales"), purpose, language)
    return found


def _wrong_scales(chosen: Sequence[str], purpose: str, language: str) -> list[str]:
    why = {item.scale.name: (item.scale.label, item.why) for item in sendable(language)}
    found = [": ".join(why[name]) for name in chosen if name in why and why[name][1]]
    found += [
        _("There is no scale “%(name)s”.") % {"name": name} for name in chosen if name not in {*why, HER_QUESTIONS}
    ]
    if not [name for name in chosen if name in why] and (purpose == MotherLink.FOLLOW_UP or not chosen):
        found.append(_("Choose at least one scale."))
    return found


# ---- the page ------------------------------------------------------------------------------------------------------


def _show(request: HttpRequest, opened: Opened, *, status: int = 200, **context: object) -> HttpResponse:
    at, typed = now(), request.POST
    return course_page(
        request,
        "assessment/links.html",
        opened,
        status=status,
        here="assessment",
        purposes=list(PURPOSES.items()),
        languages=settings.LANGUAGES,
        offered=_offered(),
        her_questions=HER_QUESTIONS,
        days=VALID_DAYS,
        chosen={
            "purpose": typed.get("purpose", MotherLink.SCREENING),
            "scales": typed.getlist("scales") if request.method == "POST" else _usual(),
            "language": typed.get("language", "en"),
            "days": typed.get("days", str(USUAL_DAYS)),
        },
        listed=[_listed(link, at) for link in MotherLink.objects.filter(stream=opened.id).order_by("-made_at")],
        **context,
    )


def _usual() -> list[str]:
    """What a form offers at first: the depression scales that can be sent in English, and our own questions."""
    can = [item.scale for item in sendable(ENGLISH) if not item.why]
    return [*(scale.name for scale in can if scale.measures is Measures.DEPRESSION), HER_QUESTIONS]


def _offered() -> list[Offered]:
    by_language = {name: sendable(code) for code, name in settings.LANGUAGES}
    first = next(iter(by_language.values()))
    found = [
        Offered(
            item.scale.name,
            item.scale.label,
            item.scale.title,
            tuple((name, found[place].why) for name, found in by_language.items()),
        )
        for place, item in enumerate(first)
    ]
    return sorted(found, key=lambda item: not item.possible)


def _listed(link: MotherLink, at: datetime) -> Listed:
    visit = Visit.objects.filter(link=link).first()
    state, alive = _state(link, at)
    return Listed(
        link, str(PURPOSES.get(link.purpose, link.purpose)), state, alive, 0 if visit is None else len(visit.answers)
    )


def _state(link: MotherLink, at: datetime) -> tuple[str, bool]:
    """What became of it, in a word, and whether it still opens."""
    if link.finished_at is not None:
        return _("sent"), False
    if link.withdrawn:
        return _("withdrawn"), False
    if at >= link.expires_at:
        return _("expired"), False
    return (_("opened") if link.opened_at is not None else _("not opened yet")), True
