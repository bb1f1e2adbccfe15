"""Forms filled by rule, and the people who sign them.  Everybody is invented."""

from __future__ import annotations

from collections.abc import Mapping

from matrescence.care.enrolment.forms import FieldKind, Form, FormField
from matrescence.care.enrolment.programme import Programme, Requirement
from matrescence.formulary.programmes import library as programmes

MOTHER = "Julia (invented)"
SETTING = "Lakeside maternal clinic (invented)"
PHARMACY = "Lakeside hospital pharmacy (invented)"
PEOPLE = {
    "nurse": "N. Silva, RN (invented)",
    "prescriber": "Dr A. Moreau (invented)",
    "pharmacist": "P. Lindqvist (invented)",
    "site-representative": "R. Okafor (invented)",
}
SETTINGS = {"setting": SETTING, "pharmacy": PHARMACY, "time_zone": "America/New_York"}
WHO_SIGNS = {
    "patient": "nurse",
    "nurse": "nurse",
    "provider": "nurse",
    "prescriber": "prescriber",
    "responsible clinician": "prescriber",
    "authorised representative": "site-representative",
    "pharmacy representative": "pharmacist",
}
"""In whose browser each role of a form signs; the patient does so in front of the nurse."""

FORMS = [
    (name, requirement.id)
    for name in programmes.names()
    for requirement in programmes.load(name).requirements.values()
    if requirement.form is not None
]
"""Every form of every programme that comes with the program."""


def of(programme: str, requirement: str) -> tuple[Programme, Requirement, Form]:
    """A programme, one of its requirements, and its form."""
    found = programmes.load(programme)
    item = found.requirements[requirement]
    return found, item, found.forms[item.form or ""]


def is_of_the_site(requirement: Requirement) -> bool:
    """Whether its paper names neither mother nor session."""
    return not {"mother", "session"} & {party.value for party in requirement.about}


def good_answer(field: FormField) -> str:
    """Something that this field allows, as it would be typed."""
    if field.kind in (FieldKind.YES_NO, FieldKind.CONFIRMED):
        return "yes"
    if field.kind is FieldKind.NUMBER:
        return f"{field.low or 1:g}"
    if field.kind is FieldKind.CHOICE:
        return field.choices[-1]
    return "2026-03-02" if field.kind is FieldKind.DATE else "as it was said"


def whole(form: Form) -> dict[str, str]:
    """The form with every field filled."""
    return {name: good_answer(field) for name, field in form.fields.items()}


def is_needed(form: Form, name: str, typed: Mapping[str, str]) -> bool:
    """Whether the form is incomplete without this field: required, or asked for by the answer to another one."""
    field = form.fields[name]
    if field.only_if is None:
        return field.required
    wanted = {True: "yes", False: "no"}.get(field.only_if.equals, field.only_if.equals)  # type: ignore[call-overload]
    return typed.get(field.only_if.field) == wanted


def posted(typed: Mapping[str, str], **more: str) -> dict[str, str]:
    """A form as a browser sends it."""
    return {**{f"field-{name}": text for name, text in typed.items()}, **more}
