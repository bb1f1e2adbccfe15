"""The role x action matrix, cell by cell over HTTP: every address, every role, each answer written down."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import timedelta
from importlib.resources import files
from itertools import combinations
from typing import Any

import pytest
from clinic_examples import NOW
from django.test import Client
from django.urls import reverse
from people.addresses import ABSENT, BODIES, PUBLIC, PUBLIC_ROOMS, Address, World, addresses, guarded

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.log.models import Audit

pytestmark = pytest.mark.django_db

TABLE = tomllib.loads(files("matrescence.clinic.people").joinpath("roles.toml").read_text("utf-8"))
ROLES: list[str] = TABLE["roles"]
CELLS: dict[str, dict[str, str]] = {name: dict(zip(ROLES, row, strict=True)) for name, row in TABLE["may"].items()}
STRENGTH = ("yes", "own", "glass", "-")
METHODS = {"GET": 0, "POST": 1}


@pytest.fixture
def world(begun: Callable[..., str], person: Callable[..., Any]) -> World:
    """One course, a link of hers, a request for a consultation, and one person to be managed who is nobody else's."""
    from matrescence.clinic.own.tokens import make_link
    from matrescence.clinic.welcome.models import ConsultationRequest

    course = begun()
    link = make_link(
        course,
        purpose="screening",
        scales=["gad7"],
        language="en",
        made_by="N. Silva, RN (invented)",
        at=NOW,
        valid_for=timedelta(days=7),
    )
    asked = ConsultationRequest.objects.create(key="k", name="M. Other (invented)", asked_at=NOW)
    return World(course, person("pharmacist", name="P. Aalto (invented)").pk, link.link.pk, asked.pk)


def answer(browser: Client, method: str, address: Address, world: World) -> str:
    """What the door says: ``yes``, ``glass``, ``-``, or ``log in``; the view's own answer does not matter here."""
    url = address.url(world)
    body = BODIES.get(address.name, {})
    response = browser.get(url) if method == "GET" else browser.post(url, body)
    assert response.status_code != 500, f"{method} {url} is broken"
    assert response.status_code != 404 or address.name in ABSENT, (
        f"{method} {url}: nothing there; say in addresses.py what it takes"
    )
    target = response.headers.get("Location", "")
    if response.status_code == 302 and target.startswith("/accounts/login/"):
        return "log in"
    if response.status_code == 302 and "/break-glass/?" in target:
        return "glass"
    return "-" if response.status_code == 403 else "yes"


def seen(browser: Client, address: Address, method: str, world: World) -> tuple[str, Any]:
    """The answer, and the one row that was written for it."""
    before = Audit.objects.count()
    said = answer(browser, method, address, world)
    action = address.actions[METHODS[method]] if address.actions else ""
    rows = [row for row in Audit.objects.order_by("seq")[before:] if row.action == action]
    assert rows, f"{method} {address.name}: no row says that {action} was asked for"
    return said, rows[-1]


def asked_of(action: str) -> list[tuple[Address, str]]:
    """Every address and method that asks for this action.  One action for both methods is asked by both."""
    found = []
    for address in guarded():
        reading, writing = address.actions or ("", "")
        found += [(address, "GET")] if reading == action else []
        found += [(address, "POST")] if writing == action else []
    return found


@pytest.mark.rule("clinic.roles")
@pytest.mark.hazard("seen-by-the-wrong-person")
@pytest.mark.parametrize("action", CELLS)
def test_every_role_gets_what_its_cell_says(
    action: str, world: World, logged_in: Callable[..., Client], person: Callable[..., Any]
) -> None:
    """Each role alone, at each address of the action.  A mother's ``own`` opens nothing to an account of that role."""
    for role, cell in CELLS[action].items():
        browser = logged_in(role, name=f"{role} of {action} (invented)")
        for address, method in asked_of(action):
            said, row = seen(browser, address, method, world)
            expected = "-" if cell == "own" or (cell == "glass" and "course_id" not in address.takes) else cell
            assert said == expected, f"{role} x {action} at {method} {address.name}: {said}, the file says {cell}"
            assert row.who == f"{role} of {action} (invented)"
            assert (row.outcome == "refused") if said != "yes" else row.role == role
            browser = logged_in(role, name=f"{role} of {action} (invented)") if method == "POST" else browser


@pytest.mark.parametrize("action", CELLS)
def test_nobody_and_a_closed_account_are_sent_to_the_log_in(
    action: str, world: World, person: Callable[..., Any]
) -> None:
    everything = person(*ROLES, name="E. Verything (invented)")
    closed = Client()
    closed.force_login(everything)
    everything.is_active = False
    everything.save()
    for address, method in asked_of(action):
        for browser in (Client(), closed):
            said, row = seen(browser, address, method, world)
            assert said == "log in", f"{action} at {method} {address.name}"
            assert (row.who, row.outcome) == ("nobody", "refused")


