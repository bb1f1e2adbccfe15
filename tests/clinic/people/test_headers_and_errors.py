"""Every answer carries its headers, errors and files too; an error tells nothing; the installation checks itself."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from clinic_examples import NOW
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import get_resolver
from people.doors import records

pytestmark = pytest.mark.django_db
CLINIC = Path(apps.get_app_config("people").path).parent
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def policy(response: Any) -> dict[str, str]:
    """The content security policy, part by part."""
    parts = (part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def answers(logged_in: Callable[..., Client], course: str) -> dict[str, Any]:
    """One answer of each kind."""
    nurse, strict = logged_in("nurse", name="N. Urse (invented)"), Client(enforce_csrf_checks=True)
    file = Client().get("/static/clinic/clinic.css")
    assert b":root" in b"".join(file.streaming_content)
    return {
        "her page": nurse.get(f"/mothers/{course}/"),
        "log-in": Client().get("/accounts/login/"),
        "redirect": Client().get("/me/"),
        "refused": nurse.get("/people/"),
        "not found": nurse.get("/nothing/"),
        "csrf": strict.post("/accounts/login/", {}),
        "host": Client().get("/accounts/login/", headers={"host": "evil.example"}),
        "too large": nurse.post("/accounts/logout/", {"x": "y" * 1_100_000}),
        "file": file,
    }


def test_every_answer_carries_its_headers(logged_in: Callable[..., Client], begun: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    for name, response in answers(logged_in, begun()).items():
        assert {header: response.headers.get(header) for header in EXPECTED} == EXPECTED, name
        rules = policy(response)
        assert rules["default-src"] == "'none'" and rules["frame-ancestors"] == "'none'", name
        assert rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'", name
        assert "unsafe" not in response.headers["Content-Security-Policy"], name
        assert "camera=()" in response.headers["Permissions-Policy"], name


def test_nothing_is_kept_by_a_browser_but_the_files_of_the_program(
    logged_in: Callable[..., Client], begun: Any
) -> None:
    for name, response in answers(logged_in, begun()).items():
        kept = response.headers.get("Cache-Control", "")
        assert "public" in kept if name == "file" else "no-store" in kept, name


def test_errors_are_pages_of_the_house_and_tell_nothing(
    logged_in: Callable[..., Client], begun: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    found = answers(logged_in, begun())
    assert [found[name].status_code for name in ("refused", "not found", "csrf", "host", "too large")] == [
        403, 404, 403, 400, 400,
    ]  # fmt: skip
    for name in ("refused", "not found", "csrf", "host", "too large"):
        page = found[name].content.decode()
        assert page.count("<h1>") == 1 and "/static/clinic/clinic.css" in page and "988" in page, name
        assert not re.search(r"Traceback|Django|Exception|/src/|evil\.example", page), name


def test_the_last_page_needs_neither_the_database_nor_a_person(django_assert_num_queries: Any) -> None:
    from django.http import HttpRequest

    from matrescence.clinic.failures import bad_request, broken

    with django_assert_num_queries(0):
        for page in (broken(HttpRequest()), bad_request(HttpRequest())):
            assert "988" in page.content.decode()


def test_too_many_fields_are_refused(logged_in: Callable[..., Client], begun: Any) -> None:
    course, nurse = begun(), logged_in("nurse", name="N. Urse (invented)")
    assert nurse.post("/accounts/logout/", {f"f{number}": "" for number in range(1001)}).status_code == 400
    assert records(course) == ["mother-recorded"]


def test_a_form_from_elsewhere_writes_nothing(person: Callable[..., Any], begun: Any) -> None:
    course, browser = begun(), Client(enforce_csrf_checks=True)
    browser.force_login(person("site-representative", name="R. Osei (invented)"))
    response = browser.post("/people/new/", {"user_name": "x", "name": "X. Yz (invented)", "roles": ["nurse"]})
    assert response.status_code == 403 and "too old" in response.content.decode()
    assert records(course) == ["mother-recorded"]


def test_no_template_needs_a_script_or_a_style_inside_it() -> None:
    """What the policy would block: a script with code in the page, a style, an on... attribute."""
    for file in (CLINIC / "templates").rglob("*.html"):
        text = file.read_text("utf-8")
        for script in re.findall(r"<script\b[^>]*>", text):
            assert "src=" in script or 'type="application/json"' in script, f"{file.name}: {script}"
        assert not re.search(r"<style\b|\sstyle=|\son(click|load|submit|change|input)=|javascript:", text), file.name


def test_no_script_keeps_anything_in_the_browser() -> None:
    for file in (CLINIC / "static" / "clinic").glob("*.js"):
        text = file.read_text("utf-8")
        assert not re.search(r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.", text), file.name


def test_messages_are_kept_with_the_session_and_not_in_a_cookie(logged_in: Callable[..., Client]) -> None:
    rep = logged_in("site-representative", name="R. Osei (invented)")
    rep.post("/people/new/", {"user_name": "n", "name": "N. Silva (invented)", "roles": ["nurse"]})
    rep.post("/accounts/sessions/")
    assert set(rep.cookies) <= {"session", "csrf"}


def test_there_is_no_admin_site() -> None:
    assert not apps.is_installed("django.contrib.admin")
    assert not any("admin" in str(pattern.pattern) for pattern in get_resolver().url_patterns)
    assert Client().get("/admin/").status_code == 404


@pytest.mark.parametrize("statement", ["UPDATE log_event SET kind = 'x'", "DELETE FROM log_audit"])
def test_whoever_reaches_the_database_through_the_program_changes_no_record(begun: Any, statement: str) -> None:
    from matrescence.clinic.people.audit import note

    begun()
    note(at=NOW, who="x", role="-", action="mother.view", outcome="read")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# ---- what goes to the console ------------------------------------------------------------------------------------


def told(message: str, *args: object, error: Exception | None = None) -> str:
    """A message as the console shows it."""
    from matrescence.clinic.people.quiet_log import QuietFormatter

    try:
        if error is not None:
            raise error
        raised = None
    except ValueError:
        raised = sys.exc_info()
    record = logging.LogRecord("django.request", logging.ERROR, "x.py", 1, message, args, raised)
    return QuietFormatter("%(levelname)s %(name)s %(message)s").format(record)


def test_a_line_of_the_console_cannot_be_made_up_from_outside() -> None:
    assert told("Not Found: %s", "/x\r\nERROR forged") == "ERROR django.request Not Found: /x\\r\\nERROR forged"


def test_no_secret_of_a_link_goes_to_the_console() -> None:
    assert told("Gone: %s", "/s/kH3x-secret/2/") == "ERROR django.request Gone: /s/…"
    assert "secret" not in told("Not Found: %s", "/me/password/MQ/secret/")


def test_an_exception_tells_its_kind_and_place_and_not_what_was_typed() -> None:
    said = told("Internal Server Error: %s", "/mothers/x/", error=ValueError("mood of Julia: 27"))
    assert "ValueError" in said and "test_headers_and_errors.py" in said and "Julia" not in said


def test_the_console_of_an_installation_is_told_so() -> None:
    from django.conf import settings

    assert settings.LOGGING["formatters"]["line"]["()"].endswith("QuietFormatter")
    assert settings.LOGGING["root"]["handlers"] == ["console"]


# ---- as it is installed ----------------------------------------------------------------------------------------

REAL = """
import django
from django.conf import settings
from django.core.management import call_command
django.setup()
call_command("check", "--deploy", "--fail-level", "WARNING")
names = [
    "DEBUG", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "REQUIRE_SECOND_FACTOR", "ALLOWED_HOSTS",
    "SECURE_HSTS_SECONDS",
]
print([getattr(settings, name) for name in names])
"""


def installed(home: Path, **told: str) -> str:
    """What the settings are in a process of their own, as an installation has them."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("MATRESCENCE_", "DJANGO_"))},
        "MATRESCENCE_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "matrescence.clinic.settings",
        **told,
    }
    done = subprocess.run([sys.executable, "-c", REAL], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_the_check_of_a_deployment_finds_nothing(tmp_path: Path) -> None:
    said = installed(tmp_path, MATRESCENCE_HOSTS="clinic.example")
    assert said == str(
        [False, "__Host-session", True, True, "Lax", "__Host-csrf", True, True, True, ["clinic.example"], 31_536_000]
    )
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_the_second_factor_is_on_unless_it_is_a_demonstration_or_said_so() -> None:
    from matrescence.clinic.config import read_config

    told = {
        (): True,
        (("MATRESCENCE_DEMO", "1"),): False,
        (("MATRESCENCE_HTTPS", "0"),): False,
        (("MATRESCENCE_SECOND_FACTOR", "0"),): False,
        (("MATRESCENCE_HTTPS", "0"), ("MATRESCENCE_SECOND_FACTOR", "1")): True,
    }
    assert {said: read_config(dict(said)).second_factor for said in told} == told


def test_plain_http_is_sent_on_to_https_with_the_headers(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/accounts/login/")
    assert response.headers["Location"] == "https://testserver/accounts/login/"
    assert response.headers["Content-Security-Policy"]


def test_a_forwarded_header_of_anybody_is_not_believed(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/accounts/login/", headers={"x-forwarded-proto": "https"}).status_code == 301
