"""The site: how it is certified, its papers, its settings, the wording of licensed scales, and its history."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from matrescence.care.enrolment.programme import Programme
from matrescence.care.enrolment.site import site_session
from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.enrolment.papers import form_page
from matrescence.clinic.enrolment.paperwork import groups, rows_of
from matrescence.clinic.enrolment.statements import statement_page
from matrescence.clinic.enrolment.taking_back import record_page
from matrescence.clinic.log.site import history as lines_of_site
from matrescence.clinic.log.site import open_site
from matrescence.clinic.pages import Outcome
from matrescence.clinic.people.access import page
from matrescence.clinic.site import form, uploading
from matrescence.clinic.site.desk import SiteDesk
from matrescence.clinic.site.kinds import SETTINGS
from matrescence.clinic.site.overview import standings
from matrescence.clinic.site.recording import record_site, site_page
from matrescence.clinic.site.settings import site_settings
from matrescence.formulary.programmes import library as programmes


@page("site.view")
def show(request: HttpRequest) -> HttpResponse:
    """How the site stands in every programme, what runs out, and what is not set yet."""
    opened = open_site()
    context = {"part": "overview", "standings": standings(opened, now())}
    return site_page(request, "site/show.html", opened, **context)


# ---- papers ----------------------------------------------------------------------------------------------------------


@page("site.view")
def programme(request: HttpRequest, programme: str) -> HttpResponse:
    """Every requirement of one programme that is about the site."""
    desk = _desk(programme)
    settings = desk.opened.known.settings
    session = desk.session or site_session("", pharmacy=settings.pharmacy)
    found = groups(desk, session, only_here=True)
    context = {"programme": desk.programme, "groups": found, "closing": [r for r in rows_of(found) if r.status.closes]}
    return desk.page(request, "site/programme.html", **context)


@page("site.view", writes="site.sign")
def paper(request: HttpRequest, programme: str, requirement: str) -> HttpResponse:
    """One form of the setting: fill it, keep it, sign it."""
    return form_page(request, _desk(programme), requirement)


@page("site.view", writes="site.certify")
def statement(request: HttpRequest, programme: str, requirement: str) -> HttpResponse:
    """Something the setting has done, and that no form asks about."""
    return statement_page(request, _desk(programme), requirement)


@page("site.view", writes="site.certify")
def record(request: HttpRequest, programme: str, name: str) -> HttpResponse:
    """One paper as it was signed, and the way to take it back."""
    return record_page(request, _desk(programme), name)


def _desk(name: str) -> SiteDesk:
    return SiteDesk(open_site(), _programme_or_404(name), now())


def _programme_or_404(name: str) -> Programme:
    if name not in programmes.names():
        raise Http404(name)
    return programmes.load(name)


# ---- settings --------------------------------------------------------------------------------------------------------


@page("site.view", writes="site.settings")
def settings(request: HttpRequest) -> HttpResponse:
    """What the site has set for itself, and the form that sets it."""
    opened = open_site()
    told = opened.known.told
    if request.method != "POST":
        shown = form.shown(form.typed_of({} if told is None else told.table), {})
        return site_page(request, "site/settings.html", opened, part="settings", parts=shown, told=told)
    found = form.filled(request.POST)
    context = {"part": "settings", "parts": found.parts, "told": told, "wrong": found.wrong}
    if not found.ok:
        return site_page(request, "site/settings.html", opened, status=422, problems=found.problems, **context)
    written = record_site(request, SETTINGS, found.table)
    if isinstance(written, Outcome):
        context |= {"problems": written.problems, "outcome": written}
        return site_page(request, "site/settings.html", opened, status=written.status, **context)
    messages.success(request, _("The settings are written down."))
    return redirect("site:settings")


# ---- wording ---------------------------------------------------------------------------------------------------------


@page("site.view")
def wordings(request: HttpRequest) -> HttpResponse:
    """Every scale with empty slots, and whose wording stands in them."""
    opened = open_site()
    return site_page(request, "site/wordings.html", opened, part="wording", scales=uploading.slots(opened))


@page("site.view", writes="site.wording")
def wording(request: HttpRequest, scale: str) -> HttpResponse:
    """Upload the wording of one scale, look at it, put it to use; or withdraw it."""
    return uploading.wording_page(request, scale)


# ---- history ---------------------------------------------------------------------------------------------------------


@page("site.view")
def history(request: HttpRequest) -> HttpResponse:
    """Every record of the site as it was written, the newest first."""
    lines = reversed(lines_of_site())
    return site_page(
        request, "site/history.html", open_site(), part="history", lines=list(lines), zone=site_settings().time_zone
    )
