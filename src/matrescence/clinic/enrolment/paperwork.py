"""Every requirement of a programme as a row of a list: how it stands in a word, who signed, and where it is filed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matrescence.care.enrolment.counting import State
from matrescence.care.enrolment.forms import Form
from matrescence.care.enrolment.programme import Party, Requirement, Timing
from matrescence.care.enrolment.records import Record, Revocation, Session
from matrescence.care.enrolment.site import is_of_the_site
from matrescence.care.enrolment.status import RequirementStatus, statuses
from matrescence.care.verdict import Reason
from matrescence.clinic.enrolment.desk import Desk, about_of, taken_back
from matrescence.clinic.enrolment.drafts import Kept, drafts_of


class Place(Enum):
    """Where the papers of a requirement come from."""

    HERE = "here"
    SITE = "site"
    LOG = "log"
    ELSEWHERE = "elsewhere"


STATES: Mapping[State, tuple[Promise, str]] = {
    State.MET: (_("met"), "good"),
    State.WAIVED: (_("does not apply"), "good"),
    State.PENDING: (_("due"), "medium"),
    State.NOT_DUE: (_("not due"), "low"),
    State.SHOWN: (_("told, not checked"), "low"),
    State.MISSING: (_("missing"), "high"),
    State.UNNAMED: (_("nobody is named"), "high"),
    State.OTHER: (_("for somebody else"), "high"),
    State.NOT_YET: (_("begins later"), "high"),
    State.INCOMPLETE: (_("incomplete"), "high"),
    State.OUT_OF_ORDER: (_("made too early"), "high"),
    State.REVOKED: (_("revoked"), "high"),
    State.EXPIRED: (_("has run out"), "high"),
    State.OVERDUE: (_("overdue"), "high"),
    State.DEADLINE_UNKNOWN: (_("due at once"), "high"),
    State.OVER: (_("session has ended"), "medium"),
}
RUNNING_OUT = (_("running out"), "medium")

PARTIES: Mapping[str, Promise] = {
    "setting": _("The setting"),
    "pharmacy": _("The pharmacy"),
    "wholesaler": _("The wholesaler"),
    "prescriber": _("The prescriber"),
    "patient": _("The patient"),
    "session": _("This session"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement as the list shows it; ``records`` are about exactly those asked about, the newest first."""

    status: RequirementStatus
    place: Place
    word: Promise
    shape: str
    form: Form | None
    records: tuple[Record, ...]
    back: Mapping[str, Revocation]
    draft: Kept | None
    can_file: bool

    @property
    def requirement(self) -> Requirement:
        """What is asked."""
        return self.status.requirement

    @property
    def newest(self) -> Record | None:
        """The newest record."""
        return self.records[0] if self.records else None

    @property
    def told(self) -> tuple[Reason, ...]:
        """Its reasons, without the requirement's own id and sentence, which stand beside them."""
        return tuple(replace(reason, text=self._shortened(reason.text)) for reason in self.status.reasons)

    def _shortened(self, text: str) -> str:
        return text.removesuffix(f" ({self.requirement.id})").removesuffix(f": {self.requirement.statement.text}")

    @property
    def due(self) -> datetime | None:
        """When it falls overdue."""
        return self.status.due

    @property
    def taken_back(self) -> Revocation | None:
        """What takes its newest record back."""
        return None if self.newest is None else self.back.get(self.newest.id)


@dataclass(frozen=True, slots=True)
class Group:
    """The requirements of one party, in the order of the programme."""

    party: str
    label: Promise
    rows: tuple[Row, ...]

    @property
    def closing(self) -> int:
        """How many of them keep the infusion from starting."""
        return sum(row.status.closes for row in self.rows)


def groups(desk: Desk, session: Session, *, only_here: bool = False) -> tuple[Group, ...]:
    """Every requirement by party; ``only_here`` leaves out what is not filed in this place."""
    drafts = drafts_of(desk.stream(), desk.programme.name)
    found = statuses(desk.programme, desk.records, desk.at, session=session)
    wanted = [item for item in found if desk.holds(item.requirement) or not only_here]
    rows = [_row(desk, item, drafts) for item in wanted]
    return tuple(
        Group(party, label, mine)
        for party, label in PARTIES.items()
        if (mine := tuple(row for row in rows if _party(row.requirement) == party))
    )


def rows_of(found: Sequence[Group]) -> tuple[Row, ...]:
    """Every row of these groups."""
    return tuple(row for group in found for row in group.rows)


def word_of(status: RequirementStatus) -> tuple[Promise, str]:
    """How a requirement stands: a word, and the shape that goes with it."""
    if status.state is State.MET and any(reason.rule == "enrolment.expiring" for reason in status.reasons):
        return RUNNING_OUT
    return STATES[status.state]


def _party(requirement: Requirement) -> str:
    of_session = Party.SESSION in requirement.about
    return "session" if of_session else requirement.stakeholder.value


def _row(desk: Desk, status: RequirementStatus, drafts: Mapping[tuple[str, str], Kept]) -> Row:
    requirement = status.requirement
    about = about_of(desk, requirement)
    mine = [
        item
        for item in desk.records
        if isinstance(item, Record)
        and item.requirement == requirement.id
        and all(item.about.get(party) == name for party, name in about.items())
    ]
    place, (word, shape) = place_of(desk, requirement), word_of(status)
    return Row(
        status=status,
        place=place,
        word=word,
        shape=shape,
        form=None if requirement.form is None else desk.programme.forms[requirement.form],
        records=tuple(sorted(mine, key=lambda item: item.at, reverse=True)),
        back=taken_back(desk),
        draft=drafts.get((requirement.id, about.get(Party.SESSION, ""))),
        can_file=place is Place.HERE and len(about) == len(requirement.about) and status.state is not State.NOT_DUE,
    )


def place_of(desk: Desk, requirement: Requirement) -> Place:
    """Where its papers are filed: here, with the site, by the infusion's own log, or not in this program at all."""
    if requirement.timing is Timing.SHOWN:
        return Place.ELSEWHERE
    if requirement.ends_session:
        return Place.LOG
    if desk.holds(requirement):
        return Place.HERE
    return Place.SITE if is_of_the_site(requirement) else Place.ELSEWHERE
