"""Name the session that the papers are for: which mother, where, by whom.  Every name comes from a record."""

from __future__ import annotations

from matrescence.care.enrolment.records import Record, Session
from matrescence.care.journey.known import Known
from matrescence.clinic.people.models import User
from matrescence.clinic.site.values import SiteSettings


def next_session(known: Known, programme_ends: frozenset[str]) -> str:
    """The name of the session to prepare: the one named now while it has not ended, else the next number."""
    used = _used(known)
    current = known.session
    if current is not None and current.session not in _ended(known, programme_ends):
        return current.session
    number = 1
    while f"session-{number}" in used:
        number += 1
    return f"session-{number}"


def prescribers() -> tuple[str, ...]:
    """The names of everybody here who may prescribe."""
    people = User.objects.filter(is_active=True).order_by("name")
    return tuple(person.name for person in people if "prescriber" in person.known_roles)


def session_of(known: Known, settings: SiteSettings, *, session: str, prescriber: str) -> Session:
    """The session as it is written down.

    Raises:
        ValueError: she or the setting has no name yet.
    """
    if known.mother is None or settings.setting is None:
        raise ValueError("a session names a mother and a setting")
    return Session(known.mother.name, settings.setting, session, prescriber, settings.pharmacy)


def as_table(session: Session) -> dict[str, str]:
    """The session as a record holds it; who is not named is left out."""
    found = {
        "mother": session.mother,
        "setting": session.setting,
        "session": session.session,
        "prescriber": session.prescriber,
        "pharmacy": session.pharmacy,
    }
    return {key: name for key, name in found.items() if name}


def _used(known: Known) -> set[str]:
    filed = {item.session.session for item in known.infusions if item.session is not None}
    named = {name for filing in known.filings for name in _sessions(filing.item)}
    return filed | named | ({known.session.session} if known.session is not None else set())


def _ended(known: Known, programme_ends: frozenset[str]) -> set[str]:
    given = {
        item.session.session for item in known.infusions if item.session is not None and item.state.ended_at is not None
    }
    filed = {
        name
        for filing in known.filings
        if isinstance(filing.item, Record) and filing.item.requirement in programme_ends
        for name in _sessions(filing.item)
    }
    return given | filed


def _sessions(item: object) -> tuple[str, ...]:
    if not isinstance(item, Record):
        return ()
    return tuple(name for party, name in item.about.items() if party.value == "session")
