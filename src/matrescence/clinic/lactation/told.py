"""What each source says for her course as it really went: as planned before it began, by its log from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from matrescence.actions.lactation import lactation_in_course
from matrescence.care.mother import Mother
from matrescence.clinic.log.courses import Opened
from matrescence.clinic.planning.laid import named
from matrescence.formulary import library
from matrescence.reading import InputError

KEPT = 48


@dataclass(frozen=True, slots=True)
class Asked:
    """Feeding by the log of one course: its newest record, and the full minute up to which it is told."""

    course: str
    newest: str
    minute: datetime
    opened: Opened = field(compare=False, repr=False)


def feeding_told(opened: Opened, at: datetime) -> dict[str, Any]:
    """Every source's advice as plain data, with her name.

    Raises:
        InputError: nobody is recorded, or no plan can be made of what is known.
    """
    mother = opened.known.mother
    if mother is None:
        raise InputError("nobody is recorded in this course")
    if any(item.state.started_at is not None for item in opened.known.infusions):
        minute = at.replace(second=0, microsecond=0) + timedelta(minutes=1)  # never before the newest record
        return named(_as_given(Asked(opened.id, opened.last_hash, minute, opened)), mother)
    return named(_as_planned(replace(mother, name=""), opened.ground.drug.name, _regimen(opened)), mother)


def _regimen(opened: Opened) -> str:
    plan = opened.known.plan
    return opened.ground.drug.default_regimen if plan is None else plan.regimen


@lru_cache(maxsize=KEPT)
def _as_planned(mother: Mother, drug: str, regimen: str) -> Mapping[str, Any]:
    return lactation_in_course(mother, library.load(drug), (), now=mother.start, regimen_name=regimen).as_json()


@lru_cache(maxsize=KEPT)
def _as_given(asked: Asked) -> Mapping[str, Any]:
    opened = asked.opened
    assert opened.known.mother is not None  # checked by the caller
    states = tuple(item.state for item in opened.known.infusions)
    nobody, regimen = replace(opened.known.mother, name=""), _regimen(opened)
    return lactation_in_course(nobody, opened.ground.drug, states, now=asked.minute, regimen_name=regimen).as_json()
