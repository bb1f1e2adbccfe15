"""What leaves the clinic as a file or a printed page: named without her name, typed, and kept by no browser."""

from __future__ import annotations

import base64
import hashlib
import re

from django.http import HttpRequest, HttpResponse

from matrescence.clinic.people.headers import POLICY

PDF, CALENDAR = "application/pdf", "text/calendar; charset=utf-8"
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_FILL = re.compile(r'style="fill:(url\(#[\w-]+\))"')


def file(request: HttpRequest, content: bytes, *, name: str, kind: str) -> HttpResponse:
    """A file to keep or print.  ``name`` holds no name of hers: files lie about in folders for downloads."""
    request.audit_detail = name  # type: ignore[attr-defined]
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def printed(request: HttpRequest, page: str, *, name: str) -> HttpResponse:
    """One self-contained page of the handouts, to look at and to print.

    Its own style sheet is allowed by its hash and nothing else is: the policy stays without ``unsafe-inline``.
    """
    request.audit_detail = name  # type: ignore[attr-defined]
    plain = without_style_attributes(page)
    hashes = " ".join(f"'sha256-{_sha256(style)}'" for style in _STYLE.findall(plain))
    policy = POLICY.replace("style-src 'self'", f"style-src 'self' {hashes}")
    return HttpResponse(plain, headers={"Content-Security-Policy": policy})


def without_style_attributes(markup: str) -> str:
    """The same drawing with its hatching said in an attribute of its own, which a strict policy allows."""
    return _FILL.sub(r'fill="\1"', markup)


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
