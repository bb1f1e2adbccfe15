"""Which mother first?  One course in each state, put in order; the same list whatever the order they are handed in."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion import readings as rd
from matrescence.care.infusion.stamp import Cause, Stamp
from matrescence.care.infusion.state import Phase
from matrescence.care.journey import words
from matrescence.care.journey.infuse import AskStart
from matrescence.care.journey.view import look
from matrescence.care.journey.worklist import Listed, Press, Row, worklist


def _told() -> Any:
    path = Path(__file__).with_name("test_journey.py")
    spec = importlib.util.spec_from_file_location("journey_told_to_the_list", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


T = _told()
NOW = T.START + T.MINUTE
CALM_AT = T.START - T.HOUR


def left_with_her_paper() -> Any:
    """A session behind her, its paper filed, and one follow-up due three hours after the start."""
    course = T.ended().leave(T.START + 3 * T.HOUR, T.START + 3 * T.HOUR)
    about = {party: T.SESSION.who(party) or "" for party in (T.Party.MOTHER, T.Party.SETTING, T.Party.SESSION)}
    return course.tell(words.Filed(T.SESSION, (T.Record("r", "session.record", course.now, "nurse", about),)))


def held() -> Any:
    """Her one follow-up is held too: nothing is open."""
    answers = words.Assessed((T.epds(*[0] * 10),), T.History(), follow_up=True)
    course = left_with_her_paper()
    return course.tell(answers, at=course.now + T.MINUTE)


def earlier(course: Any, days: int) -> Any:
    """The same course, all of it so many days before."""
    course.entries = [
        replace(e, happened_at=e.happened_at - days * T.DAY, recorded_at=e.recorded_at - days * T.DAY)
        for e in course.entries
    ]
    return course


def forged() -> Any:
    """A start that other hands wrote: no paper of today is there."""
    course = T.begun().tell(T.ASSESSED, T.consulted(), words.HealthKnown(T.HEALTHY), words.FeedingChosen(None))
    course.tell(words.PlanChosen("single"), T.papers(without="session.checklist")).do(cmd.Open, at=CALM_AT)
    gate = T.GateOpen((), T.START, T.GROUND.programme.name, T.SESSION)
    start = ev.StartAuthorised(Stamp(T.START, T.START, "nurse Kim"), Cause("forged", "0"), gate)
    return course.tell(words.Infused((start,)), at=T.START)


def left_eight_days_ago() -> Any:
    return T.ended().leave(T.START + 3 * T.HOUR, T.START + 7 * T.DAY)


COURSES: Mapping[str, tuple[Callable[[], Any], Press, str]] = {
    "psychosis": (lambda: T.begun().tell(T.URGENT), Press.URGENT, "assessment"),
    "hypoxia": (lambda: T.running().do(cmd.Observe, rd.Oximetry(85.0)), Press.ALARM, "infusion"),
    "forged": (forged, Press.UNGATED, "infusion"),
    "unconfirmed": (lambda: T.ready().do(AskStart, at=T.START), Press.OVERDUE, "infusion"),
    "running": (lambda: T.running().do(cmd.Observe, rd.Oximetry(97.0)).do(cmd.HangBag, 1), Press.SOON, "infusion"),
    "new": (T.begun, Press.WAITING, "assessment"),
    "opened": (T.ready, Press.WAITING, "infusion"),
}
"""At one minute past the planned start: the course, how much it presses, and where it leads."""


def listed(name: str, course: Any, at: Any = NOW) -> Listed:
    return Listed(name, course.known, look(course.known, course.ground, at))


LISTED = [listed(name, make()) for name, (make, _, _) in COURSES.items()]
ROWS = {row.course: row for row in worklist(LISTED)}


@pytest.mark.rule("journey.worklist")
@pytest.mark.parametrize("name", COURSES)
def test_each_course_says_how_much_it_presses_and_where_it_leads(name: str) -> None:
    _, press, stage = COURSES[name]
    row = ROWS[name]
    assert (row.press, row.stage) == (press, stage)
    assert row.sentence.strip() and row.rule and row.name == "Julia"


@pytest.mark.rule("journey.worklist", "journey.urgent_first")
@pytest.mark.hazard("less-pressing-shown-first")
def test_the_most_pressing_course_stands_first_whatever_the_order_they_come_in() -> None:
    wanted = ["psychosis", "hypoxia", "forged", "unconfirmed", "running", "new", "opened"]
    for order in itertools.islice(itertools.permutations(LISTED), 0, None, 97):
        assert [row.course for row in worklist(order)] == wanted


@pytest.mark.rule("journey.worklist")
def test_an_urgent_answer_stands_above_an_alarm_of_the_same_mother_and_the_rest_is_counted() -> None:
    course = T.running().do(cmd.Observe, rd.Oximetry(85.0)).tell(T.URGENT)
    (row,) = worklist([listed("both", course)])
    assert (row.press, row.rule) == (Press.URGENT, "assessment.psychosis_sign")
    assert row.more >= 3  # the other urgent answer, the stop that nobody confirmed, and the hypoxia


def test_an_open_infusion_is_named_by_its_phase_and_no_other() -> None:
    assert {name: row.phase for name, row in ROWS.items() if row.phase} == {
        "hypoxia": Phase.STOP_REQUESTED,
        "forged": Phase.STARTING,
        "unconfirmed": Phase.STARTING,
        "running": Phase.RUNNING,
        "opened": Phase.OPENED,
    }


def test_each_row_says_since_when_or_for_when() -> None:
    assert ROWS["psychosis"].since == T.START - 7 * T.DAY
    assert ROWS["hypoxia"].since == T.START
    assert ROWS["forged"].since == T.START
    assert (ROWS["running"].since, ROWS["running"].due_at) == (None, T.START + 10 * T.MINUTE)
    assert ROWS["opened"].since == CALM_AT


def test_an_attempt_that_did_not_reach_her_is_told() -> None:
    course = T.begun().tell(T.URGENT, words.Disposed(("2.1",), words.Outcome.NOT_REACHED, "rang twice"))
    (row,) = worklist([listed("her", course)])
    assert row.sentence.endswith("Attempts that did not reach her: 1.")


@pytest.mark.rule("journey.worklist")
def test_follow_ups_and_papers_come_soon_then_are_overdue_and_at_the_end_nothing_is_open() -> None:
    seen = {}
    for days in (5.0, 6.2, 6.9, 7.5):
        at = T.START + days * T.DAY
        (row,) = worklist([listed("left", left_eight_days_ago(), at)])
        seen[days] = (row.press, row.stage, row.rule)
    assert seen == {
        5.0: (Press.WAITING, "enrolment", "enrolment.pending"),
        6.2: (Press.SOON, "recovery", "journey.follow_up"),
        6.9: (Press.SOON, "recovery", "journey.follow_up"),
        7.5: (Press.OVERDUE, "recovery", "journey.follow_up"),
    }
    course = held()
    (row,) = worklist([listed("done", course, course.now)])
    assert (row.press, row.sentence, row.more) == (Press.DONE, "Nothing is open.", 0)


def followed(*totals: int) -> Any:
    """Eighteen points before her session; then these, a week apart."""
    course = left_with_her_paper()
    for week, total in enumerate(totals, 1):
        answers = [2] * (total // 2) + [total % 2] + [0] * (9 - total // 2)
        told = words.Assessed((T.epds(*answers),), T.History(), follow_up=True)
        course.tell(told, at=T.START + 7 * week * T.DAY)
    return course


@pytest.mark.rule("journey.worklist", "recovery.relapse", "recovery.relapse_possible")
@pytest.mark.parametrize(
    ("totals", "sentence"),
    [
        ((5,), None),
        ((5, 16), "Perhaps a relapse: EPDS 16 after a response. Measure again soon."),
        ((5, 16, 14), "Relapse: EPDS 14, twice in a row, after a response."),
        ((5, 16, 14, 4), None),
        ((16, 16), None),
    ],
    ids=["well", "once worse", "twice worse", "well again", "never better"],
)
def test_a_response_that_was_lost_presses_until_she_is_better(totals: tuple[int, ...], sentence: str | None) -> None:
    course = followed(*totals)
    at = course.now + T.MINUTE
    (row,) = worklist([listed("followed", course, at)])
    assert (row.sentence if row.press is Press.RELAPSE else None) == sentence
    assert row.press is not Press.RELAPSE or (row.stage, row.since) == ("recovery", course.now)
    found = look(course.known, course.ground, at).next_step
    assert (None if found is None else found.text) == sentence


def test_how_far_ahead_soon_reaches_can_be_asked() -> None:
    item = listed("left", left_eight_days_ago(), T.START + 5 * T.DAY)
    (row,) = worklist([item], soon=3 * T.DAY)
    assert row.press is Press.SOON


@pytest.mark.rule("journey.worklist")
def test_among_the_like_the_one_that_has_waited_longest_stands_first() -> None:
    courses = {f"d{days}": earlier(T.begun(), days) for days in (2, 9, 5)}
    rows = worklist([listed(name, course) for name, course in courses.items()])
    assert [row.course for row in rows] == ["d9", "d5", "d2"]


def test_where_everything_is_alike_the_key_decides() -> None:
    rows = worklist([listed(name, T.begun()) for name in ("c", "a", "b")])
    assert [row.course for row in rows] == ["a", "b", "c"]


def test_courses_seen_at_different_instants_are_no_list() -> None:
    with pytest.raises(ValueError, match="one instant"):
        worklist([listed("a", T.begun()), listed("b", T.begun(), NOW + T.MINUTE)])
    assert worklist([]) == ()


@pytest.mark.rule("journey.worklist")
@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(LISTED), st.integers(0, 99)), max_size=8), st.randoms(use_true_random=False))
def test_no_order_of_the_courses_changes_the_list_and_no_course_is_lost(some: list[Any], random: Any) -> None:
    courses = [Listed(f"{number}-{place}", item.known, item.journey) for place, (item, number) in enumerate(some)]
    rows: tuple[Row, ...] = worklist(courses)
    assert sorted(row.course for row in rows) == sorted(item.course for item in courses)
    presses = [list(Press).index(row.press) for row in rows]
    assert presses == sorted(presses)
    random.shuffle(courses)
    assert worklist(courses) == rows
