"""The plan on paper: PDF, calendar, page to print; each audited, kept by no browser, and never of a what-if."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
Staff = dict[str, Client]
PAPERS = {
    "plan.pdf": ("application/pdf", b"%PDF"),
    "plan.ics": ("text/calendar; charset=utf-8", b"BEGIN:VCALENDAR"),
    "print/": ("text/html; charset=utf-8", b"<!DOCTYPE html>"),
}


@pytest.mark.parametrize("name", PAPERS)
def test_each_paper_has_its_type_is_kept_by_no_browser_and_is_written_into_the_audit(
    planned: Callable[..., str], staff: Staff, name: str
) -> None:
    from matrescence.clinic.log.models import Audit

    course = planned()
    answer = staff["nurse"].get(f"/mothers/{course}/plan/{name}")
    kind, begins = PAPERS[name]
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, kind, "no-store")
    assert answer.content.startswith(begins)
    row = Audit.objects.order_by("-seq")[0]
    assert (row.action, row.outcome, row.stream) == ("plan.view", "read", course)
    assert row.detail.startswith("plan-ketamine-single.")


@pytest.mark.parametrize("name", ["plan.pdf", "plan.ics"])
def test_a_file_is_named_without_her_name(planned: Callable[..., str], staff: Staff, name: str) -> None:
    answer = staff["nurse"].get(f"/mothers/{planned()}/plan/{name}")
    assert answer["Content-Disposition"] == f'attachment; filename="plan-ketamine-single.{name[-3:]}"'


def test_a_calendar_is_shared_and_holds_no_name(planned: Callable[..., str], staff: Staff) -> None:
    assert b"Julia" not in staff["nurse"].get(f"/mothers/{planned()}/plan/plan.ics").content


def test_the_pdf_is_dated_by_the_clock_of_her_course(
    planned: Callable[..., str], staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime

    from matrescence.clinic.planning import papers

    monkeypatch.setattr(papers, "course_now", lambda _course: datetime(2026, 4, 20, 12, tzinfo=UTC))
    course = planned()
    once, again = (staff["nurse"].get(f"/mothers/{course}/plan/plan.pdf").content for _ in range(2))
    assert once == again
    assert b"20260420" in once or b"2026-04-20" in once


def test_the_page_to_print_allows_its_own_style_by_hash_and_nothing_inline(
    planned: Callable[..., str], staff: Staff
) -> None:
    answer = staff["nurse"].get(f"/mothers/{planned()}/plan/print/")
    page, policy = answer.content.decode(), answer["Content-Security-Policy"]
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert len(styles) == 1
    assert base64.b64encode(hashlib.sha256(styles[0].encode()).digest()).decode() in policy
    assert "unsafe" not in policy and "script-src 'self'" in policy
    assert ' style="' not in page and "<script" not in page


def test_a_regimen_that_nobody_has_chosen_is_printed_as_a_draft(planned: Callable[..., str], staff: Staff) -> None:
    course = planned()
    chosen = unescape(staff["nurse"].get(f"/mothers/{course}/plan/print/").content.decode())
    other = staff["nurse"].get(f"/mothers/{course}/plan/print/?regimen=series-of-six")
    assert "A draft: no prescriber has chosen this plan" not in chosen
    assert "A draft: no prescriber has chosen this plan" in unescape(other.content.decode())
    pdf = staff["nurse"].get(f"/mothers/{course}/plan/plan.pdf?regimen=series-of-six")
    assert 'filename="draft-plan-' in pdf["Content-Disposition"]


def test_no_paper_is_made_of_another_weight(planned: Callable[..., str], staff: Staff) -> None:
    course = planned()
    page = unescape(staff["nurse"].get(f"/mothers/{course}/plan/print/?weight_kg=120").content.decode())
    assert "66 kg" in page and "120 kg" not in page
    shown = unescape(staff["nurse"].get(f"/mothers/{course}/plan/?weight_kg=120").content.decode())
    assert "plan.pdf" not in shown and "Only her record is printed." in shown


def test_there_is_no_paper_of_a_regimen_that_is_not_there(planned: Callable[..., str], staff: Staff) -> None:
    assert staff["nurse"].get(f"/mothers/{planned()}/plan/plan.pdf?regimen=none").status_code == 404
