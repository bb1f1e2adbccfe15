"""Who read and wrote what can be looked through, taken away and checked; nothing clinical stands in it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from clinic_examples import NOW
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import include, path
from people.doors import rows

from matrescence.clinic.log.chain import START, audit_link
from matrescence.clinic.people.access import page
from matrescence.clinic.people.audit import note

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(logged_in: Callable[..., Client]) -> Client:
    return logged_in("auditor", name="A. Uditor (invented)")


def write(count: int, **changed: Any) -> None:
    for _ in range(count):
        told = {"who": "N. Urse (invented)", "role": "nurse", "action": "mother.view", "outcome": "read"}
        note(at=NOW, **{**told, **changed})


def shown(browser: Client, **asked: str) -> list[str]:
    """The numbers of the rows on the page."""
    page = browser.get("/audit/", asked)
    return [str(row.seq) for row in page.context["shown"]]


def test_each_filter_leaves_what_it_asks_for(auditor: Client) -> None:
    write(1)
    write(1, who="O. Ther (invented)", stream="2222222222222222")
    write(1, action="plan.choose", outcome="refused")
    first, second, third = (str(row.seq) for row in rows(at=NOW))
    assert shown(auditor, who="O. Ther (invented)") == [second]
    assert shown(auditor, course="2222222222222222") == [second]
    assert shown(auditor, action="plan.choose") == [third]
    assert shown(auditor, outcome="refused") == [third]
    assert shown(auditor, until="2026-04-14T13:01") == [third, second, first]
    assert shown(auditor, since="2026-04-14T13:00", until="2026-04-14T13:00") == []


@pytest.mark.parametrize("asked", [{"since": "yesterday"}, {"until": "31.12."}, {"outcome": "stolen"}])
def test_a_filter_that_cannot_be_read_is_said_and_left_out(auditor: Client, asked: dict[str, str]) -> None:
    page = auditor.get("/audit/", asked)
    assert page.status_code == 422 and "Part of the filter cannot be used" in page.content.decode()


def test_a_long_audit_comes_in_pages(auditor: Client) -> None:
    write(120)
    pages = [shown(auditor, action="mother.view", page=str(number)) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert len({seq for page in pages for seq in page}) == 120


def test_the_table_taken_away_holds_the_same_rows_and_no_formula(auditor: Client) -> None:
    write(2)
    write(1, who='=cmd|"/c calc"!A1')
    table = b"".join(auditor.get("/audit.csv", {"action": "mother.view"}).streaming_content).decode()
    found = list(csv.DictReader(io.StringIO(table)))
    assert [row["who"] for row in found] == ['\'=cmd|"/c calc"!A1', "N. Urse (invented)", "N. Urse (invented)"]


def test_the_lines_taken_away_are_enough_to_check_the_chain_elsewhere(auditor: Client) -> None:
    write(3)
    text = b"".join(auditor.get("/audit.jsonl").streaming_content).decode()
    link = START
    for line in reversed([json.loads(line) for line in text.splitlines()]):
        chain = line.pop("chain")
        link = audit_link(link, line)
        assert link == chain


def test_taking_it_away_is_written_down_too(auditor: Client) -> None:
    auditor.get("/audit.csv")
    auditor.get("/audit.jsonl")
    assert len(rows(action="audit.view", outcome="read", who="A. Uditor (invented)")) == 2


def test_one_row_shows_everything_that_is_chained(auditor: Client) -> None:
    write(1, stream="2222222222222222", detail="record 7", address="10.0.0.7")
    row = rows(at=NOW)[0]
    page = auditor.get(f"/audit/{row.seq}/").content.decode()
    assert all(part in page for part in ("record 7", "10.0.0.7", "2222222222222222", row.chain, "mother.view"))
    assert auditor.get("/audit/999999/").status_code == 404


def test_a_whole_chain_is_called_whole(auditor: Client) -> None:
    write(3)
    assert "none is missing" in auditor.get("/audit/chain/").content.decode()


@pytest.mark.parametrize("harm", ["changed", "cut off"])
def test_a_row_that_was_changed_or_a_tail_that_was_cut_off_is_found(auditor: Client, harm: str) -> None:
    """By somebody who owns the database: the triggers are taken away first."""
    write(3)
    seq = rows(at=NOW)[1].seq
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER log_audit_no_update")
            cursor.execute("DROP TRIGGER log_audit_no_delete")
        else:
            cursor.execute("ALTER TABLE log_audit DISABLE TRIGGER USER")
        if harm == "changed":
            cursor.execute("UPDATE log_audit SET who = 'Somebody else' WHERE seq = %s", [seq])
        else:
            cursor.execute("DELETE FROM log_audit WHERE seq > %s", [seq])
    from matrescence.clinic.people.audit_check import check_chain

    found = check_chain()
    assert not found.sound
    assert found.broken_at == (seq if harm == "changed" else seq + 1)


def test_no_name_no_answer_and_no_number_of_a_mother_stands_in_the_audit(
    logged_in: Callable[..., Client], begun: Any
) -> None:
    course, nurse = begun(), logged_in("nurse", "prescriber", name="N. Urse (invented)")
    for address in (f"/mothers/{course}/", f"/mothers/{course}/history/", "/worklist/"):
        nurse.get(address)
    name = nurse.get(f"/mothers/{course}/").context["mother"].name
    for row in rows():
        assert name.split()[0] not in f"{row.who} {row.detail}" and "kg" not in row.detail


# ---- every kind of answer is written down --------------------------------------------------------------------------


@page("mother.view", writes="mother.change")
def breaks(request: HttpRequest, course_id: str) -> HttpResponse:
    """A view with a fault in it."""
    raise ZeroDivisionError("secret of Julia")


@page("mother.view")
def streams(request: HttpRequest, course_id: str) -> StreamingHttpResponse:
    """A stream."""
    return StreamingHttpResponse(iter([b"a", b"b"]))


@page("mother.view")
def hands_out(request: HttpRequest, course_id: str) -> FileResponse:
    """A file."""
    return FileResponse(io.BytesIO(b"%PDF-"), filename="plan.pdf")


urlpatterns = [
    path("breaks/<str:course_id>/", breaks),
    path("streams/<str:course_id>/", streams),
    path("file/<str:course_id>/", hands_out),
    path("", include("matrescence.clinic.urls")),
]
handler400 = "matrescence.clinic.failures.bad_request"
handler403 = "matrescence.clinic.failures.denied"
handler404 = "matrescence.clinic.failures.not_found"
handler500 = "matrescence.clinic.failures.broken"


def test_a_fault_in_a_view_is_written_down_as_failed_and_tells_nothing(
    logged_in: Callable[..., Client], begun: Any, settings: Any
) -> None:
    settings.ROOT_URLCONF = __name__
    course, nurse = begun(), logged_in("nurse", name="N. Urse (invented)")
    nurse.raise_request_exception = False
    for method in (nurse.get, nurse.post):
        response = method(f"/breaks/{course}/")
        assert response.status_code == 500
        assert not any(part in response.content.decode() for part in ("secret", "ZeroDivision", "Traceback", course))
    assert [row.action for row in rows(outcome="failed", stream=course, detail="ZeroDivisionError")] == [
        "mother.view",
        "mother.change",
    ]


def test_a_stream_and_a_file_are_written_down_when_they_begin(
    logged_in: Callable[..., Client], begun: Any, settings: Any
) -> None:
    settings.ROOT_URLCONF = __name__
    course, nurse = begun(), logged_in("nurse", name="N. Urse (invented)")
    assert nurse.get(f"/streams/{course}/").headers["Cache-Control"] == "no-store"
    assert nurse.get(f"/file/{course}/").headers["Content-Security-Policy"]
    assert [row.outcome for row in rows(stream=course)] == ["read", "read"]


def test_what_does_not_exist_is_written_down_as_refused(logged_in: Callable[..., Client]) -> None:
    assert logged_in("nurse", name="N. Urse (invented)").get("/mothers/2222222222222222/").status_code == 404
    assert rows(stream="2222222222222222", outcome="refused", detail="Http404")


def test_a_page_whose_row_cannot_be_written_is_not_shown(
    logged_in: Callable[..., Client], begun: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    course, nurse = begun(), logged_in("nurse", name="N. Urse (invented)")
    nurse.raise_request_exception = False

    def full(**row: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("matrescence.clinic.people.access.note", full)
    response = nurse.get(f"/mothers/{course}/")
    assert response.status_code == 500 and "Something went wrong here" in response.content.decode()
