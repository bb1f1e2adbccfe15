"""Who may sign where a form asks for a signature: the logged-in person, with her name, in her role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from matrescence.care.enrolment.forms import Form
from matrescence.care.people import reads_as
from matrescence.clinic.said import said

PATIENT = "patient"
"""She has no account: she writes her own name, in front of a person who is logged in."""

SIGNERS: Mapping[str, tuple[str, ...]] = {
    "prescriber": ("prescriber",),
    "responsible clinician": ("prescriber",),
    "provider": ("nurse", "prescriber"),
    "nurse": ("nurse",),
    "authorised representative": ("site-representative",),
    "pharmacy representative": ("pharmacist",),
}
"""The roles of this clinic that may sign for a role a form names; a role that is not here nobody signs for."""


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature on a draft: for which role, by whom, when, and on exactly which answers.

    ``person`` is the account that gave it; for the mother's own it is the account of the witness.
    """

    role: str
    name: str
    person: int
    at: datetime
    digest: str

    def as_json(self) -> dict[str, Any]:
        """As a draft keeps it."""
        return {
            "role": self.role,
            "name": self.name,
            "person": self.person,
            "at": self.at.isoformat(),
            "digest": self.digest,
        }


def signed_from(rows: Iterable[Mapping[str, Any]]) -> tuple[Signed, ...]:
    """The signatures that a draft keeps."""
    return tuple(Signed(**{**row, "at": datetime.fromisoformat(row["at"])}) for row in rows)


def still_needed(form: Form, signed: Sequence[Signed]) -> tuple[str, ...]:
    """The roles of the form that nobody has signed for, in its order."""
    given = {item.role for item in signed}
    return tuple(role for role in form.signatures if role not in given)


def against_signing(role: str, form: Form, signed: Sequence[Signed], roles: Sequence[str], person: int) -> str:
    """Why this person may not sign for this role now; empty when she may.

    A form that needs several signatures needs several people; a witness of the mother's signature may be one of them.
    """
    if role not in form.signatures:
        return _("This form does not ask for a signature of the %(role)s.") % {"role": said(role)}
    if role not in still_needed(form, signed):
        return _("The %(role)s has signed already.") % {"role": said(role)}
    if role == PATIENT:
        return ""
    if not set(SIGNERS.get(role, ())) & set(roles):
        return _("Only a person with the role %(wanted)s signs as %(role)s.") % {
            "wanted": _(" or ").join(map(said, SIGNERS.get(role, ("–",)))),
            "role": said(role),
        }
    if any(item.person == person and item.role != PATIENT for item in signed):
        return _("You have signed this form already; the %(role)s is another person.") % {"role": said(role)}
    return ""


def mothers_signature(typed: str, mother: str, witness: str) -> str | None:
    """Her signature as the record holds it, with its witness; ``None`` where what was typed is not her name."""
    if reads_as(typed) != reads_as(mother):
        return None
    return f"{mother}, before {witness}"
