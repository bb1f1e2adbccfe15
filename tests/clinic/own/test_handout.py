"""Her handout: what each source says with her times, and what the treatment is charged with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from matrescence.clinic.people.models import MotherLink
from matrescence.formulary import library

pytestmark = pytest.mark.django_db


@pytest.fixture
def handout(opened: Callable[..., Any]) -> Callable[..., Any]:
    """Her browser on a link to the handout."""

    def begin(language: str = "en") -> Any:
        return opened(purpose=MotherLink.HANDOUT, language=language)

    return begin


def test_every_source_of_the_drug_stands_beside_the_others(
    handout: Callable[..., Any], words_of: Callable[..., str]
) -> None:
    said = words_of(handout().get("feeding/"))
    sources = [advice.who for advice in library.load("ketamine").lactation.advice]

    assert len(sources) > 3
    assert [who for who in sources if who not in said] == []
    assert "None is picked for you" in said


def test_the_times_are_hers(handout: Callable[..., Any], words_of: Callable[..., str]) -> None:
    said = words_of(handout().get("feeding/"))

    assert "Tue 21 Apr 10:00" in said  # Julia's planned start
    assert "Tue 21 Apr 22:40" in said or "22:40" in said  # 12 hours after the end, 40 minutes after the start
    assert "America/New_York" in said


def test_the_cost_is_told_with_date_and_source_and_is_no_offer(
    handout: Callable[..., Any], words_of: Callable[..., str]
) -> None:
    said = words_of(handout().get("cost/"))

    assert "$400.00 to $800.00" in said  # published session prices of clinics, evidence table of costs
    assert "Prices are no offers." in said
    assert "Ketamine infusion, one session" in said


def test_the_cost_is_told_in_spanish_too(handout: Callable[..., Any], words_of: Callable[..., str]) -> None:
    said = words_of(handout("es").get("cost/"))

    assert "Infusión de ketamina, una sesión" in said
    assert "de $400.00 a $800.00" in said


def test_beginning_leads_straight_to_it(linked: Callable[..., Any]) -> None:
    her = linked(purpose=MotherLink.HANDOUT)

    assert her.begin().headers["Location"] == f"{her.home}feeding/"
    assert her.get().status_code == 200
