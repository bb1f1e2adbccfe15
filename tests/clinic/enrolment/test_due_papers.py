"""What has become due is filed for the session that made it due, and the next session gets a name of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from paper_examples import MOTHER, PEOPLE, SETTING, of, whole

from matrescence.care.enrolment.forms import Signature
from matrescence.care.enrolment.programme import Party, Programme, Requirement
from matrescence.care.enrolment.records import Record, Session
from matrescence.care.enrolment.site import Filed
from matrescence.care.journey.known import Filing, Known
from matrescence.clinic.enrolment.answers import answers_of
from matrescence.clinic.enrolment.desk import about_of, paper_of
from matrescence.clinic.enrolment.paperwork import groups, rows_of
from matrescence.clinic.enrolment.session import next_session

ENDED = datetime(2026, 3, 7, 12, tzinfo=UTC)
ENDS = frozenset({"session.given"})


@dataclass(frozen=True)
class Lying:
    """A desk with these papers on it."""

    programme: Programme
    records: Sequence[Filed]
    session: Session
    at: datetime = ENDED + timedelta(days=1)
    zone: None = None

    def holds(self, requirement: Requirement) -> bool:
        return True

    def stream(self) -> str:
        return "course"


def given(session: str) -> Record:
    about = {Party.MOTHER: MOTHER, Party.SETTING: SETTING, Party.SESSION: session}
    return Record(f"log-{session}", "session.given", ENDED, PEOPLE["nurse"], about)


def told(session: str) -> Record:
    _, item, form = of("local-protocol", "session.record")
    about = {Party.MOTHER: MOTHER, Party.SETTING: SETTING, Party.SESSION: session}
    at = ENDED + timedelta(hours=2)
    signed = (Signature("nurse", PEOPLE["nurse"], at),)
    return Record(f"told-{session}", item.id, at, PEOPLE["nurse"], about, answers_of(form, whole(form)), signed)


def desk(*records: Record, session: str = "session-2", at: datetime = ENDED + timedelta(days=1)) -> Lying:
    programme, _, _ = of("local-protocol", "session.record")
    return Lying(programme, records, Session(MOTHER, SETTING, session, PEOPLE["prescriber"]), at)


def test_the_record_of_an_ended_session_is_about_that_session_even_when_the_next_is_prepared() -> None:
    lying = desk(given("session-1"))
    requirement = lying.programme.requirements["session.record"]
    assert about_of(lying, requirement)[Party.SESSION] == "session-1"
    assert paper_of(lying, requirement).subject == "session-1"


def test_the_oldest_record_that_is_still_owed_comes_first() -> None:
    lying = desk(given("session-1"), given("session-2"), told("session-1"), session="session-3")
    assert about_of(lying, lying.programme.requirements["session.record"])[Party.SESSION] == "session-2"


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "word"), [(1, "due"), (8, "overdue")])
def test_a_record_that_is_owed_is_due_then_overdue_with_its_date(days: int, word: str) -> None:
    lying = desk(given("session-1"), at=ENDED + timedelta(days=days))
    row = next(row for row in rows_of(groups(lying, lying.session)) if row.requirement.id == "session.record")
    assert (str(row.word), row.due, row.can_file) == (word, ENDED + timedelta(days=7), True)


@pytest.mark.django_db
def test_a_record_that_nothing_has_made_due_is_not_offered() -> None:
    lying = desk(session="session-1")
    row = next(row for row in rows_of(groups(lying, lying.session)) if row.requirement.id == "session.record")
    assert (str(row.word), row.can_file) == ("not due", False)


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "word"), [(100, "met"), (340, "running out"), (366, "has run out")])
def test_a_paper_with_a_term_runs_out(days: int, word: str) -> None:
    _, item, form = of("local-protocol", "setting.protocol")
    signed = (Signature("responsible clinician", PEOPLE["prescriber"], ENDED),)
    adopted = Record("r1", item.id, ENDED, "somebody", {Party.SETTING: SETTING}, answers_of(form, whole(form)), signed)
    lying = desk(adopted, at=ENDED + timedelta(days=days))
    row = next(row for row in rows_of(groups(lying, lying.session)) if row.requirement.id == item.id)
    assert str(row.word) == word


def known(*items: Record, session: str | None = None) -> Known:
    named = None if session is None else Session(MOTHER, SETTING, session)
    return Known(session=named, filings=tuple(Filing(item, item.at) for item in items))


@pytest.mark.parametrize(
    ("so_far", "name"),
    [
        (known(), "session-1"),
        (known(session="session-1"), "session-1"),
        (known(given("session-1"), session="session-1"), "session-2"),
        (known(given("session-1"), given("session-2"), session="session-2"), "session-3"),
        (known(given("julia-1"), session="julia-1"), "session-1"),
    ],
)
def test_a_session_keeps_its_name_until_it_has_ended(so_far: Known, name: str) -> None:
    assert next_session(so_far, ENDS) == name
