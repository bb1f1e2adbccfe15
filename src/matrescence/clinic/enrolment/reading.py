"""One paper as it was signed, for people to read."""

from __future__ import annotations

from dataclasses import dataclass

from matrescence.care.enrolment.forms import Form
from matrescence.care.enrolment.programme import Requirement
from matrescence.care.enrolment.records import Record, Revocation
from matrescence.clinic.enrolment.answers import shown
from matrescence.clinic.enrolment.desk import Desk, taken_back


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """A record with its questions beside its answers."""

    record: Record
    requirement: Requirement
    form: Form | None
    answers: tuple[tuple[str, str, str], ...]
    back: Revocation | None
    can_be_taken_back: bool


def read_record(desk: Desk, found: Record) -> ReadRecord:
    """The record; it can be taken back where it was filed, once, and never what the infusion's own log saw."""
    requirement = desk.programme.requirements[found.requirement]
    form = None if requirement.form is None else desk.programme.forms[requirement.form]
    fields = {} if form is None else form.fields
    answers = tuple(
        (fields[name].prompt if name in fields else name, shown(answer), fields[name].unit if name in fields else "")
        for name, answer in found.answers.items()
    )
    back = taken_back(desk).get(found.id)
    can = back is None and desk.holds(requirement) and not requirement.ends_session
    return ReadRecord(found, requirement, form, answers, back, can)
