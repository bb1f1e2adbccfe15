"""Every address of the clinic, room by room, in the order of the journey."""

from __future__ import annotations

from pathlib import Path

from django.urls import include, path

ROOMS = (
    "welcome",
    "worklist",
    "mother",
    "assessment",
    "eligibility",
    "enrolment",
    "planning",
    "infusion",
    "lactation",
    "recovery",
    "site",
    "people",
    "own",
)

HERE = Path(__file__).resolve().parent

urlpatterns = [
    path("accounts/", include("matrescence.clinic.people.account_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    *(path("", include(f"matrescence.clinic.{room}.urls")) for room in ROOMS if (HERE / room / "urls.py").exists()),
]

handler400 = "matrescence.clinic.failures.bad_request"
handler403 = "matrescence.clinic.failures.denied"
handler404 = "matrescence.clinic.failures.not_found"
handler500 = "matrescence.clinic.failures.broken"
