"""Her pages: start, one question a page, whom to call, check, send.  No page shows a score or a name."""

from __future__ import annotations

from datetime import UTC, tzinfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.log.courses import open_course
from matrescence.clinic.own import answering, tokens
from matrescence.clinic.own.access import LANGUAGE_COOKIE, dead_page, her_page, her_render, to_page
from matrescence.clinic.own.answering import Paths
from matrescence.clinic.own.crisis import crisis
from matrescence.clinic.own.lines import lines_now
from matrescence.clinic.own.models import Visit
from matrescence.clinic.own.questions import Choice, Question, questions
from matrescence.clinic.pages import zone_of
from matrescence.clinic.people.models import MotherLink
from matrescence.reading import InputError

BACK, CHECK, AFTER = "back", "check", "after"


@her_page(bound=False)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, token: str) -> HttpResponse:
    """What this is.  Looking uses nothing up: a message shows a preview of it.  Her tap makes it hers."""
    link: MotherLink = request.link
    if request.method == "POST":
        return _begin(request, link)
    if link.finished_at is not None:
        return to_page(request, "sent")
    answered = 0 if request.visit is None else len(request.visit.answers)
    template = "own/start_feeding.html" if link.purpose == MotherLink.HANDOUT else "own/start.html"
    asked = len(questions(link, {}, link.language))
    return her_render(request, template, link=link, visit=request.visit, answered=answered, asked=asked)


def _begin(request: HttpRequest, link: MotherLink) -> HttpResponse:
    at = now()
    answering.forget_expired(at)
    if request.visit is not None:
        return _to_next(request)
    secret = tokens.bind(link, at=at)
    if secret is None:
        return dead_page(request)
    visit = Visit.objects.get(link=link)
    visit.language = request.COOKIES.get(LANGUAGE_COOKIE) or link.language
    visit.save(update_fields=["language"])
    request.visit = visit
    response = _to_next(request)
    tokens.remember(response, link, secret, at=at)
    return response


@her_page("assessment.answer")
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """One question, with the answer she has given; a POST keeps it and goes on."""
    if request.link.finished_at is not None:
        return to_page(request, "sent")
    asked = _asked(request)
    if not 1 <= number <= len(asked):
        return _to_next(request)
    here = asked[number - 1]
    if request.method != "POST":
        return _show(request, here, number, len(asked), checking=CHECK in request.GET)
    if request.POST.get("question") != here.key:  # another answer has changed what is asked
        return _to_next(request)
    return _answered(request, here, number, len(asked))


def _answered(request: HttpRequest, here: Question, number: int, of: int) -> HttpResponse:
    choice = here.choice(request.POST.get("answer", ""))
    checking = bool(request.POST.get(CHECK))
    if BACK in request.POST and choice is None:
        return to_page(request, "question", max(1, number - 1))
    if choice is None:
        problem = _("Choose one of the answers. You may choose “I would rather not say”.")
        return _show(request, here, number, of, checking=checking, problem=problem)
    danger = _keep(request, here, choice)
    if danger:
        return redirect(f"{reverse('own:now', args=[request.token])}?{AFTER}={number}")
    if BACK in request.POST:
        return to_page(request, "question", max(1, number - 1))
    return _to_next(request, after=number, checking=checking)


def _keep(request: HttpRequest, here: Question, choice: Choice) -> bool:
    """Keep the answer, record what is urgent, and say whether this answer means danger."""
    request.visit = answering.keep(request.visit, here, choice.kept, at=now())
    answering.record_what_is_urgent(request.link, request.visit)
    return bool(answering.in_danger(answering.opened_by(request.link, request.visit.answers, here.key)))


def _show(
    request: HttpRequest, here: Question, number: int, of: int, *, checking: bool, problem: str = ""
) -> HttpResponse:
    return her_render(
        request,
        "own/question.html",
        status=422 if problem else 200,
        question=here,
        chosen=here.chosen(request.visit.answers),
        other_language=here.language and here.language != request.LANGUAGE_CODE,
        number=number,
        of=of,
        checking=checking,
        problem=problem,
    )


