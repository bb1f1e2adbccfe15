"""Where a paper is filled and filed: in one mother's course, or in the site's own records.  The pages are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from matrescence.care.enrolment import counting
from matrescence.care.enrolment.programme import Party, Programme, Requirement, Timing
from matrescence.care.enrolment.records import Record, Revocation, Session
from matrescence.care.enrolment.site import Filed, is_of_the_site
from matrescence.care.journey.gating import programme_records
from matrescence.clinic.enrolment.drafts import Paper
from matrescence.clinic.enrolment.take_over import waiting
from matrescence.clinic.frame import Permits
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.pages import Outcome, course_page, record, zone_of

Table = dict[str, Any]


class Desk(Protocol):
    """What the pages of papers need to know of the place they are filed in."""

    @property
    def programme(self) -> Programme:
        """The programme whose papers lie here."""

    @property
    def records(self) -> tuple[Filed, ...]:
        """Everything on record that the gate may look at."""

    @property
    def session(self) -> Session | None:
        """Whom the papers are about; ``None`` where nobody is named yet."""

    @property
    def at(self) -> datetime:
        """The instant at which the page looks."""

    @property
    def zone(self) -> tzinfo | None:
        """The zone in which times are shown and typed."""

    def holds(self, requirement: Requirement) -> bool:
        """Whether papers of this requirement are filed here."""

    def stream(self) -> str:
        """Whose drafts these are."""

    def file(self, request: HttpRequest, payload: Table) -> Outcome | None:
        """Write papers, or what takes one back, from a posted form; ``None`` when that was done."""

    def page(self, request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """Render a page in the frame of this place."""

    def url(self, name: str, *args: str) -> str:
        """The address of another page of this place: ``show``, ``paper``, ``statement``, ``record``."""


@dataclass(frozen=True, slots=True)
class CourseDesk:
    """The papers of one mother: those of her course, and those of the site that her course may take over."""

    opened: Opened
    at: datetime

    @property
    def programme(self) -> Programme:
        """The programme that her drug stands under."""
        return self.opened.ground.programme

    @property
    def records(self) -> tuple[Filed, ...]:
        """What her course holds, and what it takes over from the site before a start."""
        return (*programme_records(self.opened.known, self.programme), *waiting(self.opened, self.at).new)

    @property
    def session(self) -> Session | None:
        """The session that was prepared last."""
        return self.opened.known.session

    @property
    def zone(self) -> tzinfo | None:
        """Her zone."""
        return zone_of(self.opened)

    def holds(self, requirement: Requirement) -> bool:
        """Whatever names her or her session; what the site is asked is filed with the site."""
        return not is_of_the_site(requirement) and bool(requirement.about)

    def stream(self) -> str:
        """The course's own name."""
        return self.opened.id

    def file(self, request: HttpRequest, payload: Table) -> Outcome | None:
        """One record of kind ``enrolment``."""
        outcome = record(request, self.opened.id, "enrolment", payload, strict=False)
        return None if outcome.ok else outcome

    def page(self, request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """In the frame of her course."""
        frame = {"desk": self, "base": "course.html", "here": "enrolment", **rights(request, "enrolment.file")}
        return course_page(request, template, self.opened, status=status, **{**frame, **context})

    def url(self, name: str, *args: str) -> str:
        """Under her enrolment."""
        return reverse(f"enrolment:{name}", args=[self.opened.id, *args])


def rights(request: HttpRequest, file: str, state: str | None = None) -> dict[str, bool]:
    """Whether she who looks may fill forms here, and whether she may file and take back without one."""
    may = Permits(request)
    return {"may_file": may[file], "may_state": may[state or file]}


def about_of(desk: Desk, requirement: Requirement) -> dict[Party, str]:
    """Whom a paper filed now is about: the session's people; for what has become due, those of its oldest open cause.

    A party that nobody has named is left out.
    """
    session = desk.session
    if session is None:
        return {}
    found: Mapping[Party, str | None] = counting.names_in(session, requirement)
    if requirement.timing is Timing.DUE_AFTER:
        cause = _open_cause(desk, requirement, session)
        found = {**found, **({} if cause is None else {p: n for p, n in cause.about.items() if p in found})}
    return {party: name for party, name in found.items() if name}


def _open_cause(desk: Desk, requirement: Requirement, session: Session) -> Record | None:
    """The oldest event that made this due and was not answered yet; the newest one where all were."""
    case = counting.case_of(desk.programme, desk.records, session)
    cause = desk.programme.requirements[requirement.after or ""]
    lasting = {p: n for p, n in counting.names_in(session, cause).items() if p is not Party.SESSION}
    happened = counting.standing(case, cause, lasting, desk.at)
    answered = [item for item in happened if _answered(case, requirement, item, desk.at)]
    return next((item for item in happened if item not in answered), happened[-1] if happened else None)


def _answered(case: counting.Case, requirement: Requirement, cause: Record, at: datetime) -> bool:
    about = {**counting.names_in(case.session, requirement), **cause.about}
    wanted = {party: about.get(party) for party in requirement.about}
    done = counting.records_that_count(case, requirement, wanted, at)
    return any(item.at >= cause.at for item in done)


def not_met_before(desk: Desk, requirement: Requirement, at: datetime) -> tuple[Requirement, ...]:
    """The steps that have to come first and had not been met at ``at``: a paper made then does not count."""
    session = desk.session
    if session is None:
        return ()
    case, about = counting.case_of(desk.programme, desk.records, session), about_of(desk, requirement)
    first = [desk.programme.requirements[name] for name in requirement.follows]
    return tuple(step for step in first if not _was_met(case, step, about, at))


def _was_met(case: counting.Case, step: Requirement, about: Mapping[Party, str], at: datetime) -> bool:
    mine = {party: about.get(party) for party in step.about}
    return bool(counting.records_that_count(case, step, mine, at)) or counting.waived(case, step, at, about)


def missing_names(desk: Desk, requirement: Requirement) -> tuple[Party, ...]:
    """The parties that a paper of this requirement would have to name and that nobody has named yet."""
    about = about_of(desk, requirement)
    return tuple(party for party in requirement.about if party not in about)


def paper_of(desk: Desk, requirement: Requirement) -> Paper:
    """The draft that belongs to a requirement here, for the session it is about."""
    subject = about_of(desk, requirement).get(Party.SESSION, "")
    return Paper(desk.stream(), desk.programme.name, requirement.id, subject)


def taken_back(desk: Desk) -> dict[str, Revocation]:
    """What takes each record back, by the record's id."""
    return {item.revokes: item for item in desk.records if isinstance(item, Revocation)}


def record_of(desk: Desk, name: str) -> Record | None:
    """One record by its id."""
    return next((item for item in desk.records if isinstance(item, Record) and item.id == name), None)


def earlier_of(desk: Desk, requirement: Requirement) -> list[Record]:
    """Earlier papers of the same requirement that nobody has taken back, oldest first."""
    back = taken_back(desk)
    found = [r for r in desk.records if isinstance(r, Record) and r.requirement == requirement.id and r.id not in back]
    return sorted(found, key=lambda item: item.at)
