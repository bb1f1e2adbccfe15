"""The site's representative makes accounts; a name stands for one person for ever; somebody is always left to do it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from clinic_examples import PASSWORD
from django.test import Client
from people.doors import rows

pytestmark = pytest.mark.django_db
REP = "site-representative"
NEW = {"user_name": "nina.silva", "name": "N. Silva, RN (invented)", "roles": ["nurse"]}
GOOD = "four calm herons wade"


@pytest.fixture
def rep(logged_in: Callable[..., Client]) -> Client:
    return logged_in(REP, name="R. Osei (invented)")


def account(**asked: Any) -> Any:
    from matrescence.clinic.people.models import User

    return User.objects.get(**asked)


def made(rep: Client) -> str:
    """Make Nina's account; the address of the link for her password."""
    response = rep.post("/people/new/", NEW, follow=True)
    return re.findall(r"http://testserver(/me/password/[^<\s]+)", response.content.decode())[0]


def test_an_account_begins_without_a_password_and_its_link_is_shown_once(rep: Client) -> None:
    address = made(rep)
    nina = account(username="nina.silva")
    assert not nina.has_usable_password() and nina.roles == ["nurse"]
    again = rep.get(f"/people/{nina.pk}/link/").content.decode()
    assert address not in again and "not shown again" in again
    assert rows(action="people.manage", outcome="done", detail="made nina.silva: nurse")


def test_the_link_sets_a_password_once(rep: Client) -> None:
    address, browser = made(rep), Client()
    page = browser.get(address, follow=True)
    assert "Set your password" in page.content.decode()
    form = page.redirect_chain[-1][0]
    weak = browser.post(form, {"new_password1": "password1234", "new_password2": "password1234"})
    assert weak.status_code == 200 and "too common" in weak.content.decode()
    browser.post(form, {"new_password1": GOOD, "new_password2": GOOD})
    assert browser.login(username="nina.silva", password=GOOD)
    assert "does not work any more" in Client().get(address, follow=True).content.decode()
    assert rows(action="account.password", who="N. Silva, RN (invented)", detail="set through a link")


def test_a_newer_link_kills_the_older_the_password_and_the_sessions(
    rep: Client, logged_in: Callable[..., Client]
) -> None:
    old, nina = made(rep), account(username="nina.silva")
    nina.set_password(PASSWORD)
    nina.save()
    hers = logged_in(name=nina.name)
    assert hers.get("/me/").status_code == 200
    rep.post(f"/people/{nina.pk}/new-link/")
    assert hers.get("/me/").status_code == 302
    assert not Client().login(username="nina.silva", password=PASSWORD)
    assert "does not work any more" in Client().get(old, follow=True).content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": "n. silva, rn (INVENTED)"}, "Somebody has this name already"),
        ({"name": "  "}, "Write the full name"),
        ({"name": "N.\u202eSilva"}, "Write the full name"),
        ({"user_name": "NINA.silva"}, "This user name is taken"),
        ({"user_name": "nina silva"}, "Use letters, digits"),
        ({"roles": []}, "Choose at least one role"),
        ({"roles": ["mother"]}, "Choose at least one role"),
        ({"roles": ["superuser"]}, "Choose at least one role"),
    ],
)
def test_a_wrong_account_is_not_made_and_what_was_typed_stays(rep: Client, changed: dict[str, Any], said: str) -> None:
    from matrescence.clinic.people.models import User

    rep.post("/people/new/", NEW)
    before = User.objects.count()
    typed = {**NEW, "user_name": "other", "name": "O. Ther (invented)", **changed}
    response = rep.post("/people/new/", typed)
    assert response.status_code == 422 and said in response.content.decode()
    assert User.objects.count() == before
    assert f'value="{typed["user_name"]}"' in response.content.decode()


