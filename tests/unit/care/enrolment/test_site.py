"""What a course takes over from its site, and how a site stands; the judge is the gate, asked of everything at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrescence.actions.enrolment_file import read_enrolment
from matrescence.care.enrolment.gate import GateClosed, GateOpen, gate
from matrescence.care.enrolment.programme import Party, Programme, Timing
from matrescence.care.enrolment.records import Record, Revocation, Session
from matrescence.care.enrolment.site import (
    Filed,
    is_of_the_site,
    site_session,
    site_status,
    to_take_over,
)
from matrescence.care.enrolment.status import statuses
from matrescence.formulary.programmes import library

ZULRESSO = library.load("zulresso")
EXAMPLE = Path(__file__).parents[4] / "examples" / "enrolment" / "zulresso_research.toml"
START = datetime(2026, 3, 7, 13, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def everything() -> tuple[Session, list[Filed], list[Filed]]:
    """The shipped example of a research protocol: its session, what is the site's, and what is the mother's."""
    file = read_enrolment(EXAMPLE, ZULRESSO)
    records = [item for item in file.records if isinstance(item, Record)]
    of_site: list[Filed] = [r for r in records if is_of_the_site(ZULRESSO.requirements[r.requirement])]
    of_her: list[Filed] = [r for r in records if not is_of_the_site(ZULRESSO.requirements[r.requirement])]
    return file.session, of_site, of_her


def ids(items: Sequence[Filed]) -> set[str]:
    return {item.id for item in items}


@pytest.mark.rule("enrolment.site")
def test_a_course_with_her_own_papers_takes_over_the_sites_and_the_gate_opens() -> None:
    session, of_site, of_her = everything()
    assert len(of_site) >= 8 and of_her
    assert isinstance(gate(ZULRESSO, of_her, START, session=session), GateClosed)
    found = to_take_over(ZULRESSO, of_site, of_her, session, START)
    assert ids(found.new) == ids(found.usable) == ids(of_site)
    assert isinstance(gate(ZULRESSO, [*of_her, *found.new], START, session=session), GateOpen)


@pytest.mark.rule("enrolment.site")
def test_what_was_taken_over_once_is_not_taken_over_again() -> None:
    session, of_site, of_her = everything()
    course = [*of_her, *to_take_over(ZULRESSO, of_site, of_her, session, START).new]
    again = to_take_over(ZULRESSO, of_site, course, session, START)
    assert again.new == () and ids(again.usable) == ids(of_site)


@pytest.mark.rule("enrolment.site")
@pytest.mark.parametrize("other", [{"setting": "another clinic"}, {"pharmacy": "another pharmacy"}])
def test_what_is_about_another_place_is_not_taken_over(other: dict[str, str]) -> None:
    session, of_site, _ = everything()
    found = to_take_over(ZULRESSO, of_site, [], replace(session, **other), START)
    names = {Party(key): name for key, name in other.items()}
    assert found.new
    assert all(item.about.get(party, name) == name for item in found.usable for party, name in names.items())
    assert len(found.usable) < len(of_site)


@pytest.mark.rule("enrolment.site", "enrolment.revoked")
@pytest.mark.hazard("taken-back-elsewhere")
def test_what_the_site_takes_back_is_taken_back_in_every_course_that_holds_it() -> None:
    session, of_site, of_her = everything()
    course = [*of_her, *to_take_over(ZULRESSO, of_site, of_her, session, START).new]
    trained = next(r for r in of_site if isinstance(r, Record) and r.requirement == "setting.staff-trained")
    back = Revocation("site-back", trained.id, START - DAY, "the site", "the course was not accredited")
    found = to_take_over(ZULRESSO, [*of_site, back], course, session, START)
    assert found.new == (back,)
    assert trained not in found.usable
    assert isinstance(gate(ZULRESSO, [*course, *found.new], START, session=session), GateClosed)


@pytest.mark.rule("enrolment.site")
def test_a_record_with_a_revocation_still_to_come_brings_it_along() -> None:
    session, of_site, of_her = everything()
    pumps = next(r for r in of_site if isinstance(r, Record) and r.requirement == "setting.pumps")
    back = Revocation("site-back", pumps.id, START + DAY, "the site", "the pumps go back to the maker")
    found = to_take_over(ZULRESSO, [*of_site, back], of_her, session, START)
    assert pumps in found.usable and found.new[-1] == back
    course = [*of_her, *found.new]
    assert isinstance(gate(ZULRESSO, course, START, session=session), GateOpen)
    assert isinstance(gate(ZULRESSO, course, START + DAY, session=session), GateClosed)


@pytest.mark.rule("enrolment.site")
def test_an_id_under_which_the_course_holds_something_else_is_told_and_not_copied() -> None:
    session, of_site, of_her = everything()
    pumps = next(r for r in of_site if isinstance(r, Record) and r.requirement == "setting.pumps")
    other = replace(pumps, by="somebody else")
    back = Revocation("site-back", pumps.id, START - DAY, "the site", "a mistake")
    found = to_take_over(ZULRESSO, [*of_site, back], [*of_her, other], session, START)
    assert found.clashing == (pumps.id,)
    assert pumps not in found.new and back not in found.new


# ---- by the gate, over random sites -----------------------------------------------------------------------------


def without_forms() -> Programme:
    local = library.load("local-protocol")
    return replace(local, requirements={n: replace(r, form=None) for n, r in local.requirements.items()})


LOCAL = without_forms()
OF_SITE = [name for name, item in LOCAL.requirements.items() if is_of_the_site(item)]
HERS = [
    name for name, item in LOCAL.requirements.items() if not is_of_the_site(item) and item.timing is Timing.BEFORE_START
]
HER = Session("Julia (invented)", "here", "julia-1", "Dr Roe (invented)")

AGES = st.lists(st.integers(-2, 420), min_size=1, max_size=3)
"""Days before the start.  A term of a year and one of 90 days lie within, and what was made while another counted."""


def about_there(name: str) -> dict[Party, str]:
    return {party: HER.who(party) or "" for party in LOCAL.requirements[name].about}


@pytest.mark.rule("enrolment.site")
@settings(max_examples=400, deadline=None)
@given(
    ages=st.fixed_dictionaries(dict.fromkeys(OF_SITE, AGES)),
    back=st.lists(st.tuples(st.integers(0, 11), st.integers(-2, 420)), max_size=2),
    hers=st.tuples(st.integers(0, 95), st.integers(0, 95)),
)
def test_the_gate_says_the_same_of_what_was_taken_over_as_of_everything(
    ages: dict[str, list[int]], back: list[tuple[int, int]], hers: tuple[int, int]
) -> None:
    rows = [(name, ago) for name, found in ages.items() for ago in found]
    site: list[Filed] = [
        Record(f"s{place}", name, START - ago * DAY, "somebody", about_there(name))
        for place, (name, ago) in enumerate(rows)
    ]
    site += [
        Revocation(f"b{place}", f"s{of}", START - ago * DAY, "somebody", "a mistake")
        for place, (of, ago) in enumerate(back)
        if of < len(rows)
    ]
    made = zip(HERS, (max(hers), min(hers), 0), strict=True)  # she was assessed, then consented, then came
    course: list[Filed] = [Record(name, name, START - ago * DAY, "nurse", about_there(name)) for name, ago in made]
    taken = to_take_over(LOCAL, site, course, HER, START)
    everything_there = statuses(LOCAL, [*course, *site], START, session=HER)
    copied = statuses(LOCAL, [*course, *taken.new], START, session=HER)
    assert [item.closes for item in copied] == [item.closes for item in everything_there]
    assert [item.evidence for item in copied] == [item.evidence for item in everything_there]


# ---- how a site stands -------------------------------------------------------------------------------------------


@pytest.mark.rule("enrolment.site", "enrolment.expiring")
def test_how_a_site_stands_is_told_requirement_by_requirement() -> None:
    records = [
        Record(name, name, START - 340 * DAY, "somebody", {Party.SETTING: "here"})
        for name in OF_SITE
        if name != "setting.pump"
    ]
    found = site_status(LOCAL, records, START, session=site_session("here"))
    assert [item.requirement.id for item in found.requirements] == OF_SITE
    assert [item.requirement.id for item in found.missing] == ["setting.pump"]
    assert not found.is_ready
    assert [item.requirement.id for item in found.running_out] == ["setting.protocol", "setting.staff-trained"]
    assert found.until == START + 25 * DAY  # a year of 365 days from then
    pump = Record("pump", "setting.pump", START - DAY, "somebody", {Party.SETTING: "here"})
    assert site_status(LOCAL, [*records, pump], START, session=site_session("here")).is_ready
    later = site_status(LOCAL, [*records, pump], START + 25 * DAY, session=site_session("here"))
    assert {item.requirement.id for item in later.missing} == {"setting.protocol", "setting.staff-trained"}


@pytest.mark.rule("enrolment.site", "enrolment.unnamed")
def test_a_pharmacy_that_nobody_has_named_is_missing() -> None:
    session, of_site, _ = everything()
    named = site_session(session.setting, prescriber=session.prescriber, pharmacy=session.pharmacy)
    assert site_status(ZULRESSO, of_site, START, session=named).is_ready
    nobody = site_status(ZULRESSO, of_site, START, session=site_session(session.setting))
    assert [item.requirement.id for item in nobody.missing] == ["pharmacy.enrolment"]
