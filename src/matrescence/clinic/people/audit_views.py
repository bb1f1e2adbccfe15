"""Who read and wrote what: to look through, to take away, and to check."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode

from matrescence.clinic.log.models import Audit
from matrescence.clinic.people.access import page
from matrescence.clinic.people.audit_check import as_chained, check_chain
from matrescence.clinic.people.audit_filter import OUTCOMES, read_filter
from matrescence.clinic.people.matrix import matrix
from matrescence.clinic.people.models import User

ROWS_A_PAGE = 50
COLUMNS = ("seq", "at", "who", "role", "action", "stream", "outcome", "detail", "address")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@page("audit.view")
def rows(request: HttpRequest) -> HttpResponse:
    """The newest rows first, as the filter asks."""
    asked = read_filter(request.GET)
    context = {
        "asked": asked,
        "query": urlencode(asked.as_query()),
        "shown": Paginator(asked.rows(), ROWS_A_PAGE).get_page(request.GET.get("page")),
        "names": User.objects.order_by("name").values_list("name", flat=True),
        "actions": sorted(matrix()),
        "account_actions": Audit.objects.filter(action__startswith="account.")
        .order_by("action").values_list("action", flat=True).distinct(),
        "outcomes": OUTCOMES,
    }  # fmt: skip
    return render(request, "people/audit.html", context, status=422 if asked.problems else 200)


@page("audit.view")
def row(request: HttpRequest, seq: int) -> HttpResponse:
    """One row with everything that is chained."""
    found = get_object_or_404(Audit, seq=seq)
    action = matrix().get(found.action)
    return render(request, "people/audit_row.html", {"row": found, "about": action.about if action else ""})


@page("audit.view")
def chain(request: HttpRequest) -> HttpResponse:
    """Whether the chain is whole."""
    found = check_chain()
    request.audit_detail = "whole" if found.sound else f"broken at {found.broken_at}"
    return render(request, "people/audit_chain.html", {"chain": found})


@page("audit.view")
def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same rows as a table; what a spreadsheet would take for a formula is written as text."""
    writer = csv.writer(_Echo())
    lines = (writer.writerow(line) for line in (COLUMNS, *_cells(request)))
    return _download(lines, "text/csv; charset=utf-8", "audit.csv")


@page("audit.view")
def as_json(request: HttpRequest) -> StreamingHttpResponse:
    """The same rows with their links, one a line: enough to check the chain elsewhere."""
    found = read_filter(request.GET).rows().iterator(chunk_size=2000)
    lines = (json.dumps({**as_chained(row), "chain": row.chain}, ensure_ascii=False) + "\n" for row in found)
    return _download(lines, "application/x-ndjson", "audit.jsonl")


class _Echo:
    """What is written is what comes back: a table of any length, a line at a time."""

    def write(self, line: str) -> str:
        return line


def _cells(request: HttpRequest) -> Iterator[list[Any]]:
    for found in read_filter(request.GET).rows().iterator(chunk_size=2000):
        told = as_chained(found)
        yield [_as_text(told[name]) for name in COLUMNS]


def _as_text(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _download(lines: Iterator[str], kind: str, name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type=kind, headers=headers)
