"""A programme that contradicts itself is refused when it is built."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matrescence.care.enrolment.programme import Party, Programme, Status, Timing, Waiver
from matrescence.formulary.programmes import library

ZULRESSO = library.load("zulresso")


def changed(name: str, **changes: object) -> dict[str, object]:
    requirements = dict(ZULRESSO.requirements)
    requirements[name] = replace(requirements[name], **changes)
    return {"requirements": requirements}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        (changed("setting.training", code="C1"), "not in the list of requirement codes"),
        (changed("patient.enrolment", form="lost"), "no form 'lost'"),
        (changed("setting.training", follows=("lost",)), "no requirement 'lost'"),
        (changed("setting.training", follows=("patient.enrolment",)), "somebody this requirement is not about"),
        (changed("setting.training", about=()), "about nobody"),
        (changed("setting.representative", follows=("setting.enrolment",)), "follows itself in a circle"),
        (changed("setting.audit", after=None), "names what it comes after"),
        (changed("setting.audit", within_days=None), "names what it comes after"),
        (changed("setting.audit", after="lost"), "no requirement 'lost'"),
        (changed("session.monitoring", ends_session=True), "only an event about a session"),
        (changed("setting.first-order", ends_session=True), "only an event about a session"),
        (changed("patient.enrolment", waived=Waiver("setting.training", "x", "y")), "no form of 'setting.training'"),
        (changed("patient.enrolment", waived=Waiver("setting.enrolment", "x", "y")), "has a field 'x'"),
        (changed("patient.enrolment", waived=Waiver("lost", "x", "y")), "no requirement 'lost'"),
    ],
)
def test_a_contradiction_is_refused(changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        replace(ZULRESSO, **changes)


@pytest.mark.rule("enrolment.historical")
def test_a_historical_programme_without_a_signed_acknowledgement_per_session_cannot_be_built() -> None:
    unsigned = {
        **ZULRESSO.forms,
        "withdrawal-acknowledged": replace(ZULRESSO.forms["withdrawal-acknowledged"], signatures=()),
    }
    for changes, complaint in (
        ({"acknowledgement": None}, "needs an acknowledgement"),
        (changed("prescriber.withdrawal", timing=Timing.SHOWN), "needs an acknowledgement"),
        (changed("prescriber.withdrawal", form=None), "needs an acknowledgement"),
        ({"forms": unsigned}, "must be signed"),
        (changed("prescriber.withdrawal", about=(Party.MOTHER,)), "must be about one session"),
    ):
        with pytest.raises(ValueError, match=complaint):
            replace(ZULRESSO, **changes)


def test_a_programme_in_force_needs_no_acknowledgement() -> None:
    in_force: Programme = replace(ZULRESSO, status=Status.IN_FORCE, acknowledgement=None)
    assert in_force.acknowledgement is None
