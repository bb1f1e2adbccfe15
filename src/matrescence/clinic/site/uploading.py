"""The page on which a site puts in the licensed wording of a scale: upload, look, use; or withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from matrescence.care.assessment.scales import Scale
from matrescence.clinic.inputs import Input, posted
from matrescence.clinic.log.site import OpenedSite, open_site
from matrescence.clinic.pages import Outcome
from matrescence.clinic.site.kinds import WORDING, Wording
from matrescence.clinic.site.recording import record_site, sentences, site_page
from matrescence.clinic.site.wording import LARGEST_BYTES, read_upload, scales_with_slots
from matrescence.instruments.library import load
from matrescence.instruments.wording import wording_from
from matrescence.reading import InputError

LOOK, USE, WITHDRAW = "look", "use", "withdraw"
SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True)
class Slot:
    """One scale with empty slots, and the wording that stands in them."""

    scale: Scale
    wording: Wording | None


@dataclass(frozen=True, slots=True)
class Upload:
    """What was sent: the content of the file, its name, and the permission."""

    content: str
    file: str
    permission: str


def slots(opened: OpenedSite) -> tuple[Slot, ...]:
    """Every scale whose wording may not travel with the program."""
    return tuple(Slot(load(name), opened.known.wordings.get(name)) for name in scales_with_slots())


def wording_page(request: HttpRequest, name: str) -> HttpResponse:
    """Show one scale's slots, and take what was sent.

    Raises:
        Http404: there is no such scale, or its wording comes with the program.
    """
    if name not in scales_with_slots():
        raise Http404(name)
    if request.method != "POST":
        return _show(request, name)
    wish = request.POST.get("do", LOOK)
    if wish == WITHDRAW:
        return _withdraw(request, name)
    upload = Upload(request.POST.get("content", ""), "", posted(request.POST, "permission"))
    try:
        upload = _upload(request)
        payload = read_upload(upload.content, upload.file, name, upload.permission)
    except InputError as error:
        return _show(request, name, upload=upload, problems=sentences(error), status=422)
    if wish == LOOK:
        shown = _preview(name, payload)
        return _show(request, name, upload=upload, preview=shown, permission=payload["permission"])
    return _use(request, name, upload, payload)


def _upload(request: HttpRequest) -> Upload:
    """What was sent: a file, or pasted text.

    Raises:
        InputError: the file is too large, or not UTF-8.
    """
    sent, permission = request.FILES.get("file"), posted(request.POST, "permission")
    if sent is None:
        file = posted(request.POST, "name") or _("pasted text")
        return Upload(request.POST.get("content", ""), file, permission)
    if (sent.size or 0) > LARGEST_BYTES:
        raise InputError(_("%(file)s: larger than 200 kB; a wording is text alone.") % {"file": sent.name})
    try:
        return Upload(sent.read().decode("utf-8-sig"), str(sent.name), permission)
    except UnicodeDecodeError:
        raise InputError(_("%(file)s: not UTF-8 text; save the file as UTF-8.") % {"file": sent.name}) from None


def _use(request: HttpRequest, name: str, upload: Upload, payload: Mapping[str, Any]) -> HttpResponse:
    written = record_site(request, WORDING, payload)
    if isinstance(written, Outcome):
        return _show(request, name, upload=upload, problems=written.problems, outcome=written, status=written.status)
    messages.success(request, _("The wording of %(scale)s is in use.") % {"scale": load(name).label})
    return redirect("site:wordings")


def _withdraw(request: HttpRequest, name: str) -> HttpResponse:
    why = posted(request.POST, "why")
    if len(why) < SHORTEST_REASON:
        problem = _("Say why it is withdrawn (at least 10 letters).")
        return _show(request, name, problems=(problem,), why=why, status=422)
    written = record_site(request, WORDING, {"scale": name, "withdrawn": why})
    if isinstance(written, Outcome):
        return _show(request, name, problems=written.problems, outcome=written, why=why, status=written.status)
    messages.success(request, _("The wording of %(scale)s is withdrawn.") % {"scale": load(name).label})
    return redirect("site:wordings")


def _preview(name: str, payload: Mapping[str, Any]) -> Scale:
    return wording_from({"permission": payload["permission"], name: payload["table"]}, where=name)[name]


def _show(
    request: HttpRequest,
    name: str,
    *,
    upload: Upload | None = None,
    preview: Scale | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    opened = open_site()
    typed = upload or Upload("", "", "")
    inputs = (
        Input("file", _("File with the wording"), "file", hint=_("TOML, JSON or plain text, at most 200 kB.")),
        Input(
            "permission",
            _("Permission"),
            "long",
            typed.permission,
            hint=_("Who allowed the use of this wording here, when, and where that is kept."),
        ),
    )
    frame = {
        "part": "wording",
        "scale": load(name),
        "wording": opened.known.wordings.get(name),
        "inputs": inputs,
        "upload": upload,
        "preview": preview,
    }
    return site_page(request, "site/wording.html", opened, status=status, **{**frame, **context})
