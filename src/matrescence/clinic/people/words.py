"""The roles in words, as a choice in a form."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

ROLE_NAMES = {
    "nurse": (_("Nurse"), _("watches, runs and documents infusions; assesses; hands over")),
    "prescriber": (
        _("Prescriber"),
        _("decides on eligibility and plan; runs infusions; answers the bedside"),
    ),
    "pharmacist": (_("Pharmacist"), _("reads plans, confirms dose and pump, files papers")),
    "coordinator": (_("Coordinator"), _("books, begins courses, files papers, follows costs")),
    "site-representative": (_("Site representative"), _("certifies the site, makes accounts, reads the audit")),
    "auditor": (_("Auditor"), _("reads the audit; opens a record only with a reason")),
    "mother": (_("Mother"), _("answers her own questions through her own link")),
}


def role_words(names: Iterable[str], chosen: Iterable[str]) -> list[tuple[str, object, object, bool]]:
    """Each role with its name, what it is for, and whether it is chosen."""
    held = set(chosen)
    return [(name, *ROLE_NAMES[name], name in held) for name in names]
