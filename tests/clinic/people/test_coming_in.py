"""Logging in: slowed down against guessing, with a second factor, and never to another site."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
import re
import struct
import time
from collections.abc import Callable
from typing import Any

import pytest
from clinic_examples import PASSWORD
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.test import Client
from people.doors import rows

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def code_of(secret: str, *, ahead: int = 0) -> str:
    """The six digits of RFC 6238 for this half minute, reckoned here and not by the library under test."""
    counter = struct.pack(">Q", int(time.time()) // 30 + ahead)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def log_in(browser: Client, user: Any, password: str = PASSWORD, **more: str) -> Any:
    return browser.post(LOGIN, {"login": user.username, "password": password, **more})


def test_each_role_begins_where_it_may(person: Callable[..., Any]) -> None:
    begins = {"nurse": "/worklist/", "site-representative": "/people/", "auditor": "/audit/", "mother": "/me/"}
    for role, address in begins.items():
        assert log_in(Client(), person(role)).headers["Location"] == address


def test_a_log_in_leads_to_no_other_site(person: Callable[..., Any]) -> None:
    nurse = person("nurse")
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        assert log_in(Client(), nurse, next=target).headers["Location"] == "/worklist/"


def test_the_choice_of_a_language_leads_to_no_other_site() -> None:
    response = Client().post("/i18n/setlang/", {"language": "es", "next": "https://evil.example/"})
    assert "evil" not in response.headers["Location"]


def test_a_log_out_leads_to_no_other_site(logged_in: Callable[..., Client]) -> None:
    response = logged_in("nurse").post("/accounts/logout/", {"next": "https://evil.example/"})
    assert response.headers["Location"] == "/accounts/login/"


def test_a_wrong_name_and_a_wrong_password_sound_the_same(person: Callable[..., Any]) -> None:
    nurse = person("nurse")
    wrong = log_in(Client(), nurse, "guess").content.decode()
    unknown = Client().post(LOGIN, {"login": "nobody.here", "password": "guess"}).content.decode()
    said = [re.findall(r"<li>(.*?)</li>|<li><a[^>]*>(.*?)</a>", page)[0] for page in (wrong, unknown)]
    assert said[0] == said[1]


def test_guessing_is_slowed_down_even_with_the_right_password(person: Callable[..., Any]) -> None:
    nurse, browser = person("nurse"), Client()
    for number in range(6):
        log_in(browser, nurse, f"guess {number}")
    response = log_in(browser, nurse)
    assert response.status_code == 200 and "_auth_user_id" not in browser.session
    assert "Too many failed login attempts" in response.content.decode()
    assert rows(action="account.log-in", outcome="refused", detail="too many tries")


def test_very_many_requests_get_a_clear_page(person: Callable[..., Any]) -> None:
    browser = Client()
    answers = [browser.post(LOGIN, {"login": f"name{number}", "password": "x"}) for number in range(32)]
    assert answers[-1].status_code == 429
    assert "Too many tries" in answers[-1].content.decode() and "988" in answers[-1].content.decode()


def test_coming_in_failing_and_going_are_written_down_without_what_was_typed(person: Callable[..., Any]) -> None:
    nurse, browser = person("nurse", name="N. Urse (invented)"), Client()
    log_in(browser, nurse, "a mistyped password")
    browser.post(LOGIN, {"login": "my password typed here", "password": "x"})
    log_in(browser, nurse)
    browser.post("/accounts/logout/")
    found = [(row.who, row.outcome) for row in rows(action__startswith="account.log")]
    hers = "N. Urse (invented)"
    assert found == [(hers, "refused"), ("nobody", "refused"), (hers, "done"), (hers, "done")]
    assert not any("password typed" in f"{row.who}{row.detail}" for row in rows())


def test_after_the_log_out_the_session_is_dead(person: Callable[..., Any]) -> None:
    nurse, browser = person("nurse"), Client()
    log_in(browser, nurse)
    key = browser.session.session_key
    browser.post("/accounts/logout/")
    browser.cookies["session"] = key
    assert browser.get("/me/").status_code == 302


def test_the_session_has_another_key_after_the_log_in(person: Callable[..., Any]) -> None:
    browser = Client()
    browser.post("/i18n/setlang/", {"language": "es"})
    planted = browser.session
    planted["x"] = 1
    planted.save()
    browser.cookies["session"] = planted.session_key
    log_in(browser, person("nurse"))
    assert browser.session.session_key != planted.session_key


def test_a_session_key_carries_more_than_128_bits(person: Callable[..., Any]) -> None:
    browsers = [Client() for _ in range(20)]
    nurse = person("nurse")
    for browser in browsers:
        browser.force_login(nurse)
    keys = {browser.session.session_key for browser in browsers}
    assert len(keys) == 20 and all(len(key) * math.log2(len(VALID_KEY_CHARS)) > 128 for key in keys)


def test_every_page_of_somebody_who_is_in_has_a_log_out(logged_in: Callable[..., Client]) -> None:
    browser = logged_in("site-representative", name="R. Osei (invented)")
    for address in ("/me/", "/people/", "/audit/", "/accounts/2fa/", "/accounts/sessions/", "/nothing-here/"):
        assert 'action="/accounts/logout/"' in browser.get(address).content.decode(), address


# ---- the second factor -----------------------------------------------------------------------------------------


def with_app(browser: Client) -> str:
    """Set up an app as a person does, through the pages; the secret."""
    ask = browser.get("/accounts/2fa/app/activate/")
    browser.post(ask.headers["Location"], {"password": PASSWORD, "next": "/accounts/2fa/app/activate/"})
    page = browser.get("/accounts/2fa/app/activate/").content.decode()
    secret = re.findall(r'class="secret">([A-Z2-7]+)<', page)[0]
    done = browser.post("/accounts/2fa/app/activate/", {"code": code_of(secret)})
    assert done.headers["Location"] == "/accounts/2fa/codes/"
    return secret


def test_where_it_is_asked_for_no_page_opens_before_it_is_set_up(
    logged_in: Callable[..., Client], begun: Any, settings: Any
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    course, nurse = begun(), logged_in("nurse", name="N. Urse (invented)")
    for address in (f"/mothers/{course}/", "/worklist/", "/me/"):
        response = nurse.get(address)
        assert response.status_code == 302 and response.headers["Location"] == "/accounts/2fa/"
    assert "Until then no page about a mother opens" in nurse.get("/accounts/2fa/").content.decode()
    assert rows(stream=course, outcome="refused", detail="second factor")
    with_app(nurse)
    assert nurse.get(f"/mothers/{course}/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(logged_in: Callable[..., Client], settings: Any) -> None:
    from allauth.mfa.models import Authenticator

    from matrescence.clinic.people.models import User

    settings.REQUIRE_SECOND_FACTOR = True
    nurse = logged_in("nurse", name="N. Urse (invented)")
    user = User.objects.get(name="N. Urse (invented)")
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
    assert nurse.get("/me/").status_code == 302


def test_with_an_app_the_password_alone_lets_nobody_in(
    person: Callable[..., Any], django_capture_on_commit_callbacks: Any
) -> None:
    nurse, browser = person("nurse", name="N. Urse (invented)"), Client()
    log_in(browser, nurse)
    with django_capture_on_commit_callbacks(execute=True):
        secret = with_app(browser)
    other = Client()
    assert log_in(other, nurse).headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert other.get("/me/").status_code == 302
    wrong = other.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200 and "_auth_user_id" not in other.session
    other.post("/accounts/2fa/authenticate/", {"code": code_of(secret, ahead=1)})
    assert other.get("/me/").status_code == 200
    details = [row.detail for row in rows(action="account.second-factor")]
    assert "added totp" in details and "code" in details and "used totp" in details


def test_how_she_logs_in_is_changed_only_after_saying_again_who_she_is(logged_in: Callable[..., Client]) -> None:
    nurse = logged_in("nurse", name="N. Urse (invented)")
    for address in ("/accounts/2fa/app/activate/", "/accounts/2fa/keys/add/", "/accounts/2fa/codes/new/"):
        assert nurse.get(address).headers["Location"].startswith("/accounts/reauthenticate/"), address


def test_every_page_of_the_second_factor_works(logged_in: Callable[..., Client]) -> None:
    nurse = logged_in("nurse", name="N. Urse (invented)")
    with_app(nurse)
    for address in ("", "app/deactivate/", "codes/", "codes/new/", "keys/", "keys/add/", "reauthenticate/"):
        page = nurse.get(f"/accounts/2fa/{address}")
        assert page.status_code == 200 and page.content.decode().count("<h1") == 1, address
    assert 'href="/accounts/sessions/"' in nurse.get("/accounts/2fa/").content.decode()  # to end the others
    assert nurse.get("/accounts/2fa/codes/download/").headers["Content-Type"].startswith("text/plain")
    nurse.post("/accounts/2fa/app/deactivate/")
    assert "You have none yet" in nurse.get("/accounts/2fa/").content.decode()


# ---- the password and the sessions -----------------------------------------------------------------------------


def test_a_changed_password_ends_every_other_session(person: Callable[..., Any]) -> None:
    nurse, here, there = person("nurse", name="N. Urse (invented)"), Client(), Client()
    log_in(here, nurse)
    log_in(there, nurse)
    new = "four calm herons wade"
    here.post("/accounts/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert here.get("/me/").status_code == 200 and there.get("/me/").status_code == 302
    assert rows(action="account.password", who="N. Urse (invented)")


def test_she_sees_where_she_is_logged_in_and_ends_the_others(person: Callable[..., Any]) -> None:
    nurse, here, there = person("nurse", name="N. Urse (invented)"), Client(), Client()
    log_in(here, nurse)
    log_in(there, nurse)
    page = here.get("/accounts/sessions/").content.decode()
    assert page.count("<tr>") == 3 and page.count("this one") == 1
    asked = here.post("/accounts/sessions/")
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/") and there.get("/me/").status_code == 200
    here.post(asked.headers["Location"], {"password": PASSWORD, "next": "/accounts/sessions/"})
    assert here.get("/me/").status_code == 200 and there.get("/me/").status_code == 302
