"""What each source says for her course as it really went: as planned before it began, by its log from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from matrescence.actions.lactation import lactation_in_course
from matrescence.care.infusion.state import State
from matrescence.care.mother import Mother
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.planning.laid import named
from matrescence.formulary import library
from matrescence.reading import InputError

KEPT = 48


def feeding_told(opened: Opened, at: datetime) -> dict[str, Any]:
    """Every source's advice as plain data, with her name.

    Raises:
        InputError: nobody is recorded, or no plan can be made of what is known.
    """
    mother, plan = opened.known.mother, opened.known.plan
    if mother is None:
        raise InputError("nobody is recorded in this course")
    regimen = opened.ground.drug.default_regimen if plan is None else plan.regimen
    ran = tuple(item.state for item in opened.known.infusions if item.state.started_at is not None)
    nobody = replace(mother, name="")
    if not ran:
        return named(_as_planned(nobody, opened.ground.drug.name, regimen), mother)
    return named(_as_given(nobody, opened, regimen, ran, at), mother)


@lru_cache(maxsize=KEPT)
def _as_planned(mother: Mother, drug: str, regimen: str) -> Mapping[str, Any]:
    return lactation_in_course(mother, library.load(drug), (), now=mother.start, regimen_name=regimen).as_json()


def _as_given(mother: Mother, opened: Opened, regimen: str, ran: tuple[State, ...], at: datetime) -> Mapping[str, Any]:
    drug = opened.ground.drug
    return lactation_in_course(mother, drug, ran, now=at, regimen_name=regimen).as_json()
