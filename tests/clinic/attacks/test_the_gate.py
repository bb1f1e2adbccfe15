"""Every way that was tried to a running infusion without a met programme."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from paper_examples import PEOPLE

from matrescence.actions.course import RefusedError, Request
from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.infusion import views
from matrescence.clinic.log import courses, site
from matrescence.clinic.log.models import Event
from matrescence.reading import InputError

Make = Callable[..., Any]


def started(course: str) -> bool:
    return courses.open_course(course).known.state.authorised_at is not None


def paper_of_the_site() -> tuple[str, Any]:
    """A paper that the site has filed, and its programme."""
    programme, papers = next(iter(site.open_site().known.papers.items()))
    return programme, next(item for item in papers if hasattr(item, "requirement"))


def take_back(programme: str, paper: Any) -> None:
    """The site says that it holds no more."""
    row = {
        "id": f"back-{paper.id}",
        "revokes": paper.id,
        "at": now().isoformat(),
        "by": PEOPLE["site-representative"],
        "reason": "The pump was recalled (invented).",
    }
    payload = {"programme": programme, "revocations": [row]}
    site.add(Request("site-record", payload, id=row["id"], by=PEOPLE["site-representative"]), now=now())


@pytest.fixture
def race(opened: Make, logged_in: Make, press: Make, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Start an infusion while the site takes a paper back; whether it started after that was written down."""

    def run() -> bool:
        course, plain = opened(), views.record
        programme, paper = paper_of_the_site()
        other = threading.Thread(target=_in_its_own_connection, args=(take_back, programme, paper))

        def record_late(*args: Any, **more: Any) -> Any:
            other.start()
            other.join(timeout=1.0)  # where the start holds the log, the other waits for it
            return plain(*args, **more)

        monkeypatch.setattr(views, "record", record_late)
        press(logged_in("nurse"), course, "start")
        other.join(timeout=30)
        order = list(Event.objects.order_by("seq").values_list("key", "kind", "stream_id"))
        taken_back = next(n for n, (key, _, _) in enumerate(order) if key == f"back-{paper.id}")
        acts = [n for n, (_, kind, stream) in enumerate(order) if (kind, stream) == ("infusion", course)]
        return started(course) and acts[-1] > taken_back

    return run


@pytest.mark.django_db(transaction=True)
@pytest.mark.hazard("taken-back-elsewhere")
def test_nothing_starts_after_the_site_has_taken_a_paper_back_however_close_the_two_are(
    race: Callable[[], bool],
) -> None:
    assert not race()


@pytest.mark.django_db(transaction=True)
def test_the_race_is_lost_where_papers_and_start_are_not_one_transaction(
    race: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "writing", nullcontext)
    assert race()


def _in_its_own_connection(work: Callable[..., None], *args: Any) -> None:
    try:
        work(*args)
    finally:
        connection.close()


@pytest.mark.django_db
@pytest.mark.rule("journey.events")
@pytest.mark.parametrize("forged", ["events", "digest", "shape"])
def test_a_payload_that_brings_its_own_events_is_refused(forged: str, opened: Make) -> None:
    course = opened(skip_last=1)
    payload = {"command": "start", forged: [{"kind": "authorised"}]}
    with pytest.raises(RefusedError):
        courses.add(course, Request("infusion", payload, id="forged", by=PEOPLE["nurse"]), now=now())
    assert not started(course)


@pytest.mark.django_db
def test_what_a_form_sends_beside_its_fields_is_not_taken(opened: Make, logged_in: Make, press: Make) -> None:
    course = opened(skip_last=1)
    answer = press(
        logged_in("nurse"), course, "start", events="[]", digest="x", command="start", by="Dr Nobody", authorised="yes"
    )
    assert answer.status_code == 422
    assert not started(course)


@pytest.mark.django_db
def test_the_key_of_another_record_starts_nothing(opened: Make, logged_in: Make, press: Make) -> None:
    course = opened()
    key = Event.objects.filter(stream_id=course, kind="plan-chosen").values_list("key", flat=True)[0]
    answer = press(logged_in("nurse"), course, "start", key=key)
    assert answer.status_code == 422
    assert not started(course)


@pytest.mark.django_db
def test_a_start_sent_twice_in_two_courses_with_one_key_is_two_decisions(
    opened: Make, logged_in: Make, press: Make
) -> None:
    ready, lacking = opened(), opened("ketamine", skip_last=1)
    nurse, key = logged_in("nurse"), "a" * 32
    assert press(nurse, ready, "start", key=key).status_code == 302
    assert press(nurse, lacking, "start", key=key).status_code == 422
    assert started(ready) and not started(lacking)


@pytest.mark.django_db
@pytest.mark.hazard("another-mothers-record")
def test_papers_of_another_mother_or_session_open_no_gate(opened: Make) -> None:
    """Each paper of hers says whom it is about; under another name it is about nobody here."""
    course = opened("ketamine", skip_last=2)
    enrolments = Event.objects.filter(stream_id=course, kind="enrolment").order_by("position")
    assert enrolments.exists()
    row = {
        "id": "stolen-1", "requirement": "patient.consent", "at": now().isoformat(), "by": PEOPLE["prescriber"],
        "about": {"mother": "Somebody else (invented)"}, "answers": {}, "signatures": [],
    }  # fmt: skip
    with pytest.raises(InputError):
        courses.add(course, Request("enrolment", {"records": [row]}, id="stolen", by=PEOPLE["nurse"]), now=now())
        courses.add(course, Request("infusion", {"command": "start"}, id="s", by=PEOPLE["nurse"]), now=now())
    assert not started(course)


@pytest.mark.django_db
@pytest.mark.parametrize("shift", [timedelta(days=1), timedelta(days=-400)], ids=["in the future", "long ago"])
def test_a_start_dated_otherwise_is_no_start_now(shift: timedelta, opened: Make, logged_in: Make, press: Make) -> None:
    course = opened()
    local = (now() + shift).astimezone(courses.open_course(course).known.mother.start.tzinfo)
    answer = press(
        logged_in("nurse"), course, "start",
        happened_date=local.date().isoformat(), happened_time=local.time().isoformat("minutes"),
    )  # fmt: skip
    assert answer.status_code == 422
    assert not started(course)


@pytest.mark.django_db
def test_a_real_course_gets_no_simulated_clock_through_any_form(opened: Make, logged_in: Make) -> None:
    from matrescence.clinic.clockwork.clock import simulated_clock

    course = opened()
    answer = logged_in("nurse").post(f"/mothers/{course}/infusion/simulator/", {"do": "speed", "speed": "600"})
    assert answer.status_code == 404
    assert simulated_clock(course) is None


@pytest.mark.django_db
def test_a_weight_corrected_after_the_confirmations_asks_for_both_again(opened: Make, logged_in: Make) -> None:
    from matrescence.care.journey.confirming import confirmations

    course = opened(skip_last=2)
    before = courses.open_course(course)
    assert any(item.confirmed_by for item in confirmations(before.known, before.ground))
    _correct_weight(logged_in("nurse"), course)
    after = courses.open_course(course)
    assert not any(item.confirmed_by for item in confirmations(after.known, after.ground))


def _correct_weight(nurse: Client, course: str) -> None:
    """Straight through the page of the correction of the very first record."""
    page = nurse.get(f"/mothers/{course}/correct/1/")
    typed = {item.name: item.value for item in page.context["inputs"]} | {"weight_kg": "71"}
    body = {**typed, "why": "Typed from the wrong sheet.", "position": str(courses.open_course(course).position)}
    assert nurse.post(f"/mothers/{course}/correct/1/", body).status_code == 302