@pytest.mark.parametrize("pair", list(combinations(ROLES[:-1], 2)), ids=" and ".join)
def test_of_two_roles_the_stronger_cell_holds(
    pair: tuple[str, str], world: World, logged_in: Callable[..., Client]
) -> None:
    browser = logged_in(*pair, name="T. Wohats (invented)")
    for action, row in CELLS.items():
        reads = [address for address, method in asked_of(action) if method == "GET"]
        for address in reads[:1]:
            cell = min((row[role] for role in pair), key=STRENGTH.index)
            expected = "-" if cell == "own" or (cell == "glass" and "course_id" not in address.takes) else cell
            assert answer(browser, "GET", address, world) == expected, f"{pair} x {action}"


@pytest.mark.parametrize("action", CELLS)
def test_a_broken_glass_opens_what_the_file_says_and_nothing_else(
    action: str, world: World, logged_in: Callable[..., Client], begun: Callable[..., str]
) -> None:
    reason = {"reason": "Asked by the ward at night: she is my patient elsewhere."}
    for role, cell in CELLS[action].items():
        if "glass" not in {row[role] for row in CELLS.values()}:
            continue
        browser = logged_in(role, name=f"{role} with a reason (invented)")
        browser.post(f"/mothers/{world.course_id}/break-glass/", reason)
        for address, method in asked_of(action):
            if "course_id" in address.takes:
                opened = answer(browser, method, address, world)
                assert opened == ("yes" if cell in {"yes", "glass"} else "-"), f"{role} x {action} at {address.name}"


# ---- a mother, through a link of her own -----------------------------------------------------------------------

PURPOSES = {"assessment.answer": "screening", "lactation.view": "handout", "cost.view": "handout"}
"""For which action a link is made.  An ``own`` cell without a line here has no page of hers yet."""


def her_browser(course: str, purpose: str) -> tuple[Client, str]:
    """Her telephone, on which she has opened a link for this purpose; and the address of the link."""
    from matrescence.clinic.own.tokens import make_link

    scales = ["gad7"] if purpose == "screening" else []
    made = make_link(
        course,
        purpose=purpose,
        scales=scales,
        language="en",
        made_by="N. Silva, RN (invented)",
        at=now(),
        valid_for=timedelta(days=7),
    )
    browser = Client()
    browser.post(f"/s/{made.token}/")
    return browser, made.token


@pytest.mark.rule("clinic.link")
@pytest.mark.hazard("seen-by-the-wrong-person")
@pytest.mark.parametrize("action", [name for name, row in CELLS.items() if row["mother"] == "own"])
def test_her_own_link_opens_what_the_file_calls_her_own_and_no_other_link_does(action: str, begun: Any) -> None:
    course = begun()
    pages = [address for address in addresses() if address.her_action == action and address.takes == ("token",)]
    assert pages and action in PURPOSES, f"{action}: the file gives it to a mother, and no page of hers shows it"
    hers, token = her_browser(course, PURPOSES[action])
    other, other_token = her_browser(
        course, next(purpose for purpose in PURPOSES.values() if purpose != PURPOSES[action])
    )
    stranger = Client()
    for browser, secret, opens in ((hers, token, True), (other, other_token, False), (stranger, token, False)):
        response = browser.get(reverse(pages[0].name, args=[secret]))
        row = Audit.objects.order_by("-seq")[0]
        assert (response.status_code < 400, row.action, row.role) == (opens, action, "mother")
        assert (row.outcome, row.stream) == ("read" if opens else "refused", course)


def test_her_link_opens_no_page_of_the_staff(world: World) -> None:
    hers, _ = her_browser(world.course_id, "screening")
    for address in guarded():
        assert answer(hers, "GET", address, world) == "log in", address.name


# ---- the table itself ------------------------------------------------------------------------------------------


def test_every_address_is_public_by_name_or_goes_by_the_matrix() -> None:
    for address in addresses():
        room = address.name.partition(":")[0]
        known = address.name in PUBLIC or room in PUBLIC_ROOMS
        assert address.actions or address.her_action is not None or known, f"{address.name} is guarded by nothing"


def test_no_public_name_stands_for_a_page_that_is_gone() -> None:
    assert {address.name for address in addresses()} >= PUBLIC


def test_every_action_of_the_file_is_asked_for_by_an_address() -> None:
    used = {action for address in guarded() for action in address.actions or ()}
    used |= {address.her_action for address in addresses() if address.her_action}
    assert set(CELLS) <= used, f"no page asks for {sorted(set(CELLS) - used)}"


def test_a_superuser_without_a_role_is_refused_everywhere(world: World, person: Callable[..., Any]) -> None:
    boss = person(name="B. Oss (invented)")
    boss.is_superuser = boss.is_staff = True
    boss.save()
    browser = Client()
    browser.force_login(boss)
    for address in guarded():
        if not (address.actions or ("",))[0].startswith("account."):
            assert answer(browser, "GET", address, world) == "-", address.name
