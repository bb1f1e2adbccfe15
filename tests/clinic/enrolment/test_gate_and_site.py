"""The gate over HTTP: what keeps it closed is told, a direct start is refused and audited, and the site closes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from clinic_examples import read_step
from django.test import Client
from paper_examples import MOTHER, PEOPLE, SETTING
from paper_fixtures import sign_all

from matrescence.actions.course import RefusedError, Request

pytestmark = pytest.mark.django_db
SITE = "/site/programmes/local-protocol"
STATEMENTS = ("setting.staff-trained", "setting.rescue-equipment", "setting.pump")


@pytest.fixture
def waiting(begun: Callable[..., str], site_named: Callable[..., Any], staff: dict[str, Client]) -> str:
    """A course in which everything but the papers is done: assessed, eligible, planned, opened, its session named."""
    from matrescence.clinic.clockwork.clock import now
    from matrescence.clinic.log import courses

    site_named()
    course = begun()
    steps = {
        "assessment": "first-answers.toml",
        "urgent-disposition": "disposition.toml",
        "consultation": "consultation.toml",
        "eligibility-facts": "health.toml",
        "plan-chosen": "plan.toml",
        "feeding-choice": "feeding.toml",
    }
    for kind, file in steps.items():
        request = Request(kind, read_step(file)[1], id=kind, by=PEOPLE["prescriber"])
        courses.add(course, request, now=now())
    position = str(courses.open_course(course).position)
    staff["prescriber"].post(
        f"/mothers/{course}/enrolment/session/", {"prescriber": PEOPLE["prescriber"], "position": position}
    )
    opened = Request("infusion", {"command": "open"}, id="open-1", by=PEOPLE["nurse"])
    courses.add(course, opened, now=now())
    return course


def certify(staff: dict[str, Client]) -> None:
    """Everything that the local protocol asks of the setting."""
    sign_all(staff, f"{SITE}/papers/setting.protocol/", "local-protocol", "setting.protocol")
    for name in STATEMENTS:
        state(staff, name)


def state(staff: dict[str, Client], name: str) -> None:
    """Say that it is done, now: what stands in the form before anybody types."""
    page = staff["site-representative"].get(f"{SITE}/statements/{name}/").content.decode()
    when = {part: page.split(f'name="{part}" id="{part}" value="')[1].split('"')[0] for part in ("done-on", "done-at")}
    body = {"confirmed": "yes", "expires-on": "", **when}
    answer = staff["site-representative"].post(f"{SITE}/statements/{name}/", body)
    assert answer.status_code == 302


def sign_hers(staff: dict[str, Client], course: str) -> None:
    """Every paper that names her, and the checklist right before the start."""
    for name in ("prescriber.assessment", "patient.consent", "session.checklist"):
        sign_all(staff, f"/mothers/{course}/enrolment/papers/{name}/", "local-protocol", name)


def page(staff: dict[str, Client], course: str) -> str:
    return staff["nurse"].get(f"/mothers/{course}/enrolment/").content.decode()


def taken(course: str, staff_name: str = PEOPLE["nurse"]) -> int:
    from matrescence.clinic.clockwork.clock import now
    from matrescence.clinic.enrolment.take_over import take_over

    return take_over(course, staff_name, now())


def start(course: str) -> Any:
    from matrescence.clinic.clockwork.clock import now
    from matrescence.clinic.log import courses

    request = Request("infusion", {"command": "start"}, id=f"start-{now().isoformat()}", by=PEOPLE["nurse"])
    return courses.add(course, request, now=now())


def test_every_requirement_that_closes_the_gate_is_named_on_the_page(waiting: str, staff: dict[str, Client]) -> None:
    from matrescence.formulary.programmes import library as programmes

    text = page(staff, waiting)
    assert "7 requirements keep the gate closed" in text
    for item in programmes.load("local-protocol").requirements.values():
        assert item.id in text


def test_a_direct_post_to_start_is_refused_and_audited_while_the_gate_is_closed(
    waiting: str, staff: dict[str, Client]
) -> None:
    from matrescence.clinic.log.courses import open_course
    from matrescence.clinic.log.models import Audit

    answer = staff["nurse"].post(f"/mothers/{waiting}/infusion/do/start/", {"key": "direct-start"})
    assert answer.status_code == 422
    row = Audit.objects.order_by("-seq").first()
    assert row is not None
    assert (row.action, row.outcome, row.stream, row.who) == ("infusion.run", "refused", waiting, PEOPLE["nurse"])
    assert open_course(waiting).known.state.authorised_at is None


def test_with_every_paper_signed_the_gate_opens_and_a_start_takes_over_what_the_site_has_filed_since(
    waiting: str, staff: dict[str, Client]
) -> None:
    from matrescence.clinic.log.courses import open_course

    certify(staff)
    sign_hers(staff, waiting)
    assert "The gate is open now" in page(staff, waiting)
    state(staff, "setting.pump")  # filed anew with the site; no page of her course was opened since
    answer = staff["nurse"].post(f"/mothers/{waiting}/infusion/do/start/", {"key": "start-1"})
    assert answer.status_code == 302
    known = open_course(waiting).known
    assert known.state.authorised_at is not None
    assert sum(getattr(filing.item, "requirement", "") == "setting.pump" for filing in known.filings) == 2


def test_the_papers_of_the_site_are_taken_over_once_and_unchanged(waiting: str, staff: dict[str, Client]) -> None:
    from matrescence.clinic.log import courses, site

    certify(staff)
    assert (taken(waiting), taken(waiting)) == (4, 0)
    papers = site.open_site().known.papers["local-protocol"]
    filed = {filing.item.id: filing.item for filing in courses.open_course(waiting).known.filings}
    assert all(filed[item.id] == item for item in papers)


def test_what_the_site_revokes_closes_the_gate_of_every_course_at_once(waiting: str, staff: dict[str, Client]) -> None:
    from matrescence.clinic.log import site
    from matrescence.clinic.log.courses import open_course

    certify(staff)
    sign_hers(staff, waiting)
    paper = next(
        item.id for item in site.open_site().known.papers["local-protocol"] if item.requirement == "setting.pump"
    )
    before = open_course(waiting).position
    answer = staff["site-representative"].post(
        f"{SITE}/records/{paper}/", {"why": "The pump was recalled.", "key": "b1"}
    )
    assert answer.status_code == 302
    assert open_course(waiting).position > before
    with pytest.raises(RefusedError, match=r"setting\.pump"):
        start(waiting)
    assert "One requirement keeps the gate closed" in page(staff, waiting)
    assert "revoked" in page(staff, waiting)


def test_a_paper_that_was_taken_back_says_why_and_stays_to_be_read(waiting: str, staff: dict[str, Client]) -> None:
    from matrescence.clinic.log.courses import open_course

    certify(staff)
    sign_hers(staff, waiting)
    consent = next(
        filing.item.id
        for filing in open_course(waiting).known.filings
        if getattr(filing.item, "requirement", "") == "patient.consent"
    )
    url = f"/mothers/{waiting}/enrolment/records/{consent}/"
    short = staff["nurse"].post(url, {"why": "no"})
    assert short.status_code == 422 and "Say why it is taken back" in short.content.decode()
    assert staff["nurse"].post(url, {"why": "She has changed her mind.", "key": "back-1"}).status_code == 302
    text = staff["nurse"].get(url).content.decode()
    assert "She has changed her mind." in text and "as it was said" in text
    assert staff["nurse"].post(url, {"why": "She has changed her mind.", "key": "back-2"}).status_code == 422
    assert "One requirement keeps the gate closed" in page(staff, waiting)


def test_the_history_of_the_site_names_what_was_filed_and_what_was_revoked(
    waiting: str, staff: dict[str, Client]
) -> None:
    state(staff, "setting.pump")
    text = staff["nurse"].get("/site/history/").content.decode()
    assert "setting.pump" in text and PEOPLE["site-representative"] in text


def test_a_statement_is_refused_when_what_has_to_come_first_was_not_met_then(
    waiting: str, staff: dict[str, Client]
) -> None:
    body = {"confirmed": "yes", "done-on": "2026-01-12", "done-at": "09:00"}
    answer = staff["site-representative"].post(f"{SITE}/statements/setting.staff-trained/", body)
    assert answer.status_code == 422 and "it would not count" in answer.content.decode()


def test_a_statement_about_a_time_that_has_not_come_is_refused(waiting: str, staff: dict[str, Client]) -> None:
    body = {"confirmed": "yes", "done-on": "2098-01-12", "done-at": "09:00"}
    answer = staff["site-representative"].post(f"{SITE}/statements/setting.pump/", body)
    assert answer.status_code == 422 and "This time has not come yet." in answer.content.decode()


def test_a_statement_that_nobody_confirms_is_not_filed(waiting: str, staff: dict[str, Client]) -> None:
    from matrescence.clinic.log import site

    body = {"done-on": "2026-01-12", "done-at": "09:00"}
    answer = staff["site-representative"].post(f"{SITE}/statements/setting.pump/", body)
    assert answer.status_code == 422 and "Confirm that this has been done." in answer.content.decode()
    assert "local-protocol" not in site.open_site().known.papers


def test_a_session_names_only_people_who_may_prescribe_here(waiting: str, staff: dict[str, Client]) -> None:
    from matrescence.clinic.log.courses import open_course

    answer = staff["nurse"].post(f"/mothers/{waiting}/enrolment/session/", {"prescriber": "Somebody"})
    assert answer.status_code == 422 and "Choose the prescriber" in answer.content.decode()
    session = open_course(waiting).known.session
    assert session is not None
    assert (session.mother, session.setting, session.prescriber) == (MOTHER, SETTING, PEOPLE["prescriber"])


def test_without_a_name_of_the_setting_no_session_is_prepared(
    begun: Callable[..., str], staff: dict[str, Client]
) -> None:
    course = begun()
    answer = staff["nurse"].post(f"/mothers/{course}/enrolment/session/", {"prescriber": PEOPLE["prescriber"]})
    assert answer.status_code == 422 and "The setting has no name yet." in answer.content.decode()


def test_the_withdrawn_approval_and_its_acknowledgement_stand_on_the_page(
    prepared: Callable[..., str], staff: dict[str, Client]
) -> None:
    text = page(staff, prepared("zulresso", drug="brexanolone"))
    assert "14 April 2025" in text
    assert "papers/prescriber.withdrawal/" in text


def test_a_drug_that_is_taken_by_mouth_asks_no_programme(begun: Callable[..., str], staff: dict[str, Client]) -> None:
    assert "taken by mouth" in page(staff, begun(drug="sertraline"))
