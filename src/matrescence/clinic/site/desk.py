"""The papers of the site in one programme: the same pages as in a course, filed in the site's own records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from matrescence.care.enrolment.programme import Programme, Requirement
from matrescence.care.enrolment.records import Session
from matrescence.care.enrolment.site import Filed, is_of_the_site, site_session
from matrescence.clinic.enrolment.desk import Table, rights
from matrescence.clinic.enrolment.models import SITE
from matrescence.clinic.log.site import OpenedSite
from matrescence.clinic.pages import Outcome
from matrescence.clinic.site.closing import close_everywhere
from matrescence.clinic.site.kinds import RECORD
from matrescence.clinic.site.recording import record_site, site_page


@dataclass(frozen=True, slots=True)
class SiteDesk:
    """Where the site's own papers are filled and filed."""

    opened: OpenedSite
    programme: Programme
    at: datetime

    @property
    def records(self) -> tuple[Filed, ...]:
        """The site's papers in this programme."""
        return self.opened.known.papers.get(self.programme.name, ())

    @property
    def session(self) -> Session | None:
        """Nobody but setting and pharmacy, as the settings name them; ``None`` before the setting has a name."""
        settings = self.opened.known.settings
        return None if settings.setting is None else site_session(settings.setting, pharmacy=settings.pharmacy)

    @property
    def zone(self) -> tzinfo | None:
        """The zone of the site's clocks; UTC until it is set."""
        return self.opened.known.settings.zone or UTC

    def holds(self, requirement: Requirement) -> bool:
        """What is about the site alone."""
        return is_of_the_site(requirement)

    def stream(self) -> str:
        """The drafts of the site."""
        return SITE

    def file(self, request: HttpRequest, payload: Table) -> Outcome | None:
        """One record of the site; what takes a paper back goes on to every course that rests on it."""
        written = record_site(request, RECORD, {"programme": self.programme.name, **payload}, strict=False)
        if isinstance(written, Outcome):
            return written
        if payload.get("revocations"):
            close_everywhere({row["revokes"] for row in payload["revocations"]}, request.actor.name)
        return None

    def page(self, request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """In the frame of the site."""
        may = rights(request, "site.sign", "site.certify")
        frame = {"desk": self, "base": "site/base.html", "part": "overview", **may}
        return site_page(request, template, self.opened, status=status, **{**frame, "zone": self.zone, **context})

    def url(self, name: str, *args: str) -> str:
        """Under this programme."""
        return reverse("site:programme" if name == "show" else f"site:{name}", args=[self.programme.name, *args])
