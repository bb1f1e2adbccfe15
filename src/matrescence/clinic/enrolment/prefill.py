"""What may honestly stand in a form before anybody has typed: what does not change from one time to the next.

Nothing that somebody confirms, measures or answers about one session is carried over: it has to be looked at anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from matrescence.care.enrolment.forms import FieldKind, Form
from matrescence.care.enrolment.programme import Party, Requirement, Timing
from matrescence.care.enrolment.records import Record
from matrescence.clinic.enrolment.answers import typed_of
from matrescence.clinic.templatetags.clinic import calendar_day

NAMES = {"patient_name": Party.MOTHER, "setting_name": Party.SETTING, "pharmacy_name": Party.PHARMACY}
"""Fields that ask for a name that is known already."""


def prefilled(
    form: Form, requirement: Requirement, about: Mapping[Party, str], earlier: Sequence[Record]
) -> tuple[dict[str, str], dict[str, str]]:
    """The typed text and the note of each field that is filled in beforehand, by the field's name."""
    typed, notes = {}, {}
    before = earlier[-1] if earlier else None
    if before is not None:
        lasting = [name for name in _lasting(form, requirement) if name in before.answers]
        carried = typed_of({name: before.answers[name] for name in lasting})
        note = _("Filled in from the form of %(day)s (%(id)s). Look whether it is still true.") % {
            "day": calendar_day(before.at.date()),
            "id": before.id,
        }
        typed |= carried
        notes |= dict.fromkeys(carried, note)
    for name, party in NAMES.items():
        if name in form.fields and about.get(party):
            typed[name], notes[name] = about[party], _("Filled in from what is known here.")
    return typed, notes


def _lasting(form: Form, requirement: Requirement) -> list[str]:
    """The fields whose answer may still be true.  What became due tells of one session: nothing of it is carried."""
    if requirement.timing is Timing.DUE_AFTER:
        return []
    kinds = {FieldKind.TEXT, FieldKind.CHOICE}
    if Party.SESSION not in requirement.about:
        kinds |= {FieldKind.DATE}
    return [name for name, field in form.fields.items() if field.kind in kinds and field.only_if is None]
