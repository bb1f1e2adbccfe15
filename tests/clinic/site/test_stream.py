"""The site's own stream: chained, one key one record, nobody writes over anybody, and only what can be used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from clinic_examples import NOW
from django.db import DatabaseError, connection, transaction
from paper_examples import PEOPLE, SETTING

from matrescence.actions.course import Request
from matrescence.reading import InputError

pytestmark = pytest.mark.django_db
BY = PEOPLE["site-representative"]


def settings(key: str, **more: Any) -> Request:
    return Request("site-settings", {"setting": SETTING, **more}, id=key, by=BY)


def add(request: Request, **more: Any) -> Any:
    from matrescence.clinic.log import site

    return site.add(request, now=NOW, **more)


def paper(name: str, requirement: str = "setting.pump", **about: str) -> dict[str, Any]:
    row = {"id": name, "requirement": requirement, "at": NOW.isoformat(), "by": BY}
    return {**row, "about": about or {"setting": SETTING}}


def papers(*rows: dict[str, Any], key: str = "p1", **more: Any) -> Request:
    return Request("site-record", {"programme": "local-protocol", "records": list(rows), **more}, id=key, by=BY)


def test_before_anything_is_written_nothing_is_set() -> None:
    from matrescence.clinic.log import site
    from matrescence.clinic.site.values import SiteSettings

    assert site.open_site().known.settings == SiteSettings()
    assert site.history() == ()


def test_the_same_key_twice_is_one_record() -> None:
    first, second = add(settings("a")), add(settings("a"))
    assert (first.already, second.already) == (False, True)
    assert second.site.position == 1


def test_a_key_that_comes_back_with_other_content_is_refused() -> None:
    add(settings("a"))
    with pytest.raises(InputError, match="already names record 1"):
        add(settings("a", pharmacy="another"))


def test_what_somebody_else_added_since_is_a_conflict_and_nothing_is_written() -> None:
    from matrescence.clinic.log import courses, site

    add(settings("a"), expected=0)
    with pytest.raises(courses.ConflictError) as caught:
        add(settings("b", pharmacy="other"), expected=0)
    assert [line["id"] for line in caught.value.since] == ["a"]
    assert site.open_site().position == 1


def test_there_is_one_stream_and_its_lines_are_a_chain(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from matrescence.actions.course_log import parse_course
    from matrescence.clinic.log.models import Event, Stream

    add(settings("a"))
    add(papers(paper("r1")))
    assert Stream.objects.filter(kind=Stream.SITE).count() == 1
    text = "".join(row.line + "\n" for row in Event.objects.order_by("seq"))
    log = parse_course(text.encode(), tmp_path / "site.jsonl")
    assert [line["kind"] for line in log.lines] == ["site-settings", "site-record"]


def test_verify_finds_the_stream_of_the_site_sound(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from matrescence.clinic.log.verify import verify

    add(settings("a"))
    add(papers(paper("r1")))
    assert verify(tmp_path).wrong == ()


@pytest.mark.parametrize("statement", ["UPDATE log_event SET line = ''", "DELETE FROM log_event"])
def test_the_database_itself_refuses_to_change_or_remove_a_record(statement: str) -> None:
    add(settings("a"))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (papers(paper("r1", "patient.consent", mother="M (invented)", setting=SETTING)), "file it in her course"),
        (papers(paper("r1", "setting.pumps")), "Did you mean 'setting.pump'"),
        (papers(paper("r1"), paper("r1")), "given twice"),
        (papers(revocations=[{"id": "b", "revokes": "r9", "at": NOW.isoformat(), "by": BY, "reason": "x"}]), "'r9'"),
        (Request("site-record", {"programme": "no-such"}, id="x", by=BY), "programme 'no-such' is not known"),
        (Request("site-setting", {}, id="x", by=BY), "Did you mean 'site-settings'"),
        (Request("wording", {"scale": "epds", "withdrawn": "no longer"}, id="x", by=BY), "nothing to withdraw"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_written(request_: Request, told: str) -> None:
    from matrescence.clinic.log import site

    with pytest.raises(InputError, match=told):
        add(request_)
    assert site.open_site().position == 0


def test_nothing_is_written_down_before_it_has_happened() -> None:
    late = Request("site-settings", {"setting": SETTING}, id="a", by=BY, happened_at=NOW + timedelta(minutes=1))
    with pytest.raises(InputError, match="after it is recorded"):
        add(late)


def test_a_later_record_of_settings_takes_the_place_of_the_one_before(site_named: Callable[..., Any]) -> None:
    from matrescence.clinic.site.settings import site_settings

    site_named(overdue_after_min=5)
    site_named(overdue_after_min=10)
    assert site_settings().overdue_after_min == 10