def test_the_last_representative_can_be_removed_by_nobody_herself_included(
    rep: Client, logged_in: Callable[..., Client]
) -> None:
    osei = account(name="R. Osei (invented)")
    taken = rep.post(f"/people/{osei.pk}/roles/", {"roles": ["auditor"]})
    closed = rep.post(f"/people/{osei.pk}/deactivate/")
    assert taken.status_code == closed.status_code == 422
    assert "last site representative" in taken.content.decode()
    logged_in(REP, name="S. Econd (invented)")
    assert rep.post(f"/people/{osei.pk}/roles/", {"roles": ["auditor"]}).status_code == 302
    assert rep.get("/people/").status_code == 403


def test_a_closed_representative_does_not_count_as_one(rep: Client, logged_in: Callable[..., Client]) -> None:
    logged_in(REP, name="S. Econd (invented)")
    second, osei = account(name="S. Econd (invented)"), account(name="R. Osei (invented)")
    rep.post(f"/people/{second.pk}/deactivate/")
    assert rep.post(f"/people/{osei.pk}/deactivate/").status_code == 422


def test_roles_hold_from_the_next_request_on(rep: Client, logged_in: Callable[..., Client], begun: Any) -> None:
    course, hers = begun(), logged_in("nurse", name="N. Urse (invented)")
    nurse = account(name="N. Urse (invented)")
    assert hers.get(f"/mothers/{course}/").status_code == 200
    rep.post(f"/people/{nurse.pk}/roles/", {"roles": ["auditor"]})
    assert "/break-glass/" in hers.get(f"/mothers/{course}/").headers["Location"]
    assert rows(action="people.manage", detail=f"{nurse.username}: nurse -> auditor")


def test_a_closed_account_is_out_at_once_and_comes_back_with_its_roles(
    rep: Client, logged_in: Callable[..., Client]
) -> None:
    hers = logged_in("nurse", name="N. Urse (invented)")
    nurse = account(name="N. Urse (invented)")
    rep.post(f"/people/{nurse.pk}/deactivate/")
    assert hers.get("/me/").status_code == 302
    response = Client().post("/accounts/login/", {"login": nurse.username, "password": PASSWORD})
    assert "_auth_user_id" not in response.client.session
    rep.post(f"/people/{nurse.pk}/reactivate/")
    assert Client().login(username=nurse.username, password=PASSWORD)
    assert account(pk=nurse.pk).roles == ["nurse"]


def test_all_sessions_of_an_account_end_and_the_others_stay(rep: Client, logged_in: Callable[..., Client]) -> None:
    one = logged_in("nurse", name="N. Urse (invented)")
    two = logged_in("nurse", name="N. Urse (invented)")
    rep.post(f"/people/{account(name='N. Urse (invented)').pk}/end-sessions/")
    assert [browser.get("/me/").status_code for browser in (one, two, rep)] == [302, 302, 200]


def test_a_new_second_factor_is_asked_for(rep: Client, logged_in: Callable[..., Client], settings: Any) -> None:
    from allauth.mfa.models import Authenticator

    hers = logged_in("nurse", name="N. Urse (invented)")
    nurse = account(name="N. Urse (invented)")
    Authenticator.objects.create(user=nurse, type=Authenticator.Type.TOTP, data={"secret": "A" * 16})
    settings.REQUIRE_SECOND_FACTOR = True
    Authenticator.objects.create(
        user=account(name="R. Osei (invented)"), type=Authenticator.Type.TOTP, data={"secret": "B" * 16}
    )
    assert hers.get("/me/").status_code == 200
    rep.post(f"/people/{nurse.pk}/second-factor/")
    assert not Authenticator.objects.filter(user=nurse).exists()
    assert hers.get("/me/").status_code == 302


def test_there_is_no_way_to_sign_up_or_to_reset_by_mail() -> None:
    for path in ("signup/", "email/", "password/reset/", "confirm-email/", "login/code/", "phone/change/", ""):
        assert Client().get(f"/accounts/{path}").status_code == 404, path


def test_her_own_page_says_who_she_is_here(logged_in: Callable[..., Client]) -> None:
    page = logged_in("nurse", "auditor", name="N. Urse (invented)").get("/me/").content.decode()
    for said in ("N. Urse (invented)", "Nurse", "Auditor", "does not ask for a second factor", "5 minutes"):
        assert said in page
