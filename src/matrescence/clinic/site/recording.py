"""Pages of the site: the same frame around each, and one way to write a record of the site from a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from matrescence.actions.course import Request
from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.inputs import form_key, form_position
from matrescence.clinic.log.courses import ConflictError
from matrescence.clinic.log.site import OpenedSite, SiteWritten, add
from matrescence.clinic.pages import Outcome
from matrescence.clinic.said import English
from matrescence.reading import InputError


def site_page(
    request: HttpRequest, template: str, opened: OpenedSite, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page of the site with what its forms need."""
    frame = {
        "site": opened,
        "settings": opened.known.settings,
        "zone": opened.known.settings.zone,
        "at": now(),
        "form_key": form_key(request.POST),
        "form_position": opened.position,
    }
    return render(request, template, {**frame, **context}, status=status)


def record_site(
    request: HttpRequest, kind: str, payload: Mapping[str, Any], *, strict: bool = True
) -> SiteWritten | Outcome:
    """Write one record of the site from a posted form; see :func:`matrescence.clinic.pages.record`."""
    asked = Request(kind, dict(payload), id=form_key(request.POST), by=request.actor.name)
    try:
        return add(asked, now=now(), expected=form_position(request.POST) if strict else None)
    except ConflictError as error:
        return Outcome(problems=(_("Somebody has added records since you opened this page."),), conflict=error.since)
    except InputError as error:
        return Outcome(problems=sentences(error))


def sentences(error: InputError) -> tuple[str, ...]:
    """A complaint of a reader, a line for each problem, without the name of the file that a form does not have."""
    lines = [line.strip().removeprefix("- ") for line in str(error).splitlines() if line.strip()]
    plain = [line.removeprefix("this form: ").removeprefix("this form") or line for line in lines]
    return tuple(English(line) for line in plain if line) or (English(error),)