@her_page("assessment.answer")
@require_http_methods(["GET", "HEAD"])
def now_page(request: HttpRequest, token: str) -> HttpResponse:
    """Whom to call, at once.  She may go on afterwards, or stop."""
    link: MotherLink = request.link
    danger = answering.in_danger(answering.urgent(link, request.visit.answers))
    if not danger:
        return _to_next(request)
    page = crisis(danger, lines_now(), fresh=_fresh(request))
    told = answering.is_recorded(link, request.visit)
    return her_render(request, "own/now.html", crisis=page, next=_next_url(request), told=told)


def _fresh(request: HttpRequest) -> Paths:
    """What the answer to the question before has opened: of that the page speaks first."""
    said, asked = request.GET.get(AFTER, ""), _asked(request)
    if not said.isdecimal() or not 1 <= int(said) <= len(asked):
        return ()
    return answering.opened_by(request.link, request.visit.answers, asked[int(said) - 1].key)


@her_page("assessment.answer")
@require_http_methods(["GET", "HEAD"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """She stops for now; what is kept waits for her."""
    danger = answering.in_danger(answering.urgent(request.link, request.visit.answers))
    until = request.link.expires_at.astimezone(_zone(request.link))
    told = bool(danger) and answering.is_recorded(request.link, request.visit)
    return her_render(request, "own/stop.html", until=until, told=told, next=_next_url(request))


@her_page("assessment.answer")
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, token: str) -> HttpResponse:
    """All her answers, to look at before she sends them; a POST sends them, once."""
    link: MotherLink = request.link
    if link.finished_at is not None:
        return to_page(request, "sent")
    asked = _asked(request)
    rows = [(number, item, item.chosen(request.visit.answers)) for number, item in enumerate(asked, start=1)]
    left = [number for number, _item, chosen in rows if chosen is None]
    if request.method != "POST":
        return her_render(request, "own/check.html", rows=rows, left=left)
    if left:
        return her_render(request, "own/check.html", status=422, rows=rows, left=left, problem=True)
    try:
        answering.send(link, request.visit, at=now())
    except InputError:
        return her_render(request, "own/check.html", status=409, rows=rows, left=left, not_sent=True)
    return to_page(request, "sent")


@her_page("assessment.answer")
@require_http_methods(["GET", "HEAD"])
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """Thank you; what happens next."""
    if request.link.finished_at is None:
        return _to_next(request)
    return her_render(request, "own/sent.html")


@her_page(bound=False)
@require_POST
def language(request: HttpRequest, token: str) -> HttpResponse:
    """Show the pages in another language; her answers stay."""
    wanted, back = request.POST.get("language", ""), request.POST.get("next", "")
    home = reverse("own:start", args=[token])
    response = redirect(back if back.startswith(home) else home)
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            LANGUAGE_COOKIE, wanted, path="/s/", httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
        if request.visit is not None:
            Visit.objects.filter(pk=request.visit.pk).update(language=wanted)
    return response


# ---- where to go -----------------------------------------------------------------------------------------------


def _asked(request: HttpRequest) -> tuple[Question, ...]:
    return questions(request.link, request.visit.answers, request.visit.language)


def _zone(link: MotherLink) -> tzinfo | None:
    """The clock where she lives; that of the world where her course cannot be read."""
    try:
        return zone_of(open_course(link.stream))
    except InputError:
        return UTC


def _next_number(request: HttpRequest, after: int = 0) -> int | None:
    """The first question after this one, or else the first of all, that she has not answered."""
    asked = _asked(request)
    if after and after < len(asked):
        return after + 1
    open_ones = [number for number, item in enumerate(asked, start=1) if item.key not in request.visit.answers]
    return open_ones[0] if open_ones else None


def _next_url(request: HttpRequest, after: int = 0) -> str:
    if request.link.purpose == MotherLink.HANDOUT:
        return reverse("own:feeding", args=[request.token])
    number = _next_number(request, after)
    if number is None:
        return reverse("own:check", args=[request.token])
    return reverse("own:question", args=[request.token, number])


def _to_next(request: HttpRequest, *, after: int = 0, checking: bool = False) -> HttpResponse:
    if checking and _next_number(request) is None:
        return to_page(request, "check")
    return redirect(_next_url(request, after))
