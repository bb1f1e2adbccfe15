"""What the payloads of a course say: the plan for two people, and a confirmation."""

from __future__ import annotations

import pytest

from matrescence.actions.course_open import ground_of
from matrescence.actions.course_read import Reader
from matrescence.care.journey import words
from matrescence.reading import InputError

GROUND = ground_of("ketamine")


def read(kind: str, **payload: object) -> words.What:
    return Reader(GROUND).read(2, kind, dict(payload), where="record")


def test_a_plan_asks_for_two_people_only_where_it_says_so() -> None:
    one, two = read("plan-chosen", regimen="single"), read("plan-chosen", regimen="single", two_person=True)
    assert isinstance(one, words.PlanChosen) and isinstance(two, words.PlanChosen)
    assert (one.two_person, two.two_person) == (False, True)


def test_a_plan_carries_the_sites_own_limit_for_oximetry_that_nobody_records() -> None:
    told, silent = read("plan-chosen", regimen="single", unrecorded_after_min=5), read("plan-chosen", regimen="single")
    assert isinstance(told, words.PlanChosen) and isinstance(silent, words.PlanChosen)
    assert (told.unrecorded_after_min, silent.unrecorded_after_min) == (5.0, None)
    with pytest.raises(InputError, match="unrecorded_after_min"):
        read("plan-chosen", regimen="single", unrecorded_after_min=0)


def test_a_confirmation_says_what_and_by_which_fingerprint() -> None:
    told = read("confirmation", what="pump-programme", digest="ab12")
    assert told == words.Confirmed(words.Confirmable.PUMP_PROGRAMME, "ab12")


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ({"what": "dose-plan"}, "digest"),
        ({"digest": "ab12"}, "what"),
        ({"what": "the plan", "digest": "ab12"}, "dose-plan, pump-programme"),
        ({"what": "dose-plan", "digest": "ab12", "by": "nurse Kim"}, "by"),
    ],
)
def test_a_confirmation_that_cannot_be_used_names_the_field(payload: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        read("confirmation", **payload)
