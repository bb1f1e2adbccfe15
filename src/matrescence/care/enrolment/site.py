"""What belongs to a site and not to one mother: its certification, training, equipment, its prescribers and pharmacy.

It is entered once, in a log of the site's own.  A course takes over what its session needs, record by record and
unchanged, so that its gate goes on being asked of the course's log alone; what the site took back is taken back there
too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from matrescence.care.enrolment import counting
from matrescence.care.enrolment.counting import Case, State
from matrescence.care.enrolment.programme import Party, Programme, Requirement, Timing
from matrescence.care.enrolment.records import Record, Revocation, Session, instant
from matrescence.care.enrolment.status import RequirementStatus, statuses

SITE_PARTIES = frozenset({Party.SETTING, Party.PRESCRIBER, Party.PHARMACY})

Filed = Record | Revocation


@dataclass(frozen=True, slots=True)
class TakeOver:
    """What a course's session may rest on, and what has to be copied into the course for that.

    ``usable``: the site's records that count now for this setting, prescriber and pharmacy.  ``new``: what the course
    does not hold yet, records first, then what takes a record back.  ``clashing``: ids under which the course holds
    something else; these are never copied, and somebody has to look.
    """

    usable: tuple[Record, ...]
    new: tuple[Filed, ...]
    clashing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """How a site stands at one instant: each requirement about setting, prescriber or pharmacy, and what ends first."""

    at: datetime
    requirements: tuple[RequirementStatus, ...]

    @property
    def is_ready(self) -> bool:
        """Whether nothing about the site keeps an infusion from starting."""
        return not self.missing

    @property
    def missing(self) -> tuple[RequirementStatus, ...]:
        """What keeps every infusion here from starting."""
        return tuple(item for item in self.requirements if item.closes)

    @property
    def running_out(self) -> tuple[RequirementStatus, ...]:
        """What still counts and soon ends or falls overdue, the earliest first."""
        found = [item for item in self.requirements if not item.closes and _is_pressing(item)]
        return tuple(sorted(found, key=lambda item: (_last(item) or self.at, item.requirement.id)))

    @property
    def until(self) -> datetime | None:
        """The first instant at which something that counts now ends or falls overdue; ``None``: no such instant."""
        return min((end for item in self.requirements if not item.closes and (end := _last(item))), default=None)


def is_of_the_site(requirement: Requirement) -> bool:
    """Whether its records are about the site alone: no mother and no session among them."""
    return bool(requirement.about) and SITE_PARTIES.issuperset(requirement.about)


def site_status(programme: Programme, records: Sequence[Filed], at: datetime, *, session: Session) -> SiteStatus:
    """How the site stands at ``at``; of ``session`` only setting, prescriber and pharmacy are asked.

    Raises:
        ValueError: ``at`` has no time zone.
    """
    found = statuses(programme, records, at, session=session)
    return SiteStatus(at, tuple(item for item in found if is_of_the_site(item.requirement)))


def site_session(setting: str, *, prescriber: str | None = None, pharmacy: str | None = None) -> Session:
    """A session that names the site and nobody else, to ask :func:`site_status` with."""
    return Session(mother="", setting=setting, session="", prescriber=prescriber, pharmacy=pharmacy)


def to_take_over(
    programme: Programme,
    site_records: Sequence[Filed],
    course_records: Sequence[Filed],
    session: Session,
    at: datetime,
) -> TakeOver:
    """What the course of ``session`` may take over from its site at ``at``.

    Besides what counts now, an older record is copied where something in the course, or among what is copied, was made
    while that one counted: a step that had to come first is shown to have come first.

    Raises:
        ValueError: ``at`` has no time zone.
    """
    moment = instant(at)
    case = counting.case_of(programme, [*course_records, *_others(site_records, course_records)], session)
    mine = {item.id: item for item in site_records if isinstance(item, Record)}
    usable = [record for record in _counting_now(case, moment) if mine.get(record.id) == record]
    needed = {record.id: record for record in (*usable, *_earlier_steps(case, usable, course_records))}
    wanted = [record for record in needed.values() if mine.get(record.id) == record]
    held = {item.id: item for item in course_records}
    taken_before = {name for name, record in mine.items() if held.get(name) == record}
    backs = _taking_back(site_records, {record.id for record in wanted} | taken_before)
    items: list[Filed] = [*wanted, *backs]
    new = tuple(item for item in items if item.id not in held)
    return TakeOver(tuple(usable), new, tuple(sorted(_clashes(site_records, held, programme))))


def _others(site_records: Sequence[Filed], course_records: Sequence[Filed]) -> list[Filed]:
    """The site's records under ids that the course does not hold: what it holds stands as it stands there."""
    held = {item.id for item in course_records}
    return [item for item in site_records if item.id not in held]


def _counting_now(case: Case, at: datetime) -> list[Record]:
    """Every record about this site that counts at ``at``, or tells of something that has happened there."""
    found: dict[str, Record] = {}
    for requirement in case.programme.requirements.values():
        if is_of_the_site(requirement):
            about = counting.names_in(case.session, requirement)
            is_event = requirement.timing is Timing.EVENT
            ask = counting.standing if is_event else counting.records_that_count
            found |= {record.id: record for record in ask(case, requirement, about, at)}
    return list(found.values())


def _earlier_steps(case: Case, usable: Sequence[Record], course_records: Sequence[Filed]) -> Iterator[Record]:
    """What counted when each of these was made and had to come before it, all the way back."""
    waiting = [*usable, *(item for item in course_records if isinstance(item, Record))]
    seen = {record.id for record in waiting}
    while waiting:
        for record in _before(case, waiting.pop()):
            yield record
            if record.id not in seen:
                seen.add(record.id)
                waiting.append(record)


def _before(case: Case, later: Record) -> Iterator[Record]:
    requirements = case.programme.requirements
    for name in requirements[later.requirement].follows:
        waiver = requirements[name].waived
        for step in (name, *([] if waiver is None else [waiver.requirement])):
            about = {party: later.about.get(party) for party in requirements[step].about}
            yield from counting.records_that_count(case, requirements[step], about, instant(later.at))


def _taking_back(site_records: Sequence[Filed], ids: set[str]) -> list[Revocation]:
    return [item for item in site_records if isinstance(item, Revocation) and item.revokes in ids]


def _clashes(site_records: Sequence[Filed], held: dict[str, Filed], programme: Programme) -> Iterator[str]:
    for item in site_records:
        of_the_site = isinstance(item, Revocation) or is_of_the_site(programme.requirements[item.requirement])
        if of_the_site and item.id in held and held[item.id] != item:
            yield item.id


def _is_pressing(item: RequirementStatus) -> bool:
    rules = {reason.rule for reason in item.reasons}
    return item.state is State.PENDING or "enrolment.expiring" in rules


def _last(item: RequirementStatus) -> datetime | None:
    return min((end for end in (item.ends, item.due) if end is not None), default=None)
